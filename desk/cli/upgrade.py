"""``desk upgrade``: bring the store up to this version of the program."""

from __future__ import annotations

import click

from desk.cli.output import progress, say, say_json
from desk.cli.words import Worded
from desk.installation import unopened
from desk.registry.upgrading import upgrade as upgrade_store
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import number


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "upgrade",
        callback=upgrade,
        params=[click.Option(["--json", "as_json"], is_flag=True, help=_("As JSON, on the last line."))],
        help=_("Bring the store up to this version of the program. Take a back-up first."),
    )


def upgrade(*, as_json: bool) -> None:
    """Upgrade the store of ``DESK_HOME``.

    Raises:
        DeskError: the store cannot be opened or upgraded.
    """
    with unopened(home()) as installation, progress(_("search words")) as show:
        applied = upgrade_store(installation, show)
    if as_json:
        say_json({"ok": True, "migrations": applied})
        return
    if not applied:
        say(_("The store is up to date."))
        return
    steps = ngettext("The store is upgraded: {n} step.", "The store is upgraded: {n} steps.", len(applied))
    say(steps.format(n=number(len(applied))))
