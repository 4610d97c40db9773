"""The masthead of the borrower's page: the counter's strip, and what else is to be seen at a glance (C12)."""

from __future__ import annotations

from datetime import date

from desk.borrowers.records import BorrowerPage
from desk.borrowers.rules import is_absent_on
from desk.calendar import local_date
from desk.privacy.deletion.records import DeletionRecord
from desk.texts import _
from desk.wording import one_stop, short_date
from screens.borrower.card_words import stop_sentence
from screens.deletions.words import stage_words
from screens.lending.strip import asides_of, block_warnings, facts_of, note_words
from screens.widgets.masthead import Strip, Warning_


def page_strip(page: BorrowerPage, today: date, branch: str, deletion: DeletionRecord | None = None) -> Strip:
    """Make the masthead of a page.

    Args:
        page: what came back from the desk.
        today: local date.
        branch: where the counter stands.
        deletion: a request to be deleted that has not been carried out; None: there is none.
    """
    borrower = page.borrower
    stops = list(block_warnings(borrower, today))
    stopped = "" if borrower.card is None else one_stop(stop_sentence(borrower.card, today))
    if stopped:
        stops.append(Warning_(_("CARD STOPPED: {why}").format(why=stopped), "stop"))
    looks = [
        _deletion(deletion, today),
        _protection(page, today),
        _absence(page, today),
        note_words(borrower, today) if borrower.note else "",
    ]
    return Strip(
        borrower.name,
        facts_of(borrower),
        (*stops, *(Warning_(text, "look") for text in looks if text)),
        aside=asides_of(borrower, branch),
        lasting=(
            borrower.home_branch,
            _("digital services: yes") if borrower.digital_services else _("digital services: no"),
        ),
    )


def _deletion(deletion: DeletionRecord | None, today: date) -> str:
    """Say that the borrower wants to be deleted, and what that waits for."""
    if deletion is None:
        return ""
    since = short_date(local_date(deletion.registered_at), today)
    return _("Deletion asked for on {date}: {state}.").format(date=since, state=stage_words(deletion))


def _protection(page: BorrowerPage, today: date) -> str:
    if not page.borrower.address_protected:
        return ""
    if page.protected_until is None:
        return _("Name and address protection.")
    said = _("Name and address protection up to and including {date}.")
    return one_stop(said.format(date=short_date(page.protected_until, today)))


def _absence(page: BorrowerPage, today: date) -> str:
    """Word the absence period (P10), if it holds today."""
    if not is_absent_on(page.absent_from, page.absent_until, today):
        return ""
    if page.absent_until is None:
        return _("Absent until further notice.")
    said = _("Absent up to and including {date}.").format(date=short_date(page.absent_until, today))
    return one_stop(said)
