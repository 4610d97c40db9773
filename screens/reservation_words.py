"""Reservations in words: states, places, the wait, and why there is none (danish.md, FBS domain.md 4.4)."""

from __future__ import annotations

from datetime import date

from desk.circulation.refusals import Refusal
from desk.reservations import refusals as why
from desk.reservations.records import Placed, ReservationRecord
from desk.texts import NP_, _, ngettext, pgettext
from desk.wording import kroner, one_stop, weekday_date, whole_kroner
from screens.refusals import block_sentence

A_WEEK = 7
A_YEAR = 365

SAME_WHATEVER = {
    "already_loaned": NP_("reservation", "The borrower has it already."),
    "loaning_profile_not_found": NP_("reservation", "There is no lending rule for this group and material."),
    "not_reservable": NP_("reservation", "The title cannot be reserved."),
    "no_reservable_materials": NP_("reservation", "There are no copies to reserve: none of them goes round."),
    "material_not_reservable": NP_("reservation", "The copy cannot be reserved."),
    "material_not_loanable": NP_("reservation", "The copy is not for loan."),
    "material_lost": NP_("reservation", "The copy is lost."),
    "material_Discarded": NP_("reservation", "The copy is discarded."),
}


def state_words(reservation: ReservationRecord) -> str:
    """Word the state: «i kø, nr. 3», «klar, hylde 34»."""
    match reservation.state:
        case "readyForPickup":
            said = pgettext("reservation", "ready, shelf {number}").format(number=reservation.shelf)
        case "inTransit":
            said = pgettext("reservation", "in transit")
        case "reserved":
            said = pgettext("reservation", "in the queue, no. {place}").format(place=reservation.place)
        case "interLibraryReservation":
            said = pgettext("reservation", "interlibrary loan")
        case _:
            said = pgettext("reservation", "other")
    if reservation.barcode:
        return said + " · " + _("only {barcode}").format(barcode=reservation.barcode)
    return said


def when_words(reservation: ReservationRecord, today: date) -> str:
    """Say until when it lies ready, or how long it takes."""
    if reservation.deadline is not None:
        return _("by {date}").format(date=weekday_date(reservation.deadline, today))
    return wait_words(reservation.estimate) if reservation.state == "reserved" else ""


def wait_words(days: int | None) -> str:
    """Word an estimate; what is not known is said to be unknown.

    Args:
        days: 0: a copy stands on its shelf.
    """
    if days is None:
        return _("wait not known")
    if days == 0:
        return _("a copy is home")
    if days < A_WEEK:
        return _("under a week")
    if days > A_YEAR:
        return _("over a year")
    weeks = round(days / A_WEEK)
    return ngettext("about {count} week", "about {count} weeks", weeks).format(count=weeks)


def placed_sentence(placed: Placed) -> str:
    """Tell that something was reserved."""
    return _("Reserved. No. {place} in the queue, pickup in {branch}.").format(
        place=placed.place, branch=placed.pickup_branch
    )


def sentences(reasons: tuple[Refusal, ...], today: date) -> str:
    """Word every reason why nothing was reserved, the worst first."""
    said = " ".join(dict.fromkeys(_sentence(reason, today) for reason in reasons))
    # Danish short dates end in a stop of their own («24. sep.»), which also ends the sentence.
    return one_stop(_("Not reserved: {reasons}").format(reasons=said))


def _sentence(reason: Refusal, today: date) -> str:
    match reason:
        case why.PatronIsBlocked(block=block):
            return block_sentence(block, today)
        case why.PatronOwes(owed_ore=owed, limit_ore=limit):
            return _("The fee limit is reached: the borrower owes {owed}. Lifted when paid below {limit}.").format(
                owed=kroner(owed), limit=whole_kroner(limit)
            )
        case why.AlreadyReserved(place=None):
            return _("The borrower has reserved it already.")
        case why.AlreadyReserved(place=place):
            return _("The borrower has reserved it already, no. {place} in the queue.").format(place=place)
        case why.ExceedsMaxReservations(limit=limit):
            return _("The limit of {limit} reservations is reached. Cancel one, and there is room.").format(limit=limit)
        case _ if reason.code in SAME_WHATEVER:
            return pgettext("reservation", SAME_WHATEVER[reason.code])
        case _:
            return _("Refused before the restart ({code}).").format(code=reason.code)
