-- Demo data: one account for each role and some forty bookings over the last month, counted back from now.
-- Everybody's password is roamio-demo, so it is no migration, and production refuses to start while these accounts exist.
-- Everything goes through the same triggers as real bookings; only the clock is turned back.

do $seed$
declare
  account record;
begin
  for account in
    select * from (
      values
        ('d0000000-0000-4000-8000-000000000001'::uuid, 'admin@roamio.example', 'admin', 'Meera Krishnan'),
        ('d0000000-0000-4000-8000-000000000002', 'operations@roamio.example', 'operations', 'Priya Nair'),
        ('d0000000-0000-4000-8000-000000000003', 'operations2@roamio.example', 'operations', 'Arjun Mehta'),
        ('d0000000-0000-4000-8000-000000000004', 'finance@roamio.example', 'finance', 'Farhan Siddiqui'),
        ('d0000000-0000-4000-8000-000000000005', 'viewer@roamio.example', 'viewer', 'Lena Fischer')
    ) as accounts (id, email, role, full_name)
  loop
    insert into auth.users (
      instance_id, id, aud, role, email, encrypted_password, email_confirmed_at,
      raw_app_meta_data, raw_user_meta_data, created_at, updated_at,
      confirmation_token, recovery_token, email_change_token_new, email_change
    )
    values (
      '00000000-0000-0000-0000-000000000000',
      account.id,
      'authenticated',
      'authenticated',
      account.email,
      extensions.crypt('roamio-demo', extensions.gen_salt('bf', 10)),
      now(),
      jsonb_build_object('provider', 'email', 'providers', array['email'], 'role', account.role),
      jsonb_build_object('full_name', account.full_name),
      now() - interval '90 days',
      now() - interval '90 days',
      '', '', '', ''
    )
    on conflict do nothing;

    insert into auth.identities (provider_id, user_id, provider, identity_data, created_at, updated_at)
    values (
      account.id::text,
      account.id,
      'email',
      jsonb_build_object('sub', account.id, 'email', account.email, 'email_verified', true),
      now() - interval '90 days',
      now() - interval '90 days'
    )
    on conflict do nothing;
  end loop;
end
$seed$;

-- The past is written below: these would stamp it with the present.
alter table public.audit_logs disable trigger keep_append_only;
alter table public.bookings disable trigger before_9_touch;

do $seed$
declare
  meera constant uuid := 'd0000000-0000-4000-8000-000000000001';
  priya constant uuid := 'd0000000-0000-4000-8000-000000000002';
  arjun constant uuid := 'd0000000-0000-4000-8000-000000000003';
  india constant text := 'Asia/Kolkata';
  demo record;
  booking uuid;
  review uuid;
  agent uuid;
  worker uuid;
  booked timestamptz;
  step timestamptz;
  starts timestamptz;
  ends timestamptz;
  details text;
  next_status public.booking_status;
  mark timestamptz;
begin
  if exists (select from public.bookings) then
    return;
  end if;

  -- hours_ago, purpose, status and agent say what has become of it; starts_in and lasts are days.
  for demo in
    select * from (
      values
        (0.1, 'cab', 'pending', '', 'Ananya Iyer', 'ananya.iyer@example.com', '+919845012345', 'IN', 1.0, 9.5, 0,
          '{"trip": "airport", "pickup_place": "BLR Airport, Terminal 2", "dropoff_place": "The Leela Palace, Bengaluru", "passengers": 2, "luggage": 3, "vehicle": "sedan", "flight_number": "AI 504", "reach_by": "whatsapp"}'),
        (0.4, 'medical', 'pending', '', 'Mohammed Al-Farsi', 'm.alfarsi@example.om', '+96892345678', 'OM', 12, 0, 0,
          '{"city": "Chennai", "earliest": "@start", "companions": 2, "help": ["visa_letter", "stay", "interpreter"], "language": "Arabic", "reach_by": "whatsapp", "health": {"hospital": "Apollo Hospitals", "speciality": "cardiology", "need": "Bypass was advised; second opinion first.", "patient": "another", "patient_name": "Salma Al-Farsi", "patient_age": 67, "patient_relation": "mother", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (1.2, 'hotel', 'pending', '', 'Emily Carter', 'emily.carter@example.co.uk', '+447911123456', 'GB', 21, 0, 4,
          '{"place": "Jaipur, inside the old city", "check_in": "@start", "check_out": "@end", "rooms": 1, "adults": 2, "children": 0, "meals": "breakfast", "stars": "4", "budget": 12000, "currency": "INR", "reach_by": "email", "notes": "Our tenth anniversary. A room with a view would be lovely."}'),
        (2.5, 'tourism', 'pending', 'priya', 'தமிழ்ச்செல்வி முருகன்', 'tamilselvi@example.in', '+919791234567', 'IN', 34, 0, 9,
          '{"destinations": ["Madurai", "Rameswaram", "Kanyakumari"], "dates": "exact", "starts_on": "@start", "ends_on": "@end", "adults": 4, "children": 2, "style": "relaxed", "interests": ["temples", "food"], "arrange": ["stays", "cars"], "reach_by": "phone"}'),
        (4, 'cab', 'pending', 'arjun', 'राजेश कुमार शर्मा', 'rajesh.sharma@example.in', '+919810098100', 'IN', 2, 5.25, 0,
          '{"trip": "one_way", "pickup_place": "Connaught Place, New Delhi", "dropoff_place": "Agra, Taj East Gate", "passengers": 4, "luggage": 4, "vehicle": "suv", "child_seat": true, "reach_by": "whatsapp", "notes": "We want to see the sunrise."}'),
        (6, 'nri', 'pending', 'priya', 'Deepak Patel', 'deepak.patel@example.com', '+14155550132', 'US', 0, 0, 0,
          '{"matter": "property", "city": "Ahmedabad", "need": "The tenant moved out; somebody should look at the flat and take pictures before Diwali repairs.", "call_times": ["morning"], "time_zone": "America/Los_Angeles", "reach_by": "phone"}'),
        (9, 'logistics', 'pending', '', 'Sneha Reddy', 'sneha.reddy@example.in', '+919490123456', 'IN', 5, 0, 0,
          '{"pickup_place": "Hyderabad, Gachibowli", "dropoff_place": "Pune, Kothrud", "pickup_date": "@start", "goods": "Household of two rooms", "pieces": 46, "weight": 900, "insurance": true, "value": 350000, "currency": "INR", "reach_by": "phone"}'),
        (14, 'hybrid', 'confirmed', 'arjun', 'Ольга Смирнова', 'olga.smirnova@example.ru', '+79161234567', 'RU', 27, 0, 14,
          '{"parts": ["medical", "hotel", "tourism"], "destinations": ["Kochi", "Munnar"], "starts_on": "@start", "ends_on": "@end", "adults": 2, "children": 0, "reach_by": "email", "health": {"speciality": "ayurveda", "need": "Panchakarma for two weeks, back pain.", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (20, 'service', 'pending', 'priya', 'Grace Okafor', 'grace.okafor@example.ng', '+2348031234567', 'NG', 3, 0, 0,
          '{"need": "A wheelchair at the gate and somebody who speaks English until the hotel.", "place": "Mumbai Airport, Terminal 2", "wanted_on": "@start", "reach_by": "whatsapp"}'),
        (26, 'cab', 'confirmed', 'priya', 'Ananya Iyer', 'ananya.iyer@example.com', '+919845012345', 'IN', 4, 18, 0,
          '{"trip": "hourly", "pickup_place": "Koramangala, Bengaluru", "hours": 6, "passengers": 3, "luggage": 0, "vehicle": "sedan", "reach_by": "whatsapp"}'),
        (31, 'hotel', 'confirmed', 'arjun', '王小明', 'wang.xiaoming@example.cn', '+8613812345678', 'CN', 9, 0, 3,
          '{"place": "Taj Lands End, Mumbai", "check_in": "@start", "check_out": "@end", "rooms": 2, "adults": 3, "children": 1, "child_ages": [7], "meals": "half_board", "stars": "5", "reach_by": "email"}'),
        (38, 'tourism', 'confirmed', 'priya', 'Lucas Moreau', 'lucas.moreau@example.fr', '+33612345678', 'FR', 45, 0, 12,
          '{"destinations": ["Varanasi", "Khajuraho", "Orchha", "Gwalior"], "dates": "exact", "starts_on": "@start", "ends_on": "@end", "adults": 2, "children": 0, "style": "balanced", "interests": ["history"], "arrange": ["stays", "guide", "visa"], "budget": 4200, "currency": "EUR", "reach_by": "email"}'),
        (44, 'medical', 'confirmed', 'priya', 'Abebe Bekele', 'abebe.bekele@example.et', '+251911234567', 'ET', 8, 0, 0,
          '{"city": "Gurugram", "earliest": "@start", "companions": 1, "help": ["visa_letter", "airport"], "reach_by": "phone", "health": {"hospital": "Fortis Memorial", "speciality": "orthopaedics", "need": "Knee replacement, left. X-rays are at hand.", "patient": "self", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (52, 'cab', 'in_progress', 'arjun', 'Vikram Singh Rathore', 'vikram.rathore@example.in', '+919829012345', 'IN', 0, -2, 0,
          '{"trip": "round_trip", "pickup_place": "Udaipur, Lake Pichola", "dropoff_place": "Kumbhalgarh Fort", "passengers": 9, "luggage": 5, "vehicle": "tempo_traveller", "reach_by": "phone"}'),
        (60, 'service', 'cancelled', '', 'Test Test', 'test@example.org', null, null, 0, 0, 0,
          '{"need": "Only trying the form.", "reach_by": "email"}'),
        (71, 'nri', 'in_progress', 'arjun', 'Harpreet Kaur Gill', 'harpreet.gill@example.ca', '+16045550188', 'CA', 0, 0, 0,
          '{"matter": "elder_care", "city": "Ludhiana", "need": "A nurse for my father for the weeks after his operation, and a weekly call to me.", "call_times": ["evening"], "time_zone": "America/Vancouver", "reach_by": "whatsapp"}'),
        (80, 'hotel', 'confirmed', 'priya', 'فاطمة الزهراء', 'fatima.zahra@example.ae', '+971501234567', 'AE', 6, 0, 7,
          '{"place": "Kovalam, near the beach", "check_in": "@start", "check_out": "@end", "rooms": 3, "adults": 5, "children": 3, "child_ages": [3, 8, 12], "meals": "full_board", "accessibility": "Step-free access and a low floor.", "reach_by": "whatsapp"}'),
        (92, 'logistics', 'confirmed', 'arjun', 'Suresh Menon', 'suresh.menon@example.in', '+919447012345', 'IN', 3, 0, 0,
          '{"pickup_place": "Kochi Port", "dropoff_place": "Bengaluru, Whitefield", "pickup_date": "@start", "goods": "Hospital beds", "pieces": 12, "weight": 1400, "size": "210 × 95 × 60 cm", "reach_by": "phone"}'),
        (101, 'cab', 'completed', 'priya', 'Kavita Deshmukh', 'kavita.d@example.in', '+919822012345', 'IN', -2, 7, 0,
          '{"trip": "airport", "pickup_place": "Shivajinagar, Pune", "dropoff_place": "Mumbai Airport, Terminal 2", "passengers": 1, "luggage": 2, "vehicle": "hatchback", "flight_number": "6E 1204", "reach_by": "phone"}'),
        (117, 'hybrid', 'pending', 'arjun', 'Maria Fernanda da Conceição Albuquerque de Vasconcelos e Sousa Pereira do Nascimento Rodrigues Cavalcanti de Mendonça Teixeira Guimarães Figueiredo', 'maria.fernanda@example.com.br', '+5511912345678', 'BR', 60, 0, 21,
          '{"parts": ["hotel", "tourism", "cab"], "destinations": ["Goa", "Hampi", "Badami", "Gokarna", "a quiet last week wherever the monsoon has not come to yet", "somewhere between the backwaters and the sea"], "starts_on": "@start", "ends_on": "@end", "adults": 6, "children": 4, "reach_by": "email"}'),
        (125, 'tourism', 'in_progress', 'arjun', 'Hiroshi Tanaka', 'h.tanaka@example.jp', '+819012345678', 'JP', -1, 0, 10,
          '{"destinations": ["Bodh Gaya", "Sarnath", "Kushinagar", "Lumbini"], "dates": "exact", "starts_on": "@start", "ends_on": "@end", "adults": 14, "children": 0, "style": "relaxed", "interests": ["temples"], "arrange": ["stays", "cars", "guide"], "reach_by": "email"}'),
        (140, 'medical', 'in_progress', 'arjun', 'শর্মিষ্ঠা বন্দ্যোপাধ্যায়', 'sharmistha@example.com.bd', '+8801712345678', 'BD', -1, 0, 0,
          '{"city": "Kolkata", "earliest": "@start", "companions": 1, "help": ["stay"], "reach_by": "phone", "health": {"hospital": "Tata Medical Center", "speciality": "oncology", "need": "Third cycle of chemotherapy; reports are with the hospital.", "patient": "self", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (150, 'cab', 'cancelled', 'priya', 'James O''Connor', 'james.oconnor@example.ie', '+353871234567', 'IE', 1, 11, 0,
          '{"trip": "one_way", "pickup_place": "Cochin Airport", "dropoff_place": "Alappuzha, houseboat jetty", "passengers": 2, "luggage": 2, "vehicle": "sedan", "reach_by": "whatsapp", "notes": "Flight was cancelled, sorry."}'),
        (166, 'hotel', 'completed', 'arjun', 'Rohan & Nisha Kapoor', 'kapoor.family@example.in', '+919811112222', 'IN', -4, 0, 2,
          '{"place": "Rishikesh, by the river", "check_in": "@start", "check_out": "@end", "rooms": 1, "adults": 2, "children": 1, "child_ages": [5], "meals": "breakfast", "reach_by": "whatsapp"}'),
        (180, 'service', 'completed', 'arjun', 'Chen Wei', 'chen.wei@example.sg', '+6591234567', 'SG', -5, 0, 0,
          '{"need": "A local SIM card with data for three weeks, handed over at the airport.", "place": "Delhi Airport, Terminal 3", "wanted_on": "@start", "reach_by": "email"}'),
        (200, 'nri', 'confirmed', 'priya', 'Lakshmi Subramaniam', 'lakshmi.s@example.com.au', '+61412345678', 'AU', 0, 0, 0,
          '{"matter": "documents", "city": "Chennai", "need": "A certified copy of my parents'' marriage certificate, sent to Melbourne.", "call_times": ["morning", "afternoon"], "time_zone": "Australia/Sydney", "reach_by": "email"}'),
        (222, 'cab', 'completed', 'arjun', 'Fatima Sheikh', 'fatima.sheikh@example.in', '+919867012345', 'IN', -8, 6, 0,
          '{"trip": "one_way", "pickup_place": "Bandra West, Mumbai", "dropoff_place": "Lonavala", "passengers": 5, "luggage": 3, "vehicle": "suv", "child_seat": true, "reach_by": "phone"}'),
        (250, 'tourism', 'cancelled', 'priya', 'Sofia Rossi', 'sofia.rossi@example.it', '+393331234567', 'IT', 30, 0, 8,
          '{"destinations": ["Ladakh"], "dates": "exact", "starts_on": "@start", "ends_on": "@end", "adults": 2, "children": 0, "style": "active", "interests": ["nature"], "arrange": ["stays", "cars"], "reach_by": "email"}'),
        (275, 'logistics', 'completed', 'priya', 'Imran Qureshi', 'imran.qureshi@example.in', '+919419012345', 'IN', -9, 0, 0,
          '{"pickup_place": "Srinagar, Lal Chowk", "dropoff_place": "Delhi, Karol Bagh", "pickup_date": "@start", "goods": "Walnut furniture", "pieces": 7, "weight": 260, "insurance": true, "value": 180000, "currency": "INR", "reach_by": "phone"}'),
        (300, 'medical', 'completed', 'priya', 'Nguyễn Thị Hương', 'huong.nguyen@example.vn', '+84912345678', 'VN', -8, 0, 0,
          '{"city": "Chennai", "earliest": "@start", "companions": 1, "help": ["airport", "stay"], "reach_by": "email", "health": {"hospital": "Sankara Nethralaya", "speciality": "eye", "need": "Cataract, both eyes.", "patient": "self", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (330, 'hotel', 'cancelled', '', 'Peter Novak', 'peter.novak@example.cz', '+420601234567', 'CZ', 5, 0, 3,
          '{"place": "Amritsar", "check_in": "@start", "check_out": "@end", "rooms": 1, "adults": 1, "children": 0, "meals": "room_only", "reach_by": "email"}'),
        (360, 'hybrid', 'in_progress', 'priya', 'Kwame Mensah', 'kwame.mensah@example.gh', '+233241234567', 'GH', -3, 0, 18,
          '{"parts": ["medical", "hotel", "cab"], "destinations": ["Bengaluru"], "starts_on": "@start", "ends_on": "@end", "adults": 3, "children": 0, "reach_by": "whatsapp", "health": {"speciality": "fertility", "need": "First consultation and what follows from it.", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (400, 'cab', 'completed', 'priya', 'Ritu Agarwal', 'ritu.agarwal@example.in', '+919830012345', 'IN', -15, 14, 0,
          '{"trip": "hourly", "pickup_place": "Park Street, Kolkata", "hours": 8, "passengers": 4, "luggage": 0, "vehicle": "suv", "reach_by": "phone"}'),
        (430, 'service', 'completed', 'priya', 'Elena Popescu', 'elena.popescu@example.ro', '+40721234567', 'RO', -14, 0, 0,
          '{"need": "An interpreter for Romanian at a wedding, one evening.", "place": "Udaipur", "wanted_on": "@start", "reach_by": "email"}'),
        (470, 'nri', 'completed', 'arjun', 'Anil Gupta', 'anil.gupta@example.de', '+4915112345678', 'DE', 0, 0, 0,
          '{"matter": "banking", "city": "Noida", "need": "Convert my old account to NRO; papers can be collected from my sister.", "call_times": ["evening"], "time_zone": "Europe/Paris", "reach_by": "email"}'),
        (510, 'tourism', 'completed', 'arjun', 'Sarah Johnson', 'sarah.johnson@example.com', '+12125550147', 'US', -14, 0, 7,
          '{"destinations": ["Delhi", "Agra", "Jaipur"], "dates": "exact", "starts_on": "@start", "ends_on": "@end", "adults": 2, "children": 2, "style": "balanced", "interests": ["history", "food"], "arrange": ["stays", "cars", "guide"], "budget": 3800, "currency": "USD", "reach_by": "email"}'),
        (545, 'logistics', 'cancelled', 'arjun', 'Thomas Müller', 'thomas.mueller@example.de', '+4917612345678', 'DE', -10, 0, 0,
          '{"pickup_place": "Goa, Panjim", "dropoff_place": "Hamburg", "pickup_date": "@start", "goods": "A motorcycle", "pieces": 1, "weight": 190, "reach_by": "email"}'),
        (580, 'hotel', 'completed', 'priya', 'Zainab Hussain', 'zainab.hussain@example.pk', '+923001234567', 'PK', -18, 0, 5,
          '{"place": "Hyderabad, near Charminar", "check_in": "@start", "check_out": "@end", "rooms": 2, "adults": 4, "children": 0, "meals": "breakfast", "reach_by": "whatsapp"}'),
        (620, 'medical', 'cancelled', 'arjun', 'David Kimani', 'david.kimani@example.ke', '+254712345678', 'KE', -12, 0, 0,
          '{"city": "Bengaluru", "earliest": "@start", "companions": 1, "help": ["visa_letter"], "reach_by": "phone", "health": {"hospital": "Narayana Health", "speciality": "cardiology", "need": "Valve repair; will be done in Nairobi after all.", "patient": "self", "consent": {"wording": "I agree that Roamio keeps what I wrote about health, to arrange this trip. Only the person who looks after it reads it, and each reading is recorded.", "given_at": "@now"}}}'),
        (650, 'cab', 'completed', 'arjun', 'Meenakshi Pillai', 'meenakshi.pillai@example.in', '+919895012345', 'IN', -25, 4.75, 0,
          '{"trip": "airport", "pickup_place": "Thiruvananthapuram, Vazhuthacaud", "dropoff_place": "Trivandrum Airport", "passengers": 3, "luggage": 4, "vehicle": "suv", "flight_number": "EK 521", "reach_by": "phone"}'),
        (690, 'hybrid', 'completed', 'priya', 'Oliver Smith', 'oliver.smith@example.co.nz', '+64211234567', 'NZ', -22, 0, 9,
          '{"parts": ["cab", "hotel", "tourism"], "destinations": ["Darjeeling", "Gangtok"], "starts_on": "@start", "ends_on": "@end", "adults": 2, "children": 0, "reach_by": "email"}'),
        (710, 'hotel', 'completed', 'arjun', 'Aditi Joshi', 'aditi.joshi@example.in', '+919876543210', 'IN', -27, 0, 1,
          '{"place": "Nashik", "check_in": "@start", "check_out": "@end", "rooms": 1, "adults": 2, "children": 0, "meals": "room_only", "reach_by": "phone"}')
    ) as bookings (
      hours_ago, purpose, status, agent, name, email, phone, country, starts_in, start_hour, lasts, details
    )
    order by hours_ago desc
  loop
    booked := now() - demo.hours_ago * interval '1 hour';
    starts := (date_trunc('day', now() at time zone india) + demo.starts_in::int * interval '1 day'
      + demo.start_hour * interval '1 hour') at time zone india;
    ends := starts + demo.lasts * interval '1 day';
    agent := case demo.agent when 'priya' then priya when 'arjun' then arjun end;
    worker := coalesce(agent, meera);
    details := demo.details;
    details := replace(details, '@start', to_char(starts at time zone india, 'YYYY-MM-DD'));
    details := replace(details, '@end', to_char(ends at time zone india, 'YYYY-MM-DD'));
    details := replace(details, '@now', to_char(booked at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'));

    mark := clock_timestamp();
    insert into public.bookings (created_at, updated_at, purpose, details)
    values (
      booked,
      booked,
      demo.purpose::public.booking_purpose,
      details::jsonb
        || jsonb_build_object(
          'contact',
          jsonb_build_object('name', demo.name, 'email', demo.email, 'phone', demo.phone, 'country', demo.country)
        )
        || case
          when demo.purpose in ('nri') or details::jsonb ->> 'wanted_on' is null and demo.purpose = 'service' then '{}'
          else jsonb_build_object(
            'starts_at', to_char(starts at time zone india, 'YYYY-MM-DD"T"HH24:MI:SS"+05:30"'), 'time_zone', india
          )
        end
        || case
          when demo.lasts > 0
          then jsonb_build_object('ends_at', to_char(ends at time zone india, 'YYYY-MM-DD"T"HH24:MI:SS"+05:30"'))
          else '{}'
        end
        || case
          when details::jsonb ->> 'trip' = 'round_trip'
          then jsonb_build_object(
            'returns_at',
            to_char((starts + interval '9 hours') at time zone india, 'YYYY-MM-DD"T"HH24:MI:SS"+05:30"')
          )
          else '{}'
        end
    )
    returning id into booking;
    update public.audit_logs set created_at = booked + (created_at - mark) where created_at >= mark;
    select id into review from public.tasks where booking_id = booking;

    if agent is not null then
      perform set_config('request.jwt.claims', format('{"sub": "%s", "role": "authenticated"}', meera), true);
      -- Every sixth was given to the other agent first.
      step := least(booked + interval '12 minutes', now() - interval '2 minutes');
      if demo.hours_ago::int % 6 = 2 then
        mark := clock_timestamp();
        update public.bookings set assigned_agent = case agent when priya then arjun else priya end
        where id = booking;
        update public.audit_logs set created_at = step + (created_at - mark) where created_at >= mark;
        step := step + interval '55 minutes';
      end if;
      mark := clock_timestamp();
      update public.bookings set assigned_agent = agent where id = booking;
      update public.audit_logs set created_at = step + (created_at - mark) where created_at >= mark;
      perform set_config('request.jwt.claims', '', true);
      update public.bookings set updated_at = step where id = booking;
    end if;

    step := booked + interval '70 minutes';
    perform set_config('request.jwt.claims', format('{"sub": "%s", "role": "authenticated"}', worker), true);
    foreach next_status in array case demo.status
      when 'pending' then array[]::public.booking_status[]
      when 'confirmed' then array['confirmed']::public.booking_status[]
      when 'in_progress' then array['confirmed', 'in_progress']::public.booking_status[]
      when 'completed' then array['confirmed', 'in_progress', 'completed']::public.booking_status[]
      else array['cancelled']::public.booking_status[]
    end
    loop
      mark := clock_timestamp();
      update public.bookings set status = next_status where id = booking;
      update public.tasks set status = 'done' where id = review and status <> 'done';
      update public.audit_logs set created_at = step + (created_at - mark) where created_at >= mark;
      perform set_config('request.jwt.claims', '', true);
      update public.bookings set updated_at = step where id = booking;
      perform set_config('request.jwt.claims', format('{"sub": "%s", "role": "authenticated"}', worker), true);
      step := least(step + (now() - step) * 0.4, now() - interval '3 minutes');
    end loop;

    if agent is not null and demo.status in ('pending', 'confirmed', 'in_progress') then
      mark := clock_timestamp();
      if demo.status = 'pending' and demo.hours_ago > 10 then
        update public.tasks set status = 'blocked' where id = review;
      elsif demo.status = 'pending' and demo.hours_ago > 3 then
        update public.tasks set status = 'in_progress' where id = review;
      end if;
      insert into public.tasks (created_at, booking_id, title, status, assigned_to, due_date)
      select step, booking, todo.title, todo.status::public.task_status, agent, now() + todo.due
      from (
        values
          ('cab', 'Send the driver''s name and number', 'open', interval '5 hours'),
          ('hotel', 'Send three hotels with their prices', 'in_progress', interval '-2 hours'),
          ('tourism', 'Write the first route', 'in_progress', interval '1 day'),
          ('medical', 'Ask the hospital for dates', 'blocked', interval '-1 day'),
          ('hybrid', 'One plan for the whole journey', 'open', interval '3 days'),
          ('nri', 'Call at the time that was asked for', 'open', interval '8 hours'),
          ('logistics', 'Get a price from two carriers', 'open', interval '-30 minutes')
      ) as todo (purpose, title, status, due)
      where todo.purpose = demo.purpose and demo.status <> 'pending';
      update public.audit_logs set created_at = step + (created_at - mark) where created_at >= mark;
    end if;
    perform set_config('request.jwt.claims', '', true);
  end loop;
end
$seed$;

update private.first_touches set touched_at = (
  select min(audit_logs.created_at) from public.audit_logs
  where actor <> 'system'
    and (
      (table_name = 'bookings' and action = 'UPDATE' and record_id = booking_id)
      or (table_name = 'tasks' and metadata ->> 'booking_id' = booking_id::text)
    )
);

-- What waits for the end of the transaction happens now: a table with such work is not altered.
set constraints all immediate;
alter table public.bookings enable trigger before_9_touch;
alter table public.audit_logs enable trigger keep_append_only;
