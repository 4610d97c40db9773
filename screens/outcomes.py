"""What became of a scan, as a line of the pile and as an entry of the lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desk.circulation.records import ItemRecord, LoanRecord, RenewalRecord, ReturnRecord
from desk.counter import records as so
from desk.counter.records import Answer, Decision, Question
from desk.texts import NP_, _, ngettext, npgettext, pgettext
from desk.wording import clock, date_range, kroner, short_date, weekday_date
from screens.lending.slips import slip_note
from screens.refusals import note, parts_note, sentences, status_word, why_not, worst_first
from screens.widgets.lane import LaneEntry
from screens.widgets.pile import PileLine, Tone

if TYPE_CHECKING:
    from screens.lending.tags import TagRemark

# The letter belongs to the translation; it is unique among the answers offered together.
LETTERS: dict[Answer, str] = {
    Answer.RETURN: NP_("key", "A return"),
    Answer.RETURN_AND_LEND: NP_("key", "A return and lend here"),
    Answer.RENEW: NP_("key", "F renew"),
    Answer.LEND_TO_LAST: NP_("key", "L lend to last borrower"),
    Answer.OVERRIDE: NP_("key", "U lend anyway (supervisor)"),
    Answer.ALL_PARTS: NP_("key", "J yes"),
    Answer.PART_MISSING: NP_("key", "M one is missing"),
    Answer.AS_CARD: NP_("key", "K card"),
    Answer.AS_ITEM: NP_("key", "M item"),
    Answer.BRANCH_RIGHT: NP_("key", "J yes, it is right"),
    Answer.BRANCH_WRONG: NP_("key", "N no"),
    Answer.CREATE: NP_("key", "O create borrower"),
    Answer.BACK_ON_SHELF: NP_("key", "T back on the shelf"),
    Answer.WAIT: NP_("key", "V wait"),
    Answer.NOTHING: NP_("key", "X nothing"),
}

FAILURES = {
    "AccountClosed": NP_("pile", "the account is closed"),
    "NotAllowed": NP_("pile", "you may not do this"),
    "NotFound": NP_("pile", "gone meanwhile"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says beside its title: due date or destination, note, and whether to look."""

    due: str = ""
    note: str = ""
    tone: Tone = "plain"


def line(
    number: int,
    outcome: so.Outcome | None,
    today: date,
    times: int = 1,
    *,
    tags: tuple[TagRemark, ...] = (),
    slip: str = "",
) -> PileLine:
    """Make the pile's line of an outcome; None: it has been heard and waits.

    Args:
        number: its place in the pile, from 1.
        outcome: what became of it.
        today: local date.
        times: how often it was read within 1.5 s, counted once.
        tags: what stands out about its tags, the worst first.
        slip: how its slip is: ``waiting``, ``no_paper``, ``missing``, ``printed``, ``failed``; empty: it has none.
    """
    if outcome is None:
        return PileLine(number, "…", "", "", "", "plain", pending=True)
    item = item_of(outcome)
    said = _said(outcome, today, slip)
    if tags:
        said = _with_tags(said, outcome, tags)
    title, author = (item.title, item.author) if item is not None else (_nameless(outcome), "")
    remark = said.note
    if times > 1 and not remark:
        remark = pgettext("pile", "×{count}, counted once").format(count=times)
    elif times > 1:
        title = f"×{times} {title}"
    return PileLine(number, title, author, said.due, remark, said.tone)


def _with_tags(said: Said, outcome: so.Outcome, tags: tuple[TagRemark, ...]) -> Said:
    """Put all that stands out about its tags beside what a line says; what the lane says too gives way."""
    from screens.tag_words import is_anothers, is_of_the_item, tag_note  # noqa: PLC0415  (only where tags are read)

    if said.tone == "stop" and isinstance(outcome, so.TurnedDown):
        # What the item is for, the store has said already, and why that is a no.
        tags = tuple(tag for tag in tags if not is_of_the_item(tag))
    if not tags:
        return said
    item = item_of(outcome)
    gives_way = (
        said.tone == "plain"
        or isinstance(outcome, so.ToDecide)
        # Another library's is why the store does not know it.
        or (isinstance(outcome, so.NotUnderstood) and any(map(is_anothers, tags)))
        or said.note in {"", "" if item is None else parts_note(item.parts)}
    )
    notes = [*([] if gives_way else [said.note]), *map(tag_note, tags)]
    return Said(said.due, " · ".join(notes), "look" if said.tone == "plain" else said.tone)


def item_of(outcome: so.Outcome) -> ItemRecord | None:
    """Give the item an outcome is about."""
    match outcome:
        case so.Lent(loan=loan):
            return loan.item
        case so.Returned(returned=returned):
            return returned.item
        case so.Renewed(renewal=renewal):
            return renewal.item
        case so.Undone(was=so.RenewedTogether()):
            return None
        case so.TurnedDown(item=item) | so.LeftAlone(item=item) | so.Undone(item=item):
            return item
        case so.UndoRefused(was=was):
            return item_of(was)
        case so.ToDecide(decision=decision):
            return decision.item
        case _:
            return None


def _nameless(outcome: so.Outcome) -> str:
    match outcome:
        case so.NotUnderstood(shown=shown) if shown:
            return shown
        case so.AlreadyOpen() | so.TurnedDown() | so.VisitOpened():
            return _("Library card")
        case (
            so.ToDecide(decision=Decision(question=Question.UNKNOWN_CPR))
            | so.NotUnderstood(problem="unknown_cpr")
            | so.SignUpEnded()
        ):
            return _("CPR number")
        case so.Undone(was=was) | so.UndoRefused(was=was) if isinstance(was, so.RenewedTogether):
            count = len(was.renewals)
            return ngettext("{count} renewal", "{count} renewals", count).format(count=count)
        case so.NotUnderstood(problem="staff_card"):
            return _("Staff card")
        case _:
            return "–"


def _said(outcome: so.Outcome, today: date, slip: str = "") -> Said:
    match outcome:
        case so.Lent(loan=loan):
            return _lent(loan, today)
        case so.Returned(returned=returned):
            return _returned(returned, today, slip)
        case so.Renewed(renewal=renewal):
            return Said(short_date(renewal.due_on, today), renewed_note(renewal, today))
        case so.TurnedDown(reasons=reasons):
            return Said("–", note(worst_first(reasons)[0]) if reasons else "", "stop")
        case so.ToDecide(decision=decision):
            return Said("–", _question_note(decision), "look")
        case so.Undone() | so.UndoRefused() | so.NothingToUndo():
            return _taken_back(outcome)
        case so.LeftAlone():
            return Said("–", _left_alone_note(outcome), "stop")
        case so.SignUpEnded(created=created):
            word = pgettext("pile", "created, scan to open") if created else pgettext("pile", "known, scan to open")
            return Said("", word, "look")
        case so.AlreadyOpen():
            return Said("", pgettext("pile", "already open"))
        case so.NotUnderstood(problem=problem):
            return Said("–", _problem_note(problem), "stop")
        case so.Failed(what=what):
            return Said("–", pgettext("pile", FAILURES.get(what, NP_("pile", "failed – tell IT"))), "stop")
        case _:
            return Said()


def _left_alone_note(left: so.LeftAlone) -> str:
    if left.part_missing:
        return pgettext("pile", "a part is missing")
    return pgettext("pile", "back on the shelf") if left.back_on_shelf else pgettext("pile", "not lent")


def _taken_back(outcome: so.Undone | so.UndoRefused | so.NothingToUndo) -> Said:
    match outcome:
        case so.Undone():
            return Said("–", pgettext("pile", "undone"), "look")
        case so.UndoRefused(reasons=reasons):
            return Said("", note(reasons[0]) if reasons else "", "stop")
        case _:
            return Said("", pgettext("pile", "nothing to undo"))


def beside_the_pile(outcome: so.Outcome, today: date) -> str:
    """Word what became of something that has no line, or has more to say than a line has room for.

    Args:
        outcome: what became of it.
        today: local date.
    """
    said = line(0, outcome, today)
    match outcome:
        case so.TurnedDown(reasons=reasons) if reasons:
            # Its line has room for one of them (C5).
            return " · ".join((*([outcome.item.title] if outcome.item is not None else []), why_not(reasons, today)))
        case so.NothingToUndo(was_of_another=True):
            return _("Nothing to undo: what was done before was an earlier borrower's.")
        case so.Undone(was=so.Returned(returned=returned), somebody_was_told=True) if returned.shelf is not None:
            # Sent is sent (C9): somebody may come for it.
            told = _("the borrower has been told of shelf {number}").format(number=returned.shelf)
            return f"{said.title} · {said.note} · {told}"
        case _:
            return " · ".join(part for part in (said.title, said.due, said.note) if part not in {"", "–"})


def _lent(loan: LoanRecord, today: date) -> Said:
    due = short_date(loan.due_on, today)
    if loan.was_missing:
        return Said(due, found_note(loan.item.status), "look")
    if loan.others_wait:
        # The date that closed days moved stands in its own column.
        return Said(due, pgettext("pile", "others wait for the title"), "look")
    moved = _why_moved(loan, today)
    if moved:
        return Said(due, moved)
    if loan.fulfilled:
        return Said(due, pgettext("pile", "reservation fulfilled"))
    return Said(due)


def _why_moved(loan: LoanRecord, today: date) -> str:
    """Word why it is due on another day: closed days first, for whoever set it by hand knows why (C6)."""
    said = []
    if loan.closed_from is not None:
        closed = date_range(loan.closed_from, date.fromordinal(loan.due_on.toordinal() - 1), today)
        said.append(pgettext("pile", "{dates} closed").format(dates=closed))
    if loan.due_reason:
        said.append(pgettext("pile", "date changed: {reason}").format(reason=loan.due_reason))
    return " · ".join(said)


def _returned(returned: ReturnRecord, today: date, slip: str) -> Said:
    """Where the item goes, and what to look at: first of all what is owed or to be counted, then its slip."""
    said = _to_look_at(returned)
    if said is None:
        return _in_passing(returned, today, slip)
    if slip != "failed":
        # One that waits is printed by itself, and the status line says what it waits for.
        return said
    return Said(said.due, " · ".join((_shortly(returned) or said.note, pgettext("pile", "no slip"))), said.tone)


def _shortly(returned: ReturnRecord) -> str:
    """Word parts and fees so that something else has room beside them: the days over give way."""
    charged = returned.charged
    if returned.item.parts > 1:
        return pgettext("pile", "count {parts} parts").format(parts=returned.item.parts)
    if charged.fee_ore and not charged.is_shared:
        return kroner(charged.fee_ore)
    count = returned.days_overdue
    return npgettext("pile", "{count} day over", "{count} days over", count).format(count=count) if count else ""


def _to_look_at(returned: ReturnRecord) -> Said | None:
    goes = _goes(returned)
    item = returned.item
    if returned.was_status in {"discarded", "damaged", "not_for_loan"}:
        return Said(pgettext("pile", "put aside"), status_word(returned.was_status), "look")
    if returned.charged.credit_ore:
        said = pgettext("pile", "{amount} credit").format(amount=kroner(returned.charged.credit_ore))
        return Said(goes, said, "look")
    if returned.charged.claim_dropped:
        return Said(goes, pgettext("pile", "claim dropped, fee stays"), "look")
    if returned.was_status in {"missing", "lost", "claimed_returned"}:
        return Said(goes, found_note(returned.was_status), "look")
    if item.parts > 1:
        return Said(goes, _parts_and_fee(returned), "look")
    if returned.days_overdue:
        return Said(goes, overdue_note(returned), "look")
    return None


def _in_passing(returned: ReturnRecord, today: date, slip: str) -> Said:
    goes = _goes(returned)
    if slip:
        # Where it goes stands before it; that its slip is there is what one looks for.
        needs_look = returned.is_reserved or slip not in {"printed", "waiting"}
        return Said(goes, slip_note(slip), "look" if needs_look else "plain")
    if returned.is_reserved:
        return Said(goes, pgettext("pile", "reserved"), "look")
    if returned.loan_id is None:
        return Said(goes, pgettext("pile", "was not on loan"), "look")
    if returned.from_drop_box:
        return Said(goes, pgettext("pile", "returned {date}").format(date=weekday_date(returned.closed_on, today)))
    if returned.goes_to is not None:
        return Said(goes, pgettext("pile", "belongs there"))
    return Said(goes)


def overdue_note(returned: ReturnRecord) -> str:
    """Word how late something came back, and what that costs."""
    count, fee_ore = returned.days_overdue, returned.charged.fee_ore
    if returned.charged.is_shared:
        # One fee for what comes back together (R3): the line above has the amount.
        return pgettext("pile", "{count} days over · same fee").format(count=count)
    if fee_ore:
        text = npgettext("pile", "{count} day over · {amount}", "{count} days over · {amount}", count)
        return text.format(count=count, amount=kroner(fee_ore))
    return ngettext("{count} day overdue", "{count} days overdue", count).format(count=count)


def _parts_and_fee(returned: ReturnRecord) -> str:
    """Word that there are parts to count, and what it costs; the days over give way, for a note is short."""
    parts, fee_ore, days = returned.item.parts, returned.charged.fee_ore, returned.days_overdue
    if returned.charged.is_shared:
        return pgettext("pile", "all {parts} parts? · same fee").format(parts=parts)
    if fee_ore:
        return pgettext("pile", "all {parts} parts? · {amount}").format(parts=parts, amount=kroner(fee_ore))
    if days:
        text = npgettext(
            "pile", "all {parts} parts? · {count} day over", "all {parts} parts? · {count} days over", days
        )
        return text.format(parts=parts, count=days)
    return parts_note(parts)


def renewed_note(renewal: RenewalRecord, today: date) -> str:
    """Word a renewal; one that was overdue says what it has cost (C10), for the date has a column of its own."""
    if renewal.charged.fee_ore and not renewal.charged.is_shared:
        return pgettext("pile", "renewed · fee {amount}").format(amount=kroner(renewal.charged.fee_ore))
    return pgettext("pile", "renewed until {date}").format(date=short_date(renewal.due_on, today))


def _goes(returned: ReturnRecord) -> str:
    if returned.shelf is not None:
        return pgettext("pile", "shelf {number}").format(number=returned.shelf)
    return pgettext("pile", "home") if returned.goes_to is None else f"→ {returned.goes_to}"


def found_note(status: str) -> str:
    """Word that something has turned up."""
    if status == "claimed_returned":
        return pgettext("pile", "claimed returned – found")
    if status == "lost":
        return pgettext("pile", "was lost – found again")
    return pgettext("pile", "was missing – found again")


def _question_note(decision: Decision) -> str:
    match decision.question:
        case Question.NO_BORROWER:
            return pgettext("pile", "no borrower chosen")
        case Question.AMBIGUOUS:
            return pgettext("pile", "both a card and an item")
        case Question.UNKNOWN_CPR:
            return pgettext("pile", "unknown CPR number")
        case Question.FAULT:
            return pgettext("pile", "failed – tell IT")
        case _:
            return note(decision.reasons[0]) if decision.reasons else pgettext("pile", "waits")


def _problem_note(problem: str) -> str:
    return {
        "empty": pgettext("pile", "empty code"),
        "too_long": pgettext("pile", "code is too long"),
        "unreadable": pgettext("pile", "unreadable code"),
        "unknown_cpr": pgettext("pile", "unknown CPR number"),
        "staff_card": pgettext("pile", "not a library card"),
        "not_received": pgettext("pile", "not received"),
    }.get(problem, pgettext("pile", "unknown barcode"))


def lane_entry(
    decision: Decision,
    line_number: int,
    today: date,
    *,
    is_of_this_visit: bool = True,
    is_of_an_earlier_one: bool = False,
    tags: tuple[TagRemark, ...] = (),
) -> LaneEntry:
    """Make the lane's entry of a decision: title, every reason, and the answers with their letters.

    What an earlier borrower was refused for is not shown under the next one's name (C7).

    Args:
        decision: what is to be decided.
        line_number: its line in the pile, 0 when it is in none that is shown.
        today: local date.
        is_of_this_visit: the borrower it is about is the one of the open visit.
        is_of_an_earlier_one: another borrower's visit is open than the one it belongs to.
        tags: what stands out about its item's tags.
    """
    title = _("CPR number") if decision.question is Question.UNKNOWN_CPR else _("Unknown code")
    if decision.question is Question.BRANCH:
        title = _("Is the branch right?")
    if decision.item is not None:
        title = decision.item.title
    reasons = question_sentences(decision, today) if is_of_this_visit or not decision.reasons else ()
    if is_of_an_earlier_one:
        # Or it is answered for whoever stands there now.
        reasons += (_("Is for an earlier borrower."),)
    if tags:
        from screens.tag_words import tag_sentence  # noqa: PLC0415  (only where tags are read)

        reasons += tuple(map(tag_sentence, tags))
    return LaneEntry(
        key=decision.entry_id,
        title=title,
        line_number=line_number,
        reasons=reasons,
        answers=tuple((text[0], text[2:]) for text in map(_letter, decision.answers)),
        waiting_since=clock(decision.heard_at) if decision.waits else "",
    )


def question_sentences(decision: Decision, today: date) -> tuple[str, ...]:
    """Word what a decision asks."""
    match decision.question:
        case Question.NO_BORROWER:
            return (_("No borrower chosen."),)
        case Question.AMBIGUOUS:
            return (_("The code is both a card and an item."),)
        case Question.UNKNOWN_CPR:
            return (_("The CPR number is unknown."),)
        case Question.BRANCH:
            return (_("The first scans of the day are all of other branches. Top left stands where this counter is."),)
        case Question.FAULT:
            return (_("The program failed on this scan. It is kept. Tell IT."),)
        case _:
            return sentences(decision.reasons, today)


def answer_of(decision: Decision, letter: str) -> Answer | None:
    """Give the answer a letter stands for, or None when it is not offered."""
    for answer in decision.answers:
        if _letter(answer)[0].casefold() == letter.casefold():
            return answer
    return None


def _letter(answer: Answer) -> str:
    return pgettext("key", LETTERS[answer])
