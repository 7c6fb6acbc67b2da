"""What several subcommands share."""

from __future__ import annotations

import os
from pathlib import Path

import click

from roamio_web.embedded.errors import BackendError

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path, file_okay=True),
    default=Path(".roamio"),
    show_default=True,
    help="The folder that holds the database, its secrets and the mail.",
)
demo_option = click.option(
    "--no-demo", "demo", is_flag=True, flag_value=False, default=True, help="Leave out the demo data."
)
PORT = click.IntRange(0, 65535)


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    click.echo(line)


def refuse_in_production() -> None:
    """:raise BackendError: this is production, where the embedded backend has no place."""
    if os.environ.get("ROAMIO_ENV") == "production":
        raise BackendError(
            "ROAMIO_ENV is production: the embedded backend is for development and tests. "
            "Set SUPABASE_URL and SUPABASE_ANON_KEY to a real project and serve the site with gunicorn."
        )
