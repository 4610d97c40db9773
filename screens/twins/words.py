"""Words of the panel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.texts import _
from screens.text import cut, plain, width_of

if TYPE_CHECKING:
    from desk.registry.demo_hands import AtHand

IN_A_ROW = 3
NAME_WIDTH = 23
TITLE_WIDTH = 50


def twins_help() -> tuple[str, tuple[str, ...]]:
    """Give the title and lines that explain the panel."""
    return _("The demo's devices"), (
        _("What a hand would do at the counter, without a reader, pad or printer. Only the demo has it."),
        _("A figure lays that card on the reader; the one before is taken off. T takes it off."),
        _("B puts five books on the pad at once; one of them may be reserved. L lifts what lies there."),
        _("S scans the first book. R, P and U pull a plug and put it back; M takes the paper out and in."),
        _("The counter goes on above: look at the pile, the decisions and the status line."),
        _("Esc closes; what lies on reader and pad stays there."),
    )


def offered_words(hand: AtHand) -> str:
    """List the cards by the figure that lays them down, three a row, then the first book."""
    cards = [_to_width(f"{figure} {plain(name)}") for figure, (_number, name) in enumerate(hand.cards, 1)]
    rows = [" ".join(cards[start : start + IN_A_ROW]).rstrip() for start in range(0, len(cards), IN_A_ROW)]
    if hand.books:
        rows.append(_("First book: {title}").format(title=cut(plain(hand.books[0][1]), TITLE_WIDTH)))
    return "\n".join(rows)


def _to_width(text: str) -> str:
    shown = cut(text, NAME_WIDTH)
    return shown + " " * (NAME_WIDTH - width_of(shown))
