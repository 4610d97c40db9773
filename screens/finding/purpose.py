"""Why a page is opened without the borrower's card: asked by one key (G8)."""

from __future__ import annotations

from desk.borrowers.records import FoundBorrower
from desk.texts import _
from screens.dialogs.purpose import purpose_question
from screens.dialogs.question import QuestionDialog


def purpose_dialog(borrower: FoundBorrower) -> QuestionDialog:
    """Ask why, and say once more whose page it is."""
    who = [borrower.name, "" if borrower.birth_year is None else str(borrower.birth_year), borrower.street]
    return purpose_question(_("{who}: why is the page opened?").format(who=", ".join(filter(None, who))))
