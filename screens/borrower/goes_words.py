"""When a row of the borrower's page is deleted, in words (G7): «slettes om 12 dage», «venter på gebyr»."""

from __future__ import annotations

from datetime import date

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
