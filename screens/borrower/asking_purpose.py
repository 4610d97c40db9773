"""Why somebody looks, asked by one key where it is not implied (G8)."""

from __future__ import annotations

from desk.privacy.purposes import ASKED, Purpose
from desk.texts import NP_, _, pgettext
from screens.dialogs.question import QuestionDialog

_KEYS = {
    Purpose.BORROWER_ASKS: NP_("key", "B borrower asks"),
    Purpose.FOLLOW_UP: NP_("key", "F follow-up"),
    Purpose.CORRECTION: NP_("key", "C correction"),
}


def purpose_question(question: str = "") -> QuestionDialog:
    """Ask for a purpose; the answer is read by :func:`purpose_of`.

    Args:
        question: what is asked; empty: why an address-protected borrower's field is to be shown.
    """
    said = question or _("Address protected. What is it needed for?")
    return QuestionDialog(said, tuple((label[0], label[2:]) for label in _labels().values()))


def purpose_of(letter: str | None) -> Purpose | None:
    """Give the purpose a letter answered with; None: Esc, and nothing is shown."""
    return next((purpose for purpose, label in _labels().items() if label[0] == letter), None)


def _labels() -> dict[Purpose, str]:
    return {purpose: pgettext("key", _KEYS[purpose]) for purpose in ASKED}
