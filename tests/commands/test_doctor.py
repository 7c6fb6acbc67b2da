"""``roamio doctor``: a healthy project gets a clean bill, and each thing that is broken is named."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator

import psycopg
import pytest
from postgrest import APIError
from supabase import Client

from roamio_web.commands.doctor import differences, read_report
from roamio_web.embedded.expectation import Report, expected_report
from tests.support.backend import ROAMIO, TestBackend, embedded
from tests.support.eventually import eventually
from tests.support.people import ADMIN, AGENT, FINANCE, OTHER_AGENT, VIEWER, People

BREAKAGES = [
    (
        'drop policy "A visitor books, pending and unassigned" on bookings',
        "Missing policy public.bookings: A visitor books, pending and unassigned",
    ),
    (
        'create policy "Everybody reads" on clients for select to anon using (true)',
        "Unexpected policy public.clients: Everybody reads",
    ),
    (
        'alter policy "An admin deletes bookings" on bookings using (true)',
        "Different policy public.bookings: An admin deletes bookings",
    ),
    ("alter table clients disable row level security", "Different table public.clients"),
    ("grant select on clients to anon", "Unexpected grant public.clients to anon: SELECT"),
    ("revoke insert (details) on bookings from anon", "Different grant public.bookings to anon"),
    ("grant execute on function private.keep_profile() to public", "keep_profile() to everybody: EXECUTE"),
    ("alter table tasks drop column due_date cascade", "Missing column public.tasks.due_date"),
    ("alter table clients alter column country set default 'IN'", "Different column public.clients.country"),
    ("alter type task_status add value 'lost'", "Different enum public.task_status"),
    (
        "alter table bookings disable trigger before_9_touch",
        "Different trigger public.bookings.before_9_touch",
    ),
    ("drop trigger before_9_touch on bookings", "Missing trigger public.bookings.before_9_touch"),
    ("alter function private.staff_role() security invoker", "Different function private.staff_role()"),
    (
        "grant create on schema private to anon; alter function private.staff_role() owner to anon",
        "Different function private.staff_role()",
    ),
    (
        "revoke execute on function private.only_invited(jsonb) from supabase_auth_admin",
        "Missing grant function private.only_invited(jsonb) to supabase_auth_admin: EXECUTE",
    ),
    (
        "revoke usage on schema private from supabase_auth_admin",
        "Missing grant schema private to supabase_auth_admin: USAGE",
    ),
    ("truncate private.questions", "Missing question hotel place: text needed"),
    (
        "update private.questions set needed = false where (purpose, key) = ('cab', 'pickup_place')",
        "Different question cab pickup_place: it is 'text' and should be 'text needed'",
    ),
    (
        "alter publication supabase_realtime drop table tasks",
        "Missing publication supabase_realtime of public.tasks",
    ),
    (
        'drop policy "Staff listen to their own topics and to those of their bookings" on realtime.messages',
        "Missing policy realtime.messages: Staff listen to their own topics and to those of their bookings",
    ),
    ("drop index bookings_newest_idx", "Missing index public.bookings_newest_idx"),
    (
        "alter table clients drop constraint clients_email_is_short",
        "Missing constraint public.clients.clients_",
    ),
    ("alter view booking_rows reset (security_invoker)", "Different view public.booking_rows"),
    ("drop extension pg_trgm cascade", "Missing extension pg_trgm"),
    (
        "delete from supabase_migrations.schema_migrations where name = 'guards'",
        "Missing migration 20261122080700: guards",
    ),
]


@pytest.fixture(scope="module")
def expected() -> Report:
    return expected_report()


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestBackend]:
    """A project to break."""
    with embedded(tmp_path_factory.mktemp("patient") / "backend.log", ["--no-demo"]) as project:
        yield project


@pytest.fixture
def operator(patient: TestBackend) -> Iterator[Client]:
    people = People(patient)
    yield people.operator()
    people.close()


def examine(project: TestBackend, **environment: str) -> subprocess.CompletedProcess[str]:
    keys = {"SUPABASE_URL": project.url, "SUPABASE_SERVICE_ROLE_KEY": project.service_role_key}
    return subprocess.run(
        [*ROAMIO, "doctor"], env=os.environ | keys | environment, capture_output=True, text=True, check=False
    )


def test_operator_of_a_healthy_project_is_told_so(backend: TestBackend) -> None:
    answer = examine(backend)
    assert answer.stdout.strip() == "This project is what this code expects."
    assert answer.returncode == 0


def test_operator_of_a_project_in_production_is_told_of_demo_accounts(backend: TestBackend) -> None:
    answer = examine(backend, ROAMIO_ENV="production")
    assert answer.returncode == 1
    assert answer.stdout.splitlines() == [
        *(
            f"Unexpected account {email}: everybody knows the demo password"
            for email in sorted([ADMIN, AGENT, OTHER_AGENT, FINANCE, VIEWER])
        ),
        "5 things differ from what this code expects.",
    ]


def test_report_is_for_the_service_key_alone(people: People) -> None:
    assert read_report(people.operator())
    for client in (people.visitor(), people.staff(ADMIN)):
        with pytest.raises(APIError) as refusal:
            client.rpc("project_report").execute()
        assert refusal.value.code == "42501"


def test_operator_of_a_project_without_the_migrations_is_told_to_apply_them(
    patient: TestBackend, operator: Client
) -> None:
    with psycopg.connect(patient.db_url, autocommit=True) as connection:
        connection.execute("alter function public.project_report() rename to gone")
        try:
            answer = eventually(lambda: (found := examine(patient)).returncode == 1 and found)
            assert answer.stderr.startswith(
                "This project has no project_report(): apply the migrations first"
            )
        finally:
            connection.execute("alter function public.gone() rename to project_report")


@pytest.mark.parametrize(("breakage", "complaint"), BREAKAGES)
def test_what_somebody_broke_is_named(
    patient: TestBackend, expected: Report, breakage: str, complaint: str
) -> None:
    with psycopg.connect(patient.db_url) as connection:
        connection.execute(breakage.encode())
        row = connection.execute("select public.project_report()").fetchone()
        connection.rollback()
    assert row is not None
    assert [line for line in differences(expected, row[0]) if complaint in line]


def test_operator_of_a_broken_project_reads_what_differs_and_the_command_fails(
    patient: TestBackend, expected: Report, operator: Client
) -> None:
    assert list(differences(expected, read_report(operator))) == []
    with psycopg.connect(patient.db_url, autocommit=True) as connection:
        connection.execute("grant select on clients to anon")
        connection.execute("drop index bookings_newest_idx")
    answer = examine(patient)
    assert answer.returncode == 1
    assert answer.stdout.splitlines() == [
        "Unexpected grant public.clients to anon: SELECT",
        "Missing index public.bookings_newest_idx: " + expected["index"]["public.bookings_newest_idx"],
        "2 things differ from what this code expects.",
    ]
