"""What was typed to find a borrower, read as it is meant (C11): words, dates, telephones, an e-mail, a CPR number.

Everything but a whole CPR number becomes the beginning of a search word, so that every further character narrows what
was found before it. Nothing is refused: what cannot be meant finds nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from db.search import distinct, folded, words_in
from desk.counter.codes import cpr_in
from desk.wording import plain

LONGEST_SEARCH = 100

# One thing that has to fit: any of these beginnings of words.
Term: TypeAlias = tuple[str, ...]

_PART = re.compile(
    r"""
      (?P<email>[^\s,;<>"]*@[^\s,;<>"]*)
    | (?<!\w)(?P<cpr>[0-9]{6}[- ]?[0-9]{4})(?!\w)
    | (?<!\w)(?P<begun_cpr>[0-9]{6})-[0-9]{0,3}(?!\w)
    | (?<!\w)(?P<iso>[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})(?!\w)
    | (?<!\w)(?P<date>[0-9]{1,2}[./]\ ?[0-9]{1,2}(?:[./-]\ ?[0-9]{0,4}|\ [0-9]{4})?|[0-9]{1,2}-[0-9]{1,2}-[0-9]{0,4}
        |[0-9]{1,2}\ [0-9]{1,2}\ [0-9]{4})(?![\w-])
    | (?<!\w)(?P<digits>\+?[0-9]+(?:[ -][0-9]+)*)(?!\w)
    """,
    re.VERBOSE,
)
COUNTRY = "45"
LOCAL_DIGITS = 8


@dataclass(frozen=True, slots=True)
class Typed:
    """What is searched for. All of it has to fit.

    Attributes:
        terms: each the beginning of one of the borrower's search words, in one spelling or another.
        cprs: whole CPR numbers; looked up under their blind index, never as text.
    """

    terms: tuple[Term, ...] = field(repr=False)
    cprs: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for."""
        return not self.terms and not self.cprs


def what_was_typed(text: str) -> Typed:
    """Read what somebody typed to find a borrower (C11).

    Args:
        text: anything; what goes beyond 100 characters is left out.
    """
    terms: list[Term] = []
    cprs: list[str] = []
    cleaned, done = plain(text)[:LONGEST_SEARCH], 0
    for match in _PART.finditer(cleaned):
        terms += _words(cleaned[done : match.start()])
        done = match.end()
        kind, part = match.lastgroup, match[match.lastgroup or 0]
        cpr = cpr_in(part.replace(" ", "-")) if kind == "cpr" else None
        if cpr is not None:
            cprs.append(cpr)
        else:
            terms += _READERS.get(kind or "", _digits)(part)
    terms += _words(cleaned[done:])
    return Typed(tuple(_without_the_implied(terms)), tuple(distinct(cprs)))


def _words(text: str) -> list[Term]:
    return [(word,) for word in words_in(text)]


def _email(part: str) -> list[Term]:
    return [(folded(part),)]


def _begun_cpr(part: str) -> list[Term]:
    """Until the number is whole its birth date is looked for; what comes after the hyphen is searched nowhere."""
    return [(part,)]


def _iso(part: str) -> list[Term]:
    year, month, day = part.split("-")
    return [(f"{int(day):02}{int(month):02}{year}",)]


def _date(part: str) -> list[Term]:
    """Day, month and as much of the year as there is: «17.5.» finds that day of any year."""
    day, month, *year = re.split(r"[./ -]+", part)
    if not (1 <= int(day) <= 31 and int(month) <= 12):
        return _words(part) if re.search("[./]", part) else _digits(part)
    if month in {"0", "1"} and not year:
        # More of the month may come.
        return [(f"{int(day):02}{month}", f"{int(day):02}0{month}")]
    return [(f"{int(day):02}{int(month):02}{''.join(year)}",)]


def _digits(part: str) -> list[Term]:
    """Groups of digits: one number where they are set as numbers are, else each for itself."""
    groups = re.split(r"[ -]", part.lstrip("+"))
    number = "".join(groups)
    if part.startswith("+"):
        number = number.removeprefix(COUNTRY)
        return [(number,)] if number else []
    country, local = groups[0], groups[1:]
    if country in {COUNTRY, f"00{COUNTRY}"} and local and (len(local) == 1 or _is_one_number(local)):
        return [(number, "".join(local))]
    if len(groups) > 1 and (_is_a_range(part) or not _is_one_number(groups)):
        return [(group,) for group in groups]
    if len(number) > LOCAL_DIGITS and number.removeprefix("00").startswith(COUNTRY):
        return [(number, number.removeprefix("00").removeprefix(COUNTRY))]
    return [(number,)]


def _is_a_range(part: str) -> bool:
    """Tell whether it can be the houses of a street, 10-12; a telephone has more groups, or longer ones."""
    return re.fullmatch(r"[0-9]{1,3}-[0-9]{1,3}", part) is not None


def _is_one_number(groups: list[str]) -> bool:
    """Tell whether groups are set as a number is: 12 34 56 78, 1234 5678, 123 456 78, also while it is typed."""
    size = len(groups[0])
    return (
        size in {2, 3, 4}
        and all(len(group) == size for group in groups[:-1])
        and len(groups[-1]) <= size
        and len("".join(groups)) <= LOCAL_DIGITS
    )


_READERS = {"email": _email, "begun_cpr": _begun_cpr, "iso": _iso, "date": _date, "digits": _digits, "cpr": _digits}


def _without_the_implied(terms: Iterable[Term]) -> Iterator[Term]:
    """Leave out what another term says already: whoever has «anna» has «a»."""
    distinct_terms = list(dict.fromkeys(tuple(distinct(word for word in term)) for term in terms))
    for term in distinct_terms:
        if not any(other != term and _implies(other, term) for other in distinct_terms):
            yield term


def _implies(one: Term, other: Term) -> bool:
    return all(any(word.startswith(beginning) for beginning in other) for word in one)
