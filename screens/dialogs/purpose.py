"""Why somebody looks, asked by one key where it is not implied (G8)."""

from __future__ import annotations

from desk.privacy.purposes import ASKED, Purpose
from desk.texts import NP_, pgettext
from screens.dialogs.question import QuestionDialog

WORDS = {
    Purpose.BORROWER_ASKS: NP_("key", "L the borrower asks"),
    Purpose.FOLLOW_UP: NP_("key", "O follow-up"),
    Purpose.CORRECTION: NP_("key", "R correction"),
}


def purpose_question(asked: str) -> QuestionDialog:
    """Ask why; the answer is read by :func:`purpose_of`.

    Args:
        asked: the question.
    """
    return QuestionDialog(asked, tuple((words[0], words[2:]) for words in map(_words, ASKED)), help_of="purpose")


def purpose_of(letter: str | None) -> Purpose | None:
    """Give the purpose a letter stands for; None: nothing was answered."""
    return next((purpose for purpose in ASKED if letter and _words(purpose)[0] == letter), None)


def _words(purpose: Purpose) -> str:
    return pgettext("key", WORDS[purpose])
