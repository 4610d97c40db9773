"""Somebody without a card comes to the counter with three books: health card, O, name, address, mobile, done."""

from __future__ import annotations

import time

import pytest

from tests.pty.counter import ENTER, F8, Demo, counter, make_demo, scan, sign_in
from tests.pty.terminal import Terminal

# A replacement number of 20 May 1980 that the made-up town has given nobody.
CPR = "8005804999"
CTRL_S = "\x13"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    demo = make_demo(tmp_path_factory.mktemp("demo") / "home")
    assert CPR not in {borrower["cpr"] for borrower in demo.printed["borrowers"]}
    return demo


def type_by_hand(terminal: Terminal, text: str) -> None:
    """Type as a hand does: slower than any scanner, also after one."""
    for letter in text + ENTER:
        time.sleep(0.06)
        terminal.send(letter)


@pytest.mark.parametrize(("columns", "lines", "cpr"), [(80, 24, CPR), (120, 40, "8005804998")])
def test_a_new_borrower_is_created_while_books_are_scanned(demo: Demo, columns: int, lines: int, cpr: str) -> None:
    books = demo.available(6)[:3] if columns == 80 else demo.available(6)[3:]
    with counter(demo, columns, lines) as terminal:
        sign_in(terminal, demo.staff("staff"))
        started = time.monotonic()
        scan(terminal, cpr)
        terminal.wait_for("CPR-nummeret er ukendt.")
        terminal.send(F8)
        terminal.send("o")
        terminal.wait_for("200580-••••".replace("20", cpr[:2], 1))
        terminal.wait_for("671")
        type_by_hand(terminal, "Karla Nørregaard")
        for field, book in zip(("", "Ørnevej 3", "7600"), books, strict=True):
            scan(terminal, book["barcode"])
            type_by_hand(terminal, field)
        terminal.wait_for("7600       Struer")
        type_by_hand(terminal, "")
        type_by_hand(terminal, "20 30 40 50")
        terminal.wait_for("20 30 40 50")
        terminal.wait_for("3 scanninger venter")
        terminal.send(CTRL_S)
        terminal.wait_for(lambda t: "F2 UDLÅN" in t.shown and "Karla Nørregaard" in t.shown)
        terminal.wait_for(lambda t: all(str(book["title"])[:12] in t.shown for book in books))
        terminal.wait_for("3 klaret" if columns == 80 else "klaret")
        assert time.monotonic() - started < 120
        shown = terminal.screen_text()
        places = [shown.index(str(book["title"])[:12]) for book in books]
        assert places == sorted(places)
        assert cpr not in shown + terminal.scrollback_text()
        assert "20 30 40 50" not in shown
        assert "Ingen beslutninger." in shown
