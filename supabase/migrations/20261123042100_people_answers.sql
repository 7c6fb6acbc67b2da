-- As for bookings: a change to a client, to the team or to its rules, and what its page shows afterwards, in one round trip.

set lock_timeout = '5s';
set statement_timeout = '60s';

create function public.change_client(client uuid, seen jsonb, wanted jsonb) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written boolean := false;
  refusal jsonb;
begin
  begin
    update clients set
      name = wanted ->> 'name',
      email = wanted ->> 'email',
      phone = wanted ->> 'phone',
      country = wanted ->> 'country'
    where id = client
      and name = seen ->> 'name'
      and email is not distinct from seen ->> 'email'
      and phone is not distinct from seen ->> 'phone'
      and country is not distinct from seen ->> 'country';
    written := found;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('written', written, 'refusal', refusal, 'page', client_page(client));
end
$$;
comment on function public.change_client(uuid, jsonb, jsonb) is
  'Writes {name, email, phone, country} of a client who still is as they were seen: {written, refusal, page}, the page as client_page has it.';
revoke all on function public.change_client(uuid, jsonb, jsonb) from public, anon;
grant execute on function public.change_client(uuid, jsonb, jsonb) to authenticated;

create function public.merge_pair(kept uuid, gone uuid) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  refusal jsonb;
begin
  begin
    perform merge_clients(kept, gone);
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object(
    'written', refusal is null,
    'refusal', refusal,
    'pair', (select coalesce(jsonb_agg(to_jsonb(client_rows)), '[]') from client_rows where id in (kept, gone))
  );
end
$$;
comment on function public.merge_pair(uuid, uuid) is
  'Makes one client of two, as merge_clients does: {written, refusal, pair}, with those of the two who are there afterwards.';
revoke all on function public.merge_pair(uuid, uuid) from public, anon;
grant execute on function public.merge_pair(uuid, uuid) to authenticated;

create function public.change_member(person uuid, seen jsonb, change jsonb, successor uuid default null) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  handed jsonb;
  refusal jsonb;
begin
  begin
    handed := change_staff(person, seen, change, successor);
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object(
    'written', handed is not null, 'refusal', refusal, 'handed', handed, 'page', staff_page(person)
  );
end
$$;
comment on function public.change_member(uuid, jsonb, jsonb, uuid) is
  'Changes a member of staff as change_staff does: {written, refusal, handed, page}, the page as staff_page has it.';
revoke all on function public.change_member(uuid, jsonb, jsonb, uuid) from public, anon;
grant execute on function public.change_member(uuid, jsonb, jsonb, uuid) to authenticated;

create function public.change_routing(
  routed public.booking_purpose, seen jsonb, turned_on boolean, agents uuid[]
) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  written constant boolean := set_routing(routed, seen, turned_on, agents);
begin
  return jsonb_build_object(
    'written', written, 'rule', (select to_jsonb(routing_rows) from routing_rows where purpose = routed)
  );
end
$$;
comment on function public.change_routing(public.booking_purpose, jsonb, boolean, uuid[]) is
  'Sets a purpose''s rule as set_routing does: {written, rule}, the rule as it is now.';
revoke all on function public.change_routing(public.booking_purpose, jsonb, boolean, uuid[]) from public, anon;
grant execute on function public.change_routing(public.booking_purpose, jsonb, boolean, uuid[]) to authenticated;

create function public.decide_sign_in(required boolean) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  refusal jsonb;
begin
  begin
    perform require_second_factor(required);
  exception
    when insufficient_privilege then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('written', refusal is null, 'refusal', refusal, 'account', my_account());
end
$$;
comment on function public.decide_sign_in(boolean) is
  'Decides as require_second_factor does: {written, refusal, account}, the account as my_account has it.';
revoke all on function public.decide_sign_in(boolean) from public, anon;
grant execute on function public.decide_sign_in(boolean) to authenticated;

-- Whoever sends an invitation is asked for in the same round trip, since its mail takes another one.

create function public.team_of_caller() returns jsonb
  language sql
  set search_path = public, pg_temp
as $$
  select coalesce(jsonb_agg(to_jsonb(colleague)), '[]') from my_team() as colleague
$$;
comment on function public.team_of_caller() is 'What my_team answers, as one value.';
revoke all on function public.team_of_caller() from public, anon;
grant execute on function public.team_of_caller() to authenticated;

create function public.invite(address text, its_role public.staff_role, its_name text) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  invitation jsonb;
  refusal jsonb;
begin
  begin
    insert into invitations (email, role, full_name) values (address, its_role, its_name)
    returning to_jsonb(invitations) into invitation;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('team', team_of_caller(), 'invitation', invitation, 'refusal', refusal);
end
$$;
comment on function public.invite(text, public.staff_role, text) is
  'Writes an invitation down: {team, invitation, refusal}, the team as my_team has it.';
revoke all on function public.invite(text, public.staff_role, text) from public, anon;
grant execute on function public.invite(text, public.staff_role, text) to authenticated;

create function public.renew_invitation(invitation uuid, until timestamptz) returns jsonb
  language plpgsql
  set search_path = public, pg_temp
as $$
declare
  renewed jsonb;
  refusal jsonb;
begin
  begin
    update invitations set expires_at = until where id = invitation and accepted_at is null
    returning to_jsonb(invitations) into renewed;
  exception
    when insufficient_privilege or data_exception or integrity_constraint_violation then
      refusal := jsonb_build_object('code', sqlstate, 'message', sqlerrm);
  end;
  return jsonb_build_object('team', team_of_caller(), 'invitation', renewed, 'refusal', refusal);
end
$$;
comment on function public.renew_invitation(uuid, timestamptz) is
  'Makes an open invitation good for longer: {team, invitation, refusal}, the team as my_team has it; no invitation where it is not open any more.';
revoke all on function public.renew_invitation(uuid, timestamptz) from public, anon;
grant execute on function public.renew_invitation(uuid, timestamptz) to authenticated;
