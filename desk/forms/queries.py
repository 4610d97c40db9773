"""The inbox and the purchase list."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from peewee import fn

from db.models import Form, PurchaseWish
from desk.calendar import local_date
from desk.command import query
from desk.forms.records import FormLine, Wish
from desk.forms.rules import late_on
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@query(Right.HANDLE_FORMS)
def waiting_forms(transaction: Transaction, today: date) -> tuple[FormLine, ...]:
    """Give the inbox, what has waited longest first; who sent a form is told when it is opened.

    Args:
        transaction: a view of the store.
        today: local date.
    """
    rows = transaction.all(Form.select(Form.id, Form.kind, Form.sent_at).order_by(Form.sent_at, Form.id))
    return tuple(_line(form_id, kind, sent_at, today) for form_id, kind, sent_at in rows)


@query(Right.HANDLE_FORMS)
def count_of_forms(transaction: Transaction) -> int:
    """Give how many forms wait."""
    return int(transaction.value(Form.select(fn.COUNT(Form.id))))


@query(Right.SEE_PURCHASES)
def purchase_list(transaction: Transaction) -> tuple[Wish, ...]:
    """Give the purchase list, the oldest line first."""
    columns = (PurchaseWish.id, PurchaseWish.title, PurchaseWish.author, PurchaseWish.year, PurchaseWish.listed_on)
    return tuple(Wish(*row) for row in transaction.all(PurchaseWish.select(*columns).order_by(PurchaseWish.id)))


def _line(form_id: int, kind: str, sent_at: datetime, today: date) -> FormLine:
    late = late_on(local_date(sent_at))
    return FormLine(form_id, kind, sent_at, late, today >= late)
