"""``desk retention run`` (G6): delete what is due, or say what would be. Figures only (T3)."""

from __future__ import annotations

import asyncio
from datetime import datetime

import click

from desk.calendar import local_date
from desk.cli import asking
from desk.cli.messages import WELL, dry_option
from desk.cli.output import complain, progress, say, say_json
from desk.cli.words import Worded, WordedGroup, json_option
from desk.command import Who
from desk.errors import SignInFailed
from desk.installation import Installation, new_id, now, open_installation
from desk.logs import logging_to
from desk.privacy.retention.records import RunReport
from desk.privacy.retention.run import clockwork_of, run_retention
from desk.privacy.retention.run import dry_run as count_due
from desk.privacy.retention.trusting import TrustClock
from desk.privacy.retention.words import told, total
from desk.registry.report import Progress
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import clock, number, short_date


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup("retention", {"run": _run_command}, help=_("What is deleted when its time is up."))


def _run_command() -> click.Command:
    return Worded(
        "run",
        callback=run,
        params=[
            dry_option(),
            click.Option(
                ["--clock-is-right"],
                is_flag=True,
                help=_(
                    "Go on although the last run lies ahead of the clock, which had run ahead then. "
                    "A supervisor answers for it, and the access log says who."
                ),
            ),
            click.Option(
                ["--supervisor"],
                metavar=_("LOGIN"),
                help=_("Who answers for the clock; asked for if it is missing."),
            ),
            click.Option(["--password-stdin"], is_flag=True, help=_("Read the password from standard input.")),
            json_option(),
        ],
        help=_("Delete what is due today."),
    )


def run(*, dry_run: bool, clock_is_right: bool, supervisor: str | None, password_stdin: bool, as_json: bool) -> int:
    """Delete what is due, or count it.

    Args:
        dry_run: only count.
        clock_is_right: a supervisor's word goes against a last run that lies ahead.
        supervisor: their user name.
        password_stdin: whether their password comes from standard input.
        as_json: say it as JSON.

    Returns:
        0: it is done, was done before, or another program is at it.

    Raises:
        click.UsageError: ``--dry-run`` writes nothing, and so trusts no clock.
        click.MissingParameter: a supervisor is needed, and nobody is there to ask.
        ClockSetBack: the clock stands before the last run; nothing was deleted.
        SignInFailed: whoever answers for the clock is no supervisor.
        DeskError: the store cannot be read or written; the next run goes on from there.
    """
    where = home()
    if dry_run and clock_is_right:
        raise click.UsageError("", click.get_current_context())
    with open_installation(where) as installation, logging_to(where):
        if clock_is_right:
            _trust_clock(installation, supervisor, password_stdin=password_stdin)
        with progress(_("retention")) as show:
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


def _trust_clock(installation: Installation, login: str | None, *, password_stdin: bool) -> None:
    """Take a supervisor's word for the clock, if anything stands against it."""
    if not asking.somebody_is_there() and (login is None or not password_stdin):
        lacking = "--password-stdin" if login is not None else "--supervisor"
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.Option([lacking]))
    login = login or asking.ask(_("User name"))
    password = asking.password(from_stdin=password_stdin)

    async def trusted() -> datetime | None:
        staff = await installation.sign_in.with_password(login, password)
        if not staff.is_supervisor:
            raise SignInFailed("not_supervisor")
        command = TrustClock(command_id=new_id(), who=Who(staff.staff_id), at=now())
        return (await installation.desk.do(command)).ahead_from

    ahead_from = asyncio.run(trusted())
    if ahead_from is None:
        complain(_("note: {text}").format(text=_("The clock stands before no run: it is trusted as it is.")))
        return
    complain(
        _(
            "The run of {date} at {time} lay ahead of the clock, and counts no more. The access log says who said so."
        ).format(date=short_date(local_date(ahead_from), local_date(now())), time=clock(ahead_from))
    )


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
