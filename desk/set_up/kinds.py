"""What each kind of change knows: what stands now, whether it can be, what it would do, and how it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from desk.set_up.records import Effect

if TYPE_CHECKING:
    from db.store import Transaction

NO_EFFECT = Effect()


@dataclass(frozen=True, slots=True)
class Written:
    """What writing a change did: the id of what was added, due dates moved and left to be moved."""

    new_id: int | None = None
    moved: int = 0
    left: int = 0


NOTHING_MORE = Written()


def no_effect(_transaction: Transaction, _change: Any, _today: date) -> Effect:
    """Give the effect of what touches nobody who is there."""
    return NO_EFFECT


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of change.

    Attributes:
        what: its word in the record of changes.
        about: the ids of what is changed.
        standing: reads what stands now, in the form of the change's ``before``; None: it is to be added.
        checked: gives the change as it can be written, or raises InvalidInput; writes nothing.
        write: writes it.
        effect: counts what it would do.
    """

    what: str
    about: Callable[[Any], tuple[int | str, ...]]
    standing: Callable[[Transaction, Any], Any]
    checked: Callable[[Transaction, Any, date], Any]
    write: Callable[[Transaction, Any, date], Written]
    effect: Callable[[Transaction, Any, date], Effect] = no_effect
