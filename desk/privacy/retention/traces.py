"""What work leaves behind: the content of messages (P6), requests that came to nothing, the log, command ids (G6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peewee import SQL, Model

from db.models import AccessLog, CommandRecord, DeletionRequest, Message
from desk.privacy.access_log import cut_log, log_begins_after, oldest_rows
from desk.privacy.retention.kind import Kind, KindByCondition
from desk.privacy.retention.records import After, Step
from desk.privacy.retention.rules import Due

if TYPE_CHECKING:
    from db.store import Transaction

HAS_CONTENT = SQL("(facts IS NOT NULL OR subject IS NOT NULL OR body IS NOT NULL)")
"""In the words of the index, which is found by them."""
CAME_TO_NOTHING = ("rejected", "withdrawn")


class MessageContents(KindByCondition):
    """What messages said. That they were sent stays, with its times unchanged."""

    about = "messages"
    table = Message
    dated = Message.created_at

    def may_go(self, due: Due) -> Any:
        """Queued long enough ago, and still saying something."""
        return HAS_CONTENT & (Message.created_at < due.kept_from)

    def does_go(self, due: Due) -> Any:
        """And sent long enough ago, if it was sent."""
        # Said column by column: a function of both would not know how instants are stored.
        return self.may_go(due) & (Message.sent_at.is_null() | (Message.sent_at < due.kept_from))

    def take(self, transaction: Transaction, table: type[Model], ids: Sequence[int]) -> int:
        """Take the content out of rows."""
        return transaction.run(Message.update(facts=None, subject=None, body=None).where(Message.id.in_(list(ids))))


class Requests(KindByCondition):
    """Deletion requests that were rejected or withdrawn: kept as long as the log."""

    about = "deletion_requests"
    table = DeletionRequest

    def may_go(self, due: Due) -> Any:
        """Came to nothing long enough ago."""
        return DeletionRequest.state.in_(CAME_TO_NOTHING) & (DeletionRequest.decided_at < due.logged_from)

    does_go = may_go


class LogRows(Kind):
    """The access log, from its oldest end: rows are cut off as long as they are old enough, so it stays one chain.

    A row that claims to be younger than the next one (a clock was put right) keeps what comes after it as long as it
    is kept itself.
    """

    about = "log"
    table = AccessLog

    def step(self, transaction: Transaction, due: Due, after: After | None, count: int) -> Step:
        """Look at the next rows from the oldest end."""
        begins = log_begins_after(transaction) if after is None else after.row_id
        rows = oldest_rows(transaction, begins, count)
        ids: list[int] = []
        for number, at in rows:
            if number != begins + len(ids) + 1 or at >= due.logged_from:
                return Step(tuple(ids), None)
            ids.append(number)
        return Step(tuple(ids), After(ids[-1]) if len(ids) == count else None)

    def still_go(self, transaction: Transaction, due: Due, ids: Sequence[int]) -> tuple[int, ...]:
        """Give those that are still the oldest."""
        begins = log_begins_after(transaction)
        return tuple(number for number in ids if number > begins) if ids and ids[0] <= begins + 1 else ()

    def take(self, transaction: Transaction, table: type[Model], ids: Sequence[int]) -> int:
        """Cut the log off behind the last of them."""
        return cut_log(transaction, ids[-1])


class Commands(KindByCondition):
    """Ids of commands that were carried out a day ago."""

    about = "commands"
    table = CommandRecord
    dated = CommandRecord.done_at

    def may_go(self, due: Due) -> Any:
        """Done long enough ago."""
        return CommandRecord.done_at <= due.commands_from

    does_go = may_go
