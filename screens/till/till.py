"""The till (M7): what moved at this counter on a day; counted and signed with one key."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from desk.errors import DeskError
from desk.installation import new_id
from desk.money.records import ClosingRecord, TillDay
from desk.money.till import CloseTill, open_till_days, till_of
from desk.texts import _, pgettext
from desk.wording import clock, kroner, weekday_date
from screens.base import DeskScreen
from screens.borrower.balance_words import KINDS, METHODS
from screens.dialogs.count_till import CountDialog
from screens.sentences import sentence
from screens.text import plain
from screens.widgets.key_line import KeyLine
from screens.widgets.status_line import StatusLine
from screens.widgets.table import Table


class TillScreen(DeskScreen[None]):
    """This counter's till, today's or that of a day nobody has closed."""

    HELP = "till"
    CSS_PATH = "till.tcss"
    AUTO_FOCUS = "#moved"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", id="till.leave", show=False),
        Binding("k,K", "close", id="till.close", show=False),
        Binding("d,D", "other_day", id="till.other_day", show=False),
    ]

    status = getters.query_one(StatusLine)
    moved = getters.query_one("#moved", Table)
    summed = getters.query_one("#summed", Static)
    said = getters.query_one("#said", Static)
    keys = getters.query_one(KeyLine)

    def __init__(self) -> None:
        super().__init__()
        self._day: date | None = None
        self._open_days: tuple[date, ...] = ()
        self._till: TillDay | None = None

    def compose(self) -> ComposeResult:
        """What moved, what it comes to, one sentence, keys."""
        yield StatusLine()
        with Vertical(id="till"):
            headings = (_("Movement"), _("How"), _("Count"), _("Amount"))
            yield Table(headings, gives_way=(0,), id="moved")
            yield Static("", id="summed", markup=False)
        yield Static("", id="said", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Ask for today's till."""
        self._day = self.desk_app.today()
        self.tick()
        self.load()

    def tick(self) -> None:
        """Keep the clock right."""
        self.status.show(self.desk_app.status(_("TILL")))

    @work(group="load")
    async def load(self) -> None:
        """Read the till of the day that is shown."""
        app, counter_id = self.desk_app, self.desk_app.counter_place.counter_id
        day = self._day or app.today()
        try:
            self._till = await app.installation.desk.ask(app.who, till_of, counter_id, day)
            self._open_days = await app.installation.desk.ask(app.who, open_till_days, counter_id, app.today())
        except DeskError as error:
            if not self.is_gone:
                self.said.update(sentence(error))
            return
        if not self.is_gone:
            self._show(self._till)

    def _show(self, till: TillDay) -> None:
        rows = {
            place: (pgettext("fee", KINDS[kind]), pgettext("fee", METHODS[method]), str(count), kroner(amount))
            for place, (kind, method, count, amount) in enumerate(till.by_kind)
        }
        self.moved.fill(rows)
        today = self.desk_app.today()
        lines = [_("Till of {date}").format(date=weekday_date(till.day, today))]
        if not rows:
            lines.append(_("Nothing has moved."))
        if till.vouchers is not None:
            lines.append(_("Voucher nos. {first}–{last}").format(first=till.vouchers[0], last=till.vouchers[1]))
        lines.append(_("Cash expected: {amount}").format(amount=kroner(till.expected_ore)))
        lines.append(_("Not closed.") if till.closed is None else closed_words(till.closed))
        others = [day for day in self._open_days if day != till.day]
        if others:
            days = ", ".join(weekday_date(day, today) for day in others)
            lines.append(_("Not closed either: {days} (D)").format(days=days))
        self.summed.update("\n".join(lines))
        close = () if till.closed is not None else (("K", pgettext("footer", "close till")),)
        other = (("D", pgettext("footer", "other day")),) if others else ()
        back = (("Esc", pgettext("footer", "back")),)
        self.keys.show((*back, *close, *other, ("F9", pgettext("footer", "curtain"))))

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Close the till"), _("Count the cash and sign (K)"), self.action_close),
            SystemCommand(_("Other day"), _("A day on which the till was not closed (D)"), self.action_other_day),
        ]

    def action_other_day(self) -> None:
        """Go to the next day that nobody has closed, and from the last back to today."""
        days = (self.desk_app.today(), *self._open_days)
        place = days.index(self._day) + 1 if self._day in days else 0
        self._day = days[place % len(days)]
        self.said.update("")
        self.load()

    @work(group="change")
    async def action_close(self) -> None:
        """Ask what was counted, then close."""
        app, till = self.desk_app, self._till
        if till is None or till.closed is not None:
            return
        asked = await app.push_screen_wait(CountDialog(till.expected_ore))
        if asked is None:
            return
        command = CloseTill(
            command_id=new_id(),
            who=app.who,
            at=app.now(),
            day=till.day,
            counted_ore=asked.counted_ore,
            remark=asked.remark,
        )
        try:
            closing = await app.installation.desk.do(command)
        except DeskError as error:
            self.said.update(sentence(error))
        else:
            self.said.update(counted_words(closing))
        self.load()

    def action_leave(self) -> None:
        """Back to where one was."""
        self.dismiss()


def counted_words(closing: ClosingRecord) -> str:
    """Say what was counted, and what is missing or too much."""
    counted, expected = kroner(closing.counted_ore), kroner(closing.expected_ore)
    difference = kroner(abs(closing.difference_ore))
    if not closing.difference_ore:
        said = _("Counted {counted}, as expected.")
    elif closing.difference_ore < 0:
        said = _("Counted {counted}, expected {expected}: {difference} short.")
    else:
        said = _("Counted {counted}, expected {expected}: {difference} too much.")
    return said.format(counted=counted, expected=expected, difference=difference)


def closed_words(closing: ClosingRecord) -> str:
    """Say who closed a till, when, and with which difference."""
    said = _("Closed by {name} at {time}. {counted}").format(
        name=plain(closing.closed_by), time=clock(closing.closed_at), counted=counted_words(closing)
    )
    return f"{said} {plain(closing.remark)}".rstrip()
