-- As many bookings as {count} says, with their clients, tasks and history, as three growing years leave them behind.
-- Made as a whole, so without triggers and indexes; what triggers would have kept is written here.

select setseed(0.42);

create temporary table many_agents on commit drop as
select row_number() over (order by email) as number, id
from profiles where email like '%@agents.example';

create temporary table many_clients on commit drop as
select
  number,
  gen_random_uuid() as id,
  first_names[1 + floor(power(random(), 1.5) * 60)::int] as first_name,
  last_names[1 + floor(power(random(), 1.5) * 80)::int] as last_name,
  random() as chance
from generate_series(1, greatest({count} * 3 / 5, 1)) as number
cross join (
  select
    string_to_array(
      'Asha Priya Ravi Anil Sunita Deepak Meera Arjun Kavya Rohan Neha Vikram Anjali Sanjay Pooja Rahul Divya Suresh'
      ' Lakshmi Karthik Fatima Imran Zara Yusuf Ayesha Omar Layla Hassan Noor Ali John Mary James Emma Oliver Sophie'
      ' Liam Grace Noah Ella Hans Greta Lukas Anna Pierre Claire Marco Giulia Carlos Elena Wei Mei Hiroshi Yuki Minh'
      ' Linh Olga Ivan Chidi Amara',
      ' '
    ) as first_names,
    string_to_array(
      'Rao Sharma Patel Kumar Singh Nair Iyer Menon Reddy Gupta Mehta Shah Joshi Das Bose Ghosh Chopra Kapoor Malhotra'
      ' Verma Pillai Krishnan Subramaniam Desai Kulkarni Naidu Banerjee Mukherjee Chatterjee Sinha Khan Ahmed Siddiqui'
      ' Hussain Malik Qureshi Sheikh Ansari Haddad Nasser Smith Jones Taylor Brown Williams Wilson Johnson Davies Evans'
      ' Walker Müller Schmidt Fischer Weber Wagner Dubois Laurent Moreau Rossi Bianchi Romano García Fernández López'
      ' Chen Wang Li Zhang Tanaka Suzuki Sato Nguyen Tran Pham Petrov Ivanova Okafor Adeyemi Mensah Silva',
      ' '
    ) as last_names
) as names;

analyze many_clients;

insert into clients (id, created_at, name, email, phone, country)
select
  id,
  now() - interval '1095 days' * (1 - sqrt(number / ({count} * 0.6))),
  first_name || ' ' || last_name,
  case when chance < 0.95 then
    translate(lower(first_name || '.' || last_name), 'üáéó', 'uaeo') || '.' || number || '@{mark}.example'
  end,
  case when chance > 0.1 then '+91' || (6000000000 + ('x' || left(md5(number || '{mark}'), 8))::bit(32)::bigint % 3999999999) end,
  (array['IN', 'IN', 'IN', 'GB', 'US', 'AE', 'DE'])[1 + floor(random() * 7)::int]
from many_clients;

create temporary table many_bookings on commit drop as
select
  number,
  gen_random_uuid() as id,
  -- More of them lately, as if business grew.
  now() - interval '1095 days' * (1 - sqrt(number / {count}::float)) as created_at,
  case
    when drawn < 0.45 then 'cab'
    when drawn < 0.65 then 'hotel'
    when drawn < 0.77 then 'tourism'
    when drawn < 0.86 then 'medical'
    when drawn < 0.90 then 'nri'
    when drawn < 0.93 then 'hybrid'
    when drawn < 0.97 then 'logistics'
    else 'service'
  end::booking_purpose as purpose,
  (
    case
      when random() < 0.09 then 'cancelled'
      when number < {count} * 0.985 then 'completed'
      when number < {count} * 0.99 then (array['completed', 'in_progress', 'confirmed'])[1 + floor(random() * 3)::int]
      when number < {count} * 0.996 then (array['confirmed', 'confirmed', 'pending'])[1 + floor(random() * 3)::int]
      else (array['pending', 'pending', 'confirmed'])[1 + floor(random() * 3)::int]
    end
  )::booking_status as status,
  -- One of a thousand comes from somebody who books for a company.
  case when random() < 0.001 then 1 + number % 5 else 1 + floor(random() * greatest({count} * 3 / 5, 1)) end::bigint
    as client,
  case
    when number % greatest({count} / {agent_bookings}, 1) = 0 then null
    when number > {count} * 0.99 and random() < 0.6 then 0
    when random() < 0.1 then 0
    -- The busiest has some thirty times as much as the last.
    else 1 + floor(power(random(), 2) * {agents})
  end::bigint as agent,
  random() as stay,
  random() as chance,
  cities[1 + floor(power(random(), 1.5) * 30)::int] as city,
  cities[1 + floor(power(random(), 1.5) * 30)::int] as other_city,
  places[1 + floor(random() * 24)::int] as place,
  places[1 + floor(random() * 24)::int] as other_place
from (select number, random() as drawn from generate_series(1, {count}) as number) as numbers
cross join (
  select
    string_to_array(
      'Bengaluru,Mumbai,New Delhi,Chennai,Hyderabad,Kolkata,Pune,Jaipur,Udaipur,Goa,Kochi,Agra,Varanasi,Amritsar,Mysuru,'
      'Coimbatore,Ahmedabad,Lucknow,Shimla,Manali,Rishikesh,Jodhpur,Madurai,Munnar,Ooty,Darjeeling,Leh,Hampi,Puri,Nashik',
      ','
    ) as cities,
    string_to_array(
      'Airport,Central Station,Leela Palace,Taj Hotel,Oberoi,City Hospital,Apollo Hospital,Fort Gate,Old Town,Marine Drive,'
      'Tech Park,University,Bus Stand,Lake View,Beach Road,Market Square,Residency,Convention Centre,Hill Resort,Museum,'
      'Temple Street,Garden Villa,Heritage Haveli,Railway Colony',
      ','
    ) as places
) as names;

insert into bookings (id, created_at, updated_at, client_id, purpose, status, assigned_agent, details)
select
  many_bookings.id,
  created_at,
  least(created_at + interval '3 days' * stay, now()),
  many_clients.id,
  purpose,
  status,
  case when agent is null then {agent}::uuid else many_agents.id end,
  jsonb_strip_nulls(jsonb_build_object(
    'reach_by', (array['whatsapp', 'phone', 'email'])[1 + many_bookings.number % 3],
    'pickup_place', case when purpose in ('cab', 'logistics') then city || ' ' || place end,
    'dropoff_place', case when purpose in ('cab', 'logistics') then other_city || ' ' || other_place end,
    'place', case when purpose = 'hotel' then city || ', ' || place end,
    'destinations', case when purpose in ('tourism', 'hybrid') then jsonb_build_array(city, other_city) end,
    'city', case when purpose in ('nri', 'medical') then city end,
    'need', case when purpose in ('nri', 'service') then 'Somebody who looks after a house near ' || place end,
    'goods', case when purpose = 'logistics' then 'Household of two rooms' end,
    'trip', case when purpose = 'cab' then 'one_way' end,
    'vehicle', case when purpose = 'cab' then 'sedan' end,
    'passengers', case when purpose = 'cab' then 1 + many_bookings.number % 4 end,
    'rooms', case when purpose = 'hotel' then 1 end,
    'adults', case when purpose in ('hotel', 'tourism') then 2 end,
    'starts_at', case
      when purpose not in ('nri', 'service') and many_bookings.chance < 0.95 then to_char(
        (created_at + interval '60 days' * stay * stay) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:00"Z"'
      )
    end,
    'time_zone', 'Asia/Kolkata',
    'notes', case when many_bookings.chance < 0.2 then 'Please call before you come, and bring a quiet driver' end,
    'source', jsonb_strip_nulls(jsonb_build_object(
      'channel', case when many_bookings.number % 4 = 0 then 'embed' else 'site' end,
      'host', case
        when many_bookings.number % 4 = 0 then 'https://magazine-' || many_bookings.number % 23 || '.example/travel'
      end,
      'suspected', case when many_bookings.chance > 0.99 then jsonb_build_array('fast') end
    ))
  ))
from many_bookings
join many_clients on many_clients.number = many_bookings.client
left join many_agents on many_agents.number = many_bookings.agent
order by many_bookings.number
-- Among a million, two may well have the same reference.
on conflict (reference) do nothing;

delete from many_bookings where not exists (select from bookings where bookings.id = many_bookings.id);

analyze many_bookings;

insert into private.search_texts (booking_id, booked_at, reference, headline, person, phone)
select
  bookings.id,
  bookings.created_at,
  bookings.reference,
  lower(private.booking_headline(bookings.details)),
  lower(concat_ws(e'\n', clients.name, clients.email)),
  clients.phone
from bookings
join many_bookings on many_bookings.id = bookings.id
join clients on clients.id = bookings.client_id
order by many_bookings.number;

create temporary table many_tasks on commit drop as
select
  gen_random_uuid() as id,
  bookings.id as booking_id,
  bookings.created_at,
  format('Review %s booking %s-%s', purpose, left(reference, 4), right(reference, 4)) as title,
  case when status = 'pending' then 'open' else 'done' end::task_status as status,
  assigned_agent,
  bookings.created_at + private.time_to_review(purpose) as due_date
from bookings
join many_bookings using (id, purpose, status);

insert into tasks (id, created_at, booking_id, title, status, assigned_to, due_date)
select id, created_at, booking_id, title, status, assigned_agent, due_date from many_tasks;

insert into audit_logs (created_at, table_name, record_id, action, actor, metadata)
select
  bookings.created_at,
  'bookings',
  bookings.id,
  'INSERT',
  'system',
  jsonb_build_object('changes', jsonb_build_object('purpose', jsonb_build_object('old', null, 'new', bookings.purpose)))
from bookings
join many_bookings using (id);

insert into audit_logs (created_at, table_name, record_id, action, actor, metadata)
select
  created_at + interval '20 minutes',
  'tasks',
  id,
  'UPDATE',
  coalesce(assigned_agent, {agent}::uuid)::text,
  jsonb_build_object(
    'booking_id', booking_id, 'changes', '{{"status": {{"old": "open", "new": "done"}}}}'::jsonb
  )
from many_tasks where status = 'done';

insert into private.first_touches (booking_id, touched_at)
select booking_id, created_at + interval '20 minutes' from many_tasks where status = 'done';

insert into private.booking_counts (purpose, status, bookings)
select purpose, status, count(*) from many_bookings group by purpose, status;
