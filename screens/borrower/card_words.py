"""Cards (lånerid) in words. Of a number only the last four characters are ever shown."""

from __future__ import annotations

from datetime import date

from desk.borrowers.records import CardRecord
from desk.texts import NP_, _, pgettext
from desk.wording import short_date

# The kinds that are handed out, by the letter that chooses one; the letter belongs to the translation. A health card is
# found by its CPR number and never handed out.
KINDS = {
    "library": NP_("key", "L library card"),
    "child": NP_("key", "B child's card"),
    "other": NP_("key", "A another card"),
}


def kind_letters() -> dict[str, str]:
    """Give the kinds that are handed out by the letter that chooses each."""
    return {pgettext("key", words)[0]: kind for kind, words in KINDS.items()}


def kind_choices() -> str:
    """Give the letters with what they mean, as a dialog shows them."""
    return "  ".join(pgettext("key", words) for words in KINDS.values())


def kind_words(kind: str) -> str:
    """Name a kind."""
    if kind == "health":
        return _("health card")
    return pgettext("key", KINDS[kind])[2:]


def tail(number: str) -> str:
    """Give what is shown of a number: «…4711»."""
    return f"…{number[-4:]}"


def state_words(card: CardRecord, today: date) -> str:
    """Word a card's state, with since when."""
    if card.state == "active":
        return pgettext("card", "active")
    if card.stopped_by_pins:
        return _dated(card, today, _("stopped by wrong PINs"), _("stopped by wrong PINs {date}"))
    if card.state == "stolen":
        return _dated(card, today, _("reported stolen"), _("reported stolen {date}"))
    return _dated(card, today, pgettext("card", "stopped"), _("stopped {date}"))


def _dated(card: CardRecord, today: date, words: str, with_date: str) -> str:
    return words if card.state_since is None else with_date.format(date=short_date(card.state_since, today))


def pin_words(card: CardRecord) -> str:
    """Tell whether there is a PIN; what it is nobody can tell (P7)."""
    return pgettext("PIN", "set") if card.has_pin else pgettext("PIN", "missing")


def stop_sentence(card: CardRecord, today: date) -> str:
    """Word why a card cannot be used, with what would lift it; empty: it can."""
    if card.state == "active":
        return ""
    if card.stopped_by_pins:
        return _("The card is stopped after too many wrong PINs. Lifted by a new PIN.")
    if card.state == "stolen" and card.state_since is not None:
        said = _("The card was reported stolen on {date}. Issue a new card.")
        return said.format(date=short_date(card.state_since, today))
    return _("The card is stopped. Reopen it, or hand out a new one.")
