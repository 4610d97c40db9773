"""While a PIN or a password is being typed, what is scanned waits: it must not take the field from under the fingers.

A visit that changes closes the pages about its borrower, and the dialog with them. The figures that are typed on would
then land in the scan line, where everybody sees them, and in the queue.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from desk.counter.holds import SECRET

if TYPE_CHECKING:
    from desk.counter.work import CounterWork
    from screens.app import DeskApp


class HeldBack:
    """Holds the queue, and what happens to the pages, for as long as anybody is at a secret."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._count = 0
        self._later: list[Callable[[], None]] = []

    @property
    def _work(self) -> CounterWork:
        return self._app.at_counter.work

    def __bool__(self) -> bool:
        """Tell whether somebody is at a secret."""
        return self._count > 0

    @property
    def waiting(self) -> int:
        """How many scans wait for a secret to be done with."""
        return len(self._work.waiting_codes) if self else 0

    def begin(self) -> None:
        """Hold back all that has not begun."""
        self._count += 1
        self._work.hold(cards_pass=False, by=SECRET, from_now=False)

    def end(self) -> None:
        """Let go, unless somebody else is at it: a dialog within the work that asked for it."""
        self._count -= 1
        # A wrong password opens the dialog again at once, and a page is not closed by its own worker.
        self._app.call_later(self._let_go)

    @contextmanager
    def during(self) -> Iterator[None]:
        """Hold back from the dialog to the end of what is done with its answer, also when that is asked again."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def then(self, act: Callable[[], None]) -> None:
        """Do something to the pages now, or as soon as nobody is at a secret: one scan may have begun before."""
        if self:
            self._later.append(act)
        else:
            act()

    def tell(self, text: str) -> None:
        """Say at the counter what a page will have no time to: a card that waits closes it as soon as it may.

        Args:
            text: a sentence about nobody in particular, for the next borrower is there when it is read.
        """
        view = self._app.at_counter.view
        if self.waiting and view is not None:
            view.show_hint(text)

    def _let_go(self) -> None:
        if self:
            return
        acts, self._later = self._later, []
        for act in acts:
            act()
        self._work.release(SECRET)
