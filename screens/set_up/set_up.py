"""F7: set-up, for supervisors. Rooms that one key reaches; a form, what it would do, then it is saved (R8)."""

from __future__ import annotations

from typing import ClassVar

from textual import getters, on, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from desk.command import Who
from desk.counter.orders import TO_CHECK_OUT, TO_RETURN
from desk.errors import DeskError, InvalidInput
from desk.installation import new_id
from desk.set_up.changes import CalendarChange, Change, HoursChange
from desk.set_up.commands import ChangedMeanwhile, ChangeSetUp, MoveDueDates
from desk.set_up.queries import calendar_days, effect_of, past_changes, what_is_decided
from desk.set_up.records import SetUpDone, SetUpRecord
from desk.staff.records import StaffRecord
from desk.texts import _, pgettext
from desk.wording import one_stop
from screens.base import DeskScreen
from screens.borrower.form import NOTHING_SAID, Said
from screens.set_up.amount_rooms import AmountsRoom, ChannelsRoom, TiersRoom
from screens.set_up.asking import Asking, FieldsDialog
from screens.set_up.calendar_room import CalendarRoom
from screens.set_up.group_rooms import BorrowerGroupsRoom, MaterialGroupsRoom, RulesRoom
from screens.set_up.place_rooms import HistoryRoom, PlacesRoom
from screens.set_up.room import ChangeAsked, Room
from screens.set_up.saving import SavingDialog, letters
from screens.set_up.words import effect_lines, heading, saved, why_not
from screens.text import plain
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.tab_bar import Tab, TabBar

SHORT = 30
"""Lines below which a terminal has none to spare."""
ROOM_KEYS = "123456789"


class SetUpScreen(DeskScreen[None]):
    """The page over the counter. Scans go on being handled below it; it stays, with what is being typed into it."""

    HELP = "set_up"
    KEPT = True
    CSS_PATH = "set_up.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", id="set_up.leave", show=False),
        Binding("f2", "to_check_out", id="lending.check_out", show=False),
        Binding("f3", "to_return", id="lending.return", show=False),
        *(Binding(key, f"room('{key}')", id=f"room.{key}", show=False) for key in ROOM_KEYS),
    ]

    status = getters.query_one(StatusLine)
    tabs = getters.query_one(TabBar)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)
    calendar = getters.query_one(CalendarRoom)
    history = getters.query_one(HistoryRoom)

    def __init__(self, lent: StaffRecord | None = None) -> None:
        """Be whoever is signed in, or a supervisor who stepped up: what is changed is theirs, as the record says."""
        super().__init__()
        self._lent = lent
        self.decided: SetUpRecord | None = None
        self._rooms: tuple[Room, ...] = ()
        self._open: Room | None = None
        self._operator: int | None = None
        self._settled = 0

    def compose(self) -> ComposeResult:
        """Tabs, one of the rooms, one sentence, keys."""
        calendar = CalendarRoom(self.desk_app.today())
        calendar.begin_at(self.desk_app.counter_place.branch_id)
        self._rooms = (
            RulesRoom(),
            BorrowerGroupsRoom(),
            MaterialGroupsRoom(),
            AmountsRoom(),
            TiersRoom(),
            calendar,
            PlacesRoom(),
            ChannelsRoom(),
            HistoryRoom(),
        )
        yield StatusLine()
        yield TabBar()
        with Vertical(id="rooms"):
            yield from self._rooms
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the first room, then ask."""
        self._operator = self.desk_app.who.staff_id
        self._settled = self.desk_app.at_counter.pile.settled
        self.tick()
        self._go_to(self._rooms[0])
        if self._lent is not None:
            said = _("Opened by {name}. It closes with Esc, the curtain and the lock.").format(name=self._lent.name)
            self.say(one_stop(said))
        self.load()

    def on_resize(self) -> None:
        """Leave out the blank lines where lines are few."""
        self.set_class(self.app.size.height < SHORT, "-short")

    def tick(self) -> None:
        """Keep the clock right; say when scans were handled below."""
        self.status.show(self.desk_app.status(_("F7 SET-UP")))
        settled = self.desk_app.at_counter.pile.settled
        if settled != self._settled:
            self._settled = settled
            self.say(_("Scans go to the counter. Esc shows them."))

    def on_screen_resume(self) -> None:
        """From behind a lock somebody else may have come back: what one opened goes with them."""
        is_here = self.app.screen is self
        if is_here and self._operator is not None and self._operator != self.desk_app.who.staff_id:
            self.dismiss()

    @property
    def _who(self) -> Who:
        """On whose behalf everything here is done."""
        app = self.desk_app
        return app.who if self._lent is None else Who(self._lent.staff_id, app.who.counter_id)

    def say(self, text: str) -> None:
        """Say one sentence below the room."""
        if not self.is_gone:
            self.said.update(plain(text))

    def show_hint(self, text: str) -> None:
        """Say what the counter has to say."""
        self.say(text)

    # What is shown.

    @work(group="load")
    async def load(self) -> None:
        """Read everything that is decided."""
        app = self.desk_app
        try:
            decided = await app.installation.desk.ask(self._who, what_is_decided)
            past = await app.installation.desk.ask(self._who, past_changes)
        except DeskError as error:
            self.say(why_not(error))
            return
        if self.is_gone:
            return
        self.decided = decided
        for room in self._rooms:
            room.show(decided, app.today())
        self.history.show_past(past)

    @on(CalendarRoom.DaysAsked)
    @work(group="days")
    async def read_days(self, event: CalendarRoom.DaysAsked) -> None:
        """Read a month of a branch."""
        app = self.desk_app
        try:
            days = await app.installation.desk.ask(self._who, calendar_days, event.branch_id, event.first, event.last)
        except DeskError as error:
            self.say(why_not(error))
            return
        if not self.is_gone:
            self.calendar.show_days(days)

    @on(DataTable.RowHighlighted)
    def say_in_full(self) -> None:
        """Of what was changed, give the row one is on in full."""
        if self._open is self.history:
            self.say(self.history.in_full())

    # Going about.

    def action_room(self, key: str) -> None:
        """Go to a room."""
        self._go_to(next(room for room in self._rooms if room.TAB[0] == key))

    def _go_to(self, chosen: Room) -> None:
        self._open = chosen
        self.say("")
        for room in self._rooms:
            room.display = room is chosen
        first = next((one for one in chosen.query("*") if one.focusable), None)
        self.set_focus(first)
        self.tabs.show([Tab(room.TAB[0], _(room.TAB[1])) for room in self._rooms], chosen.TAB[0])
        back = ("Esc", pgettext("footer", "back"))
        self.keys.show((back, *chosen.footer(), ("F1", pgettext("footer", "help"))))
        self.say_in_full()

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers here: every key's work by name."""
        return [
            *(() if self._open is None else self._open.actions()),
            *(
                SystemCommand(
                    _(room.TAB[1]),
                    _("Go to the room ({key})").format(key=room.TAB[0]),
                    lambda room=room: self._go_to(room),
                )
                for room in self._rooms
            ),
            SystemCommand(_("Back"), _("Back to the counter (Esc)"), self.action_leave),
            SystemCommand(_("Curtain"), _("Hide everything (F9)"), self.desk_app.action_curtain),
            SystemCommand(_("Lock"), _("Lock the counter"), self.desk_app.privacy.lock),
        ]

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()

    def action_to_check_out(self) -> None:
        """Go to F2, behind the scans."""
        self.desk_app.order(TO_CHECK_OUT)
        self.dismiss()

    def action_to_return(self) -> None:
        """Go to F3, behind the scans."""
        self.desk_app.order(TO_RETURN)
        self.dismiss()

    # Changing.

    @on(ChangeAsked)
    @work(group="change")
    async def change(self, event: ChangeAsked) -> None:
        """Ask, say what it would do, save; what the desk refuses is asked again with what was typed."""
        asking = event.asking
        self.say("")
        typed: dict[str, str] | None = None
        said: Said = NOTHING_SAID
        while True:
            values: dict[str, object] = {}
            if asking.fields:
                dialog = FieldsDialog(asking, self.desk_app.today(), said, typed)
                filled = await self.app.push_screen_wait(dialog)
                if filled is None:
                    return
                values, typed = filled.values, filled.typed
            change = asking.change(values)
            answer = await self._answer_to_effect(asking, change)
            if isinstance(answer, Said):
                if not asking.fields or not answer.line:
                    self.say(answer.sentence)
                    self.load()
                    return
                said = answer
            elif answer == letters(may_go_back=False)[0][0]:
                await self._save(change)
                return
            elif answer is None:
                self.say(_("Nothing is saved."))
                return
            else:
                said = NOTHING_SAID

    async def _answer_to_effect(self, asking: Asking, change: Change) -> str | Said | None:
        """Show what a change would do; gives the letter that was answered, or why it cannot be.

        A refusal about nothing that can be typed otherwise has no line.
        """
        app, today = self.desk_app, self.desk_app.today()
        if self.decided is None:
            return None
        try:
            effect = await app.installation.desk.ask(self._who, effect_of, change, today)
        except ChangedMeanwhile as error:
            return Said(why_not(error))
        except InvalidInput as error:
            return Said(why_not(error), error.field)
        except DeskError as error:
            return Said(why_not(error))
        lines = effect_lines(change, effect, today)
        dialog = SavingDialog(heading(change, self.decided, today), lines, may_go_back=bool(asking.fields))
        return await app.push_screen_wait(dialog)

    async def _save(self, change: Change) -> None:
        app = self.desk_app
        command = ChangeSetUp(command_id=new_id(), who=self._who, at=app.now(), change=change)
        try:
            done = await app.installation.desk.do(command)
            moved = done.moved
            if isinstance(change, CalendarChange | HoursChange):
                moved += await self._move_the_rest(change.branch_id, done)
        except DeskError as error:
            self.say(why_not(error))
            self.load()
            return
        await self.load().wait()
        self.say(saved(moved))

    async def _move_the_rest(self, branch_id: int, done: SetUpDone) -> int:
        """Move the due dates that are left on closed days; once more, for a check-out that was on its way."""
        app, moved = self.desk_app, 0
        while True:
            if done.left:
                self.say(_("Moving due dates: {count} left …").format(count=done.left))
            command = MoveDueDates(command_id=new_id(), who=self._who, at=app.now(), branch_id=branch_id)
            done = await app.installation.desk.do(command)
            moved += done.moved
            if not done.left:
                return moved


class LentSetUpScreen(SetUpScreen):
    """F7 that a supervisor opened for somebody else: it goes with the curtain and the lock."""

    GOES_WHEN_COVERED = True
