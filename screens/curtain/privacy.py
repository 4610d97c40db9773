"""When the curtain is drawn, when the visit ends behind it, and when the counter locks (C7, C12)."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from desk.counter.orders import DROP_BOX_ENDS
from desk.settings import PrivacySettings
from desk.staff.records import StaffRecord
from desk.texts import _
from devices.keyburst import passes_for_scan
from screens import pages

if TYPE_CHECKING:
    from desk.counter.records import Visit
    from desk.counter.work import CounterWork
    from screens.app import DeskApp


class Privacy:
    """Watches how long nobody has touched the counter."""

    def __init__(self, app: DeskApp, settings: PrivacySettings, seconds: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._settings = settings
        self._seconds = seconds
        self._touched_at = seconds()
        self._drawn_at: float | None = None
        self._visit_dropped = False
        # A page that was opened from a search is of no visit, and comes back as a visit does (C7).
        self._drawn_over: Visit | None = None
        self.is_locked = False
        # Whether the operator's password would look like a scan if a machine typed it.
        self.password_passes_for_scan = False

    @property
    def _work(self) -> CounterWork:
        return self._app.at_counter.work

    @property
    def idle_seconds(self) -> float:
        """For how long nobody has pressed a key or scanned."""
        return self._seconds() - self._touched_at

    def signed_in(self, password: str) -> None:
        """Note what kind of password the operator has; the password itself is not kept. Empty: signed in by card."""
        self.password_passes_for_scan = passes_for_scan(password, self._app.router.rules)
        self.touched()

    @property
    def is_drawn(self) -> bool:
        """Whether the curtain hides the page."""
        return self._drawn_at is not None

    @property
    def may_hide_a_secret(self) -> bool:
        """Whether a PIN was being typed when the curtain was drawn, and its page goes when it is raised."""
        ended = self._drawn_at is not None and self._seconds() - self._drawn_at >= self._settings.session_kept_seconds
        return ended and bool(self._app.held_back)

    def touched(self) -> None:
        """Somebody pressed a key or scanned."""
        self._touched_at = self._seconds()

    def tick(self) -> None:
        """Once a second: draw, end, warn, lock."""
        if self._app.operator is None or self.is_locked:
            return
        now = self._seconds()
        idle = self.idle_seconds
        if idle >= self._settings.lock_after_seconds:
            self.lock()
            return
        left = self._settings.lock_after_seconds - idle
        if left <= self._settings.lock_warning_seconds and not self.is_drawn:
            self._app.hint_counter(_("The counter locks in {count} s.").format(count=round(left)))
        has_visit = self._work.place.visit is not None
        if (
            not self.is_drawn
            and (has_visit or self._app.shows_a_borrower)
            and idle >= self._settings.curtain_after_seconds
        ):
            self.draw_curtain()
        if self._drawn_at is not None and has_visit and now - self._drawn_at >= self._settings.session_kept_seconds:
            self._drop_visit()

    def draw_curtain(self) -> None:
        """Hide the page; what is scanned from now on waits, but a borrower's card may pass."""
        if self.is_drawn or self.is_locked or self._app.operator is None:
            return
        self._drawn_at = self._seconds()
        self._visit_dropped = False
        self._drawn_over = self._work.place.visit
        self._work.hold(cards_pass=True)
        self._app.cover(pages.curtain())

    def raise_curtain(self) -> None:
        """Show the page again and go on with what waited; after two minutes the visit has ended."""
        if self._drawn_at is None or self.is_locked:
            return
        kept = self._seconds() - self._drawn_at < self._settings.session_kept_seconds
        self._drawn_at = None
        self.touched()
        self._app.uncover(keep_pages=kept and self._drawn_over is None)
        # A card that came after two minutes has opened a visit of its own.
        if kept or self._work.place.visit is None or self._work.place.visit != self._drawn_over:
            self._work.release()
        else:
            self._drop_visit(then=self._work.release)

    def card_waits(self, borrower_id: int) -> None:
        """A card lies among what waits behind the curtain: nothing of it is lent without anybody to see it.

        Somebody else's ends the visit there, and what came before it is nobody's. A card that came first has passed.

        Args:
            borrower_id: whose card it is.
        """
        if self._drawn_at is None or self.is_locked:
            return
        visit = self._work.place.visit
        if visit is None or visit.borrower_id == borrower_id:
            self.raise_curtain()
            return
        self._drawn_at = None
        self._drop_visit(then=self._shown_again)

    def _shown_again(self) -> None:
        self._app.uncover()
        self._work.release()

    def _drop_visit(self, then: Callable[[], None] = lambda: None) -> None:
        self._app.drop_visit(then)

    def lock(self) -> None:
        """Lock: nothing passes until somebody signs in."""
        operator = self._app.operator
        if operator is None or self.is_locked:
            return
        self.is_locked = True
        if self._work.place.drop_box:
            # What is scanned at the lock was not taken out of the box by whoever opened it.
            self._app.order(DROP_BOX_ENDS)
        self._work.hold(cards_pass=False)
        self._app.cover(pages.lock(self._app.now(), operator))

    def unlock(self, staff: StaffRecord, password: str = "") -> None:
        """Somebody signed in: the pile goes on, with them as the operator."""
        before = self._app.operator
        self.is_locked = False
        self._drawn_at = None
        self.signed_in(password)
        self._app.shift.take_over(staff)
        self._app.uncover()
        if before is None or before.staff_id != staff.staff_id:
            self._app.close_what_a_colleague_opened()
        self._work.release()
