"""What is laid out for the paper: rows that fit, letters it has, bars that a scanner reads."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.escpos import escpos_bytes
from devices.paper import CODE_PAGES, Bars, BarsRow, Line, Row, Rule, laid_out, preview, written
from tests.printing import bars_in

DANISH = "ÆØÅ æøå"


@pytest.mark.parametrize("code_page", CODE_PAGES)
def test_danish_letters_are_right_on_every_code_page(code_page: str) -> None:
    assert written(DANISH, code_page) == DANISH
    data = escpos_bytes(laid_out((Line(DANISH),), 42, code_page), code_page)
    assert DANISH.encode(code_page) in data
    assert b"?" not in data


def test_the_printer_is_told_which_code_page_it_is() -> None:
    numbers = {"cp850": 2, "cp865": 5, "cp1252": 16, "cp858": 19}
    for code_page, number in numbers.items():
        assert b"\x1bt" + bytes([number]) in escpos_bytes(laid_out((Line("å"),), 42, code_page), code_page)


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("A\u030arhus", "Århus"),
        ("»Kongens Fald« – 24.–27. dec. …", '"Kongens Fald" - 24.-27. dec. ...'),
        ("Struer → Thyholm", "Struer -> Thyholm"),
        ("Karel Čapek og Łukasz", "Karel Capek og Lukasz"),
        ("120,00\u00a0kr.", "120,00 kr."),
        ("a\u202eb \x1b[2J\x1d\x00x", "ab [2J x"),
        ("två\nlinjer", "två linjer"),
    ],
)
def test_what_the_code_page_lacks_becomes_what_can_be_read(text: str, paper: str) -> None:
    assert written(text, "cp865") == paper


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200), st.text(max_size=20), st.sampled_from(CODE_PAGES), st.integers(32, 48))
def test_whatever_a_title_holds_no_row_is_too_wide_and_no_order_gets_to_the_printer(
    text: str, right: str, code_page: str, width: int
) -> None:
    rows = laid_out((Line(text, right=right), Line(text, style="big"), Bars(text)), width, code_page)
    for row in rows:
        if isinstance(row, Row):
            assert len(row.text) <= (width // 2 if row.style == "big" else width)
            assert row.text.isprintable()
            row.text.encode(code_page)


def test_an_amount_stands_at_the_right_edge_and_goes_below_when_there_is_no_room() -> None:
    rows = laid_out(
        (Line("Gebyr", right="60,00 kr."), Line("Returneret for sent, meget", right="120,00 kr.")), 32, "cp858"
    )
    assert preview(rows, 32).splitlines() == [
        "Gebyr                  60,00 kr.",
        "Returneret for sent, meget",
        "                      120,00 kr.",
    ]


@pytest.mark.parametrize("code", ["3000003416", "12345", "99123456", "AB-12/3", "a{B}", "7", "{{"])
def test_printed_bars_are_read_back(code: str) -> None:
    assert bars_in(escpos_bytes(laid_out((Bars(code),), 42, "cp858"), "cp858")) == [code]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=20))
def test_every_code_that_has_bars_is_read_back(code: str) -> None:
    rows = laid_out((Bars(code),), 48, "cp865")
    bars = [row for row in rows if isinstance(row, BarsRow)]
    assert bars_in(escpos_bytes(rows, "cp865")) == ([code] if bars else [])


def test_a_code_without_bars_or_without_room_is_text_alone() -> None:
    for code in ("BØRN-1", "A" * 40):
        rows = laid_out((Bars(code),), 32, "cp858")
        assert not [row for row in rows if isinstance(row, BarsRow)]
        assert "".join(row.text for row in rows if isinstance(row, Row)) == code


def test_the_preview_says_what_the_paper_says() -> None:
    rows = laid_out((Line("Hylde 34", "big", centred=True), Rule(), Line("→ Čapek")), 32, "cp865")
    shown = preview(rows, 32).splitlines()
    assert [line.replace(" ", "") for line in shown] == ["Hylde34", "-" * 32, "->Capek"]
    assert all(len(line) <= 32 for line in shown)
