"""``roamio staff``: the people who may sign in, from an operator's shell with the service key."""

from __future__ import annotations

import os
import secrets

import click
from supabase import AuthApiError, Client, ClientOptions, create_client

from roamio_web.commands.options import say
from roamio_web.embedded.errors import BackendError
from roamio_web.models.staff import Role


@click.group()
def staff() -> None:
    """Manage staff accounts. Needs SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY in the environment."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", required=True, help="The person's full name.")
def add(email: str, role: str, name: str) -> None:
    """Create an account for EMAIL and print its first password."""
    client = operator_client()
    password = secrets.token_urlsafe(12)
    try:
        client.auth.admin.create_user(
            {
                "email": email,
                "password": password,
                "email_confirm": True,
                "app_metadata": {"role": role, "full_name": name},
                "user_metadata": {"full_name": name},
            }
        )
    except AuthApiError as error:
        raise BackendError(f"{email} was not added: {error.message}") from error
    say(f"{name} <{email}> may sign in as {role}.")
    say(f"First password: {password}")


def operator_client() -> Client:
    """A client with the service key.

    :raise BackendError: the environment doesn't name the project and its key.
    """
    url, key = os.environ.get("SUPABASE_URL", ""), os.environ.get("SUPABASE_SERVICE_ROLE_KEY", "")
    if not url or not key:
        raise BackendError(
            "Set SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY: the project's address and its service key."
        )
    return create_client(url, key, ClientOptions(auto_refresh_token=False, persist_session=False))
