"""``roamio backend``: the embedded Supabase project, for development and tests."""

from __future__ import annotations

from pathlib import Path

import click

from roamio_web.commands.options import PORT, data_dir_option, demo_option, refuse_in_production, say
from roamio_web.embedded import orphans, server
from roamio_web.embedded.errors import BackendError
from roamio_web.embedded.state import DataFolder

DEFAULT_PORT = 54321


@click.group()
def backend() -> None:
    """Run a Supabase project on this machine, for development and tests."""


@backend.command()
@click.option("--port", type=PORT, default=DEFAULT_PORT, show_default=True, help="0 takes any free port.")
@data_dir_option
@demo_option
@click.option("--no-sync", "durable", flag_value=False, default=True, help="Faster, not safe in a power cut.")
@click.option("--temporary", is_flag=True, help="For tests: like --no-sync, and all is removed at the end.")
def start(port: int, data_dir: Path, demo: bool, durable: bool, temporary: bool) -> None:
    """Run the backend in the foreground; print "ready" when it is."""
    refuse_in_production()
    server.serve(server.Options(data_dir, port, demo, durable and not temporary, temporary), say)


@backend.command()
@data_dir_option
def env(data_dir: Path) -> None:
    """Print the project's addresses and keys, as `supabase status -o env` names them."""
    state = DataFolder(data_dir).load()
    if not state.database_port:
        raise BackendError(f"There is no backend in {data_dir} yet: `roamio backend start` makes one.")
    values = {
        "API_URL": state.api_url,
        "DB_URL": state.database_url(),
        "ANON_KEY": state.anon_key,
        "SERVICE_ROLE_KEY": state.service_role_key,
        "JWT_SECRET": state.jwt_secret,
    }
    for name, value in values.items():
        say(f'{name}="{value}"')


@backend.command()
@data_dir_option
def reset(data_dir: Path) -> None:
    """Delete the database, its secrets and the mail. The next start makes new ones."""
    folder = DataFolder(data_dir)
    if not folder.exists():
        say(f"There is no backend in {data_dir}.")
        return
    with folder.locked():
        orphans.remove(folder)
    say(f"Removed the backend in {data_dir}.")
