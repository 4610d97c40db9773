"""F7 for somebody who may not: a supervisor steps up in place (C5), and the page is theirs until it is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.errors import DeskError
from desk.texts import _
from screens.dialogs.step_up import StepUpDialog
from screens.sentences import sentence
from screens.set_up.set_up import LentSetUpScreen
from screens.stepping_up import supervisor_of

if TYPE_CHECKING:
    from screens.app import DeskApp


async def open_for_supervisor(app: DeskApp) -> None:
    """Ask for a supervisor until there is one, or it is left; then open F7."""
    said = ""
    title = _("Set-up is for supervisors. What is changed is written down under the supervisor's name.")
    with app.held_back.during():
        while True:
            step_up = await app.push_screen_wait(StepUpDialog(said, title=title, asks_reason=False))
            if step_up is None:
                return
            try:
                supervisor = await supervisor_of(app.installation.sign_in, step_up)
            except DeskError as error:
                said = sentence(error)
            else:
                app.push_screen(LentSetUpScreen(supervisor))
                return
