"""``roamio staff``: an operator adds people from a shell with the service key."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from supabase import Client

from tests.support.accounts import make_account, new_address
from tests.support.backend import ROAMIO, TestBackend
from tests.support.colleagues import make_colleague
from tests.support.factories import make_booking
from tests.support.people import People
from tests.support.totp import set_up

Shell = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def shell(backend: TestBackend) -> Shell:
    """``shell("add", …)`` runs ``roamio staff add …`` with the service key in the environment."""

    def shell(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        keys = {"SUPABASE_URL": backend.url, "SUPABASE_SERVICE_ROLE_KEY": backend.service_role_key}
        return subprocess.run(
            [*ROAMIO, "staff", *words],
            env=os.environ | keys | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    return shell


def test_operator_adds_somebody_who_then_signs_in(
    shell: Shell, visitor: Callable[[], Client], database: psycopg.Connection[dict[str, Any]]
) -> None:
    email = new_address()
    answer = shell("add", email, "--role", "finance", "--name", "Farah Ali")
    assert answer.returncode == 0, answer.stderr
    password = re.search(r"First password: (\S+)", answer.stdout)
    assert password
    user = visitor().auth.sign_in_with_password({"email": email, "password": password[1]}).user
    assert user
    profile = database.execute("select role, full_name from profiles where id = %s", [user.id]).fetchone()
    assert profile == {"role": "finance", "full_name": "Farah Ali"}


def test_operator_cannot_add_somebody_twice(shell: Shell) -> None:
    email = new_address()
    shell("add", email, "--role", "viewer", "--name", "Lena")
    answer = shell("add", email, "--role", "admin", "--name", "Lena")
    assert answer.returncode == 1
    assert answer.stderr.strip() == (
        f"{email} was not added: A user with this email address has already been registered"
    )


def test_operator_with_a_wrong_key_is_told_so_and_nobody_is_added(
    shell: Shell, backend: TestBackend, database: psycopg.Connection[dict[str, Any]]
) -> None:
    email = new_address()
    wrong = shell("add", email, "--role", "admin", "--name", "X", SUPABASE_SERVICE_ROLE_KEY=backend.anon_key)
    assert wrong.returncode == 1
    assert wrong.stderr.strip() == f"{email} was not added: User not allowed"
    assert database.execute("select from auth.users where email = %s", [email]).fetchone() is None


@pytest.mark.parametrize("missing", ["SUPABASE_URL", "SUPABASE_SERVICE_ROLE_KEY"])
def test_operator_without_a_key_is_told_what_to_set(shell: Shell, missing: str) -> None:
    answer = shell("add", new_address(), "--role", "admin", "--name", "X", **{missing: ""})
    assert answer.returncode == 1
    assert answer.stderr.startswith("Set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY")


def test_operator_is_told_when_the_project_cannot_be_reached(shell: Shell) -> None:
    answer = shell("add", new_address(), "--role", "admin", "--name", "X", SUPABASE_URL="http://127.0.0.1:9")
    assert answer.returncode == 1
    assert len(answer.stderr.strip().splitlines()) == 1


def test_operator_lists_everybody_who_may_sign_in(shell: Shell) -> None:
    answer = shell("list")
    assert answer.returncode == 0, answer.stderr
    lines = answer.stdout.splitlines()
    assert any(re.fullmatch(r"admin +admin@roamio\.example +\S.*", line) for line in lines)
    assert [line.split()[0] for line in lines if "@roamio.example" in line] == [
        "admin", "operations", "operations", "finance", "viewer"
    ]  # fmt: skip


def deactivated(database: psycopg.Connection[dict[str, Any]], email: str) -> bool:
    row = database.execute(
        "select deactivated_at is not null as gone from profiles where email = %s", [email]
    ).fetchone()
    assert row
    return bool(row["gone"])


def test_operator_takes_access_away_and_gives_it_back(
    shell: Shell, database: psycopg.Connection[dict[str, Any]]
) -> None:
    email = new_address()
    shell("add", email, "--role", "viewer", "--name", "Lena Kurz")
    answer = shell("deactivate", email.upper())
    assert answer.returncode == 0, answer.stderr
    assert deactivated(database, email)
    (line,) = [line for line in shell("list").stdout.splitlines() if email in line]
    assert re.search(r"Lena Kurz \(no access since \d{4}-\d\d-\d\d\)$", line)

    again = shell("deactivate", email)
    assert (again.returncode, again.stdout.strip()) == (0, f"{email} had no access any more.")

    answer = shell("reactivate", email)
    assert (answer.returncode, answer.stdout.strip()) == (0, f"{email} may sign in as viewer.")
    assert not deactivated(database, email)
    (line,) = [line for line in shell("list").stdout.splitlines() if email in line]
    assert line.endswith("Lena Kurz")


def test_operator_learns_what_waits_for_who_left(
    shell: Shell, database: psycopg.Connection[dict[str, Any]]
) -> None:
    idle, busy = make_colleague(database), make_colleague(database)
    assert "Nothing waits for them." in shell("deactivate", idle.email).stdout
    bookings = [make_booking(database, agent=busy.email) for _ in range(2)]
    make_booking(database, agent=busy.email, status="completed")
    told = shell("deactivate", busy.email).stdout
    assert "2 open bookings and 3 open tasks still wait for them." in told
    for address in (f"/staff/bookings?agent={busy.id}", f"/staff/tasks?agent={busy.id}"):
        assert address in told.split()
    kept = database.execute("select assigned_agent::text from bookings where id = any(%s)", [bookings])
    assert {row["assigned_agent"] for row in kept} == {busy.id}


@pytest.mark.parametrize("change", ["deactivate", "reactivate"])
def test_operator_is_told_that_nobody_has_that_address(shell: Shell, change: str) -> None:
    email = new_address()
    answer = shell(change, email)
    assert answer.returncode == 1
    assert answer.stderr.strip() == f"Nobody on the staff has the address {email}."


def test_operator_cannot_lock_the_last_admin_out(
    shell: Shell, database: psycopg.Connection[dict[str, Any]]
) -> None:
    last = "admin@roamio.example"
    others = database.execute(
        "update profiles set deactivated_at = now()"
        " where role = 'admin' and deactivated_at is null and email <> %s returning id",
        [last],
    ).fetchall()
    try:
        answer = shell("deactivate", last)
        assert answer.returncode == 1
        assert answer.stderr.strip() == (
            f"{last} was not deactivated: The last admin can't be demoted, deactivated or deleted (role)."
        )
        assert not deactivated(database, last)
    finally:
        database.execute(
            "update profiles set deactivated_at = null where id = any(%s)", [[row["id"] for row in others]]
        )


def test_operator_helps_somebody_who_lost_their_phone(shell: Shell, people: People) -> None:
    account = make_account(people.operator(), app_metadata={"role": "viewer"})
    set_up(people, account)
    assert shell("forget-factor", account.email).stdout == f"{account.email} has no second factor any more.\n"
    session = people.visitor().auth.sign_in_with_password(account.credentials).session  # type: ignore[arg-type]
    assert session
    assert session.user.factors is None
    assert people.holder(session.access_token).table("profiles").select("id").execute().data
    assert shell("forget-factor", account.email).stdout == f"{account.email} had no second factor.\n"
