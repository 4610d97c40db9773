"""Searching key by key: one search in the store at a time, and only the newest answer is shown.

What was typed meanwhile is searched next, so an answer that has been overtaken is never shown, and never stands before
a scan in the store's queue twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from desk.errors import DeskError
from desk.texts import _, ngettext
from screens.text import cut, paintable

F = TypeVar("F")
QUOTED = 40  # cells of what was typed that are said again


class AsTyped(Generic[F]):
    """What stands in a search field, and how far it has been answered.

    Args:
        ask: asks the store for what was typed.
        show: shows an answer.
    """

    def __init__(self, ask: Callable[[str], Awaitable[F]], show: Callable[[F], None]) -> None:
        self._ask = ask
        self._show = show
        self._is_searching = False
        self.wanted = ""
        self.answered = ""
        # Enter was pressed before its answer was there.
        self._opens_when_answered = False

    def typed(self, text: str) -> bool:
        """Take in what stands in the field now; gives whether a search has to be begun."""
        self.wanted = text
        self._opens_when_answered = False
        begins, self._is_searching = not self._is_searching, True
        return begins

    def opens_now(self) -> bool:
        """Enter: tell whether the answer is there; if not, :meth:`opens_at_last` tells when it is."""
        self._opens_when_answered = self.wanted != self.answered
        return not self._opens_when_answered

    def opens_at_last(self) -> bool:
        """Tell, once, whether Enter waited for the answer that is shown now."""
        waited, self._opens_when_answered = self._opens_when_answered, False
        return waited

    async def search(self) -> None:
        """Search until the answer is of what stands in the field.

        Raises:
            DeskError: what ``ask`` raised; the next key searches anew.
        """
        try:
            while (text := self.wanted) != self.answered:
                found = await self._ask(text)
                self.answered = text
                if text == self.wanted:
                    self._show(found)
        except DeskError:
            self.answered = ""
            raise
        finally:
            self._is_searching = False


def found_words(typed: str, count: int, *, has_more: bool, most: int) -> tuple[str, bool]:
    """Say what a search found, and whether to look at it.

    Args:
        typed: what was searched for.
        count: how many were found.
        has_more: there are others.
        most: how many are shown at most.
    """
    if not typed.strip():
        return _("The beginnings of words are enough, in any order."), False
    if not count and has_more:
        return _("Many words begin so. Type more."), True
    if not count:
        return _("Nothing found for »{typed}«.").format(typed=cut(paintable(typed.strip()), QUOTED)), True
    if has_more:
        return _("The first {count}. Type more to see fewer.").format(count=min(count, most)), False
    return ngettext("{count} found", "{count} found", count).format(count=count), False
