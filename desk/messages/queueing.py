"""Queueing a message inside the transaction of what it is about (M1): nothing is told that did not happen.

What is queued is facts; they are put into words when it is sent, in the borrower's language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from peewee import fn

from db.models import Borrower, Message, MessageChoice, Telephone
from db.statements import Slot, Statement, row_lock
from db.trail import Inserted, followed

if TYPE_CHECKING:
    from db.store import Transaction

MAIL_ONLY: Final = frozenset({"receipt"})
"""Kinds that are only ever mailed (C13). Who has no address is told at the counter, and nobody has to look at it."""

CONTACT = Statement(Borrower.select(Borrower.language, Borrower.email).where(Borrower.id == Slot("borrower_id")))
SMS_NUMBER = Statement(
    Telephone.select(Telephone.id).where((Telephone.borrower == Slot("borrower_id")) & Telephone.takes_sms).limit(1)
)
CHOICE = Statement(
    MessageChoice.select(MessageChoice.sms, MessageChoice.email).where(MessageChoice.kind == Slot("kind"))
)
# What has gone to nobody: not yet, or because nothing says how. One that is being handed over, or failed, may be out.
_UNTOLD = Message.select(Message.id).where(
    (Message.borrower == Slot("borrower_id"))
    & (Message.kind == Slot("kind"))
    & (Message.state << ["waiting", "no_contact"])
    & (fn.SUBSTR(Message.cause, 1, Slot("length")) == Slot("begins"))
)
UNTOLD = Statement(_UNTOLD.order_by(Message.id))
UNTOLD_ROWS = row_lock(_UNTOLD)
TOLD = Statement(Message.select(Message.id).where(Message.cause == Slot("cause")).limit(1))


def queue_message(
    transaction: Transaction,
    borrower_id: int,
    kind: str,
    cause: str,
    facts: Mapping[str, object],
    at: datetime,
    command_id: str,
) -> bool:
    """Queue a message over every channel that the library has chosen and the borrower can be reached by.

    A borrower who cannot be reached gets a row all the same, so that the list says «no contact details» (M2).

    Args:
        transaction: of what it is about.
        borrower_id: to whom.
        kind: one of ``MESSAGE_KINDS``.
        cause: what it is about, e.g. ``reservation_ready:17:2026-03-18``; the same cause is told once. No person in it.
        facts: what the template of this kind is filled with; numbers, local dates as ISO text, øre, names of branches.
        at: aware UTC.
        command_id: of the command; mail ids are made from it.

    Returns:
        Whether anything was queued; False: it had been before, the library does not send this kind, or it is only
        ever mailed and the borrower has no address.
    """
    if transaction.value(TOLD, cause=cause) is not None:
        return False
    contact = transaction.one(CONTACT, borrower_id=borrower_id)
    if contact is None:
        return False
    language, email = contact
    sms, mail = _chosen(transaction, kind)
    if not sms and not mail:
        return False
    channels = _reached_by(transaction, borrower_id, email, sms=sms, mail=mail)
    if not channels and kind in MAIL_ONLY:
        return False
    for channel in channels or ["none"]:
        mark = hashlib.sha256(f"{command_id}\n{cause}\n{channel}".encode()).hexdigest()[:32]
        state = "waiting" if channels else "no_contact"
        row_id = transaction.run(
            Message.insert(
                borrower=borrower_id,
                kind=kind,
                channel=channel,
                cause=cause,
                language=language,
                facts=json.dumps(facts, sort_keys=True),
                created_at=at,
                state=state,
                try_at=at if channels else None,
                message_id=mark,
            )
        )
        # What has been sent stays sent: undo leaves it on the list (C9).
        transaction.trail.append(Inserted(Message, row_id, {"state": state}, may_stay=True))
    return True


def withdraw_message(transaction: Transaction, borrower_id: int, kind: str, begins: str) -> int:
    """Take messages back that have not been sent, because what they tell is true no more; undo puts them back (C9).

    What is being handed over, has been sent or has failed stays on the list: it may have arrived.

    Args:
        transaction: of what made it untrue.
        borrower_id: to whom.
        kind: one of ``MESSAGE_KINDS``.
        begins: how the causes begin.

    Returns:
        How many there were.
    """
    which = {"borrower_id": borrower_id, "kind": kind, "length": len(begins), "begins": begins}
    if transaction.value(UNTOLD, **which) is None:
        return 0
    # A sending run may take one meanwhile: whoever holds the row is first.
    transaction.lock(UNTOLD_ROWS, **which)
    rows = transaction.all(UNTOLD, **which)
    for (row_id,) in rows:
        with followed(transaction, Message, row_id):
            transaction.run(Message.delete().where(Message.id == row_id))
    return len(rows)


def is_sent(transaction: Transaction, kind: str) -> bool:
    """Tell whether the library sends a kind of message at all (R8)."""
    return any(_chosen(transaction, kind))


def channels_of(transaction: Transaction, borrower_id: int, kind: str) -> list[str]:
    """Give the channels that the library has chosen for a kind, and the borrower can be reached by."""
    contact = transaction.one(CONTACT, borrower_id=borrower_id)
    if contact is None:
        return []
    sms, mail = _chosen(transaction, kind)
    return _reached_by(transaction, borrower_id, contact[1], sms=sms, mail=mail)


def _chosen(transaction: Transaction, kind: str) -> tuple[bool, bool]:
    """Tell whether a kind goes as a text message, and as a mail."""
    sms, mail = transaction.one(CHOICE, kind=kind) or (True, True)
    return sms and kind not in MAIL_ONLY, mail


def _reached_by(transaction: Transaction, borrower_id: int, email: str, *, sms: bool, mail: bool) -> list[str]:
    channels = []
    if sms and transaction.value(SMS_NUMBER, borrower_id=borrower_id) is not None:
        channels.append("sms")
    if mail and email:
        channels.append("email")
    return channels
