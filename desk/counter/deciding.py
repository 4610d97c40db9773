"""Answers to decisions (C4, C5): what a human said becomes a command like any other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from desk.circulation.commands import CheckOut, Renew, Return, SetAside
from desk.circulation.queries import item_with_id, open_loan_id
from desk.circulation.refusals import LiftedBy
from desk.command import Who
from desk.counter.codes import meaning_of
from desk.counter.handling import Handling, refused_or_decision
from desk.counter.records import (
    Answer,
    Decision,
    LeftAlone,
    Lent,
    NotUnderstood,
    Outcome,
    Place,
    Question,
    Renewed,
    Returned,
    ToDecide,
    TurnedDown,
    Visit,
    visit_from,
)
from desk.errors import InvalidInput, Refused
from desk.staff.records import StaffRecord

if TYPE_CHECKING:
    from db.queue import Entry
    from desk.desk import Desk


class Deciding:
    """Carries out answers. Knows no screen and no queue; the caller settles the entry with what comes back."""

    def __init__(self, desk: Desk, handling: Handling, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        self._desk = desk
        self._handling = handling
        self._now = now
        self._new_id = new_id

    async def answer(
        self, decision: Decision, answer: Answer, entry: Entry, place: Place, who: Who
    ) -> tuple[Outcome, Place]:
        """Do what was answered.

        Args:
            decision: as the lane shows it.
            answer: one of its answers, except ``OVERRIDE``, which is :meth:`override`, and ``CREATE``: the sign-up ends
                in :meth:`~desk.counter.work.CounterWork.signed_up`.
            entry: the queue entry it is.
            place: where the counter is.
            who: whoever answers.

        Raises:
            InvalidInput: the answer is not among the decision's.
            StoreError: nothing was done.
        """
        if answer not in decision.answers or answer in {Answer.OVERRIDE, Answer.CREATE}:
            raise InvalidInput("answer", "not_offered")
        match answer:
            case Answer.WAIT:
                return ToDecide(replace(decision, waits=True)), place
            case Answer.NOTHING if decision.question is Question.UNKNOWN_CPR:
                return NotUnderstood("unknown_cpr"), place
            case Answer.NOTHING:
                return LeftAlone(decision.item), place
            case Answer.PART_MISSING:
                return LeftAlone(decision.item, part_missing=True), place
            case Answer.BACK_ON_SHELF:
                return LeftAlone(decision.item, back_on_shelf=True), place
            case Answer.AS_CARD | Answer.AS_ITEM:
                return await self._one_of_two(answer, entry, place)
            case Answer.RETURN:
                return await self._return(decision, who), place
            case Answer.RENEW:
                return await self._renew(decision, who), place
            case Answer.RETURN_AND_LEND:
                return await self.check_out(replace(decision, return_first=True), who), place
            case Answer.ALL_PARTS:
                return await self.check_out(replace(decision, parts_counted=True), who), place
            case _:
                return await self.check_out(replace(decision, question=Question.REFUSED), who), place

    async def override(
        self, decision: Decision, who: Who, supervisor: StaffRecord, reason: str
    ) -> tuple[Outcome, tuple[str, ...]]:
        """Set aside what a supervisor may, then lend.

        Returns:
            What became of it, and the codes that no longer hold for this visit.

        Raises:
            NotAllowed: whoever stepped up is no supervisor.
            InvalidInput: no reason was given, or there is nothing to set aside.
        """
        codes = tuple(r.code for r in decision.reasons if r.may_override is LiftedBy.SUPERVISOR)
        if decision.visit is None or decision.item is None or not codes:
            raise InvalidInput("answer", "not_offered")
        await self._desk.do(
            SetAside(
                command_id=self._new_id(),
                who=Who(supervisor.staff_id, who.counter_id),
                at=self._now(),
                borrower_id=decision.visit.borrower_id,
                visit=decision.visit.visit,
                refusals=codes,
                item_id=decision.item.item_id,
                asked_by=who.staff_id,
                reason=reason,
            )
        )
        return await self.check_out(decision, who), codes

    async def check_out(self, decision: Decision, who: Who) -> Outcome:
        """Try the check-out again with what has been answered so far."""
        if decision.visit is None or decision.item is None:
            return TurnedDown(decision.reasons, decision.item)
        command = CheckOut(
            command_id=self._new_id(),
            who=who,
            at=self._now(),
            item_id=decision.item.item_id,
            borrower_id=decision.visit.borrower_id,
            card_id=decision.visit.card_id,
            visit=decision.visit.visit,
            parts_counted=decision.parts_counted,
            return_first=decision.return_first,
        )
        try:
            return Lent(await self._desk.do(command))
        except Refused as refused:
            return refused_or_decision(replace(decision, reasons=refused.reasons))

    async def _one_of_two(self, answer: Answer, entry: Entry, place: Place) -> tuple[Outcome, Place]:
        meaning = await self._desk.ask(Who(entry.staff_id, entry.counter_id), meaning_of, entry.code)
        if answer is Answer.AS_CARD:
            return await self._handling.card(entry, place, meaning)
        if meaning.item_id is None:
            return NotUnderstood("unknown"), place
        return await self._handling.item(entry, place, meaning.item_id)

    async def _return(self, decision: Decision, who: Who) -> Outcome:
        if decision.item is None:
            return NotUnderstood("unknown")
        command = Return(command_id=self._new_id(), who=who, at=self._now(), item_id=decision.item.item_id)
        return Returned(await self._desk.do(command))

    async def _renew(self, decision: Decision, who: Who) -> Outcome:
        loan_id = None
        if decision.item is not None and decision.visit is not None:
            loan_id = await self._desk.ask(who, open_loan_id, decision.item.item_id, decision.visit.borrower_id)
        if loan_id is None or decision.visit is None:
            return await self.check_out(decision, who)
        command = Renew(
            command_id=self._new_id(),
            who=who,
            at=self._now(),
            loan_id=loan_id,
            borrower_id=decision.visit.borrower_id,
            card_id=decision.visit.card_id,
            visit=decision.visit.visit,
        )
        try:
            return Renewed(await self._desk.do(command))
        except Refused as refused:
            return TurnedDown(refused.reasons, decision.item)

    async def restored(self, entry: Entry, reader: Who) -> Decision:
        """Read a decision back after a restart: ids from the queue, title and reasons from the store as they are now.

        Args:
            entry: as it lies in the queue.
            reader: whoever is signed in; with nobody, it is read as whoever scanned it.

        Raises:
            NotAllowed: that account has been closed since.
            StoreError: the store did not answer.
        """
        kept = json.loads(entry.context)
        if reader.staff_id is not None:
            entry = replace(entry, staff_id=reader.staff_id)
        who = Who(entry.staff_id, entry.counter_id)
        item_id = kept["item_id"]
        item = None if item_id is None else await self._desk.ask(who, item_with_id, item_id)
        visit: Visit | None = visit_from(kept["visit"])
        decision = Decision(
            entry.id,
            Question(kept["question"]),
            entry.heard_at,
            item,
            visit=visit,
            parts_counted=kept["parts_counted"],
            return_first=kept["return_first"],
            waits=True,
        )
        if item is not None and visit is not None and decision.question is Question.REFUSED:
            reasons = await self._handling.reasons_now(entry, visit, item.item_id)
            decision = replace(decision, reasons=reasons)
        return decision
