"""Reserving a title, or one copy of it (R6, domain.md 4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, ClassVar

from peewee import JOIN, fn

from db.models import Borrower, Branch, Item, LendingRule, LibraryRules, Loan, Reservation, Title
from db.statements import Slot, Statement
from desk.borrowers.about import AboutBorrower, note_change
from desk.calendar import local_date
from desk.circulation.queries import Borrowing, blocks_in_force, borrowing
from desk.circulation.refusals import Refusal, worst_first
from desk.command import carries_out
from desk.errors import NotFound, Refused
from desk.money.debt import debt_reached
from desk.reservations import refusals as why
from desk.reservations.holding import TITLE_ROW
from desk.reservations.records import Placed
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

GOES_ROUND = frozenset({"available", "on_loan", "on_shelf", "in_transit"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceReservation(AboutBorrower[Placed]):
    """Give a borrower a place in a title's queue.

    Attributes:
        item_id: this copy alone; None: any copy.
        pickup_branch_id: where it is fetched; None: at the borrower's home branch.
        card_id: the card that was used, None when the borrower was found another way.
    """

    right: ClassVar[Right] = Right.LEND

    title_id: int
    item_id: int | None = None
    pickup_branch_id: int | None = None
    card_id: int | None = None


LIMITS = Statement(
    LibraryRules.select(LibraryRules.reservation_limit, LibraryRules.interest_days).where(LibraryRules.id == 1)
)
COPIES = Statement(
    Item.select(Item.id, Item.status, LendingRule.id, LendingRule.reservable)
    .join(
        LendingRule,
        JOIN.LEFT_OUTER,
        on=(LendingRule.material_group == Item.material_group) & (LendingRule.borrower_group == Slot("group_id")),
    )
    .where(Item.title == Slot("title_id"))
)
OWN = Statement(
    Reservation.select(Reservation.id, Reservation.title, Reservation.state).where(
        Reservation.borrower == Slot("borrower_id")
    )
)
AT_HOME = Statement(
    Loan.select(fn.COUNT(Loan.id))
    .join(Item, on=(Loan.item == Item.id))
    .where((Loan.borrower == Slot("borrower_id")) & Loan.returned_at.is_null() & (Item.title == Slot("title_id")))
)
PLACE = Statement(
    Reservation.select(Reservation.id, Reservation.expires_on)
    .where((Reservation.title == Slot("title_id")) & (Reservation.state == "reserved"))
    .order_by(Reservation.reserved_at, Reservation.id)
)


@carries_out(
    PlaceReservation,
    row_id=lambda placed: placed.reservation_id,
    again=lambda transaction, command, reservation_id: placed_again(transaction, command, reservation_id),
)
def place_reservation(transaction: Transaction, command: PlaceReservation) -> Placed:
    """Reserve, or say every reason why not.

    Raises:
        Refused: with all FBS reasons, worst first.
        NotFound: the borrower, the title, the copy or the branch is gone.
    """
    person = borrowing(transaction, command.borrower_id, command.card_id)
    if person is None:
        raise NotFound("borrower")
    transaction.lock(TITLE_ROW, title_id=command.title_id)
    if transaction.value(Title.select(Title.id).where(Title.id == command.title_id)) is None:
        raise NotFound("title")
    home = transaction.value(Borrower.select(Borrower.home_branch).where(Borrower.id == command.borrower_id))
    branch_id = command.pickup_branch_id or home
    if transaction.value(Branch.select(Branch.id).where(Branch.id == branch_id)) is None:
        raise NotFound("branch")
    today = local_date(command.at)
    limit, interest_days = transaction.one(LIMITS) or (1, 1)
    reasons = [
        *_about_the_borrower(transaction, command, person, today, limit),
        *_about_the_title(transaction, command, person.group_id),
    ]
    if reasons:
        raise Refused(worst_first(reasons), command.item_id)
    reservation_id = transaction.run(
        Reservation.insert(
            borrower=command.borrower_id,
            title=command.title_id,
            item=command.item_id,
            pickup_branch=branch_id,
            reserved_at=command.at,
            expires_on=today + timedelta(days=interest_days),
        )
    )
    note_change(transaction, command, "reservations")
    return placed_again(transaction, command, reservation_id)


def _about_the_borrower(
    transaction: Transaction, command: PlaceReservation, person: Borrowing, today: date, limit: int
) -> list[Refusal]:
    reasons: list[Refusal] = [
        why.PatronIsBlocked(block)
        for block in blocks_in_force(transaction, command.borrower_id, command.card_id, today)
    ]
    debt = debt_reached(person.owed_ore, person.debt_limit_ore)
    if debt is not None:
        reasons.append(why.PatronOwes(debt.owed_ore, debt.limit_ore))
    own = transaction.all(OWN, borrower_id=command.borrower_id)
    for reservation_id, title_id, state in own:
        if title_id == command.title_id:
            is_waiting = state == "reserved"
            reasons.append(
                why.AlreadyReserved(place_of(transaction, title_id, reservation_id, today) if is_waiting else None)
            )
    if transaction.value(AT_HOME, borrower_id=command.borrower_id, title_id=command.title_id):
        reasons.append(why.AlreadyLoaned())
    if len(own) >= limit:
        reasons.append(why.ExceedsMaxReservations(len(own), limit))
    return reasons


def _about_the_title(transaction: Transaction, command: PlaceReservation, group_id: int) -> list[Refusal]:
    copies = transaction.all(COPIES, title_id=command.title_id, group_id=group_id)
    if command.item_id is None:
        return _about_any([copy for copy in copies if copy[1] in GOES_ROUND])
    wanted = [copy for copy in copies if copy[0] == command.item_id]
    if not wanted:
        raise NotFound("item")
    return _about_this(*wanted[0][1:])


def _about_any(copies: list[tuple[int, str, int | None, object]]) -> list[Refusal]:
    if not copies:
        return [why.NoReservableMaterials()]
    if all(rule_id is None for _id, _status, rule_id, _reservable in copies):
        return [why.LoaningProfileNotFound()]
    return [] if any(reservable for *_rest, reservable in copies) else [why.NotReservable()]


def _about_this(status: str, rule_id: int | None, reservable: object) -> list[Refusal]:
    reasons: list[Refusal] = []
    if status == "lost":
        reasons.append(why.MaterialLost())
    elif status == "discarded":
        reasons.append(why.MaterialDiscarded())
    elif status in {"damaged", "not_for_loan"}:
        reasons.append(why.MaterialNotLoanable())
    if rule_id is None:
        reasons.append(why.LoaningProfileNotFound())
    elif not reservable or (status not in GOES_ROUND and not reasons):
        reasons.append(why.MaterialNotReservable())
    return reasons


def place_of(transaction: Transaction, title_id: int, reservation_id: int, today: date) -> int:
    """Give a waiting reservation's place in the queue, from 1; those that have expired take no place."""
    place = 1
    for other_id, expires_on in transaction.all(PLACE, title_id=title_id):
        if other_id == reservation_id:
            break
        place += expires_on >= today
    return place


def placed_again(transaction: Transaction, command: PlaceReservation, reservation_id: int) -> Placed:
    """Give the answer to a reservation that was placed.

    Raises:
        NotFound: it is gone.
    """
    row = transaction.one(
        Reservation.select(Branch.name)
        .join(Branch, on=(Reservation.pickup_branch == Branch.id))
        .where(Reservation.id == reservation_id)
    )
    if row is None:
        raise NotFound("reservation")
    place = place_of(transaction, command.title_id, reservation_id, local_date(command.at))
    return Placed(reservation_id, place, row[0])
