"""When a row of the borrower's page is deleted, in words (G7): «slettes om 12 dage», «venter på gebyr»."""

from __future__ import annotations

from datetime import date

from desk.messages.content import content_goes_on
from desk.messages.records import MessageRecord
from desk.privacy.retention.rules import Waits
from desk.texts import NP_, _, ngettext, pgettext
from desk.wording import short_date

WAITS = {
    Waits.FEE: NP_("goes", "waits for fee"),
    Waits.CREDIT: NP_("goes", "waits for credit to be paid out"),
    Waits.RETURN: "",
}


def goes_words(goes: date | Waits, today: date) -> str:
    """Say when something is deleted, or what that waits for.

    Args:
        goes: the local date, or what it waits for.
        today: local date.
    """
    if isinstance(goes, Waits):
        return pgettext("goes", WAITS[goes]) if WAITS[goes] else ""
    days = (goes - today).days
    if days < 0:
        return _("should have been deleted {date}").format(date=short_date(goes, today))
    if days == 0:
        return _("deleted today")
    if days == 1:
        return _("deleted tomorrow")
    return ngettext("deleted in {n} day", "deleted in {n} days", days).format(n=days)


def content_words(record: MessageRecord, today: date) -> str:
    """Say when what a message said is deleted; its line stays (P6). Nothing when it has gone."""
    if not record.has_content:
        return ""
    days = (content_goes_on(record.at) - today).days
    if days <= 0:
        return _("The content is deleted today, the line stays.")
    if days == 1:
        return _("The content is deleted tomorrow, the line stays.")
    return ngettext(
        "The content is deleted in {n} day, the line stays.",
        "The content is deleted in {n} days, the line stays.",
        days,
    ).format(n=days)
