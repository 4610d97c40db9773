"""The tab *Beskeder* (M2): when, what, over which channel, and what became of it. What one said is on a key.

When that goes is said of each (G7).
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import DataTable, Static

from desk.borrowers.records import BorrowerPage
from desk.calendar import local_date
from desk.messages.content import content_goes_on
from desk.messages.records import MessageRecord
from desk.messages.words import channel_words, kind_words, state_words
from desk.texts import N_, _, pgettext
from desk.wording import clock, short_date
from screens.borrower.goes_words import content_words, goes_words
from screens.widgets.table import Table

WIDE = 100
"""Columns from which on each row has room to say when its content goes; below the list it is said of one."""


class MessagesPane(Vertical):
    """The messages, the newest on top."""

    TAB: ClassVar[tuple[str, str]] = ("8", N_("Messages"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s,S", "retry", id="message.retry", show=False),
        Binding("a,A", "cancel", id="message.cancel", show=False),
    ]

    table = getters.query_one("#messages", Table)
    empty = getters.query_one("#no-messages", Static)

    class Asked(Message):
        """Something is to be done.

        Attributes:
            what: ``list``, ``text`` (the log notes it), ``retry`` or ``cancel``.
            record: the message one is on; None: there is none.
        """

        def __init__(self, what: str, record: MessageRecord | None = None) -> None:
            super().__init__()
            self.what, self.record = what, record

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._today: date | None = None
        self._messages: tuple[MessageRecord, ...] = ()
        self._tells_each = False

    def compose(self) -> ComposeResult:
        """A table, or that there is nothing to put in it."""
        headings = (_("When"), _("Message"), _("Channel"), _("State"))
        self._tells_each = self.app.size.width >= WIDE
        yield Table((*headings, _("Content")) if self._tells_each else headings, gives_way=(1, 3), id="messages")
        yield Static("", id="content-goes", markup=False)
        yield Static(_("No messages."), id="no-messages", markup=False)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Note how many there are; they are read when somebody looks."""
        self._count, self._today = page.messages, today
        self.empty.display = not page.messages
        self.table.display = bool(page.messages)
        if self.display:
            self.post_message(self.Asked("list"))

    def on_show(self) -> None:
        """The tab is opened."""
        if self._today is not None:
            self.post_message(self.Asked("list"))

    def show_messages(self, messages: tuple[MessageRecord, ...]) -> None:
        """Show the messages as they are now."""
        self._messages = messages
        self.empty.display = not messages
        self.table.display = bool(messages)
        self.table.fill({message.row_id: self._row(message) for message in messages})
        self._tell_content()
        if messages and self.table.is_on_screen and self.screen.focused is None:
            self.table.focus()

    def _row(self, message: MessageRecord) -> tuple[str, ...]:
        day = local_date(message.at)
        when = clock(message.at) if day == self._today else short_date(day, self._today or day)
        return (
            when,
            kind_words(message.kind),
            channel_words(message.channel),
            state_words(message.state, message.problem),
            *((self._content(message),) if self._tells_each else ()),
        )

    def _content(self, message: MessageRecord) -> str:
        """Say when what it said goes; the line stays (P6)."""
        if not message.has_content:
            return pgettext("content", "deleted")
        return "" if self._today is None else goes_words(content_goes_on(message.at), self._today)

    def on_data_table_row_highlighted(self, event: DataTable.RowHighlighted) -> None:
        """Another row: say when what it said goes."""
        event.stop()
        self._tell_content()

    def _tell_content(self) -> None:
        goes = "" if self.chosen is None or self._today is None else content_words(self.chosen, self._today)
        self.query_one("#content-goes", Static).update(goes)

    @property
    def chosen(self) -> MessageRecord | None:
        """The message one is on."""
        return next((message for message in self._messages if message.row_id == self.table.chosen), None)

    def count(self) -> str:
        """Give how many there are."""
        return str(self._count or "")

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        return (
            ("Enter", pgettext("footer", "show text")),
            ("S", pgettext("footer", "send again")),
            ("A", pgettext("footer", "cancel")),
        )

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Show text"), _("What the message said; the log notes it (Enter)"), self.action_text),
            SystemCommand(_("Send again"), _("Try a message again that was not sent (S)"), self.action_retry),
            SystemCommand(_("Cancel message"), _("Take back a message that waits (A)"), self.action_cancel),
        ]

    def on_data_table_row_selected(self, event: DataTable.RowSelected) -> None:
        """Enter: what it said."""
        event.stop()
        self.action_text()

    def action_text(self) -> None:
        """Show what the message one is on said."""
        if self.chosen is not None:
            self.post_message(self.Asked("text", self.chosen))

    def action_retry(self) -> None:
        """Try the message one is on again."""
        self.post_message(self.Asked("retry", self.chosen))

    def action_cancel(self) -> None:
        """Take back the message one is on."""
        self.post_message(self.Asked("cancel", self.chosen))
