"""``desk nightly`` (M6): every part of a night in its order, or those that are named."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import click

from desk.cli.messages import NOT_WELL, WELL, dry_option
from desk.cli.output import complain, progress, say, say_json
from desk.cli.sending_words import as_json as report_as_json
from desk.cli.sending_words import complaints
from desk.cli.sentences import sentence
from desk.cli.words import Worded, json_option
from desk.installation import new_id, now, open_installation
from desk.logs import logging_to
from desk.nightly import PARTS, RETENTION, Night, PartOutcome, run_night
from desk.privacy.retention.words import told
from desk.settings import home
from desk.texts import NP_, _, pgettext
from desk.wording import number

NAMES: Final = tuple(part.name for part in PARTS)
TITLES: Final[Mapping[str, str]] = {
    "due_dates": NP_("nightly", "due dates on closed days"),
    "shelf": NP_("nightly", "reservations that end"),
    "claims": NP_("nightly", "replacement claims"),
    "recalls": NP_("nightly", "reminders and recalls"),
    "messages": NP_("nightly", "messages"),
    "backups": NP_("nightly", "back-ups"),
    "forms": NP_("nightly", "forms from the website"),
    "retention": NP_("nightly", "deleted by the clock"),
}
COUNTS: Final[Mapping[str, str]] = {
    "moved": NP_("nightly", "moved"),
    "pickups": NP_("nightly", "pickup deadlines moved"),
    "never_open": NP_("nightly", "without an open day within a year"),
    "not_fetched": NP_("nightly", "not fetched in time"),
    "waited_too_long": NP_("nightly", "waited too long"),
    "claimed": NP_("nightly", "claimed"),
    "left_alone": NP_("nightly", "left alone"),
    "reminders": NP_("nightly", "reminders"),
    "recalls": NP_("nightly", "recalls"),
    "due": NP_("nightly", "due"),
    "sent": NP_("nightly", "sent"),
    "waiting": NP_("nightly", "wait to be tried again"),
    "failed": NP_("nightly", "failed"),
    "lapsed": NP_("nightly", "no longer relevant"),
    "uncertain": NP_("nightly", "uncertain"),
    "held_back": NP_("nightly", "wait for a template"),
    "backups_deleted": NP_("nightly", "deleted"),
    "backups_left": NP_("nightly", "expired and not deleted"),
    "lists_behind": NP_("nightly", "lists of the erased that are behind"),
    "forms_new": NP_("nightly", "new"),
    "forms_refused": NP_("nightly", "refused"),
    "forms_left": NP_("nightly", "not deleted from the folder"),
    "not_set_up": NP_("nightly", "wait for desk.toml"),
}


class PartName(click.ParamType[str]):
    """The name of a part."""

    name = "PART"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a name.

        Raises:
            click.BadParameter: it is none.
        """
        if value not in NAMES:
            self.fail(_("one of {choices} is needed").format(choices=", ".join(NAMES)), param, ctx)
        return value


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "nightly",
        callback=nightly,
        params=[
            click.Option(
                ["--only"], type=PartName(), multiple=True, metavar="|".join(NAMES), help=_("This part alone.")
            ),
            dry_option(),
            json_option(),
        ],
        help=_("What is done once a night, for a timer."),
    )


def nightly(only: tuple[str, ...], *, dry_run: bool, as_json: bool) -> int:
    """Run the parts of a night; only figures are said.

    Returns:
        0: all is well; 1: a part failed, or somebody should look at it.

    Raises:
        DeskError: the home cannot be opened.
    """
    where = home()
    with open_installation(where) as installation, progress(_("messages")) as show, logging_to(where):
        night = Night(installation, now, new_id, show)
        outcomes = asyncio.run(run_night(night, only, is_dry=dry_run))
    for outcome in outcomes:
        _tell(outcome, as_json=as_json)
    if as_json:
        ok = all(outcome.is_well for outcome in outcomes)
        say_json({"ok": ok, "dry_run": dry_run, "parts": [_as_json(outcome) for outcome in outcomes]})
    return WELL if all(outcome.is_well for outcome in outcomes) else NOT_WELL


def _tell(outcome: PartOutcome, *, as_json: bool) -> None:
    title = pgettext("nightly", TITLES[outcome.name])
    if outcome.report is None:
        reason = _("it failed; the log says where.") if outcome.error is None else sentence(outcome.error)
        complain(_("{part}: {reason}").format(part=title, reason=reason))
        return
    if outcome.report.sending is not None:
        for complaint in complaints(outcome.report.sending):
            complain(complaint)
    if not as_json:
        counts = [
            _("{what} {n}").format(what=pgettext("nightly", COUNTS[name]), n=number(count))
            for name, count in outcome.report.counts.items()
            if name in COUNTS
        ]
        if outcome.name == RETENTION:
            counts = told(outcome.report.counts) or [_("nothing was due")]
        say(_("{part}: {reason}").format(part=title, reason=" · ".join(counts)))


def _as_json(outcome: PartOutcome) -> dict[str, Any]:
    told: dict[str, Any] = {"part": outcome.name, "ok": outcome.is_well}
    if outcome.report is None:
        told["error"] = "unexpected" if outcome.error is None else type(outcome.error).__name__
        return told
    sending = outcome.report.sending
    return told | (dict(outcome.report.counts) if sending is None else report_as_json(sending))
