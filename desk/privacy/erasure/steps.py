"""The steps of an erasure, in their order: each takes the borrower's rows out of one table (G3).

Rows are deleted, not blanked. What refers to something goes before it; the borrower goes last, and with it the key
that made rows of the access log the borrower's (G8): those stay, and are nobody's any more.

Together the steps cover every column of the data map; what of it lies in files is in
:mod:`desk.privacy.erasure.leftovers`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from peewee import Model, fn

from db.models import (
    Block,
    Borrower,
    Card,
    CommandRecord,
    DeletionRequest,
    Fee,
    FeeLoan,
    Form,
    Item,
    Listing,
    Loan,
    LoanOccasion,
    Message,
    Override,
    Payment,
    PaymentPart,
    Reservation,
    SearchWord,
    Subscriber,
    Telephone,
)
from desk.forms.matching import forms_of
from desk.privacy.erasure.wishes import subscribed_as
from desk.reservations.holding import hold_reservation, let_go

if TYPE_CHECKING:
    from db.store import Transaction

# Which table the row id of a command's record is of (C2). ``Return`` names a loan or an item: see below.
NAMED_BY: dict[type[Model], tuple[str, ...]] = {
    Borrower: (
        "CreateBorrower",
        "OpenPage",
        "OpenVisit",
        "ChangeDetail",
        "WriteInternalNote",
        "WriteNoteToBorrower",
        "SetAside",
        "SeeWhoWaits",
        "ShowItemHolder",
    ),
    Card: ("AddCard", "StopCard", "OpenCard", "SetPin", "NotePinTry"),
    Block: ("SetBlock", "LiftBlock"),
    Loan: ("CheckOut", "SetDueDate", "Renew"),
    Fee: ("WriteFee", "Waive", "ClaimLoans"),
    Payment: ("Pay", "Refund", "PayOut"),
    Reservation: ("PlaceReservation", "CancelReservation", "ChangePickupBranch", "ReserveForGroup"),
    Message: ("CancelMessage", "RetryMessage"),
}
# Those whose row id is of no person's row, or of a row that stays.
NAMES_NOBODY = (
    "AddStaff",
    "ApproveDeletion",
    "BeginMailing",
    "BeginRetention",
    "CatchUpDueDates",
    "ChangePassword",
    "ChangeSetUp",
    "CloseTill",
    "DeleteDue",
    "DisableStaff",
    "EraseBorrower",
    "HandleForm",
    "MarkUncertain",
    "NoteMissingProof",
    "NoteNotice",
    "NoteSearch",
    "NoteSignIn",
    "NoteUnknownCpr",
    "OpenForm",
    "PassSuggestionOn",
    "ReceiveForm",
    "RegisterDeletion",
    "RejectDeletion",
    "SetItemStatus",
    "SetPersonNumber",
    "SettleNotice",
    "SettleProof",
    "TakeOffPurchases",
    "TrustClock",
    "Undo",
    "UnlockStaff",
    "WithdrawDeletion",
)


@dataclass(frozen=True, slots=True)
class Erasing:
    """Whose rows go, in which transaction, and when; and whether the newsletter goes as well (G1)."""

    transaction: Transaction
    borrower_id: int
    at: datetime
    leaves_newsletter: bool = False

    def own(self, table: type[Model]) -> Any:
        """Give the ids of the borrower's rows in a table, as a sub-select."""
        return table.select(table.id).where(table.borrower == self.borrower_id)  # type: ignore[attr-defined]

    def delete(self, table: type[Model], which: Any) -> int:
        """Delete rows; gives how many."""
        return self.transaction.run(table.delete().where(which))


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: the table, as the certificate counts it.
        take: does it; gives how many rows went (or, of what is not deleted, were changed).
        covers: the tables whose columns it takes the person out of.
    """

    name: str
    take: Callable[[Erasing], int]
    covers: tuple[str, ...]


def _rows_of(table: type[Model]) -> Step:
    """Delete the rows of a table that name the borrower."""
    name = table._meta.table_name
    return Step(
        name,
        lambda erasing: erasing.delete(table, table.borrower == erasing.borrower_id),  # type: ignore[attr-defined]
        (name,),
    )


def _take_command_records(erasing: Erasing) -> int:
    """Delete the records that name a row of the borrower: a number that leads nowhere still says it was somebody's."""
    gone = 0
    for table, kinds in NAMED_BY.items():
        rows = [erasing.borrower_id] if table is Borrower else erasing.own(table)
        gone += erasing.delete(CommandRecord, CommandRecord.kind.in_(kinds) & CommandRecord.row_id.in_(rows))
    # The record of a return names the loan it closed, or else the item. Loans and items have the same numbers.
    returns = Loan.select(Loan.id).where(
        (Loan.borrower == erasing.borrower_id)
        & (Loan.id == CommandRecord.row_id)
        & (Loan.returned_at == CommandRecord.done_at)
    )
    return gone + erasing.delete(CommandRecord, (CommandRecord.kind == "Return") & fn.EXISTS(returns))


def _take_reservations(erasing: Erasing) -> int:
    """Give up the places in queues; what lies on a shelf for one becomes work, «sættes på plads»."""
    rows = erasing.transaction.all(erasing.own(Reservation).order_by(Reservation.id))
    for (reservation_id,) in rows:
        let_go(erasing.transaction, hold_reservation(erasing.transaction, reservation_id), erasing.at)
    return len(rows)


def _take_payment_parts(erasing: Erasing) -> int:
    theirs = PaymentPart.payment.in_(erasing.own(Payment)) | PaymentPart.fee.in_(erasing.own(Fee))
    return erasing.delete(PaymentPart, theirs)


def _take_fee_loans(erasing: Erasing) -> int:
    theirs = FeeLoan.fee.in_(erasing.own(Fee)) | FeeLoan.loan.in_(erasing.own(Loan))
    return erasing.delete(FeeLoan, theirs)


def _free_items(erasing: Erasing) -> int:
    """Let go of what is still out: only after a restore, from a back-up older than the return."""
    out = Loan.select(Loan.item).where((Loan.borrower == erasing.borrower_id) & Loan.returned_at.is_null())
    return erasing.transaction.run(
        Item.update(status="available", status_since=erasing.at, status_reason="").where(
            (Item.status == "on_loan") & Item.id.in_(out)
        )
    )


def _free_wards(erasing: Erasing) -> int:
    """Let those go for whom the borrower answered: of age by now, or of a back-up from before they were others'."""
    return erasing.transaction.run(Borrower.update(guardian=None).where(Borrower.guardian == erasing.borrower_id))


def _take_subscription(erasing: Erasing) -> int:
    """Take the borrower's address off the newsletter's list, if that is what they wanted."""
    email = subscribed_as(erasing.transaction, erasing.borrower_id) if erasing.leaves_newsletter else ""
    return erasing.delete(Subscriber, Subscriber.email == email) if email else 0


def _take_forms(erasing: Erasing) -> int:
    """Delete the forms that name the borrower's e-mail address or a telephone number of theirs."""
    ids = [one.form_id for one in forms_of(erasing.transaction, erasing.borrower_id)]
    return erasing.delete(Form, Form.id.in_(ids)) if ids else 0


STEPS: tuple[Step, ...] = (
    Step("command_record", _take_command_records, ("command_record",)),
    # Before the reservations: giving one up withdraws what has not been sent of it, uncounted.
    _rows_of(Message),
    Step("reservation", _take_reservations, ("reservation",)),
    Step("payment_part", _take_payment_parts, ("payment_part",)),
    _rows_of(Payment),
    Step("fee_loan", _take_fee_loans, ("fee_loan",)),
    _rows_of(Fee),
    _rows_of(Override),
    Step("item", _free_items, ()),
    _rows_of(Loan),
    _rows_of(LoanOccasion),
    _rows_of(Block),
    _rows_of(Card),
    # Before what they are known by.
    Step("form", _take_forms, ("form",)),
    _rows_of(Telephone),
    _rows_of(SearchWord),
    _rows_of(Listing),
    _rows_of(DeletionRequest),
    # What a mailing still had for them goes with it.
    Step("subscriber", _take_subscription, ("subscriber", "mailing_recipient")),
    Step("guardian", _free_wards, ()),
    Step(
        "borrower",
        lambda erasing: erasing.delete(Borrower, Borrower.id == erasing.borrower_id),
        # The log's rows stay, and its chain with them; whose they were, only the key on this row told.
        ("borrower", "access_log"),
    ),
)
