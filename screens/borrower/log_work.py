"""What the page does when «Log» asks: read it, which is noted. Run from a worker of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.errors import DeskError
from desk.installation import new_id
from desk.privacy.commands import ReadLogOfBorrower
from screens.borrower.log_pane import LogPane
from screens.borrower.opened import Opened
from screens.privacy_words import read_refused

if TYPE_CHECKING:
    from screens.app import DeskApp


async def read_log(app: DeskApp, opened: Opened, pane: LogPane) -> None:
    """Read a borrower's access log, and show it; whoever may not read it is told so.

    Args:
        app: the counter.
        opened: whose page.
        pane: the tab that asks.
    """
    command = ReadLogOfBorrower(command_id=new_id(), who=app.who, at=app.now(), borrower_id=opened.borrower_id)
    try:
        lines = await app.installation.desk.do(command)
    except DeskError as error:
        if _is_still_asked(app, command, pane):
            pane.refuse(read_refused(error))
        return
    if _is_still_asked(app, command, pane):
        pane.fill(lines)


def _is_still_asked(app: DeskApp, command: ReadLogOfBorrower, pane: LogPane) -> bool:
    """Tell whether the answer is for whoever is here: while the store was slow the counter may have been taken over.

    The page closes then, and its table goes before the worker that waited for the answer is told.
    """
    return app.who == command.who and pane.is_attached and pane.screen in app.screen_stack
