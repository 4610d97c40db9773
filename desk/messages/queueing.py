"""Queueing a message inside the transaction of what it is about (M1): nothing is told that did not happen.

What is queued is facts; they are put into words when it is sent, in the borrower's language.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from db.models import Borrower, Message, MessageChoice, Telephone
from db.statements import Slot, Statement
from db.trail import Inserted

if TYPE_CHECKING:
    from db.store import Transaction

CONTACT = Statement(Borrower.select(Borrower.language, Borrower.email).where(Borrower.id == Slot("borrower_id")))
SMS_NUMBER = Statement(
    Telephone.select(Telephone.id).where((Telephone.borrower == Slot("borrower_id")) & Telephone.takes_sms).limit(1)
)
CHOICE = Statement(
    MessageChoice.select(MessageChoice.sms, MessageChoice.email).where(MessageChoice.kind == Slot("kind"))
)
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
        Whether anything was queued; False: it had been before, or the library does not send this kind.
    """
    if transaction.value(TOLD, cause=cause) is not None:
        return False
    contact = transaction.one(CONTACT, borrower_id=borrower_id)
    if contact is None:
        return False
    language, email = contact
    sms, mail = transaction.one(CHOICE, kind=kind) or (True, True)
    if not sms and not mail:
        return False
    channels = []
    if sms and transaction.value(SMS_NUMBER, borrower_id=borrower_id) is not None:
        channels.append("sms")
    if mail and email:
        channels.append("email")
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
