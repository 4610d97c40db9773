"""The tab *Blokeringer og noter*: blocks in force and lifted (R5), the internal note, the note to the borrower (P8)."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.message import Message
from textual.widgets import DataTable, Static

from desk.borrowers.records import BlockRecord, BorrowerPage
from desk.calendar import local_date
from desk.texts import N_, _, pgettext
from desk.wording import short_date
from screens.borrower.block_words import in_full, is_in_force, until, what_short
from screens.text import paintable
from screens.widgets.table import Table


class BlocksPane(Vertical):
    """The blocks, those in force first; below them the one that is chosen in full, and the two notes."""

    TAB: ClassVar[tuple[str, str]] = ("3", N_("Blocks and notes"))
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("b,B", "set_block", id="block.set", show=False),
        Binding("k,K", "block_card", id="block.card", show=False),
        Binding("o,O", "lift_block", id="block.lift", show=False),
        Binding("n,N", "internal_note", id="note.internal", show=False),
        Binding("l,L", "note_to_borrower", id="note.to_borrower", show=False),
    ]

    table = getters.query_one("#blocks", Table)
    empty = getters.query_one("#no-blocks", Static)
    chosen = getters.query_one("#chosen-block", Static)
    internal_note = getters.query_one("#internal-note", Static)
    note_to_borrower = getters.query_one("#note-to-borrower", Static)

    class BlockAsked(Message):
        """A block is to be set: of the person, or of one of the cards."""

        def __init__(self, *, of_card: bool) -> None:
            super().__init__()
            self.of_card = of_card

    class LiftingAsked(Message):
        """A block is to be lifted; None: there is none in the list."""

        def __init__(self, block: BlockRecord | None) -> None:
            super().__init__()
            self.block = block

    class NoteAsked(Message):
        """A note is to be written or cleared."""

        def __init__(self, *, is_internal: bool) -> None:
            super().__init__()
            self.is_internal = is_internal

    def __init__(self) -> None:
        super().__init__()
        self._page: BorrowerPage | None = None
        self._today: date | None = None

    def compose(self) -> ComposeResult:
        """Blocks above, notes below."""
        headings = (_("Block"), _("Set"), _("Holds"), _("By"), _("Reason"))
        yield Table(headings, gives_way=(4, 3, 0), id="blocks")
        yield Static(_("No blocks."), id="no-blocks", markup=False)
        with VerticalScroll(id="in-full", can_focus=False):
            yield Static("", id="chosen-block", markup=False)
            yield Static("", id="internal-note", markup=False)
            yield Static("", id="note-to-borrower", markup=False)

    def show(self, page: BorrowerPage, today: date) -> None:
        """Show blocks and notes as they are now."""
        self._page, self._today = page, today
        self.empty.display = not page.blocks
        self.chosen.display = bool(page.blocks)
        # What has ended stands below what holds, lifted or not.
        blocks = sorted(page.blocks, key=lambda block: not is_in_force(block, today))
        self.table.fill({block.block_id: _row(block, page, today) for block in blocks})
        borrower = page.borrower
        self.internal_note.update(_note(_("Internal note"), borrower.note, borrower.note_by, borrower.note_at, today))
        self.note_to_borrower.update(
            _note(
                _("Note to borrower"),
                page.note_to_borrower,
                page.note_to_borrower_by,
                page.note_to_borrower_at,
                today,
            )
        )
        self._show_chosen()

    @on(DataTable.RowHighlighted)
    def _show_chosen(self) -> None:
        """Give the block one is on in full: a list cuts its reason."""
        block = self._chosen()
        if block is not None and self._page is not None and self._today is not None:
            self.chosen.update(paintable(in_full(block, self._page.cards, self._today)))

    def _chosen(self) -> BlockRecord | None:
        blocks = () if self._page is None else self._page.blocks
        return next((block for block in blocks if block.block_id == self.table.chosen), None)

    def count(self) -> str:
        """Give how many blocks hold and notes stand."""
        if self._page is None or self._today is None:
            return ""
        blocks = sum(is_in_force(block, self._today) for block in self._page.blocks)
        notes = (self._page.borrower.note, self._page.note_to_borrower)
        return str(blocks + sum(map(bool, notes)) or "")

    def footer(self) -> tuple[tuple[str, str], ...]:
        """Give the keys."""
        return (
            ("B", pgettext("footer", "block")),
            ("K", pgettext("footer", "one card")),
            ("O", pgettext("footer", "lift")),
            ("N", pgettext("footer", "internal")),
            ("L", pgettext("footer", "to borrower")),
        )

    def actions(self) -> list[SystemCommand]:
        """Give what the palette offers."""
        return [
            SystemCommand(_("Block the borrower"), _("Set a block, with a reason (B)"), self.action_set_block),
            SystemCommand(_("Block card"), _("Set a block that follows one card (K)"), self.action_block_card),
            SystemCommand(_("Lift block"), _("Lift the block you are on (O)"), self.action_lift_block),
            SystemCommand(_("Internal note"), _("Write or clear the note for staff (N)"), self.action_internal_note),
            SystemCommand(
                _("Note to borrower"),
                _("Write or clear the note that is printed on the statement (L)"),
                self.action_note_to_borrower,
            ),
        ]

    def action_set_block(self) -> None:
        """Block the borrower."""
        self.post_message(self.BlockAsked(of_card=False))

    def action_block_card(self) -> None:
        """Set a block that follows one card."""
        self.post_message(self.BlockAsked(of_card=True))

    def action_lift_block(self) -> None:
        """Lift the block one is on."""
        self.post_message(self.LiftingAsked(self._chosen()))

    def action_internal_note(self) -> None:
        """Write or clear the note for staff."""
        self.post_message(self.NoteAsked(is_internal=True))

    def action_note_to_borrower(self) -> None:
        """Write or clear the note to the borrower."""
        self.post_message(self.NoteAsked(is_internal=False))


def _row(block: BlockRecord, page: BorrowerPage, today: date) -> tuple[str, ...]:
    return (
        what_short(block, page.cards),
        short_date(block.set_on, today),
        until(block, today),
        block.set_by,
        block.reason,
    )


def _note(name: str, note: str, by: str, at: datetime | None, today: date) -> str:
    """Word a note with who and when; without one, say so."""
    if not note:
        return _("{name}: none").format(name=name)
    if at is None:
        return paintable(_("{name}: {note}").format(name=name, note=note))
    day = short_date(local_date(at), today)
    said = _("{name} ({who} {date}): {note}") if by else _("{name} ({date}): {note}")
    return paintable(said.format(name=name, who=by, date=day, note=note))
