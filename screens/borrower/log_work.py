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
        pane.refuse(read_refused(error))
        return
    # While the store was slow somebody else may have taken over the counter: it was not read for them.
    if app.who == command.who:
        pane.fill(lines)
