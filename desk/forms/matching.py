"""Whose form it is, as far as an e-mail address or a telephone number tells: a sender need not be a borrower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from peewee import fn

from db.models import Borrower, Form, SearchWord, Telephone
from db.search import LONGEST_WORD, folded
from desk.borrowers.searching import telephone_word
from desk.forms.records import OpenedForm
from desk.forms.sealing import opened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from db.store import Transaction


def forms_of(transaction: Transaction, borrower_id: int) -> tuple[OpenedForm, ...]:
    """Give the forms that name a borrower's e-mail address or one of the telephone numbers, the oldest first.

    The name alone tells nobody: others have it too.
    """
    email = transaction.value(Borrower.select(Borrower.email).where(Borrower.id == borrower_id)) or ""
    numbers = transaction.all(Telephone.select(Telephone.number).where(Telephone.borrower == borrower_id))
    addresses, phones = {folded(email)} - {""}, {telephone_word(number) for (number,) in numbers} - {""}
    if not addresses and not phones:
        return ()
    return tuple(one for one in _all(transaction) if _is_of(one.content.values, addresses, phones))


def counts_of_forms(transaction: Transaction, borrower_ids: Sequence[int]) -> dict[int, int]:
    """Give how many forms are known as each borrower's; asked of few at a time."""
    if not transaction.value(Form.select(fn.COUNT(Form.id))):
        return {}
    return {borrower_id: len(forms_of(transaction, borrower_id)) for borrower_id in borrower_ids}


def _all(transaction: Transaction) -> list[OpenedForm]:
    rows = transaction.all(
        Form.select(Form.id, Form.kind, Form.sent_at, Form.mark, Form.sealed).order_by(Form.sent_at, Form.id)
    )
    return [OpenedForm(form_id, opened(transaction.vault, *row)) for form_id, *row in rows]


def _is_of(values: Mapping[str, Any], addresses: set[str], phones: set[str]) -> bool:
    return folded(str(values.get("email", ""))) in addresses or telephone_word(str(values.get("phone", ""))) in phones


def sender_of(transaction: Transaction, values: Mapping[str, Any]) -> int | None:
    """Give the one borrower whom a form's e-mail address or telephone number leads to; None: nobody, or several.

    Args:
        transaction: a view of the store.
        values: of the form.
    """
    email, phone = folded(str(values.get("email", ""))), telephone_word(str(values.get("phone", "")))
    words = [word for word in (email, phone) if word and len(word) <= LONGEST_WORD]
    if not words:
        return None
    # The words are looked up by their index. A telephone's digits may be somebody's lånernummer as well.
    rows = transaction.all(SearchWord.select(SearchWord.borrower).where(SearchWord.word.in_(words)).distinct())
    found = [borrower_id for (borrower_id,) in rows if _has(transaction, borrower_id, email, phone)]
    return found[0] if len(found) == 1 else None


def _has(transaction: Transaction, borrower_id: int, email: str, phone: str) -> bool:
    theirs = transaction.value(Borrower.select(Borrower.email).where(Borrower.id == borrower_id))
    numbers = transaction.all(Telephone.select(Telephone.number).where(Telephone.borrower == borrower_id))
    if email and folded(theirs or "") == email:
        return True
    return phone != "" and any(telephone_word(number) == phone for (number,) in numbers)
