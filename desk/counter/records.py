"""Where a counter is, and what became of a scan."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any

from desk.counter.modes import CHECK_OUT, RETURN

if TYPE_CHECKING:
    from desk.borrowers.records import BorrowerRecord
    from desk.circulation.records import ItemRecord, LoanRecord, RenewalRecord, ReturnRecord
    from desk.circulation.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Visit:
    """One borrower's visit at the counter. ``visit`` is the command id of the scan that opened it."""

    visit: str
    borrower_id: int
    card_id: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the counter is in its work: persisted with every settled entry, so that a restart goes on from there.

    Attributes:
        drop_box: what is returned lay in the drop-box (C8); only in F3, and it ends with leaving it.
        guarded_on, elsewhere: the day (ISO) whose first items were looked at, and how many of them were other
            branches'; see :mod:`desk.counter.branch_guard`.
        with_a_stranger: a card that opens nothing ended the last visit: what is scanned now is not the last borrower's.
    """

    mode: str = CHECK_OUT
    visit: Visit | None = None
    last: Visit | None = None
    last_ended_at: datetime | None = None
    touched_at: datetime | None = None
    drop_box: bool = False
    guarded_on: str = ""
    elsewhere: int = 0
    with_a_stranger: bool = False

    def is_stale(self, at: datetime, after: timedelta) -> bool:
        """Tell whether nothing has happened in the open visit for so long that it has ended (C7)."""
        return self.visit is not None and self.touched_at is not None and at - self.touched_at > after

    def in_mode(self, mode: str) -> Place:
        """Give the place in a mode; leaving F3 ends the drop-box."""
        return replace(self, mode=mode, drop_box=self.drop_box and mode == RETURN)

    def ended(self, at: datetime) -> Place:
        """Give the place after the open visit has ended."""
        if self.visit is None:
            return self
        return replace(self, visit=None, last=self.visit, last_ended_at=at)

    def left_to_a_stranger(self, at: datetime) -> Place:
        """Give the place after a card that opens nothing has ended the open visit (C7)."""
        return replace(self.ended(at), with_a_stranger=True)

    def without(self, borrower_id: int) -> Place:
        """Give the place in which nothing is of a borrower: neither the open visit nor the last one."""
        visit, last = (
            one if one is None or one.borrower_id != borrower_id else None for one in (self.visit, self.last)
        )
        return replace(self, visit=visit, last=last, last_ended_at=self.last_ended_at if last is not None else None)

    def to_json(self) -> str:
        """Write down ids only: no code, no name."""
        return json.dumps(asdict(self), default=datetime.isoformat)

    @classmethod
    def from_json(cls, text: str) -> Place:
        """Read back what :meth:`to_json` wrote; an empty text is a fresh counter."""
        if not text:
            return cls()
        read = json.loads(text)
        return cls(
            read["mode"],
            visit_from(read["visit"]),
            visit_from(read["last"]),
            _instant_from(read["last_ended_at"]),
            _instant_from(read.get("touched_at")),
            read.get("drop_box", False),
            read.get("guarded_on", ""),
            read.get("elsewhere", 0),
            read.get("with_a_stranger", False),
        )


def _instant_from(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def visit_from(read: dict[str, Any] | None) -> Visit | None:
    """Read a visit out of JSON."""
    return None if read is None else Visit(**read)


class Answer(Enum):
    """What may be answered to a decision; the letter and its words belong to the language."""

    RETURN = "return"
    RETURN_AND_LEND = "return_and_lend"
    RENEW = "renew"
    LEND_TO_LAST = "lend_to_last"
    OVERRIDE = "override"
    ALL_PARTS = "all_parts"
    PART_MISSING = "part_missing"
    AS_CARD = "as_card"
    AS_ITEM = "as_item"
    CREATE = "create"
    BACK_ON_SHELF = "back_on_shelf"
    BRANCH_RIGHT = "branch_right"
    BRANCH_WRONG = "branch_wrong"
    WAIT = "wait"
    NOTHING = "nothing"


class Question(Enum):
    """What a decision is about."""

    REFUSED = "refused"
    NO_BORROWER = "no_borrower"
    AMBIGUOUS = "ambiguous"
    UNKNOWN_CPR = "unknown_cpr"
    FAULT = "fault"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that takes a human (C4). Kept in the queue by ids; title and reasons are read again after a restart.

    Attributes:
        entry_id: the queue entry it is.
        visit: whose visit it belongs to, None: nobody's.
        parts_counted, return_first: what has been answered so far.
        waits: somebody answered «wait», or the visit ended without an answer.
    """

    entry_id: int
    question: Question
    heard_at: datetime
    item: ItemRecord | None = None
    reasons: tuple[Refusal, ...] = ()
    visit: Visit | None = None
    parts_counted: bool = False
    return_first: bool = False
    waits: bool = False

    @property
    def answers(self) -> tuple[Answer, ...]:
        """What may be answered, in the order of the lane."""
        if self.question is Question.NO_BORROWER:
            # Whoever was last when the item was scanned, not when somebody answers.
            last = () if self.visit is None else (Answer.LEND_TO_LAST,)
            return (Answer.RETURN, *last, Answer.NOTHING)
        if self.question is Question.AMBIGUOUS:
            return (Answer.AS_CARD, Answer.AS_ITEM, Answer.NOTHING)
        if self.question is Question.UNKNOWN_CPR:
            return (Answer.CREATE, Answer.NOTHING)
        if self.question is Question.FAULT:
            return (Answer.NOTHING,)
        if self.question is Question.BRANCH:
            return (Answer.BRANCH_RIGHT, Answer.BRANCH_WRONG)
        codes = {reason.code for reason in self.reasons}
        if "already_theirs" in codes:
            return (Answer.RENEW, Answer.RETURN, Answer.NOTHING)
        from desk.circulation.refusals import ReservedForAnother  # noqa: PLC0415  (reasons are loaded with the rules)

        reserved = next((reason for reason in self.reasons if isinstance(reason, ReservedForAnother)), None)
        if reserved is not None and reserved.shelf is not None:
            return (Answer.BACK_ON_SHELF, Answer.OVERRIDE, Answer.WAIT)
        if reserved is not None and not reserved.is_trapped:
            # Returned, it goes to whoever is next.
            return (Answer.OVERRIDE, Answer.RETURN, Answer.WAIT, Answer.NOTHING)
        offered: list[Answer] = []
        if any(reason.may_override.value == "supervisor" for reason in self.reasons):
            offered.append(Answer.OVERRIDE)
        if "on_loan_to_another" in codes:
            offered.append(Answer.RETURN_AND_LEND)
        if codes == {"parts"}:
            return (Answer.ALL_PARTS, Answer.PART_MISSING, Answer.WAIT)
        return (*offered, Answer.WAIT, Answer.NOTHING)


# What became of an entry.


@dataclass(frozen=True, slots=True)
class Outcome:
    """The base of what became of an entry."""


@dataclass(frozen=True, slots=True)
class Lent(Outcome):
    """Lent to the visit's borrower."""

    loan: LoanRecord


@dataclass(frozen=True, slots=True)
class Returned(Outcome):
    """Taken back."""

    returned: ReturnRecord


@dataclass(frozen=True, slots=True)
class Renewed(Outcome):
    """Renewed by an answer in the lane."""

    renewal: RenewalRecord


@dataclass(frozen=True, slots=True)
class RenewedTogether(Outcome):
    """Several loans renewed at one press of a key, on the borrower's page."""

    renewals: tuple[RenewalRecord, ...]


@dataclass(frozen=True, slots=True)
class TurnedDown(Outcome):
    """Refused, and nobody here can change it.

    Attributes:
        ended_visit: it is another borrower's card than that of the visit that was open, which has ended (C7).
    """

    reasons: tuple[Refusal, ...]
    item: ItemRecord | None = None
    ended_visit: bool = False


@dataclass(frozen=True, slots=True)
class NotUnderstood(Outcome):
    """The code is nothing: ``empty``, ``too_long``, ``unreadable``, ``unknown``, ``unknown_cpr``, ``staff_card``."""

    problem: str
    shown: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Failed(Outcome):
    """A failure that is no refusal: ``what`` is a word to look up a sentence by; ``of_undo``: of a Ctrl+Z."""

    what: str
    of_undo: bool = False


@dataclass(frozen=True, slots=True)
class ToDecide(Outcome):
    """Waits in the lane for a human.

    Attributes:
        ended_visit: it is about another card than that of the visit that was open, which has ended (C7).
    """

    decision: Decision
    ended_visit: bool = False


@dataclass(frozen=True, slots=True)
class LeftAlone(Outcome):
    """Answered with «nothing» (or «a part is missing», «back on the shelf»): not lent, not returned."""

    item: ItemRecord | None = None
    part_missing: bool = False
    back_on_shelf: bool = False


@dataclass(frozen=True, slots=True)
class VisitOpened(Outcome):
    """A borrower's card opened a visit; ``resumed``: it is the last one, brought back."""

    visit: Visit
    borrower: BorrowerRecord
    resumed: bool = False


@dataclass(frozen=True, slots=True)
class SignUpEnded(Outcome):
    """A sign-up is over while another borrower's visit is open, which goes on.

    Attributes:
        created: somebody was created; else it turned out that they were a borrower already.
    """

    created: bool


@dataclass(frozen=True, slots=True)
class AlreadyOpen(Outcome):
    """The card of the visit that is open already."""


@dataclass(frozen=True, slots=True)
class VisitEnded(Outcome):
    """The visit (or, at return, the pile) has ended."""


@dataclass(frozen=True, slots=True)
class ModeChanged(Outcome):
    """The counter went over to the other mode."""

    mode: str


@dataclass(frozen=True, slots=True)
class BranchAnswered(Outcome):
    """Whether the counter is in the right branch."""

    is_right: bool


@dataclass(frozen=True, slots=True)
class ReceiptSent(Outcome):
    """The receipt of a visit that has ended is queued as a message, when there was anything to tell."""


@dataclass(frozen=True, slots=True)
class DropBoxTurned(Outcome):
    """What is returned from now on lay in the drop-box, or does no longer."""

    is_on: bool


@dataclass(frozen=True, slots=True)
class PageAsked(Outcome):
    """Everything scanned before it has been handled: now the page of whoever's visit is open may be shown (F4)."""


@dataclass(frozen=True, slots=True)
class SignOffAsked(Outcome):
    """Everything scanned before it has been handled: now the operator may sign off."""


@dataclass(frozen=True, slots=True)
class NothingToResume(Outcome):
    """There is no last borrower any more."""


@dataclass(frozen=True, slots=True)
class Undone(Outcome):
    """What was done last has been taken back: whose line it was, what it was, and the item as it is again.

    ``somebody_was_told``: a message about it had gone out before.
    """

    entry_id: int
    was: Outcome
    item: ItemRecord
    somebody_was_told: bool = False


@dataclass(frozen=True, slots=True)
class UndoRefused(Outcome):
    """What was done last stays done."""

    reasons: tuple[Refusal, ...]
    was: Outcome


@dataclass(frozen=True, slots=True)
class NothingToUndo(Outcome):
    """Nothing was done here that could be taken back.

    ``was_of_another``: what was done before was an earlier borrower's, which is not brought back under the next one.
    """

    was_of_another: bool = False
