"""Data as cells: never wider than its column, never anything that steers the terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.text import cut, pad, paintable, width_of, wrap
from tests.screens.widgets.stage import HOSTILE

anything = st.one_of(st.text(max_size=60), st.sampled_from(HOSTILE))


@given(anything, st.integers(0, 40))
def test_a_padded_text_fills_its_column_exactly(value: str, width: int) -> None:
    assert cell_len(pad(paintable(value), width)) == width


@given(anything, st.integers(2, 40))
def test_a_wrapped_text_keeps_its_words_and_its_width(value: str, width: int) -> None:
    rows = wrap(paintable(value), width)
    assert all(cell_len(row) <= width for row in rows)
    assert "".join("".join(rows).split()) == "".join(paintable(value).split())


@pytest.mark.parametrize("value", HOSTILE)
def test_nothing_that_steers_a_terminal_is_painted(value: str) -> None:
    assert paintable(value).isprintable()
    paintable(value).encode()


@pytest.mark.parametrize(
    ("title", "width", "seen"),
    [
        ("Kongens Fald", 12, "Kongens Fald"),
        ("Kongens Fald", 11, "Kongens Fa…"),
        ("Kongens Fald", 9, "Kongens…"),
        ("海辺のカフカ", 6, "海辺…"),
        ("Kongens Fald", 1, "…"),
        ("Kongens Fald", 0, ""),
    ],
)
def test_a_title_is_cut_with_an_ellipsis(title: str, width: int, seen: str) -> None:
    assert cut(title, width) == seen
    assert width_of(seen) <= width


def test_a_tower_of_accents_is_taken_down() -> None:
    assert len(paintable("a" + "\u0301" * 200)) <= 4
