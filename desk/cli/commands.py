"""All commands with options, and how a mistake in them ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

import click

from desk.cli.output import complain
from desk.cli.words import WordedGroup, mistake
from desk.texts import _

NAMES = (
    "demo",
    "init",
    "staff",
    "import",
    "label",
    "export",
    "sample",
    "check",
    "doctor",
    "upgrade",
    "messages",
    "newsletter",
    "forms",
    "nightly",
    "statistics",
    "backup",
    "restore",
    "keys",
    "erasure",
    "retention",
)
# ``import`` is a word of Python's.
MODULES = {name: f"desk.cli.{'importing' if name == 'import' else name}" for name in NAMES}


def run_command(words: Sequence[str]) -> int:
    """Run a command by its words.

    Returns:
        The exit code: 2 when the words cannot be understood.

    Raises:
        DeskError: it could not be done.
    """
    try:
        code = commands().main(list(words), "desk", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx is not None else "")
        return error.exit_code
    except click.ClickException as error:
        complain(f"desk: {mistake(error)}")
        return error.exit_code
    return int(code or 0)


def commands() -> WordedGroup:
    """Put the commands together; their help speaks the language in use now."""
    return WordedGroup(
        "desk",
        {name: _maker(module) for name, module in MODULES.items()},
        help=_("The counter of a library. Without a command: the counter itself."),
    )


def _maker(module: str) -> Callable[[], click.Command]:
    def make() -> click.Command:
        command: click.Command = import_module(module).command()
        return command

    return make
