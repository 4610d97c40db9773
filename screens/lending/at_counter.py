"""What is on the counter right now: piles, borrower, decisions; kept apart from the widgets that paint it.

Told by :class:`~desk.counter.work.CounterWork` what happened; tells the screen that is shown which part to paint.
It shows only what came back, and never predicts an outcome.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Protocol

from desk.counter.happenings import (
    Happening,
    Heard,
    HeardAgain,
    NotReceived,
    QueueState,
    Settled,
    Spooled,
    StoreState,
)
from desk.counter.modes import CHECK_OUT, RETURN
from desk.counter.records import (
    AlreadyOpen,
    BranchAnswered,
    Decision,
    DropBoxTurned,
    Failed,
    Lent,
    ModeChanged,
    NothingToResume,
    NothingToUndo,
    NotUnderstood,
    Outcome,
    PageAsked,
    Place,
    SignOffAsked,
    SignUpEnded,
    ToDecide,
    TurnedDown,
    Undone,
    UndoRefused,
    VisitEnded,
    VisitOpened,
)
from desk.counter.work import CounterWork
from screens.lending.piles import PileOfScans, Row
from screens.lending.receipt import ReceiptAtCounter
from screens.lending.slips import SlipsAtCounter

if TYPE_CHECKING:
    from desk.borrowers.records import BorrowerRecord
    from desk.circulation.records import LoanRecord
    from screens.lending.tags import TagRemark, TagsAtCounter

# A line that settles sooner is painted once, with its outcome: half the bytes, and no wait for the second frame.
PENDING_SHOWN_AFTER = 0.025


class View(Protocol):
    """What the counter asks of the screen that is shown."""

    def show_row(self, row: Row) -> None:
        """Paint one line and the figures."""

    def turn_to(self, row: Row) -> None:
        """Turn to the page of a line that has changed by itself."""

    def show_all(self) -> None:
        """Paint everything: another pile, another borrower."""

    def show_lane(self) -> None:
        """Paint the decisions."""

    def show_receipt(self) -> None:
        """Paint the last visit's receipt, or take it off."""

    def show_receipt_printed(self) -> None:
        """Say that the last visit's receipt has been printed."""

    def show_state(self) -> None:
        """Paint the status line and the band."""

    def say(self, outcome: Outcome) -> None:
        """Say what became of something that has no line here any more."""

    def show_hint(self, text: str) -> None:
        """Say one line above the scan line until something else happens."""

    def say_of_item(self, text: str) -> None:
        """Say one line that names an item, until something else happens or the visit changes."""

    def forget_said(self) -> None:
        """Take off what was said of an item."""

    def ring(self) -> None:
        """Make the terminal sound: something needs a look."""


class AtCounter:
    """The counter's state as the screens see it."""

    def __init__(
        self,
        work: CounterWork,
        today: Callable[[], date],
        changed_visit: Callable[[], None],
        loans_changed: Callable[[], object],
    ) -> None:
        self.work = work
        self.today = today
        self.receipt = ReceiptAtCounter()
        self.slips = SlipsAtCounter()
        self.piles = {CHECK_OUT: PileOfScans(), RETURN: PileOfScans()}
        self.borrower: BorrowerRecord | None = None
        self.last_loan: LoanRecord | None = None
        self.line_of_decision: dict[int, int] = {}
        self.store_state = "ok"
        self.queue_ok = True
        self.view: View | None = None
        # Only where tags are read.
        self.tags: TagsAtCounter | None = None
        self.show_mode: Callable[[str], None] = lambda _mode: None
        self.sign_off: Callable[[], object] = lambda: None
        self.open_page: Callable[[], object] = lambda: None
        self.read_borrower_again: Callable[[], object] = lambda: None
        self.same_card: Callable[[], object] = lambda: None
        self.page_says: Callable[[Outcome], bool] = lambda _outcome: False
        self._changed_visit = changed_visit
        self._loans_changed = loans_changed
        self._unkept = 0
        self._says_why_not = False
        self._queue_shown = False
        self._paint_soon: asyncio.TimerHandle | None = None
        work.tell = self.happened

    @property
    def place(self) -> Place:
        """Where the counter is."""
        return self.work.place

    @property
    def pile(self) -> PileOfScans:
        """The pile of the mode that is on."""
        return self.piles[self.place.mode]

    def happened(self, happening: Happening) -> None:
        """Take in what the work tells."""
        match happening:
            case Heard():
                self._show_pending_soon()
            case HeardAgain(entry_id=entry_id, times=times):
                row = self.pile.again(entry_id, times)
                if row is not None:
                    self._show(row)
            case Settled():
                self._settled(happening)
            case NotReceived():
                self._not_received()
            case Spooled():
                self._spooled(happening)
            case QueueState(ok=ok) if ok != self.queue_ok:
                self.queue_ok = ok
                self._show_state()
            case StoreState(state=state):
                self.store_state = state
                self._show_state()
            case _:
                pass

    def _show_pending_soon(self) -> None:
        if self._paint_soon is None:
            loop = asyncio.get_running_loop()
            self._paint_soon = loop.call_later(PENDING_SHOWN_AFTER, self._show_pending)

    def _show_pending(self) -> None:
        self._paint_soon = None
        for entry_id in self.work.waiting_codes:
            if entry_id not in self.pile.rows:
                self._show(self.pile.pend(entry_id))
        if self.work.waiting:
            self._queue_shown = True
            self._show_state()

    def _not_received(self) -> None:
        """A scan that was not kept is a line of its own: never acknowledged, and never silent (C2)."""
        self._unkept -= 1
        row = self.pile.unkept(self._unkept, NotUnderstood("not_received"))
        self._show(row)
        if self.view is not None:
            self.view.ring()

    def _spooled(self, told: Spooled) -> None:
        """Say on its line that a slip waits, or could not be kept; of a receipt, beside the pile."""
        if told.kind == "receipt":
            self.receipt.spooled(told.job_id)
            if self.slips.has_printed(told.job_id):
                # The printer was quicker than this was told.
                self.printed(told.job_id)
        row = self.slips.spooled(told, self.piles.values())
        if row is not None:
            self._show(row)
        # Whether anything could not be kept may have changed.
        self._show_state()

    def printed(self, job_id: str) -> None:
        """The printer has printed something."""
        row = self.slips.printed(job_id, self.piles.values())
        if row is not None:
            self._show(row)
        elif self.receipt.is_latest(job_id) and self.view is not None:
            self.view.show_receipt_printed()

    def printer_changed(self, state: str) -> None:
        """The printer is back, or gone: lines whose slips wait say why."""
        self.slips.printer = state
        for row in self.slips.waiting(self.piles.values()):
            self._show(row)

    def _settled(self, settled: Settled) -> None:
        outcome = settled.outcome
        if self.tags is not None:
            self.tags.settled(outcome)
        self._before_its_line(settled.entry_id, outcome)
        match outcome:
            case VisitOpened(borrower=borrower):
                self.visit_opened(borrower, settled.entry_id)
            case VisitEnded():
                self.pile_ended()
            case ModeChanged(mode=mode):
                self._tags_ended()
                for pile in self.piles.values():
                    pile.drop(settled.entry_id)
                self.show_mode(mode)
            case Undone():
                self._undone(outcome)
            case _ if settled.counts:
                self._settled_line(settled.entry_id, outcome, by_answer=settled.by_answer)
            case _:
                self._settled_order(outcome)
        if isinstance(outcome, ToDecide) or settled.by_answer:
            self._show_lane()
        if self._queue_shown and not self.work.waiting:
            self._queue_shown = False
            self._show_state()

    def _settled_order(self, outcome: Outcome) -> None:
        """An order of a key has been carried out: it has no line in a pile."""
        match outcome:
            case SignOffAsked():
                self.sign_off()
            case PageAsked():
                self.open_page()
            case DropBoxTurned():
                self._show_state()
            case BranchAnswered(is_right=False):
                if self.view is not None:
                    self.view.say(outcome)
            case ToDecide():
                self._ring()
            case NothingToResume() | UndoRefused() | NothingToUndo() | Failed(of_undo=True) | SignUpEnded():
                self._answer(outcome)

    def _before_its_line(self, entry_id: int, outcome: Outcome) -> None:
        if isinstance(outcome, AlreadyOpen):
            self.same_card()
        elif isinstance(outcome, (ToDecide, TurnedDown)) and outcome.ended_visit:
            self._ended_by(entry_id)

    def _settled_line(self, entry_id: int, outcome: Outcome, *, by_answer: bool) -> None:
        if by_answer and entry_id not in self.pile.rows:
            # Its line went with its visit: what became of it is said beside the pile.
            if self.view is not None:
                self.view.say(outcome)
            return
        for mode, pile in self.piles.items():
            if mode != self.place.mode:
                pile.drop(entry_id)
        row = self.pile.settle(entry_id, outcome)
        if self.tags is not None:
            row.tags = self.tags.remarks_on(outcome)
        if isinstance(outcome, Lent):
            self.last_loan = outcome.loan
            if self.borrower is not None and self.borrower.borrower_id == outcome.loan.borrower_id:
                self.borrower = replace(self.borrower, open_loans=outcome.loan.open_loans, limit=outcome.loan.limit)
                if outcome.loan.fulfilled:
                    # What lies ready for them is another number now.
                    self.read_borrower_again()
        if isinstance(outcome, ToDecide):
            self.line_of_decision[entry_id] = row.number
        self._show(row)
        self._say_why_not(outcome)
        self._say_tags(row)

    def _answer(self, outcome: Outcome) -> None:
        """Say beside the pile what became of an order that has no line of its own."""
        if not isinstance(outcome, SignUpEnded):
            self._ring()
        if not isinstance(outcome, NothingToResume):
            self._say(outcome)

    def _say(self, outcome: Outcome) -> None:
        """Say it where it is seen: on the page that lies over the counter, if it has a place for it."""
        if not self.page_says(outcome) and self.view is not None:
            self.view.say(outcome)

    def _undone(self, undone: Undone) -> None:
        """Say on its own line what has been taken back; of a line that is gone, beside the pile."""
        if isinstance(undone.was, Lent) and self.last_loan == undone.was.loan:
            self.last_loan = None
        for pile in self.piles.values():
            row = pile.rows.get(undone.entry_id)
            if row is not None:
                row.outcome = undone
        row = self.pile.rows.get(undone.entry_id)
        if row is not None:
            self._show(row)
            if self.view is not None:
                # It may be on another page: what was taken back is seen.
                self.view.turn_to(row)
        if row is None or undone.somebody_was_told:
            # That somebody was told takes a call, and more room than a line has.
            self._say(undone)
        if self.borrower is not None:
            self._loans_changed()

    def tags_changed(self) -> None:
        """What the pad sees has changed: paint the lines that say so."""
        if self.tags is not None:
            for row in self.tags.changed(self.pile.rows.values()):
                self._show(row)
                self._say_tags(row)
                if isinstance(row.outcome, ToDecide):
                    self._show_lane()

    def tags_of(self, entry_id: int) -> tuple[TagRemark, ...]:
        """Give what stands out about the tags of an entry's item, while its line is there."""
        row = self.pile.rows.get(entry_id)
        return row.tags if row is not None else ()

    def _say_why_not(self, outcome: Outcome) -> None:
        """Say every reason of a plain refusal until the next scan: its line has room for one, and nothing asks (C5)."""
        if self.view is None:
            return
        if isinstance(outcome, TurnedDown):
            self.view.say(outcome)
        elif self._says_why_not:
            self.view.forget_said()
        self._says_why_not = isinstance(outcome, TurnedDown)

    def _say_tags(self, row: Row) -> None:
        """Say whole what stands out in several ways: a small terminal's line has no room for it (C5)."""
        if row.tags and self.view is not None:
            from screens.tag_words import said_of_line  # noqa: PLC0415  (only where tags are read)

            if said := said_of_line(row):
                self.view.say_of_item(said)

    def _tags_ended(self) -> None:
        if self.tags is not None:
            self.tags.session_ended()

    def loan_changed(self, loan: LoanRecord) -> None:
        """A loan of this pile has another due date."""
        for row in self.piles[CHECK_OUT].rows.values():
            if isinstance(row.outcome, Lent) and row.outcome.loan.loan_id == loan.loan_id:
                row.outcome = Lent(loan)

    def visit_opened(self, borrower: BorrowerRecord, entry_id: int) -> None:
        """A card opened a visit: nothing of the last borrower stays."""
        self._tags_ended()
        for pile in self.piles.values():
            pile.drop(entry_id)
        self.piles[CHECK_OUT].clear()
        self.line_of_decision.clear()
        self.work.leave_waiting()
        self.borrower = borrower
        self.receipt.forget()
        self.last_loan = None
        for waiting in self.work.waiting_codes:
            if waiting != entry_id:
                self.piles[CHECK_OUT].pend(waiting)
        self._visit_is_another()
        self.show_mode(CHECK_OUT)
        self._show_all()

    def pile_ended(self) -> None:
        """The visit, or the pile of returns, has ended: its lines go."""
        self._tags_ended()
        lent = [row.outcome.loan for row in self.pile.rows.values() if isinstance(row.outcome, Lent)]
        self.pile.clear()
        self.work.leave_waiting()
        if self.place.visit is None:
            self.forget_borrower()
            self.receipt.visit_ended(lent)
        self._visit_is_another()
        self._show_all()

    def _visit_is_another(self) -> None:
        """What was said may name the last one's book (C7)."""
        if self.view is not None:
            self.view.forget_said()
        self._changed_visit()

    def is_of_an_earlier_visit(self, decision: Decision) -> bool:
        """Tell whether somebody else stands at the counter now than when a decision arose."""
        here, of = self.place.visit, decision.visit
        return here is not None and of is not None and here.borrower_id != of.borrower_id

    def put_receipt_away(self) -> None:
        """Take the last visit's receipt off the screen: a key was pressed, or nobody has for a while."""
        if self.receipt.put_away() and self.view is not None:
            self.view.show_receipt()

    def _ended_by(self, entry_id: int) -> None:
        """A card that opens nothing ended the visit: it is the first line of the next pile, what waits comes next."""
        self.forget_borrower()
        self.work.leave_waiting(but=entry_id)
        for one in (entry_id, *self.work.waiting_codes):
            self.piles[CHECK_OUT].pend(one)
        self._visit_is_another()
        self._show_all()

    def forget_borrower(self) -> None:
        """Drop everything that was shown of the borrower."""
        self.borrower = None
        self.last_loan = None
        self.piles[CHECK_OUT].clear()
        self.line_of_decision.clear()
        self.receipt.forget()

    def _show(self, row: Row) -> None:
        if self.view is not None:
            self.view.show_row(row)
            outcome = row.outcome
            if isinstance(outcome, ToDecide) and not outcome.decision.waits:
                self.view.ring()

    def _show_all(self) -> None:
        if self.view is not None:
            self.view.show_all()

    def _show_lane(self) -> None:
        if self.view is not None:
            self.view.show_lane()

    def _show_state(self) -> None:
        if self.view is not None:
            self.view.show_state()

    def _ring(self) -> None:
        if self.view is not None:
            self.view.ring()
