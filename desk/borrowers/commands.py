"""Every command on borrowers, by its name; each lives with its function in a room of its own."""

from __future__ import annotations

from desk.borrowers.about import Changed
from desk.borrowers.blocks import LiftBlock, SetBlock
from desk.borrowers.cards import AddCard, NotePinTry, OpenCard, SetPin, StopCard
from desk.borrowers.changing import ChangeDetail
from desk.borrowers.doubles import FindDoubles, FindGuardian, FindHolder
from desk.borrowers.looking import OpenPage, Reveal
from desk.borrowers.notes import NOTE_LENGTH, WriteInternalNote, WriteNoteToBorrower
from desk.borrowers.signing_up import CreateBorrower
from desk.borrowers.visiting import OpenVisit

__all__ = [
    "NOTE_LENGTH",
    "AddCard",
    "ChangeDetail",
    "Changed",
    "CreateBorrower",
    "FindDoubles",
    "FindGuardian",
    "FindHolder",
    "LiftBlock",
    "NotePinTry",
    "OpenCard",
    "OpenPage",
    "OpenVisit",
    "Reveal",
    "SetBlock",
    "SetPin",
    "StopCard",
    "WriteInternalNote",
    "WriteNoteToBorrower",
]
