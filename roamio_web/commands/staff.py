"""``roamio staff``: the people who may sign in, from an operator's shell with the service key."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Any

import click
from supabase import Client

from roamio_web.commands.operator import operator_client, reaching
from roamio_web.commands.options import say
from roamio_web.embedded.errors import BackendError
from roamio_web.models.staff import Role, StaffMember


@click.group()
def staff() -> None:
    """Manage staff accounts. Needs SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY in the environment."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", required=True, help="The person's full name.")
def add(email: str, role: str, name: str) -> None:
    """Create an account for EMAIL and print its first password."""
    password = secrets.token_urlsafe(12)
    attributes = {
        "email": email,
        "password": password,
        "email_confirm": True,
        "app_metadata": {"role": role, "full_name": name},
        "user_metadata": {"full_name": name},
    }
    with reaching(f"{email} was not added"), operator_client() as client:
        client.auth.admin.create_user(attributes)  # type: ignore[arg-type]
    say(f"{name} <{email}> may sign in as {role}.")
    say(f"First password: {password}")


@staff.command()
@click.argument("email")
def deactivate(email: str) -> None:
    """Take EMAIL's access away at once, and say what they leave undone. What they did keeps their name."""
    with reaching(f"{email} was not deactivated"), operator_client() as client:
        profile = _profile(client, email)
        if profile["deactivated_at"]:
            say(f"{email} had no access any more.")
            return
        _change_access(client, profile, datetime.now(UTC).isoformat())
        left = _left_undone(client, profile["id"])
    say(f"{email} has no access any more. `roamio staff reactivate {email}` gives it back.")
    for line in left:
        say(line)


@staff.command()
@click.argument("email")
def reactivate(email: str) -> None:
    """Give EMAIL the access back that was taken away."""
    with reaching(f"{email} was not reactivated"), operator_client() as client:
        profile = _profile(client, email)
        _change_access(client, profile, None)
    say(f"{email} may sign in as {profile['role']}.")


@staff.command("forget-factor")
@click.argument("email")
def forget_factor(email: str) -> None:
    """Take EMAIL's second factor away, whose device is lost. Their password alone lets them in then."""
    with reaching(f"{email} keeps the second factor"), operator_client() as client:
        person = _profile(client, email)["id"]
        owned = client.auth.admin.mfa.list_factors({"user_id": person})
        for factor in owned:
            client.auth.admin.mfa.delete_factor({"user_id": person, "id": factor.id})
    say(f"{email} has no second factor any more." if owned else f"{email} had no second factor.")


@staff.command("list")
def list_() -> None:
    """List everybody who is or was staff, by role and address, and whose access was taken away."""
    with reaching("The staff can't be listed"), operator_client() as client:
        rows = (
            client.table("profiles")
            .select("id, role, full_name, email, deactivated_at")
            .order("role")
            .order("email")
            .execute()
        )
    for row in rows.data:
        member = StaffMember.from_row(dict(row))  # type: ignore[arg-type]
        say(f"{member.role:<12}{member.email:<40}{member.full_name}{_since(dict(row))}")  # type: ignore[arg-type]


def _profile(client: Client, email: str) -> dict[str, Any]:
    """The profile of that address, however it is capitalised.

    :raise BackendError: nobody on the staff has it.
    """
    # Supabase Auth keeps addresses in lower case, and a profile has the address of its account.
    found = client.table("profiles").select("id, role, deactivated_at").eq("email", email.strip().lower())
    rows: list[Any] = found.execute().data
    if not rows:
        raise BackendError(f"Nobody on the staff has the address {email}.")
    return dict(rows[0])


def _left_undone(client: Client, person: str) -> list[str]:
    """What waits for somebody who is gone, and where an admin gives it to others."""
    found = client.table("team_rows").select("open_bookings, open_tasks").eq("id", person).single().execute()
    counts: Any = found.data
    parts = [
        (f"{count} open {word}{'' if count == 1 else 's'}", f"/staff/{word}s?agent={person}")
        for count, word in ((counts["open_bookings"], "booking"), (counts["open_tasks"], "task"))
        if count
    ]
    if not parts:
        return ["Nothing waits for them."]
    waiting = " and ".join(words for words, _ in parts)
    return [
        f"{waiting} still wait for them. An admin hands these over; the tasks of a booking go along:",
        *(f"  {address}" for _, address in parts),
    ]


def _change_access(client: Client, profile: dict[str, Any], deactivated_at: str | None) -> None:
    client.table("profiles").update({"deactivated_at": deactivated_at}).eq("id", profile["id"]).execute()


def _since(row: dict[str, Any]) -> str:
    return f" (no access since {row['deactivated_at'][:10]})" if row["deactivated_at"] else ""
