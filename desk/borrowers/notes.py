"""The internal note and the note to the borrower (P8): two fields, with who and when, shown until cleared.

``seen`` is the mark of the note that is replaced, as the page gave it; empty: whatever stands there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from db.models import Borrower
from desk.borrowers.about import AboutBorrower, Changed, changed_again, hold_borrower, note_change
from desk.borrowers.marks import refuse_if_changed
from desk.command import carries_out
from desk.errors import InvalidInput
from desk.staff.rights import Right
from desk.wording import plain

if TYPE_CHECKING:
    from db.store import Transaction

NOTE_LENGTH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteInternalNote(AboutBorrower[Changed]):
    """Write the note for staff, shown at every visit until it is cleared (empty text). It leaves the desk nowhere."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    note: str = field(repr=False)
    seen: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNoteToBorrower(AboutBorrower[Changed]):
    """Write the note that is printed on the statement, until it is cleared (empty text)."""

    right: ClassVar[Right] = Right.EDIT_BORROWER

    note: str = field(repr=False)
    seen: str = field(default="", repr=False)


@carries_out(WriteInternalNote, row_id=lambda done: done.row_id, again=changed_again)
def write_internal_note(transaction: Transaction, command: WriteInternalNote) -> Changed:
    """Write or clear the internal note, with who and when.

    Raises:
        NotFound: the borrower is gone.
        InvalidInput: longer than 500 characters.
        ChangedMeanwhile: it is not the note that was read.
    """
    note = checked_note(command.note)
    hold_borrower(transaction, command.borrower_id)
    refuse_if_changed(transaction, command.borrower_id, "internal_note", command.seen)
    transaction.run(
        Borrower.update(
            internal_note=note,
            internal_note_by=command.who.staff_id if note else None,
            internal_note_at=command.at if note else None,
        ).where(Borrower.id == command.borrower_id)
    )
    note_change(transaction, command, "internal_note")
    return Changed(command.borrower_id)


@carries_out(WriteNoteToBorrower, row_id=lambda done: done.row_id, again=changed_again)
def write_note_to_borrower(transaction: Transaction, command: WriteNoteToBorrower) -> Changed:
    """Write or clear the note to the borrower, with who and when.

    Raises:
        NotFound: the borrower is gone.
        InvalidInput: longer than 500 characters.
        ChangedMeanwhile: it is not the note that was read.
    """
    note = checked_note(command.note)
    hold_borrower(transaction, command.borrower_id)
    refuse_if_changed(transaction, command.borrower_id, "note_to_borrower", command.seen)
    transaction.run(
        Borrower.update(
            note_to_borrower=note,
            note_to_borrower_by=command.who.staff_id if note else None,
            note_to_borrower_at=command.at if note else None,
        ).where(Borrower.id == command.borrower_id)
    )
    note_change(transaction, command, "note_to_borrower")
    return Changed(command.borrower_id)


def checked_note(typed: str) -> str:
    """Give a note as text that can do nothing but be read.

    Raises:
        InvalidInput: longer than 500 characters.
    """
    note = plain(typed).strip()
    if len(note) > NOTE_LENGTH:
        raise InvalidInput("note", "too_long")
    return note
