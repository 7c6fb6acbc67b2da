"""``roamio staff``: the people who may sign in, from an operator's shell with the service key."""

from __future__ import annotations

import secrets

import click

from roamio_web.commands.operator import operator_client, reaching
from roamio_web.commands.options import say
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


@staff.command("list")
def list_() -> None:
    """List everybody who may sign in, by role and name."""
    with reaching("The staff can't be listed"), operator_client() as client:
        rows = (
            client.table("profiles")
            .select("id, role, full_name, email")
            .order("role")
            .order("email")
            .execute()
        )
    for member in (StaffMember.from_row(dict(row)) for row in rows.data):  # type: ignore[arg-type]
        say(f"{member.role:<12}{member.email:<40}{member.full_name}")
