"""The keys of the whole program that open a page, and when they do: never behind the lock, never twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from desk.counter.orders import TO_BORROWER
from desk.privacy.purposes import Purpose
from desk.texts import _
from screens import pages
from screens.base import DeskScreen
from screens.borrower.opened import Opened
from screens.covering import CoversCounter
from screens.dialogs.help import HelpDialog, help_for

if TYPE_CHECKING:
    from desk.staff.records import StaffRecord
    from screens.app import DeskApp
    from screens.curtain.privacy import Privacy


class OpensPages(CoversCounter):
    """The part of the app that opens pages.

    Attributes:
        operator: whoever is signed in; without anybody no page opens.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", id="app.help", show=False),
        Binding("f7", "set_up", id="app.set_up", show=False),
        # Ahead of whatever is open: a dialog takes no keys but its own, and its page can be read behind it (C12).
        Binding("f9", "curtain", id="privacy.curtain", show=False, priority=True),
    ]

    # What the app has and these keys need; order and hint_counter are its own, and named here for the types alone.
    operator: StaffRecord | None
    privacy: Privacy

    def order(self, kind: str) -> None:
        """Queue an order behind the scans."""
        raise NotImplementedError

    def hint_counter(self, text: str) -> None:
        """Say one line on the page that is shown."""
        raise NotImplementedError

    def action_command_palette(self) -> None:
        """Open the palette, unless it is open."""
        palette = pages.palette()
        if not self.is_hidden and not isinstance(self.screen, type(palette)):
            self.push_screen(palette)

    def action_help(self) -> None:
        """Explain the page one is on."""
        if isinstance(self.screen, DeskScreen) and self.screen.HELP:
            self.push_screen(HelpDialog(*help_for(self.screen.HELP)))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave F9 to the curtain once it is drawn: any key draws it back."""
        return not (action == "curtain" and self.is_hidden) and super().check_action(action, parameters)

    def action_curtain(self) -> None:
        """Draw the curtain."""
        self.privacy.draw_curtain()

    def action_borrower(self) -> None:
        """Ask for the page of the borrower whose visit is open, behind the scans: a card may be among them."""
        if self.at_counter.work.waiting:
            self.hint_counter(_("F4 opens when the scans have been handled."))
        self.order(TO_BORROWER)

    def open_borrower(self) -> None:
        """Open the page of the borrower whose visit is open; with none, find somebody. Never over another page."""
        if self.operator is None or self.is_hidden or len(self.screen_stack) > 1:
            return
        visit = self.at_counter.place.visit
        if visit is None:
            self.action_find()
            return
        opened = Opened(visit.borrower_id, visit.card_id, visit.visit, Purpose.LENDING)
        self.push_screen(pages.borrower(opened))

    def action_set_up(self) -> None:
        """Open set-up, for supervisors; anybody else is asked for one. It may be open already."""
        if self.operator is None or self.is_hidden or isinstance(self.screen, ModalScreen):
            return
        if self.any_page(lambda page: page.KEPT):
            return
        if self.operator.is_supervisor:
            self.push_screen(pages.set_up())
        else:
            self.run_worker(pages.set_up_for_supervisor(cast("DeskApp", self)), group="set-up")

    def action_find(self) -> None:
        """Find a borrower, unless that is being done."""
        searching = self.any_page(lambda page: page.HELP == "finding")
        if self.operator is not None and not self.is_hidden and not searching:
            self.push_screen(pages.find())

    def action_item(self) -> None:
        """Find a title and its copies, unless that is being done (C15)."""
        is_open = self.any_page(lambda page: page.HELP == "item")
        if self.operator is not None and not self.is_hidden and not is_open:
            self.push_screen(pages.item())

    def open_page(self, opened: Opened) -> None:
        """Open a page in the place of the search that found the borrower."""
        self.switch_screen(pages.borrower(opened))

    def action_lists(self) -> None:
        """Open the lists of this branch."""
        if self.operator is not None and not self.is_hidden and len(self.screen_stack) == 1:
            self.push_screen(pages.lists())

    def offer_twins(self, tell: Callable[[str], str]) -> None:
        """Let F12 open the panel of the virtual devices (V2): in the demo only.

        Args:
            tell: says a line to the devices and gives the answer; it may wait.
        """
        self._tell_twins = tell
        self.bind("f12", "twins", show=False)

    def action_twins(self) -> None:
        """Open the panel below the counter."""
        if self.operator is not None and not self.is_hidden and len(self.screen_stack) == 1:
            self.push_screen(pages.twins(self._tell_twins))

    def action_deletions(self) -> None:
        """Open the deletion requests, unless they are open; behind a dialog, nothing."""
        is_open = self.any_page(lambda page: page.HELP == "deletions")
        if self.operator is not None and not self.is_hidden and not is_open:
            self.push_screen(pages.deletions())
