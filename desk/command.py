"""What commands and queries are, and how a function says which command it carries out.

A command is a frozen dataclass named in the imperative (``CheckOut``) with its values, who, when and a command id;
the function of the same words (``check_out``) carries it out inside one transaction and returns a record or raises
a :class:`~desk.errors.DeskError` *before it has written anything*. A query is a noun-phrase function of a transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Concatenate, Generic, ParamSpec, TypeVar

from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

R = TypeVar("R")
C = TypeVar("C", bound="Command[Any]")
P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Who:
    """On whose behalf something is done.

    Attributes:
        staff_id: who is signed in; None: nobody yet.
        counter_id: at which counter, None outside one.
        installation: the installation itself (a shell on the machine, a timer), which has IT's rights.
    """

    staff_id: int | None
    counter_id: int | None = None
    installation: bool = False


NOBODY = Who(None)
INSTALLATION = Who(None, installation=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[R]):
    """The base of all commands; ``R`` is the record it answers with.

    Attributes:
        command_id: drawn once by the caller; the same id is never carried out twice.
        who: on whose behalf.
        at: the instant (aware UTC) it counts as done.
    """

    right: ClassVar[Right]

    command_id: str
    who: Who
    at: datetime


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of command is carried out, and how its answer is given again."""

    carry_out: Callable[[Transaction, Any], Any]
    row_id: Callable[[Any], int | None]
    again: Callable[[Transaction, Any, int], Any] | None


HANDLERS: dict[type[Command[Any]], Handler] = {}


def carries_out(
    kind: type[C],
    *,
    row_id: Callable[[Any], int | None] = lambda _record: None,
    again: Callable[[Transaction, Any, int], Any] | None = None,
) -> Callable[[Callable[[Transaction, C], R]], Callable[[Transaction, C], R]]:
    """Register the function that carries out a kind of command.

    Args:
        kind: the command class.
        row_id: the id to keep of the record it answers with.
        again: makes the same record from the command and the kept row id, when a command comes a second time.
    """

    def register(function: Callable[[Transaction, C], R]) -> Callable[[Transaction, C], R]:
        HANDLERS[kind] = Handler(function, row_id, again)
        return function

    return register


QUERY_RIGHTS: dict[Callable[..., Any], Right] = {}


def query(
    right: Right,
) -> Callable[[Callable[Concatenate[Transaction, P], R]], Callable[Concatenate[Transaction, P], R]]:
    """Name the right a query needs."""

    def register(
        function: Callable[Concatenate[Transaction, P], R],
    ) -> Callable[Concatenate[Transaction, P], R]:
        QUERY_RIGHTS[function] = right
        return function

    return register
