-- The roles of a Supabase project. Their passwords are set by bootstrap.py.

create role anon nologin noinherit;
create role authenticated nologin noinherit;
create role service_role nologin noinherit bypassrls;
create role authenticator login noinherit;
create role supabase_auth_admin login noinherit createrole;
create role supabase_realtime_admin login noinherit;

-- Not a superuser: what a migration can't do here, it can't do on a hosted project either.
create role postgres login createdb createrole bypassrls replication;
-- As on hosted projects, where data is loaded without its triggers.
grant set on parameter session_replication_role to postgres;

grant anon, authenticated, service_role to authenticator;
grant anon, authenticated, service_role, authenticator to postgres;

alter role anon set statement_timeout = '3s';
alter role authenticated set statement_timeout = '8s';
alter role authenticator set statement_timeout = '8s';
alter role authenticator set lock_timeout = '8s';
alter role supabase_auth_admin set search_path = auth;
alter role supabase_auth_admin set idle_in_transaction_session_timeout = '60s';

alter database postgres owner to postgres;
alter database postgres set search_path = "$user", public, extensions;
grant create on database postgres to supabase_auth_admin;

-- No table is exposed without a grant of its own: no default privileges for the API's roles.
grant usage on schema public to anon, authenticated, service_role;

create schema extensions authorization postgres;
grant usage on schema extensions to public;
create extension pgcrypto with schema extensions;

create schema supabase_migrations authorization postgres;
create table supabase_migrations.schema_migrations (
  version text primary key,
  statements text[],
  name text
);
create table supabase_migrations.seed_files (
  path text primary key,
  hash text not null
);
alter table supabase_migrations.schema_migrations owner to postgres;
alter table supabase_migrations.seed_files owner to postgres;

create publication supabase_realtime;
alter publication supabase_realtime owner to postgres;
