"""Refusals in words (C5): what is so, what would lift it and when, and who may; the pile's note is the short form."""

from __future__ import annotations

from datetime import date

from desk.circulation import refusals as why
from desk.texts import N_, NP_, _, ngettext, pgettext
from desk.wording import kroner, one_stop, short_date, weekday_date, whole_kroner

LONGEST_COUNT_IN_NOTE = 99
NOTE_LENGTH = 28

# Notes that say the same whatever the reason's data is.
PLAIN_NOTES = {
    "card_stolen": NP_("pile", "card reported stolen"),
    "card_stopped": NP_("pile", "card stopped"),
    "limit": NP_("pile", "loan limit reached"),
    "on_loan_to_another": NP_("pile", "on loan to another"),
    "already_theirs": NP_("pile", "borrower has it already"),
    "reserved_for_another": NP_("pile", "reserved by another"),
    "deniedReserved": NP_("pile", "reserved by another"),
    "no_rule": NP_("pile", "no lending rule"),
    "deniedLoaningProfileNotFound": NP_("pile", "no lending rule"),
    "no_open_day": NP_("pile", "no open day"),
    "too_late_to_undo": NP_("pile", "too late to undo"),
    "changed_since": NP_("pile", "changed since – not undone"),
}

# Sentences that say the same whatever the reason's data is.
PLAIN_SENTENCES = {
    "on_loan_to_another": N_("On loan to another. It must be returned before it can be lent."),
    "deniedReserved": N_("Reserved by another."),
    "deniedMaterialIsNotLoanable": N_("The material cannot be renewed."),
    "status_already": N_("The item has that status already."),
    "status_by_scan_only": N_("That status comes about over the counter, and is not set by hand."),
    "status_return_first": N_("On loan. It must be returned before it gets that status."),
    "status_nobody_has_it": N_("Nobody has it on loan, so nobody can have returned it."),
    "status_set_aside": N_("Set aside for a reservation. Lend it, or cancel the reservation, first."),
}


def sentences(reasons: tuple[why.Refusal, ...], today: date) -> tuple[str, ...]:
    """Word every reason, the worst first, each as whole sentences.

    Args:
        reasons: as the desk gave them.
        today: local date, so that this year's dates go without a year.
    """
    if len(reasons) > 1 and all(reason.may_override is why.LiftedBy.SUPERVISOR for reason in reasons):
        # Who may is the same for all of them: said once, they fit below the pile of a small terminal.
        *others, last = reasons
        return (*(one_stop(_what_is_so(reason, today)) for reason in others), sentence(last, today))
    return tuple(sentence(reason, today) for reason in reasons)


def renewal_sentences(reasons: tuple[why.Refusal, ...], today: date) -> tuple[str, ...]:
    """Word why a loan is not renewed, as :func:`sentences`; who might lend it anyway is no help there."""
    return tuple(one_stop(_what_is_so(reason, today)) for reason in reasons)


def worst_first(reasons: tuple[why.Refusal, ...]) -> tuple[why.Refusal, ...]:
    """Put what nobody may override first: it is why nothing is asked."""
    return tuple(sorted(reasons, key=lambda reason: reason.may_override is not why.LiftedBy.NOBODY))


def why_not(reasons: tuple[why.Refusal, ...], today: date) -> str:
    """Word every reason of a plain refusal, the worst first.

    What a supervisor may override is only one of them: lent it would not be.

    Args:
        reasons: as the desk gave them.
        today: local date.
    """
    return " ".join(_among_others(reason, today) for reason in worst_first(reasons))


def _among_others(reason: why.Refusal, today: date) -> str:
    said = one_stop(_what_is_so(reason, today))
    if reason.may_override is why.LiftedBy.SUPERVISOR and not isinstance(reason, why.RenewalDenied):
        # Of a renewal nobody overrides anything: it is lent anew instead.
        return said + " " + _("That a supervisor may override.")
    return said


def sentence(reason: why.Refusal, today: date) -> str:
    """Word one reason."""
    # Danish short dates end in a stop of their own («24. sep.»), which also ends the sentence.
    said = one_stop(_what_is_so(reason, today))
    if reason.may_override is why.LiftedBy.SUPERVISOR:
        return said + " " + _("A supervisor may lend anyway.")
    return said


def _what_is_so(reason: why.Refusal, today: date) -> str:
    match reason:
        case why.Blocked() | why.DebtReached():
            return _about_a_block(reason, today)
        case why.DeniedLoanerIsBlocked(block=block):
            return _about_a_block(block, today)
        case why.CardStolen(since=since):
            if since is None:
                return _("The card was reported stolen. Nothing was lent. Cannot be overridden.")
            return _("The card was reported stolen on {date}. Nothing was lent. Cannot be overridden.").format(
                date=short_date(since, today)
            )
        case why.TooLateToUndo():
            return _("More than 5 minutes ago. Nothing was undone.")
        case why.ChangedSince():
            return _("It has been changed since. Nothing was undone.")
        case why.CardStopped():
            return _("The card is stopped after too many wrong PINs. Lifted by a new PIN.")
        case why.LimitReached(open_loans=count, limit=limit):
            too_many = count - limit + 1
            return ngettext(
                "The limit of {limit} is reached. Return {count} loan and there is room.",
                "The limit of {limit} is reached. Return {count} loans and there is room.",
                too_many,
            ).format(limit=limit, count=too_many)
        case why.TooYoung(age_limit=age, old_enough_on=None):
            return _("Age limit {age}. The borrower's birth date is not known.").format(age=age)
        case why.TooYoung(age_limit=age, old_enough_on=day) if day is not None:
            return _("Age limit {age}. The borrower turns {age} on {date}.").format(
                age=age, date=short_date(day, today)
            )
        case _:
            return _about_the_item(reason, today)


def _about_a_block(block: why.Blocked | why.DebtReached, today: date) -> str:
    return debt_sentence(block) if isinstance(block, why.DebtReached) else block_sentence(block, today)


def _about_the_item(reason: why.Refusal, today: date) -> str:
    match reason:
        case why.AlreadyTheirs(due_on=due_on):
            return _("The borrower has it already. Due by {date}.").format(date=weekday_date(due_on, today))
        case why.ReservedForAnother():
            return _reserved_sentence(reason, today)
        case why.StatusForbids(status=status):
            return _("{status}. It needs a new status before it can be lent.").format(
                status=status_word(status).capitalize()
            )
        case why.PartsToCount(parts=parts):
            return ngettext("{count} part in all. All here?", "{count} parts in all. All here?", parts).format(
                count=parts
            )
        case why.NoLendingRule() | why.DeniedLoaningProfileNotFound():
            return _("There is no lending rule for this group and material. A supervisor can make one.")
        case why.NoOpenDay(searched_until=until):
            return _("The calendar has no open day until {date}. Nothing was lent.").format(
                date=short_date(until, today)
            )
        case why.DeniedMaxRenewalsReached(renewals=renewals, allowed=allowed):
            return _("Renewed {count} of {allowed} times.").format(count=renewals, allowed=allowed)
        case why.DeniedClaimed():
            return _("A bill has been sent for it. It must be returned or paid.")
        case why.DeniedNoLaterDate(from_day=day) if day is not None:
            return _("Can be renewed from {date}.").format(date=weekday_date(day, today))
        case _ if reason.code in PLAIN_SENTENCES:
            return _(PLAIN_SENTENCES[reason.code])
        case _:
            return _("Refused before the restart ({code}).").format(code=reason.code)


def debt_sentence(debt: why.DebtReached) -> str:
    """Word that somebody owes too much, and what lifts it (R4)."""
    said = _("Fee limit reached: the borrower owes {amount}. Lifted when paid below {limit}.").format(
        amount=kroner(debt.owed_ore), limit=whole_kroner(debt.limit_ore)
    )
    # «kr.» ends in a stop of its own, which also ends the sentence.
    return one_stop(said)


def _reserved_sentence(reason: why.ReservedForAnother, today: date) -> str:
    """Say where something belongs that somebody else has reserved, never for whom."""
    if reason.shelf is not None and reason.on_shelf_since is not None:
        return _("Reserved by another (on the shelf since {date}). Put it on shelf {number}.").format(
            date=short_date(reason.on_shelf_since, today), number=reason.shelf
        )
    if not reason.is_trapped:
        return _("Another is the next in the queue for it.")
    if reason.branch:
        return _("Reserved by another, on its way to {branch}.").format(branch=reason.branch)
    return _("Reserved by another. Return it, and it says where it goes.")


def block_sentence(block: why.Blocked, today: date) -> str:
    """Word a block with what lifts it (danish.md, table of blocks)."""
    since = short_date(block.since, today)
    if block.kind in {"U", "F"}:
        return _exclusion(block, today)
    said = {
        "O": _("The card was reported stolen on {date}. Issue a new card."),
        "S": _("Stopped by self-service on {date}. Lifted at the counter."),
        "W": _("Self-registered on the web. Check identity and choose a borrower group."),
        "E": _("Blocked by the staff on {date} for debt. A supervisor lifts it."),
        "D": _("Registered as deceased. Nothing can be lent, renewed or reserved."),
    }
    return said[block.kind].format(date=since)


def _exclusion(block: why.Blocked, today: date) -> str:
    is_extended = block.kind == "F"
    if block.ends_on is None:
        text = (
            _("Extended exclusion since {date}, until it is lifted.")
            if is_extended
            else _("Excluded since {date}, until it is lifted.")
        )
        return text.format(date=short_date(block.since, today))
    text = (
        _("Extended exclusion up to and including {date}.")
        if is_extended
        else _("Excluded up to and including {date}.")
    )
    return text.format(date=short_date(block.ends_on, today))


def block_words(kind: str) -> str:
    """Name a block kind as a list does (at most 22 characters)."""
    return {
        "O": _("card stopped"),
        "U": _("excluded"),
        "F": _("extended exclusion"),
        "S": _("stopped by self-service"),
        "W": _("self-registered on the web"),
        "E": _("fee limit"),
        "D": _("deceased"),
    }[kind]


def status_word(status: str) -> str:
    """Name an item status."""
    return {
        "available": pgettext("status", "available"),
        "on_loan": pgettext("status", "on loan"),
        "on_shelf": pgettext("status", "on the pickup shelf"),
        "in_transit": pgettext("status", "in transit"),
        "missing": pgettext("status", "missing"),
        "lost": pgettext("status", "lost"),
        "claimed_returned": pgettext("status", "claimed returned"),
        "damaged": pgettext("status", "damaged"),
        "discarded": pgettext("status", "discarded"),
        "not_for_loan": pgettext("status", "not for loan"),
    }[status]


def note(reason: why.Refusal) -> str:
    """Word a reason for the pile (at most 28 characters)."""
    match reason:
        case why.Blocked(kind=kind):
            return blocked_note(kind)
        case why.DebtReached():
            return blocked_note("E")
        case why.LimitReached(open_loans=count, limit=limit) if count <= LONGEST_COUNT_IN_NOTE:
            return pgettext("pile", "loan limit reached ({count}/{limit})").format(count=count, limit=limit)
        case why.TooYoung(age_limit=age):
            return pgettext("pile", "age limit {age}").format(age=age)
        case why.StatusForbids(status=status):
            return status_word(status)
        case why.PartsToCount(parts=parts):
            return parts_note(parts)
        case _:
            return pgettext("pile", PLAIN_NOTES[reason.code]) if reason.code in PLAIN_NOTES else renewal_note(reason)


def blocked_note(kind: str) -> str:
    """Word a block for the pile; the longest kinds say it without «blocked»."""
    said = pgettext("pile", "blocked: {block}").format(block=block_words(kind))
    return said if len(said) <= NOTE_LENGTH else block_words(kind)


def renewal_note(reason: why.Refusal) -> str:
    """Word why a loan is not renewed, for its line."""
    match reason:
        case why.DeniedMaxRenewalsReached(renewals=renewals, allowed=allowed):
            return pgettext("pile", "renewed {count} of {allowed} times").format(count=renewals, allowed=allowed)
        case why.DeniedLoanerIsBlocked():
            return pgettext("pile", "borrower is blocked")
        case why.DeniedReserved():
            return pgettext("pile", "reserved by another")
        case why.DeniedMaterialIsNotLoanable():
            return pgettext("pile", "cannot be renewed")
        case why.DeniedClaimed():
            return pgettext("pile", "bill sent, not renewed")
        case why.DeniedNoLaterDate():
            return pgettext("pile", "too early to renew")
        case _:
            return pgettext("pile", "refused, reason unknown")


def renewal_notes(reasons: tuple[why.Refusal, ...]) -> str:
    """Word every reason why a loan is not renewed, for its line; of several blocks it says once that there is one."""
    return " · ".join(dict.fromkeys(map(renewal_note, reasons)))


def parts_note(parts: int) -> str:
    """Word that an item has parts to count."""
    return pgettext("pile", "{count} parts – count them").format(count=parts)
