"""Is this counter in the right branch? Asked once a day, when its first scans are all of other branches' items.

A counter that was set up for the wrong house sends everything away as «in transit»: one book too many looks like bad
luck, five in a row do not.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from desk.command import NOBODY
from desk.counter.records import Lent, Outcome, Place, Returned
from desk.errors import DeskError
from desk.staff.queries import counter_places

if TYPE_CHECKING:
    from desk.desk import Desk

FIRST_SCANS = 5
KNOWN = -1
"""That the branch has been asked about today, or need not be: something of its own has been scanned."""


class BranchGuard:
    """Watches the first items of a day. What it has seen is in the place, so that a restart asks nothing twice."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._branches: dict[int, int] = {}

    async def after(self, outcome: Outcome, place: Place, counter_id: int, day: date) -> tuple[Place, bool]:
        """Take in what became of a scan.

        Args:
            outcome: only of loans and returns anything is learnt.
            place: where the counter is.
            counter_id: which counter.
            day: local date of the scan.

        Returns:
            The place with what is known now, and whether to ask.
        """
        match outcome:
            case Lent(loan=done) | Returned(returned=done):
                item = done.item
            case _:
                return place, False
        seen = place.elsewhere if place.guarded_on == day.isoformat() else 0
        if seen == KNOWN:
            return place, False
        branch_id = await self._branch_of(counter_id)
        if branch_id is None:
            return place, False
        seen = seen + 1 if item.branch_id != branch_id else KNOWN
        asks = seen == FIRST_SCANS
        return replace(place, guarded_on=day.isoformat(), elsewhere=KNOWN if asks else seen), asks

    async def _branch_of(self, counter_id: int) -> int | None:
        """Give where a counter stands; None: the store does not answer now, and the next scan will tell."""
        if counter_id not in self._branches:
            try:
                places = await self._desk.ask(NOBODY, counter_places)
            except DeskError:
                return None
            self._branches = {counter: branch for counter, _name, branch, _its_name in places}
        return self._branches.get(counter_id)
