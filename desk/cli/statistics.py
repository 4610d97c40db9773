"""``desk statistics``: the figures of some days, by branch, month and groups; no person is in them (G10)."""

from __future__ import annotations

import asyncio
import csv
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

import click

from db.models.statistics import COUNTED
from desk.calendar import local_date
from desk.cli.output import say, say_json
from desk.cli.words import Worded, json_option
from desk.command import INSTALLATION
from desk.installation import now, open_installation
from desk.settings import home
from desk.statistics.queries import figures_between
from desk.statistics.records import By, Figure, Figures
from desk.texts import NP_, _, pgettext
from desk.wording import date_range, number, plain

BY: Final = (By.MONTH, By.BORROWER_GROUP, By.MUNICIPALITY, By.MATERIAL_GROUP)
WHAT: Final[Mapping[str, str]] = {
    "loan": NP_("statistics", "Loans"),
    "return": NP_("statistics", "Returns"),
    "renewal": NP_("statistics", "Renewals"),
}
TITLES: Final[Mapping[By, str]] = {
    By.MONTH: NP_("statistics", "By month"),
    By.BORROWER_GROUP: NP_("statistics", "By borrower group"),
    By.MUNICIPALITY: NP_("statistics", "By municipality"),
    By.MATERIAL_GROUP: NP_("statistics", "By material group"),
}
TYPED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)


class Day(click.ParamType[date]):
    """A date: 2026-01-31, or as people write it, 31.1.2026."""

    name = "D"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date.

        Raises:
            click.BadParameter: it is none.
        """
        if isinstance(value, date):
            return value
        typed = TYPED.fullmatch(value)
        try:
            if typed is not None:
                return date(int(typed[3]), int(typed[2]), int(typed[1]))
            return date.fromisoformat(value)
        except ValueError:
            self.fail(_("a date is needed, 2026-01-31 or 31.1.2026"), param, ctx)


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "statistics",
        callback=statistics,
        params=[
            click.Option(["--from", "from_day"], type=Day(), help=_("The first day; else 1 January.")),
            click.Option(["--to", "until_day"], type=Day(), help=_("The last day; else today.")),
            click.Option(["--csv", "as_csv"], is_flag=True, help=_("As CSV; a figure that is hidden is empty.")),
            json_option(),
        ],
        help=_("Loans, returns and renewals as figures, without persons."),
    )


def statistics(from_day: date | None, until_day: date | None, *, as_csv: bool, as_json: bool) -> None:
    """Tell the figures of some days; those from 1 to 4, and those that would tell them, are hidden.

    Raises:
        click.BadParameter: CSV and JSON are asked for at once.
        DeskError: the home cannot be opened, or the days cannot be meant.
    """
    if as_csv and as_json:
        raise click.BadParameter(_("not with --json"), click.get_current_context(), click.Option(["--csv"]))
    today = local_date(now())
    until_day = until_day or today
    from_day = from_day or date(until_day.year, 1, 1)
    with open_installation(home()) as installation:
        figures = asyncio.run(figures_between(installation.desk, INSTALLATION, from_day, until_day, BY))
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("what", "branch", "by", "key", "name", "count"))
        writer.writerows(_rows(figures))
    elif as_json:
        say_json(_as_json(figures))
    else:
        for line in _lines(figures, today):
            say(line)


def _rows(figures: Figures) -> Iterator[tuple[str | int, ...]]:
    """Give one row a figure; without a branch: all together, without a key: the sum."""
    for what in COUNTED:
        for branch_id, branch in _branches(figures):
            yield what, branch, "", "", "", _cell(figures.total(what, branch_id))
            for by in BY:
                for key, figure in figures.by(what, by, branch_id).items():
                    yield what, branch, by.value, key, plain(figures.names.get((by, key), "")), _cell(figure)


def _branches(figures: Figures) -> list[tuple[int | None, str]]:
    return [(None, ""), *((branch_id, plain(name)) for branch_id, name in figures.branches.items())]


def _cell(figure: Figure) -> str | int:
    return "" if figure is None else figure


def _as_json(figures: Figures) -> dict[str, Any]:
    """Give everything as one object; what is hidden is null."""
    return {
        "from": figures.from_day.isoformat(),
        "to": figures.until_day.isoformat(),
        "figures": [
            {
                "what": what,
                "branch": branch or None,
                "total": figures.total(what, branch_id),
                **{by.value: figures.by(what, by, branch_id) for by in BY},
            }
            for what in COUNTED
            for branch_id, branch in _branches(figures)
        ],
        "removed": dict(figures.removed),
    }


def _lines(figures: Figures, today: date) -> Iterator[str]:
    yield date_range(figures.from_day, figures.until_day, today)
    for what, title in WHAT.items():
        yield ""
        yield f"{pgettext('statistics', title)}: {_told(figures.total(what))}"
        if len(figures.branches) > 1:
            for branch_id, branch in figures.branches.items():
                yield _line(plain(branch), figures.total(what, branch_id))
        for by in BY:
            keys = figures.by(what, by)
            if keys:
                yield "  " + pgettext("statistics", TITLES[by])
            for key, figure in keys.items():
                yield _line("  " + _named(figures, by, key), figure)
    if any(figure is None for table in figures.tables.values() for figure in table.values()):
        yield ""
        yield _("Hidden: figures under 5, and those that would tell them.")


def _named(figures: Figures, by: By, key: str) -> str:
    name = plain(figures.names.get((by, key), ""))
    return f"{name} ({key})" if name else key or _("none")


def _line(label: str, figure: Figure) -> str:
    return f"  {label:<34} {_told(figure):>9}"


def _told(figure: Figure) -> str:
    return _("hidden") if figure is None else number(figure)
