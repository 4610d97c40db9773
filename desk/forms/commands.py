"""What is done with a form: it comes in, is opened, and is handled. Handled means gone, in one transaction (P13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from db.models import Form, PurchaseWish
from db.statements import Slot, row_lock
from desk.calendar import local_date
from desk.command import Command, carries_out
from desk.errors import InvalidInput, NotFound, OneOfThemRefused, Refused
from desk.forms.kinds import READING_GROUP, SUGGESTION
from desk.forms.matching import sender_of
from desk.forms.records import FormContent, Handled, OpenedForm, Received, Removed, Reserved
from desk.forms.sealing import mark_of, opened, sealed
from desk.privacy.access_log import NOT_FOUND, note
from desk.privacy.purposes import Action, Purpose
from desk.reservations.placing import PlaceReservation, place_reservation, placed_again
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.reservations.records import Placed

FORM_ROW = row_lock(Form.select(Form.id).where(Form.id == Slot("form_id")))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveForm(Command[Received]):
    """Take a form into the inbox; its command id is made of its mark, so the same form twice is one."""

    right: ClassVar[Right] = Right.RECEIVE_FORMS

    content: FormContent = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenForm(Command[OpenedForm]):
    """Read what a form says. A look, which the log notes: at a borrower where the sender is one (G8)."""

    right: ClassVar[Right] = Right.HANDLE_FORMS

    form_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandleForm(Command[Handled]):
    """Say that what a form asked for has been done outside the counter: a time is booked, a bag is packed."""

    right: ClassVar[Right] = Right.HANDLE_FORMS

    form_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveForGroup(Command[Reserved]):
    """Reserve a reading group's title for whoever fetches it, a copy each; the form goes with it.

    Attributes:
        borrower_ids: the group's, the institution's or the members': each gets one place in the queue.
    """

    right: ClassVar[Right] = Right.HANDLE_FORMS

    form_id: int
    borrower_ids: tuple[int, ...]
    title_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassSuggestionOn(Command[Handled]):
    """Put a suggestion on the purchase list, without who suggested it; the form goes with it."""

    right: ClassVar[Right] = Right.HANDLE_FORMS

    form_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOffPurchases(Command[Removed]):
    """Take lines off the purchase list that somebody has in hand."""

    right: ClassVar[Right] = Right.SEE_PURCHASES

    wish_ids: tuple[int, ...]


def _handled_again(_transaction: Transaction, _command: Any, _row_id: int) -> Handled:
    return Handled()


@carries_out(ReceiveForm, again=lambda _transaction, _command, _row_id: Received(is_new=False))
def receive_form(transaction: Transaction, command: ReceiveForm) -> Received:
    """Take it in, unless it is there already."""
    content, mark = command.content, mark_of(transaction.vault, command.content)
    if transaction.value(Form.select(Form.id).where(Form.mark == mark)) is not None:
        return Received(is_new=False)
    transaction.run(
        Form.insert(
            mark=mark,
            kind=content.kind,
            sent_at=content.sent_at,
            received_at=command.at,
            sealed=sealed(transaction.vault, content, mark),
        )
    )
    return Received(is_new=True)


@carries_out(OpenForm, again=lambda transaction, command, _row_id: _read(transaction, command.form_id))
def open_form(transaction: Transaction, command: OpenForm) -> OpenedForm:
    """Read it, and note the look.

    Raises:
        NotFound: somebody has handled it.
    """
    form = _read(transaction, command.form_id)
    sender = sender_of(transaction, form.content.values)
    revealed = ("forms",) if sender is not None else ()
    outcome = "done" if sender is not None else NOT_FOUND
    note(
        transaction,
        command.who,
        command.at,
        Action.REVEAL,
        Purpose.FOLLOW_UP,
        sender,
        revealed=revealed,
        outcome=outcome,
    )
    return form


@carries_out(HandleForm, again=_handled_again)
def handle_form(transaction: Transaction, command: HandleForm) -> Handled:
    """Let it go.

    Raises:
        NotFound: somebody has handled it.
    """
    _held(transaction, command.form_id)
    _let_go(transaction, command.form_id)
    return Handled()


@carries_out(
    ReserveForGroup,
    row_id=lambda reserved: reserved.first.reservation_id,
    again=lambda transaction, command, row_id: _reserved_again(transaction, command, row_id),
)
def reserve_for_group(transaction: Transaction, command: ReserveForGroup) -> Reserved:
    """Reserve for all of them or for none, and let the form go; a refusal leaves it where it is.

    Raises:
        NotFound: somebody has handled it; or the borrower, the title or the branch is gone.
        InvalidInput: it is no reading group's, or nobody fetches it.
        OneOfThemRefused: as every reservation.
    """
    if _held(transaction, command.form_id) != READING_GROUP:
        raise InvalidInput("form", "kind")
    borrower_ids = tuple(dict.fromkeys(command.borrower_ids))
    if not borrower_ids:
        raise InvalidInput("form", "nobody")
    placed = [_placed(transaction, command, one, number) for number, one in enumerate(borrower_ids, start=1)]
    _let_go(transaction, command.form_id)
    return Reserved(len(placed), placed[0])


def _placed(transaction: Transaction, command: ReserveForGroup, borrower_id: int, number: int) -> Placed:
    try:
        return place_reservation(transaction, _reservation(command, borrower_id))
    except Refused as refused:
        raise OneOfThemRefused(refused.reasons, refused.item_id, number) from None


def _reserved_again(transaction: Transaction, command: ReserveForGroup, row_id: int) -> Reserved:
    first = placed_again(transaction, _reservation(command, command.borrower_ids[0]), row_id)
    return Reserved(len(set(command.borrower_ids)), first)


@carries_out(PassSuggestionOn, again=_handled_again)
def pass_suggestion_on(transaction: Transaction, command: PassSuggestionOn) -> Handled:
    """Write title, author and year on the purchase list, and let the form go.

    Raises:
        NotFound: somebody has handled it.
        InvalidInput: it is no suggestion.
    """
    if _held(transaction, command.form_id) != SUGGESTION:
        raise InvalidInput("form", "kind")
    values = _read(transaction, command.form_id).content.values
    transaction.run(
        PurchaseWish.insert(
            title=values["title"],
            author=values.get("author", ""),
            year=values.get("year"),
            listed_on=local_date(command.at),
        )
    )
    _let_go(transaction, command.form_id)
    return Handled()


@carries_out(TakeOffPurchases, again=lambda _transaction, command, _row_id: Removed(len(command.wish_ids)))
def take_off_purchases(transaction: Transaction, command: TakeOffPurchases) -> Removed:
    """Take them off; those that are off already count for nothing."""
    return Removed(transaction.run(PurchaseWish.delete().where(PurchaseWish.id.in_(command.wish_ids))))


def _reservation(command: ReserveForGroup, borrower_id: int) -> PlaceReservation:
    return PlaceReservation(
        command_id=command.command_id,
        who=command.who,
        at=command.at,
        borrower_id=borrower_id,
        purpose=Purpose.FOLLOW_UP,
        title_id=command.title_id,
    )


def _held(transaction: Transaction, form_id: int) -> str:
    """Hold a form's row and give its kind: two counters do not handle it both.

    Raises:
        NotFound: it is gone.
    """
    transaction.lock(FORM_ROW, form_id=form_id)
    kind: str | None = transaction.value(Form.select(Form.kind).where(Form.id == form_id))
    if kind is None:
        raise NotFound("form")
    return kind


def _read(transaction: Transaction, form_id: int) -> OpenedForm:
    row = transaction.one(Form.select(Form.kind, Form.sent_at, Form.mark, Form.sealed).where(Form.id == form_id))
    if row is None:
        raise NotFound("form")
    return OpenedForm(form_id, opened(transaction.vault, *row))


def _let_go(transaction: Transaction, form_id: int) -> None:
    transaction.run(Form.delete().where(Form.id == form_id))
