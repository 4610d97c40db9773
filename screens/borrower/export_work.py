"""Right of access from the borrower's page (G9): a supervisor steps up, and the record becomes two files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.command import Who
from desk.errors import DeskError, FileNotWritten
from desk.installation import new_id
from desk.texts import _
from screens.dialogs.step_up import StepUpDialog
from screens.sentences import sentence
from screens.stepping_up import supervisor_of
from screens.text import plain

if TYPE_CHECKING:
    from screens.app import DeskApp


async def hand_out_record(app: DeskApp, borrower_id: int) -> str:
    """Ask a supervisor to step up, then write the borrower's record into the home's folder of prints.

    To be awaited from a worker of the base screen. Wrong credentials are asked for again with the reason kept.

    Args:
        app: the app.
        borrower_id: whose page is open.

    Returns:
        What to say on the page: where the files are and when they go, or what went wrong; empty: it was left.
    """
    said, reason = "", ""
    while True:
        step_up = await app.push_screen_wait(StepUpDialog(said, reason))
        if step_up is None:
            return ""
        reason = step_up.reason
        try:
            supervisor = await supervisor_of(app.installation.sign_in, step_up)
        except DeskError as error:
            said = sentence(error)
            continue
        try:
            return await _handed_out(app, borrower_id, supervisor.staff_id, reason)
        except FileNotWritten as error:
            return _("The print could not be written: {reason}. Tell IT.").format(reason=plain(error.detail))
        except DeskError as error:
            return sentence(error)


async def _handed_out(app: DeskApp, borrower_id: int, supervisor_id: int, reason: str) -> str:
    # Loaded when somebody asks for it: no start waits for it.
    from desk.privacy.access_report.commands import MakeAccessReport  # noqa: PLC0415
    from desk.privacy.access_report.expiry import FOLDER, KEPT_DAYS, delete_old_reports  # noqa: PLC0415
    from desk.privacy.access_report.files import hand_out  # noqa: PLC0415

    home = app.installation.home
    delete_old_reports(home, app.now())
    command = MakeAccessReport(
        command_id=new_id(),
        who=Who(supervisor_id, app.who.counter_id),
        at=app.now(),
        borrower_id=borrower_id,
        reason=reason,
    )
    pdf, _data = await hand_out(app.installation.desk, command, home / FOLDER)
    app.held_back.tell(_("The print of the record is in {folder}.").format(folder=plain(home / FOLDER)))
    return _("The print is in {file}, with the same as JSON beside it. Both are deleted after {days} days.").format(
        file=plain(pdf), days=KEPT_DAYS
    )
