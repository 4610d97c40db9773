"""Why a page is opened without the borrower's card: asked by one key (G8)."""

from __future__ import annotations

from desk.borrowers.records import FoundBorrower
from desk.privacy.purposes import ASKED, Purpose
from desk.texts import NP_, _, pgettext
from screens.dialogs.question import QuestionDialog

WORDS = {
    Purpose.BORROWER_ASKS: NP_("key", "L the borrower asks"),
    Purpose.FOLLOW_UP: NP_("key", "O follow-up"),
    Purpose.CORRECTION: NP_("key", "R correction"),
}


def purpose_dialog(borrower: FoundBorrower) -> QuestionDialog:
    """Ask why, and say once more whose page it is."""
    who = [borrower.name, "" if borrower.birth_year is None else str(borrower.birth_year), borrower.street]
    asked = _("{who}: why is the page opened?").format(who=", ".join(filter(None, who)))
    return QuestionDialog(asked, tuple((words[0], words[2:]) for words in map(_words, ASKED)))


def purpose_of(letter: str | None) -> Purpose | None:
    """Give the purpose a letter stands for; None: nothing was answered."""
    return next((purpose for purpose in ASKED if letter and _words(purpose)[0] == letter), None)


def _words(purpose: Purpose) -> str:
    return pgettext("key", WORDS[purpose])
