"""What a member of staff looked at (G8): chosen from a list, read by a supervisor, and that it was read is noted."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from desk.errors import DeskError
from desk.installation import new_id
from desk.privacy.commands import ReadLogOfStaff
from desk.staff.queries import all_staff
from desk.staff.records import StaffRecord
from desk.texts import _, pgettext
from screens.base import DeskScreen
from screens.borrower.log_lines import folded, of_staff
from screens.privacy_words import read_refused
from screens.text import paintable
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.table import Table
from screens.widgets.whole_row import WholeRow


class StaffLogScreen(DeskScreen[None]):
    """The staff; Enter shows the log of the one who is chosen in their place."""

    HELP = "staff_log"
    CSS_PATH = "staff_log.tcss"
    AUTO_FOCUS = "#staff"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", id="staff_log.leave", show=False),
    ]

    status = getters.query_one(StatusLine)
    staff = getters.query_one("#staff", Table)
    lines = getters.query_one("#lines", Table)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)
    whole = getters.query_one(WholeRow)

    def __init__(self) -> None:
        super().__init__()
        self._staff: tuple[StaffRecord, ...] = ()
        self._reader: int | None = None

    def compose(self) -> ComposeResult:
        """Two lists, of which one is shown, one sentence, keys."""
        yield StatusLine()
        with Vertical(id="lists"):
            yield Table((_("Staff"), _("Role")), gives_way=(0,), id="staff")
            headings = (_("When"), _("Borrower"), _("What"), _("Purpose"), _("Items"), _("Counter"))
            yield Table(headings, gives_way=(4, 5, 2), id="lines")
            yield WholeRow()
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Note who reads, then ask who there is."""
        self._reader = self.desk_app.who.staff_id
        self.tick()
        self._show_list(is_log=False)
        self.load()

    def tick(self) -> None:
        """Keep the clock right."""
        self.status.show(self.desk_app.status(_("STAFF LOG")))

    def on_screen_resume(self) -> None:
        """From behind a lock somebody else may have come back: what was read goes with whoever read it."""
        # The curtain may have taken this page with it before it hears of it.
        is_here = self.app.screen is self
        if is_here and self._reader is not None and self._reader != self.desk_app.who.staff_id:
            self._forget()
            self.dismiss()

    @work(group="load")
    async def load(self) -> None:
        """List the staff, those who have left too."""
        app = self.desk_app
        try:
            self._staff = await app.installation.desk.ask(app.who, all_staff)
        except DeskError as error:
            if not self.is_gone:
                self.said.update(read_refused(error))
            return
        if self.is_gone:
            return
        self.staff.fill({one.staff_id: (_named(one), role_words(one.role)) for one in self._staff})

    @on(DataTable.RowSelected, "#staff")
    def chosen(self, event: DataTable.RowSelected) -> None:
        """Enter: read the log of the one who is chosen."""
        event.stop()
        chosen = next((one for one in self._staff if one.staff_id == self.staff.chosen), None)
        if chosen is not None:
            self.read(chosen)

    @work(group="read", exclusive=False)
    async def read(self, staff: StaffRecord) -> None:
        """Read somebody's log."""
        app = self.desk_app
        command = ReadLogOfStaff(command_id=new_id(), who=app.who, at=app.now(), staff_id=staff.staff_id)
        try:
            lines = await app.installation.desk.do(command)
        except DeskError as error:
            if not self.is_gone:
                self.said.update(read_refused(error))
            return
        # While the store was slow somebody else may have taken over the counter: it was not read for them.
        if app.who != command.who or self.is_gone:
            return
        self.lines.fill({run.newest.number: of_staff(run, app.today()) for run in folded(lines)})
        self._show_list(is_log=True)
        name = paintable(staff.name)
        self.said.update(
            _("{name}: what was looked at, the newest first.").format(name=name)
            if lines
            else _("{name}: nothing in the log.").format(name=name)
        )

    @on(DataTable.RowSelected, "#lines")
    def show_whole(self) -> None:
        """Enter in a log: show all of the line below the table, or hide it again."""
        self.whole.turn(self.lines)

    @on(DataTable.RowHighlighted, "#lines")
    def go_along(self) -> None:
        """Another line is chosen."""
        self.whole.follow(self.lines)

    def _forget(self) -> None:
        self.lines.fill({})
        self.whole.hide()

    def _show_list(self, *, is_log: bool) -> None:
        self.staff.display, self.lines.display = not is_log, is_log
        (self.lines if is_log else self.staff).focus()
        enter = pgettext("footer", "whole line") if is_log else pgettext("footer", "read log")
        self.keys.show(
            (
                ("Esc", pgettext("footer", "back")),
                ("Enter", enter),
                ("F1", pgettext("footer", "help")),
                ("F9", pgettext("footer", "curtain")),
            )
        )
        if not is_log:
            self.said.update(_("Choose a member of staff. That the log is read is noted."))

    def action_leave(self) -> None:
        """Back: from a log to the list, from the list to where one was."""
        if self.lines.display:
            self._forget()
            self._show_list(is_log=False)
        else:
            self.dismiss()


def role_words(role: str) -> str:
    """Name a role."""
    return {
        "supervisor": pgettext("role", "supervisor"),
        "it": pgettext("role", "IT"),
        "staff": pgettext("role", "staff"),
    }.get(role, role)


def _named(staff: StaffRecord) -> str:
    """Name somebody; those who have left are still in the log."""
    return staff.name if staff.active else _("{name} (closed)").format(name=staff.name)
