"""The room of the calendar (R2): a branch's month, days that differ, and its week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from textual import getters, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from desk.calendar import closing_days
from desk.set_up.changes import CalendarChange, Change, HoursChange
from desk.set_up.records import BranchRecord, CalendarDays, Hours, SetUpRecord
from desk.texts import N_, _, ngettext, pgettext
from desk.wording import WEEKDAYS, number, weekday_date
from screens.set_up.asking import Asking, Field
from screens.set_up.month import Month, first_shown, last_shown, no_days
from screens.set_up.room import ChangeAsked, Room
from screens.set_up.value_words import label, span_words, week_words
from screens.text import paintable


class CalendarRoom(Room):
    """One branch at a time."""

    TAB: ClassVar[tuple[str, str]] = ("6", N_("Calendar"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l,L,enter", "close", id="calendar.close", show=False),
        Binding("a,A", "open", id="calendar.open", show=False),
        Binding("u,U", "as_week", id="calendar.as_week", show=False),
        Binding("t,T", "hours", id="calendar.hours", show=False),
        Binding("f,F", "branch", id="calendar.branch", show=False),
    ]

    month = getters.query_one(Month)
    place = getters.query_one("#calendar-branch", Static)
    day_said = getters.query_one("#calendar-day", Static)

    class DaysAsked(Message):
        """The days of a month are to be read."""

        def __init__(self, branch_id: int, first: date, last: date) -> None:
            super().__init__()
            self.branch_id, self.first, self.last = branch_id, first, last

    def __init__(self, today: date) -> None:
        super().__init__()
        self._today = today
        self._branches: tuple[BranchRecord, ...] = ()
        self._branch_id: int | None = None
        self._days: CalendarDays | None = None

    def compose(self) -> ComposeResult:
        """The branch with its week, the month, the day one is on."""
        yield Static("", id="calendar-branch", markup=False)
        yield Month(self._today)
        yield Static("", id="calendar-day", markup=False)

    def begin_at(self, branch_id: int) -> None:
        """Begin with the branch one is in."""
        self._branch_id = branch_id

    @property
    def branch(self) -> BranchRecord | None:
        """The branch that is shown."""
        found = (one for one in self._branches if one.branch_id == self._branch_id)
        return next(found, self._branches[0] if self._branches else None)

    def show(self, decided: SetUpRecord, today: date) -> None:
        """Show the branch's week, and ask for the month anew."""
        self._branches, self._today = decided.branches, today
        self._ask_days()

    def show_days(self, days: CalendarDays) -> None:
        """Show the month; one that nobody looks at any more is left."""
        branch = self.branch
        if branch is None or days.branch_id != branch.branch_id:
            return
        self._days = days
        self.month.show(days)
        self._say_day()

    def _ask_days(self) -> None:
        branch = self.branch
        if branch is None:
            return
        week = week_words(branch.hours) or pgettext("day", "closed")
        self.place.update(paintable(f"{branch.values.name}: {week}"))
        self._days = None
        self.month.show(None)
        self._say_day()
        self.post_message(self.DaysAsked(branch.branch_id, first_shown(self.month.day), last_shown(self.month.day)))

    @on(Month.Moved)
    def _moved(self, event: Month.Moved) -> None:
        event.stop()
        if event.other_month:
            self._ask_days()
        else:
            self._say_day()

    def _say_day(self) -> None:
        self.day_said.update(paintable(self._day_words()))

    def _day_words(self) -> str:
        day, days, branch = self.month.day, self._days, self.branch
        if days is None or branch is None:
            return no_days()
        own = next((one for one in days.own if one.day == day), None)
        is_open = days.calendar.is_open(day)
        hours = next((one for one in branch.hours if one.weekday == day.weekday()), None)
        said = pgettext("day", "open") if is_open else pgettext("day", "closed")
        if own is not None and own.reason:
            said += f" – {own.reason}"
        elif is_open and hours is not None:
            said += f" {span_words(hours)}"
        elif own is None and not is_open:
            # Of a holiday on a day that is closed every week, either is why: the rarer one is said.
            said += " – " + (_("public holiday") if day in closing_days(day.year) else _("every week"))
        due = days.due.get(day, 0)
        if due:
            said += " · " + ngettext("{count} loan due", "{count} loans due", due).format(count=number(due))
        return f"{weekday_date(day, self._today)}: {said}"

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        return (
            ("L", pgettext("footer", "close days")),
            ("A", pgettext("footer", "open days")),
            ("U", pgettext("footer", "as the week")),
            ("T", pgettext("footer", "hours")),
            ("F", pgettext("footer", "next branch")),
        )

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Close days"), _("One day or several, with a reason (L)"), self.action_close),
            SystemCommand(_("Open days"), _("On a holiday or a day that is closed every week (A)"), self.action_open),
            SystemCommand(_("Days as the week"), _("Take back what was decided about days (U)"), self.action_as_week),
            SystemCommand(_("Opening hours"), _("The branch's week (T)"), self.action_hours),
            SystemCommand(_("Next branch"), _("The calendar of the next branch (F)"), self.action_branch),
        ]

    def action_close(self) -> None:
        """Close days."""
        self._ask_about_days(_("Close days"), is_open=False)

    def action_open(self) -> None:
        """Open days."""
        self._ask_about_days(_("Open days"), is_open=True)

    def action_as_week(self) -> None:
        """Take back what was decided about days."""
        self._ask_about_days(_("Days as the week"), is_open=None)

    def action_branch(self) -> None:
        """Go to the next branch."""
        branch = self.branch
        if branch is not None:
            at = self._branches.index(branch)
            self._branch_id = self._branches[(at + 1) % len(self._branches)].branch_id
            self._ask_days()

    def action_hours(self) -> None:
        """Change the branch's week."""
        branch = self.branch
        if branch is None:
            return
        before = branch.hours
        spans = {one.weekday: (one.opens_minute, one.closes_minute) for one in before}
        fields = tuple(
            Field(f"day{weekday}", pgettext("weekday", name), "hours", spans.get(weekday), 20)
            for weekday, name in enumerate(WEEKDAYS)
        )

        def change(values: Mapping[str, Any]) -> Change:
            after = (Hours(day, *values[f"day{day}"]) for day in range(7) if values[f"day{day}"] is not None)
            return HoursChange(branch.branch_id, before, tuple(after))

        title = _("Opening hours, {branch}").format(branch=branch.values.name)
        self.post_message(ChangeAsked(Asking(title, fields, change, _("For example 10-18; empty: closed."))))

    def _ask_about_days(self, title: str, *, is_open: bool | None) -> None:
        branch, days, day = self.branch, self._days, self.month.day
        if branch is None or days is None:
            return
        fields = [
            Field("first", label("first"), "date", day, 20),
            Field("last", label("last"), "date", day, 20),
        ]
        if is_open is not None:
            fields.append(Field("reason", label("reason"), "text", ""))

        def change(values: Mapping[str, Any]) -> Change:
            first, last = values["first"], values["last"]
            read = tuple(one for one in days.own if first <= one.day <= last)
            return CalendarChange(branch.branch_id, first, last, read, is_open, values.get("reason", ""))

        asking = Asking(f"{title}, {branch.values.name}", tuple(fields), change)
        self.post_message(ChangeAsked(asking))
