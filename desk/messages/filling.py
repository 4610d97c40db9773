"""What a template is filled with: facts of a message in words, in the language that is spoken now.

Facts are numbers and dates; which of them a kind has stands in :data:`FACTS`, so that whoever queues a message and the
templates mean the same. Nothing of the borrower is among them, the internal note least of all (P8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, Final

from desk.texts import LANGUAGES, language, npgettext, pgettext, speaking
from desk.wording import kroner, number, plain, short_date, weekday_date, whole_kroner

# Kind → what is queued with it: whole numbers, øre, dates as ISO text, names of branches.
FACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reservation_ready": ("shelf", "deadline", "branch"),
    "reminder": ("loans", "due_on"),
    "recall": ("loans", "due_on", "rises"),
    "bill": ("amount_ore", "loans"),
    "block": ("owed_ore", "limit_ore"),
    "receipt": ("loans", "due_on"),
    "deletion_approved": (),
}
# Kind → the fields without which a message of it tells nothing.
NEEDED: Final[Mapping[str, frozenset[str]]] = {
    "reservation_ready": frozenset({"shelf", "deadline"}),
    "reminder": frozenset({"due"}),
    "recall": frozenset({"due"}),
    "bill": frozenset({"amount"}),
    "block": frozenset({"owed"}),
    "receipt": frozenset({"due"}),
    "deletion_approved": frozenset(),
}
COMMON: Final = ("library", "website")
DATES_SAID: Final = 2
"""Due dates a receipt names; of more than these only the first."""

MOST: Final = 999
MOST_ORE: Final = 9_999_999


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is the same in every message of a library.

    Attributes:
        library: who writes.
        website: where loans are renewed; empty: nobody has said. Lines that hold nothing else are left out then.
        branches: the names a message may hold.
        rises: after how many days overdue a fee gets higher.
        made_up: it is a demo: nothing leaves this machine, for its numbers may be somebody's.
    """

    library: str
    website: str
    branches: tuple[str, ...] = ()
    rises: tuple[int, ...] = ()
    made_up: bool = False


class FactsMissing(Exception):
    """A message whose facts are gone, or are not what its kind has."""


def fields_of(kind: str, facts: Mapping[str, Any], letterhead: Letterhead, today: date) -> dict[str, str]:
    """Give the fields of a kind's template.

    Args:
        kind: one of ``MESSAGE_KINDS``.
        facts: as queued.
        letterhead: the library's.
        today: local date: this year is not said.

    Raises:
        FactsMissing: a fact is not there, or is none.
    """
    try:
        own = _FIELDS[kind](facts, today)
    except (KeyError, TypeError, ValueError):
        raise FactsMissing(kind) from None
    website = letterhead.website or pgettext("sms", "the library's website")
    words = {"library": letterhead.library, "website": website, **own}
    return {name: _said(word) for name, word in words.items()}


@lru_cache(maxsize=len(FACTS))
def field_names(kind: str) -> frozenset[str]:
    """Name the fields that a template of a kind may hold."""
    letterhead = Letterhead("x", "x", ("x",), (7,))
    return frozenset(fields_of(kind, longest_facts(kind, letterhead, date(2026, 1, 1)), letterhead, date(2026, 1, 1)))


def longest_facts(kind: str, letterhead: Letterhead, today: date) -> dict[str, Any]:
    """Give facts whose words are as long as they get in this library, in the language that is spoken now."""
    longest = _longest_date(language(), today.year).isoformat()
    facts: dict[str, Any] = {
        "shelf": MOST,
        "deadline": longest,
        "branch": max(letterhead.branches, key=len, default=""),
        "loans": MOST,
        "due_on": [longest] * DATES_SAID if kind == "receipt" else longest,
        "rises": list(letterhead.rises),
        "amount_ore": MOST_ORE,
        "owed_ore": MOST_ORE,
        "limit_ore": MOST_ORE // 100 * 100,
    }
    return {name: facts[name] for name in FACTS[kind]}


@lru_cache(maxsize=2 * len(LANGUAGES))
def _longest_date(spoken: str, this_year: int) -> date:
    """Find the date of the next year whose words are longest; it is the same for all that is sent in a year."""
    days = (date(this_year + 1, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    with speaking(spoken):
        return max(days, key=lambda day: len(weekday_date(day, date(this_year, 1, 1))))


def _said(word: str) -> str:
    """Give a word that can do nothing but be read, with its no-break spaces."""
    return plain(word).strip()


def _reservation_ready(facts: Mapping[str, Any], today: date) -> dict[str, str]:
    return {
        "shelf": str(int(facts["shelf"])),
        "deadline": weekday_date(date.fromisoformat(facts["deadline"]), today),
        "branch": str(facts["branch"]),
    }


def _reminder(facts: Mapping[str, Any], today: date) -> dict[str, str]:
    return {
        "loans": _counted(int(facts["loans"])),
        "due": weekday_date(date.fromisoformat(facts["due_on"]), today),
    }


def _recall(facts: Mapping[str, Any], today: date) -> dict[str, str]:
    count = int(facts["loans"])
    return {
        "loans": _counted(count),
        "late_loans": npgettext("sms", "{n} of your loans was", "{n} of your loans were", count).format(
            n=number(count)
        ),
        "them": npgettext("sms", "it", "them", count),
        "due": short_date(date.fromisoformat(facts["due_on"]), today),
        "fee_rises": _rises([int(days) for days in facts["rises"]]),
    }


def _rises(days: list[int]) -> str:
    """Say when a fee gets higher; nothing when it does not, or the borrower pays none."""
    if not days:
        return ""
    *first, last = map(str, days)
    listed = pgettext("sms", "{these} and {last}").format(these=", ".join(first), last=last) if first else last
    return npgettext("sms", "The fee rises after {days} day.", "The fee rises after {days} days.", days[-1]).format(
        days=listed
    )


def _bill(facts: Mapping[str, Any], _today: date) -> dict[str, str]:
    # A bill that was queued before one could be for several loans is for one.
    count = int(facts.get("loans", 1))
    return {
        "amount": kroner(int(facts["amount_ore"])),
        "loans": _counted(count),
        "a_bill": npgettext("sms", "a bill", "a bill for {n} loans", count).format(n=number(count)),
        "the_items": npgettext("sms", "the item", "them", count),
    }


def _block(facts: Mapping[str, Any], _today: date) -> dict[str, str]:
    return {"owed": kroner(int(facts["owed_ore"])), "limit": whole_kroner(int(facts["limit_ore"]))}


def _receipt(facts: Mapping[str, Any], today: date) -> dict[str, str]:
    count = int(facts["loans"])
    told = facts["due_on"]
    days = sorted({date.fromisoformat(day) for day in ([told] if isinstance(told, str) else told)})
    said = [weekday_date(day, today) for day in (days if len(days) <= DATES_SAID else days[:1])]
    due = said[0] if len(said) == 1 else pgettext("sms", "{these} and {last}").format(these=said[0], last=said[1])
    return {
        "items": npgettext("sms", "{n} item", "{n} items", count).format(n=number(count)),
        "they": npgettext("sms", "It is", "They are", count),
        "due": due,
    }


def _deletion_approved(_facts: Mapping[str, Any], _today: date) -> dict[str, str]:
    return {}


def _counted(loans: int) -> str:
    return npgettext("sms", "{n} loan", "{n} loans", loans).format(n=number(loans))


_FIELDS: dict[str, Callable[[Mapping[str, Any], date], dict[str, str]]] = {
    "reservation_ready": _reservation_ready,
    "reminder": _reminder,
    "recall": _recall,
    "bill": _bill,
    "block": _block,
    "receipt": _receipt,
    "deletion_approved": _deletion_approved,
}
