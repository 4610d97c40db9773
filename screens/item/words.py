"""What the item page says: a copy as a row, the chosen one in full, and what became of a change."""

from __future__ import annotations

from datetime import date

from desk.calendar import local_date
from desk.catalogue.records import CopyRecord, ItemHolder, StatusSet, TitlePage
from desk.texts import NP_, _, ngettext, pgettext
from desk.wording import number, one_stop, short_date
from screens.borrower.details_rows import spaced_number
from screens.refusals import status_word
from screens.text import paintable

# The letter belongs to the translation; it is unique among those that are offered together.
LETTERS = {
    "missing": NP_("key", "S missing"),
    "damaged": NP_("key", "B damaged"),
    "discarded": NP_("key", "K discarded"),
    "not_for_loan": NP_("key", "U not for loan"),
    "lost": NP_("key", "T lost"),
    "claimed_returned": NP_("key", "P claimed returned"),
    "available": NP_("key", "H available"),
    "on_loan": NP_("key", "L on loan again"),
}


def letter_of(status: str) -> tuple[str, str]:
    """Give the key that chooses a status, and what it is called beside it."""
    words = pgettext("key", LETTERS[status])
    return words[0], words[2:]


def headings() -> tuple[str, ...]:
    """Name the columns of a copy's row."""
    return (_("Barcode"), _("Branch"), _("Shelf"), _("Status"), _("Due"), _("Place or reason"))


def row(copy: CopyRecord, today: date) -> tuple[str, ...]:
    """Give a copy's row."""
    return (
        copy.barcode,
        copy.branch,
        copy.shelf_mark,
        status_word(copy.status),
        "" if copy.due_on is None else short_date(copy.due_on, today),
        place(copy) or copy.reason,
    )


def place(copy: CopyRecord) -> str:
    """Say on which pickup shelf a copy lies, or where it is on its way to; empty: neither."""
    if copy.pickup_number is not None:
        return pgettext("place", "shelf {number}, {branch}").format(number=copy.pickup_number, branch=copy.shelf_branch)
    if copy.status == "in_transit":
        return f"→ {copy.shelf_branch or copy.branch}"
    return ""


def in_full(copy: CopyRecord, today: date) -> str:
    """Say what the row of a copy leaves out: its group, since when, why."""
    since = ""
    if copy.since is not None:
        since = _("{status} since {date}").format(
            status=status_word(copy.status), date=short_date(local_date(copy.since), today)
        )
    reason = _("reason: {reason}").format(reason=paintable(copy.reason)) if copy.reason else ""
    aside = _("set aside for a reservation") if copy.is_set_aside else ""
    return " · ".join(part for part in (paintable(copy.material_group), since, aside, reason) if part)


def about(page: TitlePage) -> str:
    """Say whose a title is, from when, and its number."""
    faust = _("no. {number}").format(number=paintable(page.number)) if page.number else ""
    year = "" if page.year is None else str(page.year)
    return " · ".join(part for part in (paintable(page.author), year, faust) if part)


def queue(page: TitlePage) -> str:
    """Say how many copies there are, and how many wait."""
    copies = ngettext("{count} copy", "{count} copies", len(page.copies)).format(count=number(len(page.copies)))
    waiting = ngettext("{count} reservation", "{count} reservations", page.waiting).format(count=number(page.waiting))
    return f"{copies} · {waiting if page.waiting else _nobody_waits()}"


def _nobody_waits() -> str:
    return _("no reservations")


def reason_title(copy: CopyRecord, status: str) -> str:
    """Ask for the reason of a status, and say what then happens to a loan."""
    said = _("{barcode}: {status}").format(barcode=copy.barcode, status=status_word(status))
    if status == "claimed_returned":
        return said + ". " + _("The loan stays open until the item is found or returned.")
    if status == "lost" and copy.due_on is not None:
        return said + ". " + _("The loan stays open; a claim comes as for any overdue loan.")
    return said


def told(done: StatusSet) -> str:
    """Say what a status set by hand did."""
    said = [_("Saved: {status}.").format(status=status_word(done.status))]
    if done.status == "claimed_returned":
        said.append(_("Look for it on the shelf. If it is there, return it: that closes the loan."))
    if done.back_in_queue:
        said.append(_("The reservation it was set aside for has its place in the queue again."))
    if done.waiting and not done.copies_left:
        said.append(
            ngettext(
                "{count} reservation is waiting, and no copy is left.",
                "{count} reservations are waiting, and no copy is left.",
                done.waiting,
            ).format(count=number(done.waiting))
        )
    return " ".join(said)


def holder_words(holder: ItemHolder, today: date) -> str:
    """Say who has a copy, or whom it is set aside for."""
    who = f"{paintable(holder.name)}, {spaced_number(holder.number)}"
    if holder.waits:
        return _("Set aside for {who}.").format(who=who)
    if holder.due_on is None:
        return _("On loan to {who}.").format(who=who)
    said = _("On loan to {who}. Due by {date}.").format(who=who, date=short_date(holder.due_on, today))
    return one_stop(said)
