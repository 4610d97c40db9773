"""The keys valid now, at the bottom. Textual's own footer is built anew on every change; this one is a row."""

from __future__ import annotations

from screens.text import ELLIPSIS, cut, paintable, width_of
from screens.widgets.painted import Cells, Look, Painted

MARGIN = 1
SHORT = 8  # «beslutn.»
Keys = tuple[tuple[str, str], ...]


class KeyLine(Painted):
    """Keys and what they do: «F1 hjælp  F2 udlån»."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 1fr; background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._keys: Keys = ()

    def show(self, keys: Keys) -> None:
        """Show other keys.

        Args:
            keys: key and label, the most important first.
        """
        self._keys = tuple((paintable(key), paintable(label)) for key, label in keys)
        self.touch()

    def cells(self, y: int) -> Cells:
        """Give the row, set closer, then with the longest labels shortened, then with fewer keys, as the width asks."""
        if y:
            return ()
        room = self.size.width - 2 * MARGIN
        keys, gap = self._keys, 2 if _width(self._keys, 2) <= room else 1
        for _shortening in keys:
            if _width(keys, gap) <= room:
                break
            longest = max(keys, key=lambda one: width_of(_words(one[1])))
            keys = tuple((key, _short(label)) if (key, label) == longest else (key, label) for key, label in keys)
        while keys and _width(keys, gap) > room:
            keys = keys[:-1]
        return _row(keys, gap)


def _words(label: str) -> str:
    """Give a label without the count in brackets behind it: «beslutninger (2)»."""
    return label.partition(" (")[0]


def _short(label: str) -> str:
    words = _words(label)
    if width_of(words) <= SHORT:
        return label
    return cut(words, SHORT).rstrip(f"{ELLIPSIS} ") + "." + label[len(words) :]


def _width(keys: Keys, gap: int) -> int:
    return sum(width_of(key) + 1 + width_of(label) for key, label in keys) + gap * (len(keys) - 1)


def _row(keys: Keys, gap: int) -> Cells:
    cells: list[tuple[str, Look]] = []
    before = " " * MARGIN
    for key, label in keys:
        cells += [(before + key, "accent"), (" " + label, "quiet")]
        before = " " * gap
    return cells
