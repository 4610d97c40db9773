"""A month drawn as a calendar (U3): a cell a day, closed days in words as well as colour, with the loans due."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from textual import events
from textual.message import Message

from desk.set_up.records import CalendarDays
from desk.texts import _, npgettext, pgettext
from desk.wording import MONTHS, WEEKDAYS
from screens.text import cut, pad
from screens.widgets.painted import Cells, Look, Painted

WEEKS = 6
WIDEST = 16
KEYS = {"left": -1, "right": 1, "up": -7, "down": 7}


def first_shown(month: date) -> date:
    """Give the Monday on which the drawing of a month begins."""
    first = month.replace(day=1)
    return first - timedelta(days=first.weekday())


def last_shown(month: date) -> date:
    """Give the last Sunday of the drawing."""
    return first_shown(month) + timedelta(days=7 * WEEKS - 1)


def month_after(day: date, step: int) -> date:
    """Give the same day some months on, or the last there is."""
    year, month = divmod(day.year * 12 + day.month - 1 + step, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class Month(Painted, can_focus=True):
    """Six weeks from Monday to Sunday, with a day that is chosen. Arrows go by days, PageUp and PageDown by months."""

    DEFAULT_CSS = "Month { height: 8; width: 1fr; }"

    class Moved(Message):
        """Another day is chosen."""

        def __init__(self, day: date, *, other_month: bool) -> None:
            super().__init__()
            self.day, self.other_month = day, other_month

    def __init__(self, today: date) -> None:
        super().__init__()
        self.day = today
        self._days: CalendarDays | None = None

    def show(self, days: CalendarDays | None) -> None:
        """Show the days of a branch; None: they are being read."""
        self._days = days
        self.touch()

    def go_to(self, day: date) -> None:
        """Choose a day."""
        other = (day.year, day.month) != (self.day.year, self.day.month)
        self.day = day
        if other:
            self._days = None
        self.touch()
        self.post_message(self.Moved(day, other_month=other))

    def on_key(self, event: events.Key) -> None:
        """Go about; every other key is somebody else's."""
        if event.key in KEYS:
            target = self.day + timedelta(days=KEYS[event.key])
        elif event.key in {"pageup", "pagedown"}:
            target = month_after(self.day, -1 if event.key == "pageup" else 1)
        else:
            return
        event.stop()
        event.prevent_default()
        if 2000 <= target.year <= 2099:
            self.go_to(target)

    def cells(self, y: int) -> Cells:
        """Give a row: the month, the weekdays, then a week each."""
        wide = min(WIDEST, self.size.width // 7)
        if y == 0:
            return ((f"{pgettext('month', MONTHS[self.day.month - 1])} {self.day.year}", "strong"),)
        if y == 1:
            return tuple((pad("  " + pgettext("weekday", name), wide), "quiet") for name in WEEKDAYS)
        monday = first_shown(self.day) + timedelta(days=7 * (y - 2))
        return tuple(self._cell(monday + timedelta(days=ahead), wide) for ahead in range(7))

    def _cell(self, day: date, wide: int) -> tuple[str, Look]:
        if day.month != self.day.month:
            return pad("", wide), "plain"
        words, look = self._words(day)
        # The day that is chosen stands in brackets: not by colour alone.
        if day == self.day:
            return pad(f"[{day.day:>2} {cut(words, wide - 5)}]".replace(" ]", "]"), wide), "accent"
        return pad(f" {day.day:>2} {cut(words, wide - 5)}", wide), look

    def _words(self, day: date) -> tuple[str, Look]:
        days = self._days
        if days is None:
            return "", "quiet"
        if not days.calendar.is_open(day):
            every_week = day.weekday() not in days.calendar.weekdays and not any(one.day == day for one in days.own)
            return pgettext("day", "closed"), "quiet" if every_week else "stop"
        due = days.due.get(day, 0)
        if due:
            return npgettext("day", "{count} loan", "{count} loans", due).format(count=due), "plain"
        own = any(one.day == day for one in days.own)
        return (pgettext("day", "open"), "look") if own else ("", "plain")


def no_days() -> str:
    """Say that the days are being read."""
    return _("Reading the calendar …")
