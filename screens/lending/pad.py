"""Tags at the counter: what pad and reader say of them becomes scans, what could not be written is said (V1, C4)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desk.texts import _
from devices.messages import Scanned
from devices.pad_messages import AfiNotWritten, AfiWritten, PadMessage, TagLaid, TagTaken, TagUnread
from devices.rfid import ON_LOAN
from screens.lending.tags import TagsAtCounter, code_of
from screens.outcomes import item_of

if TYPE_CHECKING:
    from screens.app import DeskApp
    from screens.lending.at_counter import AtCounter


class PadAtCounter:
    """Takes what is said of tags. Called on the event loop."""

    def __init__(self, app: DeskApp, tags: TagsAtCounter) -> None:
        self._app = app
        self._tags = tags
        app.at_counter.tags = tags

    @property
    def _here(self) -> AtCounter:
        return self._app.at_counter

    def hear(self, message: PadMessage) -> None:
        """Take one message."""
        match message:
            case TagLaid(tag=tag):
                if self._tags.laid(message):
                    self._app.hearing.heard(
                        Scanned(tag.item_id, "tag" if message.is_single else "pad", time.monotonic())
                    )
                self._show()
            case TagTaken(uid=uid):
                self._tags.taken(uid)
            case TagUnread():
                if self._here.view is not None:
                    self._here.view.ring()
                    self._here.view.show_hint(_("A chip cannot be read. Scan the barcode."))
            case AfiWritten(uid=uid, afi=afi):
                self._tags.written(uid, afi, has_worked=True)
                self._show()
            case AfiNotWritten(uid=uid, afi=afi):
                if code := self._tags.written(uid, afi, has_worked=False):
                    self._show()
                    self._not_written(code, is_for_loan=afi == ON_LOAN)

    def _show(self) -> None:
        self._here.tags_changed()

    def _not_written(self, code: str, *, is_for_loan: bool) -> None:
        outcomes = (row.outcome for row in self._here.pile.rows.values() if code_of(row.outcome) == code)
        items = (item_of(outcome) for outcome in outcomes if outcome is not None)
        title = next((item.title for item in items if item is not None), code)
        if is_for_loan:
            said = _("»{title}«: the chip was not switched off – lay it down again.")
        else:
            said = _("»{title}«: the chip was not switched on – lay it down again.")
        # On the counter's page, wherever one is: no curtain may show a title.
        if self._here.view is not None:
            self._here.view.ring()
            self._here.view.say_of_item(said.format(title=title))
