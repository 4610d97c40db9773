"""``Desk.do(command)`` and ``Desk.ask(query)``: all that a screen, the CLI or a machine may call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from peewee import IntegrityError

from db import errors as below
from db.models import CommandRecord, Counter, Staff
from db.statements import Slot, Statement
from db.store import Store, Transaction
from desk.command import HANDLERS, QUERY_RIGHTS, Command, Who
from desk.errors import (
    AccountClosed,
    AlreadyDone,
    DeskError,
    InvalidInput,
    NotAllowed,
    NotFound,
    Refused,
    StoreError,
    StoreIsBusy,
    StoreIsFull,
    StoreIsOutdated,
    StoreIsUnreachable,
    StoreIsUnreadable,
)
from desk.staff.rights import ANYBODY, INSTALLATION, RIGHTS_OF, Right

R = TypeVar("R")
P = ParamSpec("P")

STORE_ERRORS: dict[type[below.StorageError], type[StoreError]] = {
    below.StoreBusy: StoreIsBusy,
    below.StoreUnreachable: StoreIsUnreachable,
    below.StoreUnreadable: StoreIsUnreadable,
    below.StoreFull: StoreIsFull,
    below.StoreOutdated: StoreIsOutdated,
}


class Desk:
    """The desk over one store. Commands go through one transaction each, one at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def do(self, command: Command[R]) -> R:
        """Carry out a command, or give the answer it had when its id has been carried out before.

        Raises:
            Refused: the rules say no; it has been recorded as refused.
            NotAllowed: the operator's role lacks the right the command names.
            StoreError: the store did not do it; nothing was written, and the same command may be sent again.
            DeskError: what else the command's function documents.
        """
        try:
            return await self._in_store(lambda transaction: carried_out(transaction, command))
        except Refused as refusal:
            return await self._refused(command, refusal)
        except (NotFound, InvalidInput):
            # Its own effect can be in its way as well: what it lifted is not there to lift, its user name is taken.
            answer = await self._in_store(lambda transaction: answer_again(transaction, command))
            if answer is None:
                raise
            return answer
        except IntegrityError:
            # The schema was the last guard: either this very command has been carried out, or another counter
            # was first. One more try sees what is there now, and answers or refuses with the reason.
            try:
                return await self._in_store(
                    lambda transaction: answer_again(transaction, command) or carried_out(transaction, command)
                )
            except RecordedRefused:
                raise
            except Refused as refusal:
                return await self._refused(command, refusal)

    async def _refused(self, command: Command[R], refusal: Refused) -> R:
        """Record a refusal, so that a replay after a crash does not decide otherwise.

        A command that was carried out before the crash is refused by its own effect («already theirs»); its
        record tells, and the answer it had is given again.
        """

        def record(transaction: Transaction) -> R | None:
            answer = answer_again(transaction, command)
            if answer is None:
                _record(transaction, command, None, refusal.codes)
            return answer

        answer = await self._in_store(record)
        if answer is None:
            raise refusal
        return answer

    async def _in_store(self, work: Callable[[Transaction], R]) -> R:
        try:
            return await self._store.write(work)
        except below.StorageError as error:
            raise store_error(error) from None

    async def ask(
        self, who: Who, query: Callable[Concatenate[Transaction, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Ask a query on one consistent view of the store.

        Raises:
            NotAllowed: the role lacks the right the query names.
            StoreError: the store did not answer.
        """

        def answer(transaction: Transaction) -> R:
            authorise(transaction, who, QUERY_RIGHTS[query])
            return query(transaction, *args, **kwargs)

        try:
            return await self._store.read(answer)
        except below.StorageError as error:
            raise store_error(error) from None

    def close(self) -> None:
        """Close the store."""
        self._store.close()


class RecordedRefused(Refused):
    """A refusal given again from the command record."""


def carried_out(transaction: Transaction, command: Command[R]) -> R:
    """Carry out a command inside a transaction that is open, and record it.

    Raises:
        peewee.IntegrityError: when its id has been recorded before; the caller rolls back and asks again.
    """
    authorise(transaction, command.who, command.right)
    handler = HANDLERS[type(command)]
    answer = cast("R", handler.carry_out(transaction, command))
    _record(transaction, command, handler.row_id(answer), ())
    return answer


# Where they stand comes with it: nearly every command asks, and a statement of its own costs more (Q3).
STANDING = Statement(
    Staff.select(
        Staff.role, Staff.active, Counter.select(Counter.branch).where(Counter.id == Slot("counter_id"))
    ).where(Staff.id == Slot("staff_id"))
)


def authorise(transaction: Transaction, who: Who, right: Right) -> None:
    """Make sure that whoever asks has a right now.

    Raises:
        AccountClosed: the account has been closed.
        NotAllowed: it is of a role without the right, or there is nobody.
    """
    if right in ANYBODY:
        return
    held: frozenset[Right] = frozenset()
    if who.installation:
        held = INSTALLATION
    elif who.staff_id is not None:
        row = transaction.one(STANDING, staff_id=who.staff_id, counter_id=who.counter_id)
        if row is None or not row[1]:
            raise AccountClosed(right.value)
        held = RIGHTS_OF[row[0]]
        if row[2] is not None:
            transaction.branches[who.counter_id] = row[2]
    if right not in held:
        raise NotAllowed(right.value)


NEW_RECORD = Statement(
    CommandRecord.insert(
        command_id=Slot("command_id"),
        kind=Slot("kind"),
        row_id=Slot("row_id"),
        refusals=Slot("refusals"),
        done_at=Slot("at"),
    )
)


def _record(transaction: Transaction, command: Command[Any], row_id: int | None, codes: tuple[str, ...]) -> None:
    transaction.run(
        NEW_RECORD,
        command_id=command.command_id,
        kind=type(command).__name__,
        row_id=row_id,
        refusals=" ".join(codes),
        at=command.at,
    )


RECORD = Statement(
    CommandRecord.select(CommandRecord.kind, CommandRecord.row_id, CommandRecord.refusals).where(
        CommandRecord.command_id == Slot("command_id")
    )
)


def answer_again(transaction: Transaction, command: Command[R]) -> R | None:
    """Give the answer a recorded command had, or None when it has not been recorded.

    Raises:
        RecordedRefused: it was refused.
        AlreadyDone: the id belongs to a command of another kind.
    """
    from desk.circulation.refusals import RecordedRefusal  # noqa: PLC0415  (only on a replay)

    row = transaction.one(RECORD, command_id=command.command_id)
    if row is None:
        return None
    kind, row_id, refusals = row
    if kind != type(command).__name__:
        raise AlreadyDone(command.command_id)
    authorise(transaction, command.who, command.right)
    if refusals:
        raise RecordedRefused(tuple(RecordedRefusal(code) for code in refusals.split()))
    again = HANDLERS[type(command)].again
    if again is None:
        raise AlreadyDone(command.command_id)
    return cast("R", again(transaction, command, row_id))


def store_error(error: below.StorageError) -> DeskError:
    """Say in this layer's types what went wrong below."""
    return STORE_ERRORS.get(type(error), StoreIsUnreachable)(error.where, error.detail)
