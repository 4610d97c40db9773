"""What a population register says of a person, whoever asked it and how.

Between a register and the store stands one interface: a :class:`PersonRegister` gives a :class:`RegisteredPerson` for
each person, and :class:`~desk.registry.update_from_register.UpdateFromRegister` takes them in. An extract of the CPR
register (U12170) is such a register now. The on-line dialogues can be others: CPR Direkte answers with the same
records without line breaks (domain.md 7.1), which :func:`~desk.registry.cpr_records.registered_person` reads;
Serviceplatformen gives the same facts under other names (domain.md 7.3). Nothing behind this interface knows which of
them it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from desk.registry.report import Problem


class Status(StrEnum):
    """What a CPR number is now (domain.md 7.2)."""

    RESIDENT = "01"
    SPECIAL_ROAD = "03"
    GREENLAND = "05"
    GREENLAND_SPECIAL_ROAD = "07"
    TAX_ONLY = "20"
    ANNULLED = "30"
    DOUBLED = "50"
    CHANGED = "60"
    MISSING = "70"
    EMIGRATED = "80"
    DEAD = "90"


# Somebody who lives at an address. Special roads stand for people of no fixed abode, who lawfully have none.
AT_AN_ADDRESS = frozenset({Status.RESIDENT, Status.GREENLAND})
# The number is not the person's any more; ``current_cpr`` is, when the register gives one.
MOVED_ON = frozenset({Status.DOUBLED, Status.CHANGED})


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """One person as a register knows them. Shows nobody.

    Attributes:
        record: where it was read: the line of an extract, the number of an answer.
        cpr: the number that was asked about.
        status: what that number is now.
        status_since: since when; None when the register has no real date.
        current_cpr: the number that holds instead of ``cpr``; empty: ``cpr`` holds, or nobody knows.
        name: in the order it is said; empty: the person has none yet.
        care_of: c/o, and the name of a place that stands above the street on a letter.
        municipality: three figures, or empty.
        address_dated: since when the address is as it is (also when there is none), as far as the register says.
        is_protected: name and address are protected now or from a day to come; the other kinds mask nothing.
        protected_until: the last day of it; None: no end is known.
        given_on: the day on which the register said so; None: it cannot be told, so anything known is newer.
    """

    record: int
    cpr: str = field(repr=False)
    status: Status
    status_since: date | None = field(default=None, repr=False)
    current_cpr: str = field(default="", repr=False)
    name: str = field(default="", repr=False)
    birth_date: date | None = field(default=None, repr=False)
    care_of: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    city: str = field(default="", repr=False)
    municipality: str = field(default="", repr=False)
    address_dated: date | None = field(default=None, repr=False)
    is_protected: bool = field(default=False, repr=False)
    protected_until: date | None = field(default=None, repr=False)
    given_on: date | None = None


class PersonRegister(Protocol):
    """A register that was asked about persons: an extract, or later a dialogue and the numbers it is to ask about.

    Attributes:
        records: how many records or answers it gave.
        remarks: about those that tell of no person.
    """

    records: int
    remarks: list[Problem]

    def persons(self) -> Iterator[RegisteredPerson | Problem]:
        """Give each person once, and a problem for each of whom it cannot be told what the register says."""


def with_newest_numbers(persons: list[RegisteredPerson]) -> list[RegisteredPerson]:
    """Let everybody whose number was changed more than once be sent to the newest; numbers in a ring lead nowhere."""
    following = {person.cpr: person.current_cpr for person in persons if person.current_cpr}

    def newest(cpr: str) -> str:
        passed = {cpr}
        number = following[cpr]
        while number in following and number not in passed:
            passed.add(number)
            number = following[number]
        return "" if number in passed else number

    return [replace(person, current_cpr=newest(person.cpr)) if person.current_cpr else person for person in persons]
