"""What whoever is erased wants to become of the newsletter, which nothing but the e-mail address leads to (G1, P12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.models import Borrower, DeletionRequest, Subscriber
from desk.newsletter.rules import folded_email
from desk.privacy.deletion.rules import OPEN_STATES

if TYPE_CHECKING:
    from db.store import Transaction


def leaves_newsletter(transaction: Transaction, borrower_id: int) -> bool:
    """Tell whether the newsletter goes with the borrower: it was asked when the request was registered.

    A store put back from a back-up older than the request does not know the answer: then it goes. Whoever wanted it can
    subscribe again; whoever did not must not get another.
    """
    answer = transaction.value(
        DeletionRequest.select(DeletionRequest.newsletter)
        .where((DeletionRequest.borrower == borrower_id) & (DeletionRequest.state << list(OPEN_STATES)))
        .order_by(DeletionRequest.id.desc())
        .limit(1)
    )
    return answer in {None, "leave"}


def subscribed_as(transaction: Transaction, borrower_id: int) -> str:
    """Give the address of the list that is the borrower's; empty: there is none."""
    typed = transaction.value(Borrower.select(Borrower.email).where(Borrower.id == borrower_id))
    email = folded_email(typed or "")
    found = transaction.value(Subscriber.select(Subscriber.email).where(Subscriber.email == email)) if email else None
    return str(found or "")
