"""The commands and their options."""

from __future__ import annotations

from collections.abc import Sequence

import click

from desk.texts import _


def run_command(words: Sequence[str]) -> int:
    """Run a command by its words.

    Raises:
        DeskError: it could not be done.
    """
    try:
        code = commands().main(list(words), "desk", standalone_mode=False)
    except click.exceptions.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Abort:
        return 130
    return int(code or 0)


def commands() -> click.Group:
    """Put the commands together; their help speaks the language in use now."""
    return click.Group("desk", [_demo()], help=_("The counter of a library. Without a command: the counter itself."))


def _demo() -> click.Command:
    from desk.cli.demo import print_demo, start_demo  # noqa: PLC0415

    def demo(*, printed: bool, fresh: bool) -> int:
        if printed:
            print_demo(fresh=fresh)
            return 0
        return start_demo(fresh=fresh)

    return click.Command(
        "demo",
        callback=demo,
        params=[
            click.Option(
                ["--print", "printed"], is_flag=True, help=_("Print staff, cards, PINs and barcodes as JSON.")
            ),
            click.Option(["--fresh"], is_flag=True, help=_("Make the demo anew.")),
        ],
        help=_("The counter of a made-up town."),
    )
