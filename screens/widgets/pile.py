"""The pile: one line for every scan, newest at the bottom, turning the page when it is full.

Scrolling would repaint every line (20 kB); a page that turns repaints one line a scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from desk.texts import _, pgettext
from screens.text import cut, pad, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

Tone = Literal["plain", "look", "stop"]
Columns = Literal["check_out", "return"]

# Older lines are let go: a pile of returns may run all day.
KEPT_LINES = 500

HEAD = 7  # sign, number, gap: « ► 12  »; from 1,000 on the sign moves into the margin
GAP = "  "
MARGIN = 1  # so that the last column does not touch what stands beside the pile
DUE = 9  # «24. okt.», under «Afleveres»
LONGEST_DUE = 18  # «tor. 24. sep. 2026»
NOTE = 24  # a note beside a date; one without has the date's place too
DESTINATION = 34  # «hylde 34 · seddel udskrevet»
LEAST_TITLE = 8
AUTHOR_FROM = 84  # below that the pile has no room for authors
NO_DATE = ("", "–")
SIGNS: dict[Tone, str] = {"plain": " ", "look": "►", "stop": "×"}


@dataclass(frozen=True, slots=True, repr=False)
class PileLine:
    """One line, worded and formatted by the screen. Its repr shows no title.

    Attributes:
        number: its place in the pile, from 1.
        due: when it is due, or where a returned item goes.
        note: the state in words; never left to the colour alone.
        tone: plain = went well, look = look once, stop = nothing happened.
        pending: heard, not settled yet.
    """

    number: int
    title: str
    author: str
    due: str
    note: str
    tone: Tone
    pending: bool = False


class Pile(Painted):
    """The lines of a visit or of a pile of returns.

    Args:
        columns: «check_out» (title, author, due, note) or «return» (title, author, destination).
    """

    DEFAULT_CSS = "Pile { height: 1fr; width: 1fr; }"

    def __init__(self, columns: Columns) -> None:
        super().__init__()
        self._columns = columns
        self._lines: dict[int, PileLine] = {}
        self._due = DUE
        self._page = 0
        # The line that somebody turned to and must go on seeing; None: the newest.
        self._sought: int | None = None
        self._invites = False

    @property
    def page(self) -> int:
        """The page that is shown, from 1."""
        return self._page + 1

    @property
    def pages(self) -> int:
        """How many pages the pile has, those included whose lines have been let go."""
        return self._page_of(max(self._lines, default=1)) + 1

    def show_lines(self, lines: Sequence[PileLine], *, invites: bool = False) -> None:
        """Show another pile, at its last page.

        Args:
            lines: at most the latest 500 are kept.
            invites: whether items may be scanned now, so that an empty pile says so.
        """
        self._invites = invites
        self._lines = {line.number: line for line in lines[-KEPT_LINES:]}
        self._due = max([DUE, *map(self._due_of, self._lines.values())])
        self._page = self.pages - 1
        self._sought = None
        self.touch()

    def update_line(self, line: PileLine) -> None:
        """Add a line, or show one anew that is there already. A new one turns to its page.

        Args:
            line: told from the others by its number; one that has been let go stays away.
        """
        is_new = line.number not in self._lines
        if is_new and len(self._lines) == KEPT_LINES and line.number < min(self._lines):
            return
        self._lines[line.number] = line
        if len(self._lines) > KEPT_LINES:
            del self._lines[min(self._lines)]
        due = self._due_of(line)
        page = self._page_of(line.number)
        if is_new:
            self._sought = None
        if due > self._due or (is_new and page != self._page):
            self._due = max(due, self._due)
            self._page = page if is_new else self._page
            self.touch()
        elif page == self._page:
            self.touch((line.number - 1) % self._page_size + 1)

    def turn(self, step: int) -> None:
        """Turn pages, as far as there are any that are kept.

        Args:
            step: pages forward, negative back.
        """
        first = self._page_of(min(self._lines, default=1))
        self._page = min(max(self._page + step, first), self.pages - 1)
        self._sought = None if self._page == self.pages - 1 else self._page * self._page_size + 1
        self.touch()

    def turn_to(self, number: int) -> None:
        """Turn to the page of a line; the next new one turns to its own.

        Args:
            number: the line's; one that has been let go has no page.
        """
        if number not in self._lines:
            return
        self._sought = number
        if self._page != self._page_of(number):
            self._page = self._page_of(number)
            self.touch()

    def cells(self, y: int) -> Cells:
        """Give the head, a line, or the invitation to scan."""
        if y == 0:
            return self._head()
        line = self._lines.get(self._page * self._page_size + y)
        if line is not None:
            return self._line(line)
        if y == 1 and not self._lines and self._invites:
            return ((" " * HEAD, "plain"), (cut(_("Scan items."), self.size.width - HEAD), "quiet"))
        return ()

    def on_resize(self) -> None:
        """Count the pages anew, and show the line that was turned to; the last page, if none was."""
        self._page = self.pages - 1 if self._sought is None else self._page_of(self._sought)

    @property
    def _page_size(self) -> int:
        return max(self.size.height - 1, 1)

    def _page_of(self, number: int) -> int:
        return (number - 1) // self._page_size

    def _due_of(self, line: PileLine) -> int:
        """Give the cells a due date needs; the column widens once, for dates of another year."""
        return min(width_of(paintable(line.due)), LONGEST_DUE) if self._columns == "check_out" else 0

    def _widths(self, tail: int) -> tuple[int, int]:
        """Share what a tail of ``tail`` cells leaves between title and author (0: no author)."""
        room = self.size.width - HEAD - len(GAP) - tail - MARGIN
        if self.size.width < AUTHOR_FROM or room < 3 * LEAST_TITLE:
            return max(room, 0), 0
        author = (room - len(GAP)) * 36 // 100
        return room - len(GAP) - author, author

    @property
    def _tail(self) -> int:
        return DESTINATION if self._columns == "return" else self._due + len(GAP) + NOTE

    def _head(self) -> Cells:
        title, author = self._widths(self._tail)
        parts = [" " * (HEAD - 3), "#", GAP, pad(pgettext("column", "Title"), title), GAP]
        if author:
            parts += [pad(pgettext("column", "Author"), author), GAP]
        if self._columns == "return":
            last = pgettext("column", "To")
        else:
            parts += [pad(pgettext("column", "Due"), self._due), GAP]
            last = pgettext("column", "Note")
        before = "".join(parts)
        label, look = self._page_label()
        room = self.size.width - width_of(before) - MARGIN
        # The label takes room from the last head, not the other way round: an old page must never look like the newest.
        last = pad(last, room - width_of(label) - MARGIN) + " " * MARGIN if label else cut(last, room)
        return ((before + last, "quiet"), (label, look))

    def _page_label(self) -> tuple[str, Look]:
        """Say which page is shown once there are several; amber while it is not the newest."""
        pages = self.pages
        if pages == 1:
            return "", "quiet"
        if self.page == pages:
            return pgettext("pile", "page {page}").format(page=pages), "quiet"
        return pgettext("pile", "page {page} of {pages}").format(page=self.page, pages=pages), "look"

    def _line(self, line: PileLine) -> Cells:
        look: Look = "quiet" if line.pending else "plain"
        said: Look = "quiet" if line.pending else line.tone
        due, note = paintable(line.due), paintable(line.note)
        most = self.size.width - HEAD - len(GAP) - MARGIN - LEAST_TITLE
        date, words = self._date_and_words(due, note)
        words = cut(words, max(most - width_of(date), 0))
        title, author = self._widths(max(self._tail, width_of(date) + width_of(words)))
        what = pad(paintable(line.title), title)
        if author:
            what += GAP + pad(paintable(line.author), author)
        sign = " " if line.pending else SIGNS[line.tone]
        return (
            (pad(f"{sign}{line.number:>3}".rjust(HEAD - len(GAP)), HEAD), said),
            (what + GAP + date, look),
            (words, said),
        )

    def _date_and_words(self, due: str, note: str) -> tuple[str, str]:
        """Give what stands in the due column and what stands after it.

        A line without a date says there why it has none. Neither is cut: the title gives way.
        """
        if self._columns == "return":
            return "", " · ".join(filter(None, (due, note)))
        if due in NO_DATE:
            return "", note or due
        return due + " " * (self._due - width_of(due)) + GAP if note else due, note
