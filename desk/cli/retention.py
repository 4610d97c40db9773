"""``desk retention run`` (G6): delete what is due, or say what would be. Figures only (T3)."""

from __future__ import annotations

import asyncio

import click

from desk.cli.messages import WELL, dry_option
from desk.cli.output import progress, say, say_json
from desk.cli.words import Worded, WordedGroup, json_option
from desk.installation import Installation, new_id, now, open_installation
from desk.logs import logging_to
from desk.privacy.retention.records import RunReport
from desk.privacy.retention.run import clockwork_of, run_retention
from desk.privacy.retention.run import dry_run as count_due
from desk.privacy.retention.words import told, total
from desk.registry.report import Progress
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import number, short_date


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup("retention", {"run": _run_command}, help=_("What is deleted when its time is up."))


def _run_command() -> click.Command:
    return Worded("run", callback=run, params=[dry_option(), json_option()], help=_("Delete what is due today."))


def run(*, dry_run: bool, as_json: bool) -> int:
    """Delete what is due, or count it.

    Returns:
        0: it is done, was done before, or another program is at it.

    Raises:
        ClockSetBack: the clock stands before the last run; nothing was deleted.
        DeskError: the store cannot be read or written; the next run goes on from there.
    """
    where = home()
    with open_installation(where) as installation, progress(_("retention")) as show, logging_to(where):
        report = asyncio.run(_carried_out(installation, show, is_dry=dry_run))
    if as_json:
        say_json(
            {
                "dry_run": dry_run,
                "day": report.day.isoformat(),
                "busy": report.is_busy,
                "done_before": report.was_done,
                "deleted": dict(report.counts),
            }
        )
    else:
        _tell(report, is_dry=dry_run)
    return WELL


async def _carried_out(installation: Installation, show: Progress, *, is_dry: bool) -> RunReport:
    work = clockwork_of(installation, now, new_id)
    # Counted first, so that there is something to measure the progress by.
    expected = await count_due(work)
    if is_dry:
        return expected
    return await run_retention(work, show, sum(expected.counts.values()))


def _tell(report: RunReport, *, is_dry: bool) -> None:
    if report.is_busy:
        say(_("Another program is deleting what is due. Nothing was done here."))
        return
    if report.was_done:
        say(_("What is due {date} has been deleted already.").format(date=short_date(report.day, report.day)))
        return
    rows = total(report.counts)
    said = (
        ngettext("{n} row would be deleted.", "{n} rows would be deleted.", rows)
        if is_dry
        else ngettext("{n} row deleted.", "{n} rows deleted.", rows)
    )
    say(said.format(n=number(rows)))
    for line in told(report.counts):
        say(f"  {line}")
