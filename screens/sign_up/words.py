"""Words of the sign-up page."""

from __future__ import annotations

from collections.abc import Iterable

from desk.borrowers.doubles import KnownBorrower
from desk.errors import InvalidInput
from desk.texts import _
from screens.sentences import input_sentence
from screens.text import plain

# Which field of the page says what the desk refuses.
FIELD_OF = {"birth_date": "born", "telephone": "mobile", "home_branch": "branch", "protection": "until", "kind": "card"}


def known_words(known: KnownBorrower) -> str:
    """Say who somebody is: name, birth year, and the street unless it is protected."""
    words = [plain(known.name)]
    if known.born_in is not None:
        words.append(_("born {year}").format(year=known.born_in))
    if known.street:
        words.append(plain(known.street))
    return ", ".join(words)


def holder_sentence(holder: KnownBorrower) -> str:
    """Say who has a CPR number already."""
    return _("The number is that of {who}. Nobody is created twice. Ctrl+O opens that borrower.").format(
        who=known_words(holder)
    )


def doubles_sentence(doubles: Iterable[KnownBorrower]) -> str:
    """Say who may be the same person."""
    return _("Perhaps here already: {who} – Ctrl+O opens.").format(who=" · ".join(map(known_words, doubles)))


def fault_sentence(field: str, why: str) -> str:
    """Word what the desk refuses of a field."""
    return input_sentence(InvalidInput(field, why))
