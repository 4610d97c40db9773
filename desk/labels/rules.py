"""Which codes may stand on a label, and what stands below the bars."""

from __future__ import annotations

from collections.abc import Callable

from desk.counter.codes import clean_code, problem_with_bars, problem_with_card
from desk.errors import InvalidInput
from desk.labels.records import LabelRecord

LONGEST_LINE = 32
GROUP = 4


def card_number(raw: str) -> str:
    """Give a card's number as it is drawn.

    Raises:
        InvalidInput: ``card_number``: ``cpr`` when it could be a CPR number, which no card shows; else as for
            :func:`barcode`.
    """
    return _drawable("card_number", raw, problem_with_card)


def barcode(raw: str) -> str:
    """Give an item's barcode as it is drawn.

    Raises:
        InvalidInput: ``barcode``: ``empty``, ``too_long``, ``unreadable``, or ``not_ascii`` (Code 128 has no bars
            for æ, ø and å).
    """
    return _drawable("barcode", raw, problem_with_bars)


def _drawable(field: str, raw: str, problem_with: Callable[[str], str]) -> str:
    code = clean_code(raw)
    problem = problem_with(code)
    if problem:
        raise InvalidInput(field, problem)
    return code


def lines_of(label: LabelRecord) -> tuple[str, ...]:
    """Give what people read below the bars: the code in groups, the library, an item's title."""
    return tuple(line for line in (grouped(label.code), cut(label.library), cut(label.title)) if line)


def grouped(code: str) -> str:
    """Set the figures of a long number apart: ``4829 1173``. A code with anything else in it stays as it is."""
    if not code.isdigit() or len(code) <= GROUP:
        return code
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def cut(text: str) -> str:
    """Cut a text to a label's width."""
    return text if len(text) <= LONGEST_LINE else text[: LONGEST_LINE - 1].rstrip() + "…"
