"""``desk demo``: the counter of a made-up town."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from desk.errors import StoreIsOutdated
from desk.installation import now, open_installation
from desk.registry.demo import DemoStaff, demo_contents, demo_folder, demo_hint, ensure_demo
from desk.settings import home
from desk.texts import _, pgettext

if TYPE_CHECKING:
    import click


def command() -> click.Command:
    """Make the command."""
    import click  # noqa: PLC0415  (``desk demo`` alone need not wait for it)

    from desk.cli.words import Worded  # noqa: PLC0415  (click)

    def demo(*, printed: bool, fresh: bool) -> int:
        if not printed:
            return start_demo(fresh=fresh)
        print_demo(fresh=fresh)
        return 0

    return Worded(
        "demo",
        callback=demo,
        params=[
            click.Option(
                ["--print", "printed"],
                is_flag=True,
                help=_("Print staff, cards, PINs and barcodes as JSON, and start nothing."),
            ),
            click.Option(["--fresh"], is_flag=True, help=_("Make the town anew.")),
        ],
        help=_("The counter of a made-up town."),
    )


def demo_home() -> Path:
    """Give the demo's home: ``DESK_HOME`` if set, else a folder of its own that never changes."""
    return home() if os.environ.get("DESK_HOME") else demo_folder()


def start_demo(*, fresh: bool) -> int:
    """Make the demo if need be, and open its counter on this terminal.

    Raises:
        DeskError: it cannot be made or opened.
    """
    from desk.__main__ import start_counter  # noqa: PLC0415  (the one place that wires screens)

    where = demo_home()
    ensure_demo(where, now(), fresh=fresh)
    try:
        return start_counter(where, at_counter(demo_hint(where)), with_virtual_devices=True)
    except StoreIsOutdated:
        # Another version of the program made it, and nobody's work is in it.
        ensure_demo(where, now(), fresh=True)
        return start_counter(where, at_counter(demo_hint(where)), with_virtual_devices=True)


def print_demo(*, fresh: bool) -> None:
    """Make the demo if need be, and print its staff, cards, PINs and barcodes.

    Raises:
        DeskError: it cannot be made or read.
    """
    from desk.cli.output import say_json  # noqa: PLC0415  (the counter prints nothing)

    where = demo_home()
    ensure_demo(where, now(), fresh=fresh)
    with open_installation(where) as installation:
        say_json(demo_contents(installation, now()))


def at_counter(staff: list[DemoStaff]) -> str:
    """Say on the sign-in screen whom to sign in as, and where the demo's devices are."""
    return "\n".join((hint(staff), _("F12: cards, books and plugs")))


def hint(staff: list[DemoStaff]) -> str:
    """Say whom to sign in as, a line each."""
    lines = [_("Made-up town. Sign in as:")]
    lines += [
        _("{login} · password {password} · {role}").format(
            login=person.login, password=person.password, role=role_name(person.role)
        )
        for person in staff
        if person.role != "it"
    ]
    return "\n".join(lines)


def role_name(role: str) -> str:
    """Name a role."""
    match role:
        case "supervisor":
            return pgettext("role", "supervisor")
        case "it":
            return pgettext("role", "IT")
        case _:
            return pgettext("role", "staff")
