"""The ``roamio`` command. A subcommand's module is imported only when it is called: each starts fast."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from roamio_web.embedded.errors import BackendError

COMMANDS = ("backend", "dev", "doctor", "staff")


class Commands(click.Group):
    """The subcommands, found by name in ``roamio_web.commands``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"roamio_web.commands.{cmd_name}"), cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def roamio() -> None:
    """Roamio: a travel company's booking site and live dashboard."""


def main() -> None:
    """Run the command; what goes wrong is one sentence on standard error and exit status 1."""
    try:
        roamio(prog_name="roamio")
    except BackendError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
