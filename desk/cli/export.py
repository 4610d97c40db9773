"""``desk export borrower``: a borrower's whole record as PDF and JSON, released by a supervisor (G9)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli import asking
from desk.cli.output import say, say_json
from desk.cli.words import Worded, WordedGroup
from desk.command import Who
from desk.errors import NotFound, SignInFailed
from desk.installation import new_id, now, open_installation
from desk.privacy.access_report.commands import MakeAccessReport, borrower_with_number
from desk.privacy.access_report.expiry import delete_old_reports
from desk.privacy.access_report.files import hand_out
from desk.privacy.commands import NoteSearch
from desk.privacy.purposes import Purpose
from desk.settings import home
from desk.texts import _
from desk.wording import plain

if TYPE_CHECKING:
    from desk.installation import Installation


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup("export", {"borrower": _borrower_command}, help=_("What is held, given to whom it is about."))


def _borrower_command() -> click.Command:
    return Worded(
        "borrower",
        callback=export_borrower,
        params=[
            click.Argument(["number"], metavar=_("NUMBER")),
            click.Option(["--out"], metavar=_("FOLDER"), required=True, help=_("Where the two files go.")),
            click.Option(
                ["--supervisor"], metavar=_("LOGIN"), help=_("Who releases it; asked for if it is not given.")
            ),
            click.Option(["--password-stdin"], is_flag=True, help=_("Read the password from standard input.")),
            click.Option(["--json", "as_json"], is_flag=True, help=_("As JSON, on the last line.")),
        ],
        help=_("A borrower's whole record, by borrower number, as PDF and JSON."),
    )


def export_borrower(number: str, out: str, supervisor: str | None, *, password_stdin: bool, as_json: bool) -> None:
    """Write a borrower's record into a folder. Only the files' paths are said (T3).

    Raises:
        click.MissingParameter: the supervisor or the password is not given, and nobody is there to ask.
        DeskError: it cannot be done; an unknown number is noted in the access log.
    """
    if not asking.somebody_is_there():
        for option, given in (("--supervisor", supervisor), ("--password-stdin", password_stdin)):
            if not given:
                raise click.MissingParameter(ctx=click.get_current_context(), param=click.Option([option]))
    with open_installation(home()) as installation:
        delete_old_reports(installation.home, now())
        login = supervisor or asking.ask(_("User name"))
        password = asking.password(from_stdin=password_stdin)
        pdf, data = asyncio.run(_exported(installation, number, Path(out), login, password))
    if as_json:
        say_json({"files": 2, "pdf": str(pdf), "json": str(data)})
    else:
        say(_("The print is in {pdf}, and as JSON in {json}.").format(pdf=plain(pdf), json=plain(data)))


async def _exported(
    installation: Installation, number: str, folder: Path, login: str, password: str
) -> tuple[Path, Path]:
    """Sign the supervisor in first: nobody else is told whether there is such a number."""
    staff = await installation.sign_in.with_password(login, password)
    if not staff.is_supervisor:
        raise SignInFailed("not_supervisor")
    desk, who = installation.desk, Who(staff.staff_id)
    try:
        borrower_id = await desk.ask(who, borrower_with_number, number)
    except NotFound:
        await desk.do(NoteSearch(command_id=new_id(), who=who, at=now(), found=False, purpose=Purpose.ACCESS))
        raise
    return await hand_out(
        desk, MakeAccessReport(command_id=new_id(), who=who, at=now(), borrower_id=borrower_id), folder
    )
