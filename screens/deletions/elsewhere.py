"""A borrower who was deleted on another counter: what stands on this one about them goes, within a minute.

Asked behind the scans and once a minute at most, and only while somebody's visit or page is open here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.errors import DeskError
from desk.texts import _
from screens.base import DeskScreen
from screens.borrower.opened import Opened

if TYPE_CHECKING:
    from screens.app import DeskApp

ASK_AGAIN_SECONDS = 60


class DeletedElsewhere:
    """Whoever is open at this counter, and whether they are still there."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._seconds = 0

    def tick(self) -> None:
        """A second has passed."""
        app = self._app
        self._seconds += 1
        if self._seconds < ASK_AGAIN_SECONDS or app.at_counter.work.is_busy:
            return
        self._seconds = 0
        open_here = self._open_here
        if open_here and app.operator is not None:
            app.run_worker(self.look(open_here), group="noting", exclusive=False)

    @property
    def _open_here(self) -> frozenset[int]:
        app = self._app
        visit = app.at_counter.place.visit
        pages = {about_whom(screen) for screen in app.screen_stack} - {None}
        return frozenset(one for one in (*pages, None if visit is None else visit.borrower_id) if one is not None)

    async def look(self, borrower_ids: frozenset[int]) -> None:
        """Ask whether borrowers are still there, and let the counter be rid of those who are not."""
        from desk.borrowers.queries import borrower_at_counter  # noqa: PLC0415  (behind the first page)

        app = self._app
        for borrower_id in borrower_ids:
            try:
                there = await app.installation.desk.ask(app.who, borrower_at_counter, borrower_id, None, app.today())
            except DeskError:
                # Told by whatever the counter does next; it is asked again.
                return
            if there is None:
                await self.let_go(borrower_id)

    async def let_go(self, borrower_id: int) -> None:
        """Close what is open about somebody who is gone: pages with what lies over them, and the visit."""
        app = self._app
        while any(about_whom(screen) == borrower_id for screen in app.screen_stack) and not _is_covered(app):
            app.screen.dismiss(None)
        await app.deletions.leave_counter(borrower_id)
        app.hint_counter(_("The borrower has been deleted on another counter."))


def about_whom(screen: object) -> int | None:
    """Give whose page it is, by the borrower's id; None: nobody's."""
    opened = getattr(screen, "opened", None)
    return opened.borrower_id if isinstance(opened, Opened) else None


def _is_covered(app: DeskApp) -> bool:
    """Behind the curtain, the lock and work that is kept nothing is seen; it is looked at again in a minute."""
    return isinstance(app.screen, DeskScreen) and (app.screen.HIDES or app.screen.KEPT)
