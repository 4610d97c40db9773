"""Unsubscribing and coming back: a restore must not bring back whoever has left since the back-up (P12, G5).

Of whoever leaves, a mark goes on the list of tombstones: made from what unsubscribes an address, under the
installation's key, so that it leads to nobody, and unsubscribes nobody either.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from db.models import Subscriber
from desk.calendar import local_date
from desk.command import query
from desk.errors import TombstonesError
from desk.newsletter.commands import TAKE_OFF, Unsubscribe
from desk.newsletter.rules import email_of_token, folded_email
from desk.privacy.tombstones import note_back, note_left
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.fields import CprVault
    from db.store import Transaction
    from desk.installation import Installation
    from desk.newsletter.commands import Subscribe, UnsubscribeWithToken
    from desk.newsletter.records import Subscription, Unsubscribed

log = logging.getLogger(__name__)


async def leave(installation: Installation, command: Unsubscribe | UnsubscribeWithToken) -> Unsubscribed:
    """Unsubscribe, and mark it where a restore looks: before the commit, so that a kill leaves a mark too many.

    A list that cannot be written keeps nobody on the newsletter; ``desk check`` tells of it.

    Raises:
        NotFound: nobody subscribes so.
        DeskError: the store did not answer; nothing has changed.
    """
    if isinstance(command, Unsubscribe):
        token = installation.vault.unsubscribe_token(folded_email(command.email))
    else:
        token = command.token.strip()
    if await installation.desk.ask(command.who, subscribes, token):
        try:
            note_left(installation.home, installation.vault, mark_of(token), local_date(command.at))
        except TombstonesError as error:
            log.warning("that somebody left the newsletter could not be marked: %s", error.why)
    return await installation.desk.do(command)


async def join(installation: Installation, command: Subscribe) -> Subscription:
    """Subscribe; of whoever has left before, mark that they are back: behind the commit, so that a kill forgets it.

    Raises:
        InvalidInput: it is no address, or no name.
        DeskError: the store did not answer; nothing has changed.
    """
    done = await installation.desk.do(command)
    mark = mark_of(installation.vault.unsubscribe_token(folded_email(command.email)))
    try:
        note_back(installation.home, installation.vault, mark, local_date(command.at))
    except TombstonesError as error:
        log.warning("that somebody came back to the newsletter could not be marked: %s", error.why)
    return done


@query(Right.SUBSCRIBE)
def subscribes(transaction: Transaction, token: str) -> bool:
    """Tell whether what unsubscribes an address is that of somebody on the list."""
    emails = (email for (email,) in transaction.all(Subscriber.select(Subscriber.email)))
    make = transaction.vault.unsubscribe_token
    return email_of_token(token, ((email, make(email)) for email in emails)) is not None


def mark_of(token: str) -> bytes:
    """Give the mark of whoever leaves (32 bytes)."""
    return sha256(b"skranke newsletter left " + token.encode("utf-8")).digest()


def has_left(left: Mapping[bytes, date], vault: CprVault, email: str, consented_on: date) -> bool:
    """Tell whether somebody has left since they consented; who consented anew on a later day has not.

    Args:
        left: marks, with the local date of the last leaving.
        vault: of the installation.
        email: as the list holds it.
        consented_on: local date.
    """
    left_on = left.get(mark_of(vault.unsubscribe_token(email)))
    return left_on is not None and consented_on <= left_on


def take_off_left(transaction: Transaction, left: Mapping[bytes, date]) -> int:
    """Take those off a restored list who have left it since; gives how many.

    Args:
        transaction: of the restored store, which nobody else has open.
        left: as for :func:`has_left`.
    """
    gone = 0
    for email, consented_on in transaction.all(Subscriber.select(Subscriber.email, Subscriber.consented_on)):
        if has_left(left, transaction.vault, email, consented_on):
            gone += transaction.run(TAKE_OFF, email=email)
    return gone
