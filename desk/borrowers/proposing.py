"""What a sign-up proposes, so that a clerk types name, address and mobile and is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from peewee import fn

from db.models import Borrower
from desk.borrowers.details import Detail, columns_of
from desk.borrowers.queries import LIBRARY, choices
from desk.borrowers.records import Choices
from desk.borrowers.rules import own_municipality
from desk.command import query
from desk.errors import InvalidInput
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

# The towns of the municipality, whoever lives there so far.
KNOWN_CITIES = {"7600": "Struer", "7560": "Hjerm", "7790": "Thyholm"}


@dataclass(frozen=True, slots=True)
class Proposals:
    """What there is to choose from, and the library's own municipality (three digits; empty: not known)."""

    choices: Choices
    municipality: str


@query(Right.SEE_BORROWER)
def proposals(transaction: Transaction) -> Proposals:
    """Give what a sign-up begins with."""
    isil, _municipalities = transaction.one(LIBRARY) or ("", "")
    return Proposals(choices(transaction), own_municipality(isil))


@query(Right.SEE_BORROWER)
def city_of(transaction: Transaction, postcode: str) -> str:
    """Give the city of a postcode: the one that most borrowers there have, or an empty text. Names nobody."""
    wanted = postcode.strip()
    if wanted in KNOWN_CITIES or not wanted:
        return KNOWN_CITIES.get(wanted, "")
    count = fn.COUNT(Borrower.id)
    city = transaction.value(
        Borrower.select(Borrower.city)
        .where((Borrower.postcode == wanted) & (Borrower.city != ""))
        .group_by(Borrower.city)
        .order_by(count.desc(), Borrower.city)
        .limit(1)
    )
    return city or ""


@query(Right.SEE_BORROWER)
def faults_in(transaction: Transaction, details: tuple[Detail, ...], today: date) -> tuple[tuple[str, str], ...]:
    """Say of every detail what the desk would refuse (C5: all at once): field and why, as ``InvalidInput`` has them."""
    faults = []
    for detail in details:
        try:
            columns_of(transaction, detail, today)
        except InvalidInput as error:
            faults.append((error.field, error.why))
    return tuple(faults)
