"""One entry of the queue → one outcome. The order of entries is the queue's; nothing here is parallel."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from desk.borrowers.cpr import is_cpr
from desk.borrowers.visiting import OpenVisit
from desk.calendar import local_date
from desk.circulation.check_out import check_out_assessment
from desk.circulation.commands import CheckOut, Return
from desk.circulation.queries import item_with_id
from desk.circulation.receipts import QueueReceipt
from desk.circulation.refusals import CardStolen, CardStopped, LiftedBy, Refusal
from desk.command import Who
from desk.counter.codes import CodeMeaning, clean_code, meaning_of
from desk.counter.modes import CHECK_OUT, RETURN
from desk.counter.records import (
    AlreadyOpen,
    Decision,
    DropBoxTurned,
    Lent,
    ModeChanged,
    NothingToResume,
    NotUnderstood,
    Outcome,
    PageAsked,
    Place,
    Question,
    ReceiptSent,
    Returned,
    SignOffAsked,
    SignUpEnded,
    ToDecide,
    TurnedDown,
    Visit,
    VisitEnded,
    VisitOpened,
    visit_from,
)
from desk.desk import RecordedRefused
from desk.errors import NotFound, Refused
from desk.privacy.commands import NoteUnknownCpr

if TYPE_CHECKING:
    from db.queue import Entry
    from desk.desk import Desk

RESUMABLE = timedelta(minutes=2)


class Handling:
    """Carries out entries against the desk, given where the counter is."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, entry: Entry, place: Place) -> tuple[Outcome, Place]:
        """Carry out one entry.

        Returns:
            What became of it, and where the counter is afterwards.

        Raises:
            StoreError: nothing was done; the entry stays and is handed in again.
            DeskError: what else went wrong, as expected failures do.
        """
        match entry.kind:
            case "end" if place.mode == RETURN:
                return VisitEnded(), place
            case "end":
                return VisitEnded(), replace(place.ended(entry.heard_at), with_a_stranger=False)
            case "to_check_out":
                return ModeChanged(CHECK_OUT), place.in_mode(CHECK_OUT)
            case "to_return":
                return ModeChanged(RETURN), place.in_mode(RETURN)
            case "drop_box" if place.mode == RETURN:
                return DropBoxTurned(not place.drop_box), replace(place, drop_box=not place.drop_box)
            case "drop_box" | "drop_box_ends":
                return DropBoxTurned(is_on=False), replace(place, drop_box=False)
            case "receipt":
                return await self._receipt(entry), place
            case "branch_check":
                return ToDecide(Decision(entry.id, Question.BRANCH, entry.heard_at)), place
            case "sign_off":
                return SignOffAsked(), place
            case "to_borrower":
                return PageAsked(), place
            case "last_borrower":
                return await self._resume(entry, place)
            case _:
                return await self._code(entry, place)

    async def _receipt(self, entry: Entry) -> Outcome:
        """Queue the receipt of a visit that has ended; a borrower who is gone meanwhile gets none."""
        visit = visit_from(json.loads(entry.code))
        if visit is not None:
            command = QueueReceipt(
                command_id=entry.command_id,
                who=_who(entry),
                at=entry.heard_at,
                borrower_id=visit.borrower_id,
                visit=visit.visit,
            )
            await self._desk.do(command)
        return ReceiptSent()

    async def whose_card(self, entry: Entry) -> int | None:
        """Give whose card an entry is, and nothing else; None: it is no borrower's card."""
        meaning = await self._desk.ask(_who(entry), meaning_of, entry.code)
        return meaning.borrower_id if meaning.item_id is None else None

    async def _code(self, entry: Entry, place: Place) -> tuple[Outcome, Place]:
        meaning = await self._desk.ask(_who(entry), meaning_of, entry.code)
        if meaning.problem:
            return NotUnderstood(meaning.problem), place
        if meaning.borrower_id is not None and meaning.item_id is not None:
            item = await self._desk.ask(_who(entry), item_with_id, meaning.item_id)
            decision = Decision(entry.id, Question.AMBIGUOUS, entry.heard_at, item, visit=place.visit)
            return ToDecide(decision), place
        if meaning.borrower_id is not None:
            return await self.card(entry, place, meaning)
        if meaning.item_id is not None:
            return await self.item(entry, place, meaning.item_id)
        if meaning.looks_like_cpr:
            return await self._unknown_cpr(entry, place)
        return NotUnderstood("unknown", clean_code(entry.code)), place

    async def _unknown_cpr(self, entry: Entry, place: Place) -> tuple[Outcome, Place]:
        """In F2 somebody may be signed up; at return, and for a date there never was, there is nothing to ask.

        Whoever it is, it is not the borrower whose visit is open: that ends, as by any other card (C7).
        """
        await self._desk.do(NoteUnknownCpr(command_id=entry.command_id, who=_who(entry), at=entry.heard_at))
        if place.mode == RETURN or not is_cpr(clean_code(entry.code), local_date(entry.heard_at)):
            return NotUnderstood("unknown_cpr"), place
        decision = Decision(entry.id, Question.UNKNOWN_CPR, entry.heard_at)
        after = place.left_to_a_stranger(entry.heard_at)
        return ToDecide(decision, ended_visit=place.visit is not None), after

    async def card(self, entry: Entry, place: Place, meaning: CodeMeaning) -> tuple[Outcome, Place]:
        """A borrower's card ends the visit that is open and opens its own (C7); in F3 it opens F2."""
        borrower_id = meaning.borrower_id
        if borrower_id is None:
            return NotUnderstood("unknown"), place
        if place.visit is not None and place.visit.borrower_id == borrower_id:
            if place.mode == CHECK_OUT:
                return AlreadyOpen(), place
            return ModeChanged(CHECK_OUT), place.in_mode(CHECK_OUT)
        return await self._open(entry, place, Visit(entry.command_id, borrower_id, meaning.card_id), resumed=False)

    async def _resume(self, entry: Entry, place: Place) -> tuple[Outcome, Place]:
        """Bring the last borrower back within two minutes (F10)."""
        if place.last is None or not self._may_resume(entry, place):
            return NothingToResume(), place
        return await self._open(entry, place, place.last, resumed=True)

    def _may_resume(self, entry: Entry, place: Place) -> bool:
        ended = place.last_ended_at
        return place.last is not None and ended is not None and entry.heard_at - ended <= RESUMABLE

    async def signed_up(self, entry: Entry, place: Place, borrower_id: int, *, created: bool) -> tuple[Outcome, Place]:
        """Open the visit of whoever has been signed up, as their card would; a visit that is open goes on.

        Args:
            entry: of now: the command id it opens with must be one that nothing has been done under.
            place: where the counter is.
            borrower_id: whoever it is.
            created: or else found to be a borrower already.
        """
        if place.visit is not None and place.visit.borrower_id != borrower_id:
            return SignUpEnded(created), place
        outcome, after = await self.card(entry, place, CodeMeaning(borrower_id=borrower_id))
        return outcome, replace(after, touched_at=entry.heard_at)

    async def _open(self, entry: Entry, place: Place, visit: Visit, *, resumed: bool) -> tuple[Outcome, Place]:
        command = OpenVisit(
            command_id=entry.command_id,
            who=_who(entry),
            at=entry.heard_at,
            borrower_id=visit.borrower_id,
            card_id=visit.card_id,
        )
        try:
            borrower = await self._desk.do(command)
        except NotFound:
            return NotUnderstood("unknown"), place
        reasons: list[Refusal] = []
        if borrower.card is not None and borrower.card.state == "stolen":
            reasons.append(CardStolen(borrower.card.state_since))
        if borrower.card is not None and borrower.card.state == "stopped":
            reasons.append(CardStopped(borrower.card.state_since))
        if reasons and (resumed or place.mode == RETURN):
            return TurnedDown(tuple(reasons)), place
        if reasons:
            # Whoever brings it is not the borrower whose visit is open: that ends, as by any other card (C7).
            after = place.left_to_a_stranger(entry.heard_at)
            return TurnedDown(tuple(reasons), ended_visit=place.visit is not None), after
        after = place if place.visit == visit else place.ended(entry.heard_at)
        opened = replace(after.in_mode(CHECK_OUT), visit=visit, with_a_stranger=False)
        return VisitOpened(visit, borrower, resumed), opened

    async def item(self, entry: Entry, place: Place, item_id: int) -> tuple[Outcome, Place]:
        """An item is returned in F3; in F2 it is lent, or asks who to."""
        if place.mode == RETURN:
            command = Return(
                command_id=entry.command_id,
                who=_who(entry),
                at=entry.heard_at,
                item_id=item_id,
                from_drop_box=place.drop_box,
            )
            return Returned(await self._desk.do(command)), place
        if place.visit is None:
            item = await self._desk.ask(_who(entry), item_with_id, item_id)
            may_be_theirs = self._may_resume(entry, place) and not place.with_a_stranger
            last = place.last if may_be_theirs else None
            return ToDecide(Decision(entry.id, Question.NO_BORROWER, entry.heard_at, item, visit=last)), place
        return await self.check_out(entry, place.visit, item_id), place

    async def check_out(self, entry: Entry, visit: Visit, item_id: int) -> Outcome:
        """Lend an item to a visit's borrower; what a human could change becomes a decision."""
        command = CheckOut(
            command_id=entry.command_id,
            who=_who(entry),
            at=entry.heard_at,
            item_id=item_id,
            borrower_id=visit.borrower_id,
            card_id=visit.card_id,
            visit=visit.visit,
        )
        try:
            return Lent(await self._desk.do(command))
        except Refused as refused:
            reasons = refused.reasons
            if isinstance(refused, RecordedRefused):
                reasons = await self.reasons_now(entry, visit, item_id) or reasons
            item = await self._desk.ask(_who(entry), item_with_id, item_id)
            return refused_or_decision(Decision(entry.id, Question.REFUSED, entry.heard_at, item, reasons, visit))

    async def reasons_now(self, entry: Entry, visit: Visit, item_id: int) -> tuple[Refusal, ...]:
        """Read what stands in the way of a check-out now: of an answer given before a crash, only codes were kept."""
        assessment = await self._desk.ask(
            _who(entry),
            check_out_assessment,
            item_id,
            visit.borrower_id,
            visit.card_id,
            visit.visit,
            entry.counter_id,
            entry.heard_at,
        )
        return assessment.reasons


def refused_or_decision(decision: Decision) -> Outcome:
    """Give a decision when somebody here could change every reason, else a plain refusal."""
    if any(reason.may_override is LiftedBy.NOBODY for reason in decision.reasons):
        return TurnedDown(decision.reasons, decision.item)
    return ToDecide(decision)


def who_of(staff_id: int, counter_id: int) -> Who:
    """Whoever was signed in when an entry was heard is who it is done for, also after a restart."""
    return Who(staff_id, counter_id)


def _who(entry: Entry) -> Who:
    return who_of(entry.staff_id, entry.counter_id)
