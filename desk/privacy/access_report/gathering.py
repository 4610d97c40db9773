"""Everything the store holds about one borrower, gathered along the data map (G9).

Each item of the map has a function here; an item without one fails a test. What is never handed out: hashes of PINs,
keys, seals and row numbers, which say nothing about the borrower; the names of staff (G8); and of other people anything
but the name of who answers for whom.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from peewee import JOIN, fn

from db.models import (
    AccessLog,
    Block,
    Borrower,
    BorrowerGroup,
    Branch,
    Card,
    DeletionRequest,
    Fee,
    FeeLoan,
    Item,
    Library,
    Loan,
    LoanOccasion,
    Message,
    Override,
    Payment,
    Reservation,
    SearchWord,
    Subscriber,
    Telephone,
    Title,
)
from desk.borrowers.cpr import is_replacement
from desk.borrowers.rules import has_digital_services, is_protected_on
from desk.calendar import local_date
from desk.errors import NotFound
from desk.forms.matching import forms_of
from desk.newsletter.rules import folded_email
from desk.privacy.access_log import subject_of_borrower
from desk.privacy.access_report.records import Row
from desk.privacy.data_map import MAP

if TYPE_CHECKING:
    from db.store import Transaction

OWN_COLUMNS = {
    "number": Borrower.number,
    "cpr_sealed": Borrower.cpr_sealed,
    "absent_from": Borrower.absent_from,
    "absent_until": Borrower.absent_until,
    "name": Borrower.name,
    "birth_date": Borrower.birth_date,
    "care_of": Borrower.care_of,
    "street": Borrower.street,
    "postcode": Borrower.postcode,
    "city": Borrower.city,
    "dated": Borrower.address_dated,
    "register_dated": Borrower.register_dated,
    "email": Borrower.email,
    "group": BorrowerGroup.name,
    "home_branch": Branch.name,
    "municipality": Borrower.municipality,
    "language": Borrower.language,
    "internal_note": Borrower.internal_note,
    "internal_note_at": Borrower.internal_note_at,
    "note_to_borrower": Borrower.note_to_borrower,
    "note_to_borrower_at": Borrower.note_to_borrower_at,
    "protected": Borrower.address_protected,
    "protected_until": Borrower.protected_until,
    "guardian": Borrower.guardian,
}


@dataclass(frozen=True, slots=True)
class About:
    """Whose record is gathered, and the borrower's own row, which several items lie in."""

    transaction: Transaction
    borrower_id: int
    today: date
    own: Mapping[str, Any] = field(repr=False)

    def row(self, *names: str) -> tuple[Row, ...]:
        """Give some of the borrower's own columns as the one row they are; no row when all of them are empty."""
        row = {name: self.own[name] for name in names}
        return (row,) if any(row.values()) else ()


def gathered(transaction: Transaction, borrower_id: int, at: datetime) -> dict[str, tuple[Row, ...]]:
    """Gather the rows of every item of the data map, in its order.

    Args:
        transaction: one consistent view of the store.
        borrower_id: whose.
        at: aware UTC; what is in force is so on its local date.

    Raises:
        NotFound: the borrower is gone.
    """
    values = transaction.one(
        Borrower.select(*OWN_COLUMNS.values())
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .switch(Borrower)
        .join(Branch, on=(Borrower.home_branch == Branch.id))
        .where(Borrower.id == borrower_id)
    )
    if values is None:
        raise NotFound("borrower")
    about = About(transaction, borrower_id, local_date(at), dict(zip(OWN_COLUMNS, values, strict=True)))
    return {held.key: GATHERERS[held.key](about) for held in MAP}


def _rows(about: About, query: Any, *names: str) -> tuple[Row, ...]:
    return tuple(dict(zip(names, values, strict=True)) for values in about.transaction.all(query))


def _cpr(about: About) -> tuple[Row, ...]:
    if about.own["cpr_sealed"] is None:
        return ()
    cpr = about.transaction.vault.open(about.own["cpr_sealed"])
    return ({"cpr": cpr, "is_replacement": is_replacement(cpr)},)


def _telephones(about: About) -> tuple[Row, ...]:
    columns = (Telephone.number, Telephone.takes_sms)
    query = Telephone.select(*columns).where(Telephone.borrower == about.borrower_id).order_by(Telephone.id)
    return tuple(
        {"number": row["number"], "takes_sms": bool(row["takes_sms"])}
        for row in _rows(about, query, "number", "takes_sms")
    )


def _blocked_on(about: About) -> tuple[Row, ...]:
    query = Block.select(Block.set_on, Block.ends_on, Block.lifted_at).where(Block.borrower == about.borrower_id)
    return _rows(about, query.order_by(Block.set_on, Block.id), "set_on", "ends_on", "lifted_at")


def _block_reasons(about: About) -> tuple[Row, ...]:
    query = (
        Block.select(Block.set_on, Block.kind, Card.number, Block.reason, Block.lift_reason)
        .join(Card, JOIN.LEFT_OUTER, on=(Block.card == Card.id))
        .where(Block.borrower == about.borrower_id)
        .order_by(Block.set_on, Block.id)
    )
    return _rows(about, query, "set_on", "kind", "card", "reason", "lift_reason")


def _municipality(about: About) -> tuple[Row, ...]:
    code = about.own["municipality"]
    if not code:
        return ()
    isil, covered = about.transaction.one(Library.select(Library.isil, Library.municipalities)) or ("", "")
    return ({"municipality": code, "digital_services": has_digital_services(code, isil, covered)},)


def _cards(about: About) -> tuple[Row, ...]:
    query = (
        Card.select(Card.number, Card.kind, Card.state, Card.state_since, Card.pin_hash.is_null(False), Card.wrong_pins)
        .where(Card.borrower == about.borrower_id)
        .order_by(Card.id)
    )
    rows = _rows(about, query, "number", "kind", "state", "state_since", "pin_is_set", "wrong_pins")
    return tuple(dict(row) | {"pin_is_set": bool(row["pin_is_set"])} for row in rows)


def _internal_note(about: About) -> tuple[Row, ...]:
    return _note(about.own["internal_note"], about.own["internal_note_at"])


def _note_to_borrower(about: About) -> tuple[Row, ...]:
    return _note(about.own["note_to_borrower"], about.own["note_to_borrower_at"])


def _note(text: str, written_at: datetime | None) -> tuple[Row, ...]:
    return ({"note": text, "written_at": written_at},) if text else ()


def _loans(about: About) -> tuple[Row, ...]:
    query = (
        Loan.select(
            Title.title,
            Title.author,
            Item.barcode,
            Card.number,
            Loan.lent_at,
            Branch.name,
            Loan.due_on,
            Loan.due_reason,
            Loan.renewals,
            Loan.returned_at,
            Loan.closed_on,
        )
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .switch(Loan)
        .join(LoanOccasion, on=(Loan.occasion == LoanOccasion.id))
        .join(Card, JOIN.LEFT_OUTER, on=(LoanOccasion.card == Card.id))
        .switch(Loan)
        .join(Branch, JOIN.LEFT_OUTER, on=(Loan.branch == Branch.id))
        .where(Loan.borrower == about.borrower_id)
        # What is on loan now first, then the newest of what is not.
        .order_by(Loan.returned_at.is_null(False), Loan.lent_at.desc(), Loan.id.desc())
    )
    names = ("title", "author", "barcode", "card", "lent_at", "lent_where", "due_on", "due_reason", "renewals")
    return _rows(about, query, *names, "returned_at", "counts_as_returned_on")


def _reservations(about: About) -> tuple[Row, ...]:
    query = (
        Reservation.select(
            Title.title,
            Title.author,
            Item.barcode,
            Branch.name,
            Reservation.reserved_at,
            Reservation.expires_on,
            Reservation.state,
            Reservation.pickup_number,
            Reservation.ready_at,
            Reservation.pickup_deadline,
        )
        .join(Title, on=(Reservation.title == Title.id))
        .switch(Reservation)
        .join(Branch, on=(Reservation.pickup_branch == Branch.id))
        .switch(Reservation)
        .join(Item, JOIN.LEFT_OUTER, on=(Item.id == fn.COALESCE(Reservation.trapped_item, Reservation.item)))
        .where(Reservation.borrower == about.borrower_id)
        .order_by(Reservation.reserved_at, Reservation.id)
    )
    names = ("title", "author", "barcode", "pickup_branch", "reserved_at", "expires_on", "state", "shelf", "ready_at")
    return _rows(about, query, *names, "deadline")


def _balance(about: About) -> tuple[Row, ...]:
    query = (
        Fee.select(
            Fee.id,
            Fee.created_at,
            Fee.charged_on,
            Fee.type,
            Fee.reason,
            Fee.note,
            Fee.amount_ore,
            Fee.paid_ore,
            Fee.refunded_ore,
            Fee.settled_on,
            Fee.outcome,
            Fee.settle_reason,
        )
        .where(Fee.borrower == about.borrower_id)
        .order_by(Fee.created_at, Fee.id)
    )
    names = ("created_at", "charged_on", "type", "reason", "note", "amount", "paid", "paid_back", "settled_on")
    titles = _titles_of_fees(about)
    return tuple(
        dict(zip((*names, "outcome", "settle_reason"), values, strict=True)) | {"titles": titles.get(fee_id, ())}
        for fee_id, *values in about.transaction.all(query)
    )


def _titles_of_fees(about: About) -> dict[int, tuple[str, ...]]:
    titles: dict[int, tuple[str, ...]] = {}
    query = (
        FeeLoan.select(FeeLoan.fee, Title.title)
        .join(Fee, on=(FeeLoan.fee == Fee.id))
        .switch(FeeLoan)
        .join(Loan, on=(FeeLoan.loan == Loan.id))
        .join(Item, on=(Loan.item == Item.id))
        .join(Title, on=(Item.title == Title.id))
        .where(Fee.borrower == about.borrower_id)
        .order_by(FeeLoan.id)
    )
    for fee_id, title in about.transaction.all(query):
        titles[fee_id] = (*titles.get(fee_id, ()), title)
    return titles


def _payments(about: About) -> tuple[Row, ...]:
    columns = (
        Payment.paid_at,
        Payment.kind,
        Payment.method,
        Payment.reference,
        Payment.amount_ore,
        Payment.reason,
        Payment.voucher,
    )
    query = Payment.select(*columns).where(Payment.borrower == about.borrower_id).order_by(Payment.paid_at, Payment.id)
    return _rows(about, query, "paid_at", "kind", "method", "reference", "amount", "reason", "voucher")


def _messages(about: About) -> tuple[Row, ...]:
    columns = (
        Message.created_at,
        Message.kind,
        Message.channel,
        Message.language,
        Message.state,
        Message.sent_at,
        Message.problem,
        Message.subject,
        Message.body,
    )
    query = Message.select(*columns).where(Message.borrower == about.borrower_id).order_by(Message.created_at.desc())
    names = ("created_at", "kind", "channel", "language", "state", "sent_at", "problem", "subject", "body")
    return _rows(about, query, *names)


def _protection(about: About) -> tuple[Row, ...]:
    if not about.own["protected"]:
        return ()
    until = about.own["protected_until"]
    return ({"in_force": is_protected_on(True, until, about.today), "until": until},)


def _guardian(about: About) -> tuple[Row, ...]:
    """Name who answers for whom: both know it already. Their numbers are theirs, and so is a protected name.

    A guardian who must not learn the name of a protected child, or the other way round, gets it nowhere else here.
    """
    columns = (Borrower.name, Borrower.address_protected, Borrower.protected_until)
    found = []
    for role, condition in (
        ("answers_for_the_borrower", Borrower.id == about.own["guardian"]),
        ("the_borrower_answers_for", Borrower.guardian == about.borrower_id),
    ):
        for name, protected, until in about.transaction.all(
            Borrower.select(*columns).where(condition).order_by(Borrower.id)
        ):
            withheld = is_protected_on(protected, until, about.today)
            found.append({"role": role, "name": None if withheld else name})
    return tuple(found)


def _search_words(about: About) -> tuple[Row, ...]:
    count = about.transaction.value(
        SearchWord.select(fn.COUNT(SearchWord.id)).where(SearchWord.borrower == about.borrower_id)
    )
    return ({"count": count},) if count else ()


def _overrides(about: About) -> tuple[Row, ...]:
    query = (
        Override.select(Override.given_at, Override.refusal, Title.title, Override.reason)
        .join(Item, JOIN.LEFT_OUTER, on=(Override.item == Item.id))
        .join(Title, JOIN.LEFT_OUTER, on=(Item.title == Title.id))
        .where(Override.borrower == about.borrower_id)
        .order_by(Override.given_at, Override.id)
    )
    return _rows(about, query, "given_at", "refusal", "title", "reason")


def _log(about: About) -> tuple[Row, ...]:
    columns = (AccessLog.at, AccessLog.action, AccessLog.purpose, AccessLog.revealed, AccessLog.outcome)
    query = (
        AccessLog.select(*columns)
        .where(AccessLog.subject == subject_of_borrower(about.transaction, about.borrower_id))
        .order_by(AccessLog.number.desc())
    )
    rows = _rows(about, query, "at", "action", "purpose", "revealed", "outcome")
    return tuple(dict(row) | {"revealed": tuple(str(row["revealed"]).split())} for row in rows)


def _deletion_requests(about: About) -> tuple[Row, ...]:
    names = (
        *("registered_at", "identity_check", "newsletter", "state", "decided_at", "decision_reason"),
        *("notice", "noticed_at"),
    )
    query = (
        DeletionRequest.select(*(getattr(DeletionRequest, name) for name in names))
        .where(DeletionRequest.borrower == about.borrower_id)
        .order_by(DeletionRequest.registered_at, DeletionRequest.id)
    )
    return _rows(about, query, *names)


def _newsletter(about: About) -> tuple[Row, ...]:
    """Give what the newsletter's list holds about the borrower's e-mail address: nothing else leads there."""
    names = ("email", "first_name", "last_name", "consented_on")
    query = Subscriber.select(*(getattr(Subscriber, name) for name in names))
    return _rows(about, query.where(Subscriber.email == folded_email(about.own["email"])), *names)


def _forms(about: About) -> tuple[Row, ...]:
    """Give the forms that are known as the borrower's, each with all it says: the borrower wrote it."""
    return tuple(
        {
            "sent_at": one.content.sent_at,
            "kind": one.content.kind,
            "says": " · ".join(map(str, one.content.values.values())),
        }
        for one in forms_of(about.transaction, about.borrower_id)
    )


def _not_by_person(_about: About) -> tuple[Row, ...]:
    """Give nothing: the rows cannot be looked up by borrower. The report says so in words."""
    return ()


GATHERERS: dict[str, Callable[[About], tuple[Row, ...]]] = {
    "number": lambda about: about.row("number"),
    "cpr": _cpr,
    "absence": lambda about: about.row("absent_from", "absent_until"),
    "name": lambda about: about.row("name"),
    "birth_date": lambda about: about.row("birth_date"),
    "address": lambda about: about.row("care_of", "street", "postcode", "city", "dated", "register_dated"),
    "telephone": _telephones,
    "email": lambda about: about.row("email"),
    "blocked_on": _blocked_on,
    "block_reason": _block_reasons,
    "group": lambda about: about.row("group"),
    "home_branch": lambda about: about.row("home_branch"),
    "municipality": _municipality,
    "language": lambda about: about.row("language"),
    "cards": _cards,
    "internal_note": _internal_note,
    "note_to_borrower": _note_to_borrower,
    "loans": _loans,
    "reservations": _reservations,
    "balance": _balance,
    "messages": _messages,
    "payments": _payments,
    "protection": _protection,
    "guardian": _guardian,
    "search_words": _search_words,
    "overrides": _overrides,
    "log": _log,
    "deletion_requests": _deletion_requests,
    "forms": _forms,
    "commands": _not_by_person,
    "scans": _not_by_person,
    "newsletter": _newsletter,
    "exports": _not_by_person,
    "erasures": _not_by_person,
    "certificates": _not_by_person,
    "backups": _not_by_person,
    "tombstones": _not_by_person,
    "spool": _not_by_person,
}
