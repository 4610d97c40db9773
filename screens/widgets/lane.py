"""The decision lane: what needs a human, beside the pile or below it (C4). It never stops the next scan."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.geometry import Size
from textual.message import Message

from desk.texts import _, pgettext
from screens.text import cut, paintable, width_of, wrap
from screens.widgets.painted import Cells, Look, Painted

WIDE = 60  # from here on the lane lies below the pile
BELOW_HEIGHT = 4
BELOW_FOCUSED = 10  # while it has the focus it may grow to this, so that every reason can be read
INDENT = 4  # «  4 De hvide mænds land»
Row = tuple[tuple[str, Look], ...]


@dataclass(frozen=True, slots=True, repr=False)
class LaneEntry:
    """One decision, worded by the screen. Its repr shows no title.

    Attributes:
        key: what an answer is told by.
        line_number: its line in the pile, 0 when it is in none that is shown.
        reasons: all of them, whole sentences, the worst first (C5).
        answers: letter and words; the letters are unique.
        waiting_since: time of day once it is left for later, else empty.
    """

    key: int
    title: str
    line_number: int
    reasons: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]
    waiting_since: str = ""


class DecisionLane(Painted, can_focus=True):
    """Decisions, of which one is chosen. Letters answer it only while the lane has the focus (F8)."""

    DEFAULT_CSS = "DecisionLane { height: 1fr; width: 1fr; }"

    class Answered(Message):
        """A letter was chosen among an entry's answers."""

        def __init__(self, key: int, letter: str) -> None:
            super().__init__()
            self.key = key
            self.letter = letter

    class Left(Message):
        """Esc: back to the scan line."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[LaneEntry, ...] = ()
        self._chosen: int | None = None

    @property
    def chosen(self) -> LaneEntry | None:
        """The entry that letters would answer."""
        return self._entries[self._place] if self._entries else None

    def show(self, entries: tuple[LaneEntry, ...]) -> None:
        """Show other decisions; while letters answer, the chosen one stays chosen as long as it is among them.

        Args:
            entries: in the order they are to be answered.
        """
        place = self._place
        self._entries = entries
        if entries and not self.has_focus:
            # F8 comes to what was just scanned, not to what an earlier borrower left.
            self._chosen = entries[0].key
        elif entries and self._chosen not in {entry.key for entry in entries}:
            self._chosen = entries[min(place, len(entries) - 1)].key
        self._fit()

    def cells(self, y: int) -> Cells:
        """Give a row of the lane."""
        width, height = self.size
        rows = self._below(width, height) if width >= WIDE else self._beside()
        return rows[y] if y < len(rows) else ()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Keep the same height whether something waits or not, so that the pile never jumps.

        With the focus, below the pile, it takes what the chosen entry needs.
        """
        if width < WIDE:
            return container.height
        if not self.has_focus:
            return BELOW_HEIGHT
        return max(BELOW_HEIGHT, len(self._below(width, BELOW_FOCUSED)))

    @property
    def _place(self) -> int:
        for place, entry in enumerate(self._entries):
            if entry.key == self._chosen:
                return place
        return 0

    def _head(self) -> tuple[str, Look]:
        count = len(self._entries)
        if self.has_focus:
            return pgettext("lane", "Decisions ({count}) · Esc").format(count=count), "accent"
        if count:
            return pgettext("lane", "F8 decisions ({count})").format(count=count), "look"
        return _("No decisions."), "quiet"

    # Beside the pile.

    def _beside(self) -> list[Row]:
        """Give the head and the entries, the chosen one whole and always in sight."""
        width, room = self.size.width, self.size.height - 2
        text, look = self._head()
        rows: list[Row] = [((cut(text, width), look),)]
        if not self._entries:
            return rows
        rows.append((("─" * width, "accent" if self.has_focus else "quiet"),))
        chosen = self._place
        blocks = [self._whole(entry) if n == chosen else self._brief(entry) for n, entry in enumerate(self._entries)]
        first = chosen
        used = len(blocks[chosen])
        while first and used + 1 + len(blocks[first - 1]) <= room:
            first -= 1
            used += 1 + len(blocks[first])
        for block in blocks[first:]:
            if len(rows) > 2:
                rows.append(())
            rows += block
        return rows

    def _whole(self, entry: LaneEntry) -> list[Row]:
        rows = self._title(entry, "strong" if self.has_focus else "plain")
        width = self.size.width - INDENT
        indent = " " * INDENT
        for reason in entry.reasons:
            rows += [((indent + text, "plain"),) for text in wrap(paintable(reason), width)]
        letter_look: Look = "accent" if self.has_focus else "quiet"
        answer_look: Look = "plain" if self.has_focus else "quiet"
        for letter, words in entry.answers:
            before: tuple[str, Look] = (f"{indent}{paintable(letter)}  ", letter_look)
            for text in wrap(paintable(words), width - 3):
                rows.append((before, (text, answer_look)))
                before = (indent + "   ", answer_look)
        return rows

    def _brief(self, entry: LaneEntry) -> list[Row]:
        rows = self._title(entry, "quiet")
        if entry.reasons and not entry.waiting_since:
            reason = cut(paintable(entry.reasons[0]), self.size.width - INDENT)
            rows.append(((" " * INDENT + reason, "quiet"),))
        return rows

    def _title(self, entry: LaneEntry, look: Look) -> list[Row]:
        width = self.size.width
        row: Row = ((_number(entry), "look"), (cut(paintable(entry.title), width - INDENT), look))
        if not entry.waiting_since:
            return [row]
        return [row, ((" " * INDENT + cut(_waiting(entry), width - INDENT), "quiet"),)]

    # Below the pile.

    def _below(self, width: int, height: int) -> list[Row]:
        """Give the chosen entry in few rows: title, reasons, answers."""
        head, look = self._head()
        entry = self.chosen
        if entry is None:
            return [((" " + cut(head, width - 1), look),)]
        title: tuple[str, Look] = (_number(entry) + paintable(entry.title), "strong" if self.has_focus else "plain")
        since = "  " + _waiting(entry) if entry.waiting_since else ""
        room = width - 3 - width_of(head) - width_of(since)
        first: Row = ((f" {head}  ", look), (cut(title[0], max(room, 0)), title[1]), (since, "quiet"))
        answers = self._answers_in_rows(entry, width - 2)
        reasons = wrap(" ".join(map(paintable, entry.reasons)), width - 2)
        left = max(height - 1 - len(answers), 1)
        if len(reasons) > left:
            reasons[left - 1 :] = [cut(" ".join(reasons[left - 1 :]), width - 2)]
        return [first, *(((" " + text, "plain"),) for text in reasons), *answers]

    def _answers_in_rows(self, entry: LaneEntry, width: int) -> list[Row]:
        """Give the answers side by side, in as many rows as they take."""
        letter_look: Look = "accent" if self.has_focus else "quiet"
        answer_look: Look = "plain" if self.has_focus else "quiet"
        rows: list[Row] = []
        row: list[tuple[str, Look]] = []
        used = 0
        for letter, words in entry.answers:
            cells: list[tuple[str, Look]] = [(paintable(letter), letter_look), (f" {paintable(words)}", answer_look)]
            needed = sum(width_of(text) for text, _look in cells)
            if row and used + 3 + needed > width:
                rows.append(tuple(row))
                row, used = [], 0
            row += [("   " if row else " ", "plain"), *cells]
            used += needed + 3
        return [*rows, tuple(row)] if row else rows

    # Keys, while it has the focus.

    def on_focus(self) -> None:
        """Make room for every reason."""
        self._take_height()

    def on_blur(self) -> None:
        """Give the room back."""
        self._take_height()

    def _fit(self) -> None:
        self.touch()
        if self.has_focus:
            self._take_height()

    def _take_height(self) -> None:
        if self.styles.is_auto_height:
            self.refresh(layout=True)

    def on_key(self, event: events.Key) -> None:
        """Answer, choose, or go back; function keys are left to the screen."""
        if event.key == "escape":
            self.post_message(self.Left())
        elif event.key in {"up", "down"}:
            self._choose(-1 if event.key == "up" else 1)
        elif event.is_printable and event.character is not None:
            self._answer(event.character)
        elif event.key != "enter":
            return
        # Whatever else is typed here goes nowhere: it is neither a scan nor an answer.
        event.stop()
        event.prevent_default()

    def _choose(self, step: int) -> None:
        if self._entries:
            place = min(max(self._place + step, 0), len(self._entries) - 1)
            self._chosen = self._entries[place].key
            self._fit()

    def _answer(self, character: str) -> None:
        entry = self.chosen
        if entry is None:
            return
        for letter, _words in entry.answers:
            if letter.casefold() == character.casefold():
                self.post_message(self.Answered(entry.key, letter))
                return


def _number(entry: LaneEntry) -> str:
    return f"{entry.line_number:>3} " if entry.line_number else "  – "


def _waiting(entry: LaneEntry) -> str:
    return pgettext("lane", "waiting since {time}").format(time=paintable(entry.waiting_since))
