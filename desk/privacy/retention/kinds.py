"""All kinds, in the order in which they must go, and which rule of the data map each keeps.

What goes is decided in the data map (:class:`~desk.privacy.data_map.Goes`): a rule there that nobody keeps, here or
elsewhere, is an error when the program is tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from desk.privacy.data_map import MAP, Goes
from desk.privacy.retention.kind import Kind
from desk.privacy.retention.loans import Loans, Occasions, Overrides
from desk.privacy.retention.money import Fees, Payments
from desk.privacy.retention.traces import Commands, LogRows, MessageContents, Requests

# Fees before what was paid of them; loans after their fees, and what stands by loans after those.
ORDER: Final[tuple[Kind, ...]] = (
    Fees(),
    Payments(),
    Loans(),
    Occasions(),
    Overrides(),
    MessageContents(),
    Requests(),
    LogRows(),
    Commands(),
)

EXPORTS: Final = "exports"
"""Right-of-access prints are files, and go with :mod:`desk.privacy.access_report.expiry`."""

SPOOL: Final = "spool"
"""Slips and receipts are files too, and go with :func:`desk.spool.spool.delete_old_jobs`."""

KEPT_ELSEWHERE: Final[Mapping[Goes, str]] = {
    Goes.WITH_BORROWER: "the erasure",
    Goes.WHEN_CHANGED: "the command that changes it",
    Goes.WHEN_HANDLED: "the queue, when a scan is settled",
    Goes.WHEN_LENT_OR_CANCELLED: "the command that lends or cancels (P4)",
    Goes.WHEN_PROVEN: "the proof, which deletes what it was looking for",
    Goes.WITH_BACKUP: "the expiry of back-ups, which a back-up and a night call; a restore runs the erasures again",
    Goes.NEVER: "nobody: it is what keeps the erased from coming back",
    Goes.WHEN_FORM_HANDLED: "the command that handles it (P13), and the erasure",
    Goes.WHEN_UNSUBSCRIBED: "the command that unsubscribes (P12)",
    Goes.AFTER_A_WEEK: "the expiry of prints, which a run calls",
    Goes.AFTER_SOME_DAYS: "the expiry of the spool, which a run and every start call",
}
"""Rules that are kept by somebody else, and by whom."""

KINDS: Final[tuple[Kind, ...]] = tuple(kind for kind in ORDER if kind.about in {held.key for held in MAP})
BY_NAME: Final[Mapping[str, Kind]] = {kind.name: kind for kind in KINDS}
