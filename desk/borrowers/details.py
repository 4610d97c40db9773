"""A borrower's details as values: each checks itself and knows its columns and its key in the data map."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from peewee import Field

from db.models import Borrower, BorrowerGroup, Branch
from db.models.borrowers import LANGUAGES
from desk.borrowers.cpr import checked_cpr
from desk.errors import InvalidInput
from desk.wording import plain

if TYPE_CHECKING:
    from db.store import Transaction

LONGEST_NAME = 200
LONGEST_EMAIL = 254
MOST_TELEPHONES = 6
EARLIEST_BIRTH = date(1850, 1, 1)

EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")
TELEPHONE = re.compile(r"\+?[0-9 ()/.-]{4,24}")
MUNICIPALITY = re.compile(r"0?[0-9]{3}")
# Four figures in Denmark; abroad also letters, and never without a figure: a town is no postcode.
POSTCODE = re.compile(r"(?=.*[0-9])[0-9A-Za-z][0-9A-Za-z -]{0,9}")

Columns: TypeAlias = dict[Field, Any]


@dataclass(frozen=True, slots=True)
class Name:
    """The name, in the order in which it is said."""

    name: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BirthDate:
    """The birth date; None: not known (an institution)."""

    born: date | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Cpr:
    """The CPR number, or a replacement number; None: the borrower has none."""

    cpr: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Address:
    """c/o name and address; dated the day they were typed, until the CPR register gives its own."""

    care_of: str = field(default="", repr=False)
    street: str = field(default="", repr=False)
    postcode: str = field(default="", repr=False)
    city: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Email:
    """The e-mail address; empty: none."""

    email: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Telephones:
    """All telephones in order; ``sms`` is the place of the one that gets text messages, None: none of them."""

    numbers: tuple[str, ...] = field(repr=False)
    sms: int | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Fraværsperiode; one end may be open, the last day is inclusive. Both None: no absence."""

    absent_from: date | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Group:
    """The borrower group, by its id."""

    group_id: int


@dataclass(frozen=True, slots=True)
class HomeBranch:
    """The home branch, by its id."""

    branch_id: int


@dataclass(frozen=True, slots=True)
class Municipality:
    """The home municipality, three digits; empty: not known."""

    code: str


@dataclass(frozen=True, slots=True)
class Language:
    """The language of messages: ``da`` or ``en``."""

    language: str


@dataclass(frozen=True, slots=True)
class Protection:
    """Name and address protection; ``until`` is its last day, None: until it is taken away."""

    is_protected: bool
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Guardian:
    """Who is financially responsible, by borrower id; None: nobody but the borrower."""

    guardian_id: int | None


NO_ADDRESS = Address()
NO_TELEPHONES = Telephones(())
UNPROTECTED = Protection(is_protected=False)

Detail: TypeAlias = (
    Name
    | BirthDate
    | Cpr
    | Address
    | Email
    | Telephones
    | Absence
    | Group
    | HomeBranch
    | Municipality
    | Language
    | Protection
    | Guardian
)

KEYS: dict[type[Any], str] = {
    Name: "name",
    BirthDate: "birth_date",
    Cpr: "cpr",
    Address: "address",
    Email: "email",
    Telephones: "telephone",
    Absence: "absence",
    Group: "group",
    HomeBranch: "home_branch",
    Municipality: "municipality",
    Language: "language",
    Protection: "protection",
    Guardian: "guardian",
}


def columns_of(transaction: Transaction, detail: Detail, today: date) -> Columns:
    """Check a detail, and give the borrower's columns it lies in (none for telephones, which have their own rows).

    Raises:
        InvalidInput: names the field and what is wrong with it, never what was typed.
    """
    return _CHECKS[type(detail)](transaction, detail, today)


def text(field_: str, typed: str, longest: int = LONGEST_NAME) -> str:
    """Give what was typed as text that can do nothing but be read.

    Raises:
        InvalidInput: ``too_long``.
    """
    cleaned = " ".join(plain(typed).split())
    if len(cleaned) > longest:
        raise InvalidInput(field_, "too_long")
    return cleaned


def _fitting(field_: str, shape: re.Pattern[str], value: str) -> str:
    if value and not shape.fullmatch(value):
        raise InvalidInput(field_, "invalid")
    return value


def checked_telephones(telephones: Telephones) -> list[tuple[str, bool]]:
    """Check telephones, and give each with whether it gets text messages.

    Raises:
        InvalidInput: ``telephone``: ``invalid``, ``too_many``, ``twice`` or ``sms``.
    """
    numbers = [" ".join(number.split()) for number in telephones.numbers]
    if len(numbers) > MOST_TELEPHONES:
        raise InvalidInput("telephone", "too_many")
    for number in numbers:
        if not TELEPHONE.fullmatch(number) or sum(character.isdigit() for character in number) < 4:
            raise InvalidInput("telephone", "invalid")
    if len({re.sub(r"\D", "", number) for number in numbers}) < len(numbers):
        raise InvalidInput("telephone", "twice")
    if telephones.sms is not None and not 0 <= telephones.sms < len(numbers):
        raise InvalidInput("telephone", "sms")
    return [(number, place == telephones.sms) for place, number in enumerate(numbers)]


def _name(_transaction: Transaction, detail: Name, _today: date) -> Columns:
    name = text("name", detail.name)
    if not name:
        raise InvalidInput("name", "missing")
    return {Borrower.name: name}


def _birth_date(_transaction: Transaction, detail: BirthDate, today: date) -> Columns:
    if detail.born is not None and not EARLIEST_BIRTH <= detail.born <= today:
        raise InvalidInput("birth_date", "invalid")
    return {Borrower.birth_date: detail.born}


def _cpr(transaction: Transaction, detail: Cpr, today: date) -> Columns:
    if detail.cpr is None:
        return {Borrower.cpr_sealed: None, Borrower.cpr_index: None}
    digits = checked_cpr(detail.cpr, today)
    vault = transaction.vault
    return {Borrower.cpr_sealed: vault.seal(digits), Borrower.cpr_index: vault.index(digits)}


def _address(_transaction: Transaction, detail: Address, today: date) -> Columns:
    return {
        Borrower.care_of: text("care_of", detail.care_of),
        Borrower.street: text("street", detail.street),
        Borrower.postcode: _fitting("postcode", POSTCODE, text("postcode", detail.postcode, 10)),
        Borrower.city: text("city", detail.city),
        Borrower.address_dated: today,
    }


def _email(_transaction: Transaction, detail: Email, _today: date) -> Columns:
    return {Borrower.email: _fitting("email", EMAIL, text("email", detail.email, LONGEST_EMAIL))}


def _telephones(_transaction: Transaction, detail: Telephones, _today: date) -> Columns:
    checked_telephones(detail)
    return {}


def _absence(_transaction: Transaction, detail: Absence, _today: date) -> Columns:
    if detail.absent_from is not None and detail.until is not None and detail.until < detail.absent_from:
        raise InvalidInput("absence", "ends_before_start")
    return {Borrower.absent_from: detail.absent_from, Borrower.absent_until: detail.until}


def _group(transaction: Transaction, detail: Group, _today: date) -> Columns:
    known = BorrowerGroup.select(BorrowerGroup.id).where(BorrowerGroup.id == detail.group_id)
    if transaction.value(known) is None:
        raise InvalidInput("group", "unknown")
    return {Borrower.borrower_group: detail.group_id}


def _home_branch(transaction: Transaction, detail: HomeBranch, _today: date) -> Columns:
    if transaction.value(Branch.select(Branch.id).where(Branch.id == detail.branch_id)) is None:
        raise InvalidInput("home_branch", "unknown")
    return {Borrower.home_branch: detail.branch_id}


def _municipality(_transaction: Transaction, detail: Municipality, _today: date) -> Columns:
    code = text("municipality", detail.code, 10)
    # The CPR register writes four digits, 0671.
    return {Borrower.municipality: _fitting("municipality", MUNICIPALITY, code)[-3:]}


def _language(_transaction: Transaction, detail: Language, _today: date) -> Columns:
    if detail.language not in LANGUAGES:
        raise InvalidInput("language", "unknown")
    return {Borrower.language: detail.language}


def _protection(_transaction: Transaction, detail: Protection, today: date) -> Columns:
    if detail.is_protected and detail.until is not None and detail.until < today:
        raise InvalidInput("protection", "passed")
    return {
        Borrower.address_protected: detail.is_protected,
        Borrower.protected_until: detail.until if detail.is_protected else None,
    }


def _guardian(transaction: Transaction, detail: Guardian, _today: date) -> Columns:
    if detail.guardian_id is not None:
        known = Borrower.select(Borrower.id).where(Borrower.id == detail.guardian_id)
        if transaction.value(known) is None:
            raise InvalidInput("guardian", "unknown")
    return {Borrower.guardian: detail.guardian_id}


_CHECKS: dict[type[Any], Callable[[Transaction, Any, date], Columns]] = {
    Name: _name,
    BirthDate: _birth_date,
    Cpr: _cpr,
    Address: _address,
    Email: _email,
    Telephones: _telephones,
    Absence: _absence,
    Group: _group,
    HomeBranch: _home_branch,
    Municipality: _municipality,
    Language: _language,
    Protection: _protection,
    Guardian: _guardian,
}
