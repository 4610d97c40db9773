"""The work of one counter: hear, queue, handle strictly in order, settle (C2).

Order of durability: queue commit → store commit (unique command id) → settled. Whatever is lost in between is
done again after a restart under the same command id, and answers what it answered.

Longer than most: whatever moves a counter on, a scan, an answer from the lane, a sign-up, goes under one lock and
settles the same way, and is read in one place. What can be told apart from that lies in the modules beside it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from db.errors import StorageError
from db.queue import Entry, Queue
from desk.calendar import local_date
from desk.command import NOBODY, Who
from desk.counter.branch_guard import BranchGuard
from desk.counter.happenings import Happening, QueueState, Settled, StoreState
from desk.counter.holds import PRIVACY, Holds
from desk.counter.intake import Intake
from desk.counter.kept import kept_in_queue
from desk.counter.left_behind import LeftBehind
from desk.counter.on_reader import CardOnReader
from desk.counter.orders import BRANCH_CHECK, CODE, RECEIPT, TO_BORROWER, UNDO
from desk.counter.records import (
    Answer,
    Decision,
    Failed,
    ModeChanged,
    Outcome,
    Place,
    Question,
    ReceiptSent,
    ToDecide,
    TurnedDown,
    Visit,
    VisitEnded,
    VisitOpened,
)
from desk.counter.taking_up import LeftInQueue, left_in
from desk.counter.undoing import LastDone
from desk.errors import DeskError, NotAllowed, StoreError, StoreIsBusy, StoreIsFull
from desk.staff.records import StaffRecord

if TYPE_CHECKING:
    from desk.counter.deciding import Deciding
    from desk.counter.handling import Handling
    from desk.desk import Desk
    from desk.spool.printing import Printing

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.2
STALLED_SECONDS = 0.5


class CounterWork:
    """Drives one counter. Everything runs on the event loop; the two files have threads of their own."""

    def __init__(
        self,
        desk: Desk,
        queue: Queue,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        repeat_seconds: float = 1.5,
        claim_left_behind: Callable[[], list[Queue]] = list,
        *,
        sends_receipts: bool = False,
        prints: Printing | None = None,
    ) -> None:
        self._sends_receipts = sends_receipts
        self.prints = prints
        self._desk = desk
        self._queue = queue
        self._guard = BranchGuard(desk)
        self._left = LeftBehind(claim_left_behind)
        self._now = now
        self._new_id = new_id
        self._repeat_seconds = repeat_seconds
        self._waiting: deque[Entry] = deque()
        # What is told goes to whoever listens now: the screen comes after this.
        self._intake = Intake(queue, now, new_id, repeat_seconds, lambda told: self.tell(told), self._hand_over)
        self._more = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()
        self._entries: dict[int, Entry] = {}
        self._holds = Holds()
        self.last_done = LastDone()
        self._last_id = 0
        self._seconds = time.monotonic
        self._handling_since: float | None = None
        self.tell: Callable[[Happening], None] = lambda _happening: None
        # Told whose card lies behind other things that have to wait: without anybody to see it, the next one's books
        # must not go to the last one's visit (C7).
        self.card_waits: Callable[[int], None] = lambda _borrower_id: None
        self._looked_behind = 0
        self.place = Place()
        self.decisions: dict[int, Decision] = {}

    # Made when the first entry comes: a start need not load the rules of lending before it shows the sign-in (Q5).

    @cached_property
    def _handling(self) -> Handling:
        from desk.counter.handling import Handling  # noqa: PLC0415

        return Handling(self._desk)

    @cached_property
    def _deciding(self) -> Deciding:
        from desk.counter.deciding import Deciding  # noqa: PLC0415

        return Deciding(self._desk, self._handling, self._now, self._new_id)

    def load_rules(self) -> None:
        """Load what the first entry takes, so that it need not wait for it; may run in a thread."""
        _ = self._deciding

    @property
    def waiting(self) -> int:
        """How many entries have been heard and not handled."""
        return len(self._waiting)

    @property
    def has_stalled(self) -> bool:
        """Whether the store has kept an entry for longer than anybody would call at once."""
        return self._handling_since is not None and self._seconds() - self._handling_since > STALLED_SECONDS

    @property
    def is_busy(self) -> bool:
        """Whether something taken in has not been queued, or something queued has not been settled."""
        going_on = bool(self._waiting) and not self._holds
        return not self._intake.is_empty or going_on or self._one_at_a_time.locked()

    @property
    def on_reader(self) -> CardOnReader:
        """The card that lies on the reader, and the visit it opened."""
        return self._intake.on_reader

    @property
    def waiting_codes(self) -> tuple[int, ...]:
        """The ids of scans heard and not handled, oldest first."""
        return tuple(entry.id for entry in self._waiting if entry.kind == CODE)

    async def open(self) -> None:
        """Open the queue and take up what an earlier run left: its place and its unfinished entries.

        Raises:
            StoreError: the queue cannot be read with its key, or not be written.
        """
        self.go_on_from(await left_in(self._queue))

    def go_on_from(self, left: LeftInQueue) -> None:
        """Take up what an earlier run left, where the queue has been opened already."""
        self.place = Place.from_json(left.place)
        for entry in left.entries:
            self._entries[entry.id] = entry
            self._last_id = entry.id
            if entry.state == "waiting":
                self._waiting.append(entry)
        if self._waiting:
            self._more.set()

    async def restore_decisions(self, who: Who = NOBODY) -> None:
        """Read the decisions of an earlier run back into the lane; needs the store.

        Args:
            who: whoever is signed in; of an account that has been closed since, only they may read a decision.

        Raises:
            StoreError: the store did not answer; may be called again.
        """
        for entry in list(self._entries.values()):
            if entry.state == "deciding" and entry.id not in self.decisions:
                with suppress(NotAllowed):
                    self.decisions[entry.id] = await self._deciding.restored(entry, who)

    async def finish_left_behind(self, who: Who = NOBODY) -> int:
        """Finish what ended programs left in their queues; what needs a human comes into the lane, as waiting.

        Returns:
            How many decisions came into the lane.

        Raises:
            StoreError: as :meth:`restore_decisions`, with which it ends.
        """
        await self._left.finish(self._drain_left)
        self._entries.update(self._left.entries)
        await self.restore_decisions(who)
        return len(self._left.entries)

    async def _drain_left(self, queue: Queue) -> None:
        work = CounterWork(self._desk, queue, self._now, self._new_id, self._repeat_seconds, prints=self.prints)
        await work.open()
        await work.drain()
        await work.drop_visit()

    async def hear(self, code: str, who: Who, at_seconds: float, *, is_laid: bool = False) -> None:
        """Take in one scanned or typed code: durable before anything reacts.

        Args:
            code: as it was read.
            who: the operator and the counter.
            at_seconds: monotonic seconds at which it was complete, for double scans.
            is_laid: it is that of a card on the reader.
        """
        await self._intake.hear(code, who, at_seconds, is_laid=is_laid)

    def take(self, kind: str, code: str, who: Who, at_seconds: float = 0.0, *, is_laid: bool = False) -> None:
        """Take in a code or an order without waiting; :meth:`listen` queues them in this order."""
        self._intake.take(kind, code, who, at_seconds, is_laid=is_laid)

    async def listen(self) -> None:
        """Queue what was taken in, one after another, for ever."""
        while True:
            kind, code, who, at_seconds, is_laid = await self._intake.next()
            if kind == CODE:
                await self.hear(code, who, at_seconds, is_laid=is_laid)
            else:
                await self.order(kind, who)

    async def order(self, kind: str, who: Who) -> None:
        """Queue an order behind the scans: ending a visit, changing mode, bringing back the last borrower."""
        if await self._intake.order(kind, who):
            if kind == TO_BORROWER:
                # A page changes nothing about what a code means.
                return
            # What was lent in one mode is returned in the next: the same code after an order is another scan.
            self._intake.forget()
        elif not self._waiting:
            await self._without_queue(kind, who)

    async def _without_queue(self, kind: str, who: Who) -> None:
        """Carry out an order although the queue cannot be written: a name must be able to leave the screen."""
        entry = self._entry_now(kind, who)
        async with self._one_at_a_time:
            outcome = await self._handled(entry)
        self.tell(Settled(entry.id, outcome, self.place, counts=False))

    def _entry_now(self, kind: str, who: Who) -> Entry:
        """Give an entry that lies in no queue."""
        staff_id, counter_id = who.staff_id or 0, who.counter_id or 0
        return Entry(0, self._new_id(), kind, "", staff_id, counter_id, self._now(), "waiting", "")

    def _hand_over(self, entry: Entry) -> None:
        self._last_id = entry.id
        self._entries[entry.id] = entry
        self._waiting.append(entry)
        self._more.set()
        self._holds.look_again()

    # Curtain, lock, sign-up and secrets: scans made meanwhile wait.

    def hold(self, *, cards_pass: bool, by: str = PRIVACY, from_now: bool = True) -> None:
        """Let what is heard from now on wait; behind the curtain a borrower's card may pass, being first.

        Args:
            cards_pass: whether a borrower's card may pass, unless somebody else who holds does not let it.
            by: whoever holds; each lets go of its own.
            from_now: or else also what was heard before and has not begun.
        """
        self._holds.begin(by, self._last_id if from_now else 0, cards_pass=cards_pass)

    def release(self, by: str = PRIVACY) -> None:
        """Go on with what waited, as far as nobody else holds it."""
        self._holds.end(by)

    async def drop_visit(self, who: Who | None = None) -> None:
        """End the visit at once, ahead of what waits behind the curtain: it is not that borrower's any more.

        Args:
            who: for whom its receipt is queued; None: there is none.
        """
        async with self._one_at_a_time:
            before = self.place.visit
            self.place = self.place.ended(self._now())
            self.leave_waiting()
            await self._keep_place()
        if before is not None and who is not None:
            await self._receipt_after(before, who)

    async def forget(self, borrower_id: int) -> None:
        """Let nothing here be of a borrower who is being deleted: their visit ends, and F10 brings nobody back."""
        async with self._one_at_a_time:
            self.place = self.place.without(borrower_id)
            await self._keep_place()

    async def _keep_place(self) -> None:
        try:
            await self._queue.keep_place(self.place.to_json())
        except StorageError:
            log.exception("the place cannot be written")
            self.tell(QueueState(ok=False))

    async def run(self) -> None:
        """Handle entries one after another, for ever."""
        while True:
            while not self._waiting:
                self._more.clear()
                await self._more.wait()
            entry = self._waiting[0]
            if self._holds.holds(entry.id) and not await self._may_pass(entry):
                await self._wait_with(entry)
                continue
            before = self.place.visit
            async with self._one_at_a_time:
                outcome = await self._handled(entry)
            self._handling_since = None
            if before is not None and self.place.visit != before:
                await self._receipt_after(before, Who(entry.staff_id, entry.counter_id))
            await self._watch_branch(entry, outcome)
            self._waiting.popleft()
            await self._settle(entry, outcome, by_answer=False)

    async def _receipt_after(self, visit: Visit, who: Who) -> None:
        """Put the receipt of a visit that has ended behind the scans: the name has left the screen, whatever waits."""
        if self._sends_receipts or self._prints_receipts:
            await self._intake.order(RECEIPT, who, json.dumps(asdict(visit)))

    @property
    def _prints_receipts(self) -> bool:
        return self.prints is not None and self.prints.receipts

    async def _watch_branch(self, entry: Entry, outcome: Outcome) -> None:
        """Put a question behind the scans when the day's first ones are all of other branches' items."""
        if entry.kind != CODE:
            return
        day = local_date(entry.heard_at)
        self.place, asks = await self._guard.after(outcome, self.place, entry.counter_id, day)
        if asks:
            await self._intake.order(BRANCH_CHECK, Who(entry.staff_id, entry.counter_id))

    async def _may_pass(self, entry: Entry) -> bool:
        return entry.kind != CODE or await self._passing_card(entry) is not None

    async def _passing_card(self, entry: Entry) -> int | None:
        """Give whose card an entry is that may pass although it is held; None: it is none, or may not."""
        while self._holds.lets_cards_pass(entry.id):
            try:
                return await self._handling.whose_card(entry)
            except StoreError:
                await asyncio.sleep(RETRY_SECONDS)
            except DeskError:
                return None
        return None

    async def _wait_with(self, entry: Entry) -> None:
        """Wait until somebody lets go or more is heard; whose card lies behind what waits is told, once."""
        heard = self._last_id
        for other in list(self._waiting):
            if other.kind == CODE and other.id > max(self._looked_behind, entry.id):
                self._looked_behind = other.id
                borrower_id = await self._passing_card(other)
                if borrower_id is not None:
                    self.card_waits(borrower_id)
        if self._holds.holds(entry.id) and self._last_id == heard:
            await self._holds.until_changed()

    async def _handled(self, entry: Entry) -> Outcome:
        """Handle an entry, again and again while the store does not answer."""
        was_down = False
        self._handling_since = self._seconds()
        while True:
            try:
                outcome = await self._handled_once(entry)
            except StoreError as error:
                was_down = True
                self.tell(StoreState(_state_of(error)))
                await asyncio.sleep(RETRY_SECONDS)
            else:
                if was_down:
                    self.tell(StoreState("ok"))
                return outcome

    async def _handled_once(self, entry: Entry) -> Outcome:
        """Handle an entry; a StoreError says that nothing was done."""
        try:
            if entry.kind == UNDO:
                who = Who(entry.staff_id or None, entry.counter_id or None)
                return await self.last_done.undo(self._desk, entry, who)
            if entry.kind == RECEIPT and self._prints_receipts:
                # On paper, once this is settled; and then not by mail as well.
                return ReceiptSent()
            outcome, place = await self._handling.handle(entry, self.place)
        except StoreError:
            raise
        except DeskError as error:
            return Failed(type(error).__name__, of_undo=entry.kind == UNDO)
        except Exception:
            # A bug in one scan must not stop the counter: it is logged without a person in it, and waits in the lane.
            log.exception("a scan failed")
            if entry.kind == UNDO:
                # No scan, so there is nothing to decide about.
                return Failed("fault", of_undo=True)
            return ToDecide(Decision(entry.id, Question.FAULT, entry.heard_at))
        self.place = replace(place, touched_at=entry.heard_at)
        return outcome

    async def _settle(self, entry: Entry, outcome: Outcome, *, by_answer: bool) -> None:
        """Tell the screen, then the queue. A settle that is lost is replayed under the same command id."""
        self.last_done.remember(entry.id, outcome, self._now() if by_answer else entry.heard_at)
        ended_visit = isinstance(outcome, (ToDecide, TurnedDown)) and outcome.ended_visit
        if ended_visit or isinstance(outcome, (VisitOpened, VisitEnded, ModeChanged)):
            # What was heard after this entry belongs to the new visit already.
            self._intake.forget(until=entry.id)
        if isinstance(outcome, ToDecide):
            self.decisions[entry.id] = outcome.decision
        else:
            self.decisions.pop(entry.id, None)
            self._entries.pop(entry.id, None)
        settled = Settled(entry.id, outcome, self.place, entry.kind == CODE, by_answer)
        self.tell(settled)
        await self._print(entry, outcome)
        place = self.place.to_json()
        try:
            if entry.id in self._left.entries:
                await self._left.settle(entry.id, outcome.decision if isinstance(outcome, ToDecide) else None)
                await self._queue.keep_place(place)
            elif isinstance(outcome, ToDecide):
                await self._queue.defer(entry.id, kept_in_queue(outcome.decision), place)
            else:
                await self._queue.settle(entry.id, self.place.mode, place)
            if ended_visit or isinstance(outcome, (VisitOpened, VisitEnded)):
                await self._queue.clear_pile(self.place.mode)
        except StorageError:
            log.exception("the queue cannot be settled")
            self.tell(QueueState(ok=False))

    async def _print(self, entry: Entry, outcome: Outcome) -> None:
        """Spool what belongs on paper, behind the line and ahead of the settling: a crash in between does it again."""
        if self.prints is not None:
            spooled = await self.prints.after(entry, outcome)
            if spooled is not None:
                self.tell(spooled)
                self.prints.wake()

    async def ask_queue_again(self) -> None:
        """Ask a queue that could not be written whether it takes scans again (C2); tells when it does."""
        await self._intake.ask_again()

    async def print_again(self) -> None:
        """Spool what could not be spooled before; tells of what could now."""
        if self.prints is not None:
            for spooled in await self.prints.tried_again():
                self.tell(spooled)
                self.prints.wake()

    async def answer(self, entry_id: int, answer: Answer, who: Who) -> None:
        """Carry out what was answered in the lane; the second of two answers to one decision does nothing.

        Raises:
            DeskError: nothing was done; the decision is still there.
        """
        async with self._one_at_a_time:
            if entry_id not in self.decisions:
                return
            decision, entry = self.decisions[entry_id], self._entries[entry_id]
            outcome, self.place = await self._deciding.answer(decision, answer, entry, self.place, who)
        await self._settle(entry, outcome, by_answer=True)

    async def override(self, entry_id: int, who: Who, supervisor: StaffRecord, reason: str) -> None:
        """Carry out a supervisor's override, also for the visit's other decisions it answers.

        Raises:
            DeskError: nothing was done; the decision is still there.
        """
        async with self._one_at_a_time:
            if entry_id not in self.decisions:
                return
            decision, entry = self.decisions[entry_id], self._entries[entry_id]
            outcome, codes = await self._deciding.override(decision, who, supervisor, reason)
        await self._settle(entry, outcome, by_answer=True)
        for other in list(self.decisions.values()):
            same_visit = other.visit == decision.visit and other.question is Question.REFUSED
            if same_visit and other.entry_id != entry_id and {r.code for r in other.reasons} & set(codes):
                async with self._one_at_a_time:
                    outcome = await self._deciding.check_out(other, who)
                await self._settle(self._entries[other.entry_id], outcome, by_answer=True)

    def code_of(self, entry_id: int) -> str:
        """Give the code a decision is about, for a sign-up; empty when it has been answered meanwhile."""
        entry = self._entries.get(entry_id)
        return "" if entry is None else entry.code

    async def signed_up(self, borrower_id: int, who: Who, entry_id: int | None = None, *, created: bool = True) -> None:
        """End a sign-up: its decision is settled, and the borrower's visit opens unless another one is open.

        Args:
            borrower_id: whoever was created, or was found to be a borrower already.
            who: whoever signed them up.
            entry_id: the decision it came from, None: from none.
            created: or else found.

        Raises:
            DeskError: the visit was not opened; the decision is still there.
        """
        async with self._one_at_a_time:
            decided = None if entry_id is None or entry_id not in self.decisions else self._entries[entry_id]
            asked = self._entry_now("sign_up", who) if decided is None else decided
            # Under the scan's own command id its number was noted as unknown.
            now = replace(self._entry_now("sign_up", who), id=asked.id)
            outcome, self.place = await self._handling.signed_up(now, self.place, borrower_id, created=created)
        await self._settle(asked, outcome, by_answer=decided is not None)

    def leave_waiting(self, *, but: int | None = None) -> None:
        """Mark every open decision as waiting: its visit is over.

        Args:
            but: the entry whose decision ended it, None: no decision did.
        """
        self.decisions = {
            key: decision if key == but else replace(decision, waits=True) for key, decision in self.decisions.items()
        }

    async def drain(self) -> None:
        """Handle everything that waits, then stop (recovery without a screen).

        Raises:
            StoreError: the store did not answer.
        """
        await self.restore_decisions()
        while self._waiting:
            entry = self._waiting[0]
            outcome = await self._handled_once(entry)
            self._waiting.popleft()
            await self._settle(entry, outcome, by_answer=False)

    def close(self) -> None:
        """Close the queue, and those that were taken over."""
        self._left.close()
        self._queue.close()


def _state_of(error: StoreError) -> str:
    """Name what keeps the scans waiting: another program, a disk without room, or no answer at all."""
    match error:
        case StoreIsBusy():
            return "busy"
        case StoreIsFull():
            return "full"
        case _:
            return "down"
