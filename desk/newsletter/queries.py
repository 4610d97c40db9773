"""What may be asked about the newsletter without a look at anybody: figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peewee import fn

from db.models import Mailing, MailingRecipient, Subscriber
from desk.command import query
from desk.errors import NotFound
from desk.newsletter.records import MailingRecord, UncertainMail
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction


@query(Right.SEE_FIGURES)
def subscriber_count(transaction: Transaction) -> int:
    """Count who subscribes."""
    return int(transaction.value(Subscriber.select(fn.COUNT(Subscriber.id))))


def mailing_record(transaction: Transaction, mailing_id: int) -> MailingRecord:
    """Give how far a mailing is.

    Raises:
        NotFound: there is no such mailing.
    """
    columns = (Mailing.state, Mailing.due, Mailing.sent, Mailing.failed, Mailing.uncertain)
    row = transaction.one(Mailing.select(*columns).where(Mailing.id == mailing_id))
    if row is None:
        raise NotFound("mailing")
    state, due, sent, failed, uncertain = row
    waiting = transaction.value(
        MailingRecipient.select(fn.COUNT(MailingRecipient.id)).where(
            (MailingRecipient.mailing == mailing_id) & (MailingRecipient.state != "uncertain")
        )
    )
    return MailingRecord(mailing_id, state == "done", due, sent, failed, uncertain, waiting)


@query(Right.RUN_NIGHTLY)
def latest_mailing(transaction: Transaction, digest: str) -> MailingRecord | None:
    """Give the last mailing of a file; None: it has never been sent.

    Args:
        transaction: a view of the store.
        digest: SHA-256 of the file, 64 hexadecimal figures.
    """
    latest = Mailing.select(Mailing.id).where(Mailing.digest == digest).order_by(Mailing.id.desc()).limit(1)
    mailing_id = transaction.value(latest)
    return None if mailing_id is None else mailing_record(transaction, mailing_id)


@query(Right.RUN_NIGHTLY)
def recipients_waiting(transaction: Transaction, mailing_id: int, after: int, count: int) -> tuple[int, ...]:
    """Give the next rows of a mailing that have not been handed over.

    Args:
        transaction: a view of the store.
        mailing_id: which.
        after: the last row of the batch before; 0: none yet.
        count: at most so many.
    """
    rows = transaction.all(
        MailingRecipient.select(MailingRecipient.id)
        .where(
            (MailingRecipient.mailing == mailing_id)
            & (MailingRecipient.state == "waiting")
            & (MailingRecipient.id > after)
        )
        .order_by(MailingRecipient.id)
        .limit(count)
    )
    return tuple(row_id for (row_id,) in rows)


@query(Right.RUN_NIGHTLY)
def uncertain_mails(transaction: Transaction) -> tuple[UncertainMail, ...]:
    """Give the mails that may or may not have arrived, by what stands in their Message-ID: nobody's address."""
    rows = transaction.all(
        MailingRecipient.select(MailingRecipient.id, MailingRecipient.mailing, Subscriber.email)
        .join(Subscriber)
        .where(MailingRecipient.state == "uncertain")
        .order_by(MailingRecipient.id)
    )
    return tuple(
        UncertainMail(row_id, mailing_id, transaction.vault.unsubscribe_token(email))
        for row_id, mailing_id, email in rows
    )
