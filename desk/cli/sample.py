"""``desk sample``: a large made-up library."""

from __future__ import annotations

import click

from desk.cli.demo import hint
from desk.cli.output import progress, say
from desk.cli.words import Count, Worded
from desk.installation import new_id, now
from desk.registry import demo_town as town
from desk.registry.demo import CHEAP, DemoStaff
from desk.registry.sample import PIN, SampleSize, make_sample
from desk.settings import Settings, home
from desk.texts import _
from desk.wording import number


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "sample",
        callback=sample,
        params=[
            click.Option(["--borrowers"], type=Count(), metavar="N", required=True, help=_("How many borrowers.")),
            click.Option(["--items"], type=Count(), metavar="N", required=True, help=_("How many items.")),
            click.Option(["--loans"], type=Count(), metavar="N", required=True, help=_("How many of them are lent.")),
            click.Option(
                ["--seed"], type=Count(), metavar="N", default="1", help=_("The same number makes the same library.")
            ),
        ],
        help=_("Make a large made-up library in an empty folder."),
    )


def sample(borrowers: int, items: int, loans: int, seed: int) -> None:
    """Make a sample in ``DESK_HOME``.

    Raises:
        DeskError: it cannot be made.
    """
    where = home()
    with progress(_("made-up library")) as show:
        make_sample(
            where,
            SampleSize(borrowers, items, loans),
            seed,
            now(),
            new_id,
            show,
            Settings(sign_in=CHEAP),
        )
    say(
        _("{home} is ready. Borrowers: {borrowers} · items: {items} · loans: {loans} · everybody's PIN: {pin}").format(
            borrowers=number(borrowers), items=number(items), loans=number(loans), home=where, pin=PIN
        )
    )
    say(hint([DemoStaff(one.login, one.password, one.name, one.role) for one in town.STAFF]))
