"""What lies over the counter: pages and dialogs that close when whoever they are about has gone, curtain and lock."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from textual.app import App

from screens.base import NEVER, DeskScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.lending.at_counter import AtCounter


class CoversCounter(App[int]):
    """The part of the app that closes what lies over the counter, and covers and uncovers it.

    Attributes:
        pages_closed_at: when a page last closed without having been told to, in monotonic seconds: an Esc may be on its
            way to it.
    """

    # What the app has and this needs.
    at_counter: AtCounter
    pages_closed_at = NEVER

    @property
    def is_hidden(self) -> bool:
        """Whether the curtain or the lock covers the counter."""
        return isinstance(self.screen, DeskScreen) and self.screen.HIDES

    @property
    def shows_a_borrower(self) -> bool:
        """Whether a page about somebody lies over the counter, with or without a visit."""
        return self.any_page(lambda page: page.ABOUT_A_BORROWER)

    def close_pages_about_a_borrower(self) -> None:
        """Close whatever lies over the counter: pages and dialogs alike are about the borrower who was there."""
        if not self.any_page(lambda page: page.KEPT):
            self.close_pages()

    def close_pages(self) -> None:
        """Close whatever lies over the counter, with all that was typed into it."""
        while len(self.screen_stack) > 1 and not self.is_hidden:
            self.screen.dismiss(None)
            self.pages_closed_at = time.monotonic()

    def close_what_a_colleague_opened(self) -> None:
        """Close pages and dialogs of whoever locked, but for work that goes on: what is half typed was for their eyes.

        A page says what its reader may see, and the log says who read it: neither is so for whoever comes after.
        """
        while len(self.screen_stack) > 1 and not (isinstance(self.screen, DeskScreen) and self.screen.GOES_ON):
            self.screen.dismiss(None)

    def cover(self, screen: DeskScreen[None]) -> None:
        """Lay the curtain or the lock over everything; a search does not wait behind it."""
        while self.any_page(lambda page: page.GOES_WHEN_COVERED):
            self.screen.dismiss(None)
        self.push_screen(screen)

    def uncover(self, *, keep_pages: bool = False) -> None:
        """Take the curtain or the lock off.

        Args:
            keep_pages: whether what lies over the counter stays though no visit is open: it needs none.
        """
        while self.is_hidden:
            self.pop_screen()
        if self.at_counter.place.visit is None and not keep_pages:
            self.close_pages_about_a_borrower()

    def any_page(self, is_so: Callable[[DeskScreen[Any]], bool]) -> bool:
        """Tell whether a page of which something is so is open, on top or below others."""
        return any(isinstance(screen, DeskScreen) and is_so(screen) for screen in self.screen_stack)
