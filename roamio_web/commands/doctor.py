"""``roamio doctor``: is this Supabase project the one that this code expects?"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import cast

import click
from postgrest import APIError
from supabase import Client

from roamio_web.commands.operator import operator_client, reaching
from roamio_web.commands.options import say
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.expectation import Report, expected_report
from roamio_web.models.demo import DEMO_ACCOUNTS

NO_SUCH_FUNCTION = "PGRST202"
MORE_IS_FINE = frozenset({"extension", "publication"})


@click.command()
def doctor() -> None:
    """Compare a project with what the migrations make; print what differs.

    Needs SUPABASE_URL and SUPABASE_SERVICE_ROLE_KEY in the environment, and PostgreSQL at hand: the
    migrations are applied to a database that is thrown away. With ROAMIO_ENV=production it also names
    demo accounts. Exit status 1 means that something differs.
    """
    with reaching("The project can't be examined"), operator_client() as client:
        found = read_report(client)
        demo = demo_accounts(client) if os.environ.get("ROAMIO_ENV") == "production" else []
    complaints = [*differences(expected_report(), found)]
    complaints += [f"Unexpected account {email}: everybody knows the demo password" for email in demo]
    for complaint in complaints:
        say(complaint)
    if complaints:
        say(
            f"{len(complaints)} thing{'s' if len(complaints) > 1 else ''} differ from what this code expects."
        )
        sys.exit(1)
    say("This project is what this code expects.")


def read_report(client: Client) -> Report:
    """What the project says of itself.

    :raise BackendError: the migrations were never applied to it.
    """
    try:
        return cast(Report, client.rpc("project_report").execute().data)
    except APIError as error:
        if error.code == NO_SUCH_FUNCTION:
            raise BackendError(
                "This project has no project_report(): apply the migrations first (`supabase db push`)."
            ) from error
        raise


def demo_accounts(client: Client) -> list[str]:
    """The addresses of demo accounts that are staff of this project."""
    asked = client.table("profiles").select("email").in_("email", sorted(DEMO_ACCOUNTS))
    return sorted(row["email"] for row in cast(list[dict[str, str]], asked.execute().data))


def differences(expected: Report, found: Report) -> Iterator[str]:
    """A line for each thing that is missing, different, or there without being expected."""
    for kind in sorted(expected.keys() | found.keys()):
        wanted, present = expected.get(kind, {}), found.get(kind, {})
        for name in sorted(wanted.keys() | present.keys()):
            if name not in present:
                yield f"Missing {kind} {name}: {wanted[name]}"
            elif name not in wanted:
                if kind not in MORE_IS_FINE:
                    yield f"Unexpected {kind} {name}: {present[name]}"
            elif wanted[name] != present[name]:
                yield f"Different {kind} {name}: it is {present[name]!r} and should be {wanted[name]!r}"
