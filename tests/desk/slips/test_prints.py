"""Every print, byte for byte as the printer takes it, and what must never be on one (C13, M3, P8, R6)."""

from __future__ import annotations

import pytest

from desk import texts
from devices.escpos import escpos_bytes
from devices.paper import laid_out
from tests.desk.slips.made import FOLDER, ITEM, PAPERS, documents, paper_of
from tests.printing import bars_in


@pytest.mark.parametrize("name", PAPERS)
def test_each_is_byte_for_byte_what_was_reviewed(name: str) -> None:
    data, text = paper_of(name, documents()[name])
    assert text == (FOLDER / f"{name}.txt").read_text("utf-8")
    assert data == (FOLDER / f"{name}.escpos").read_bytes()


def test_there_is_a_file_for_each_and_no_other() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(PAPERS) == set(documents())


@pytest.mark.parametrize("name", PAPERS)
def test_the_preview_is_what_prints(name: str) -> None:
    data, text = paper_of(name, documents()[name])
    code_page, _width = PAPERS[name]
    printed = data.decode(code_page)
    for line in text.splitlines():
        plain = line.strip()
        if set(plain) > {"|"}:
            # What is twice as wide has a space after each letter.
            assert plain in printed or plain.replace("   ", "\x00").replace(" ", "").replace("\x00", " ") in printed


@pytest.mark.parametrize("name", ["pickup", "transit", "statement"])
def test_its_bars_are_read_back(name: str) -> None:
    data, _text = paper_of(name, documents()[name])
    assert bars_in(data) == [ITEM.barcode]


@pytest.mark.parametrize("code_page", ["cp865", "cp858", "cp850", "cp1252"])
def test_danish_letters_are_letters_on_every_code_page(code_page: str) -> None:
    for document in documents().values():
        data = escpos_bytes(laid_out(document, 42, code_page), code_page)
        assert b"?" not in data.replace("Čapek 🦉".encode(), b"").replace(b"Capek ?", b"")
    data = escpos_bytes(laid_out(documents()["pickup"], 42, code_page), code_page)
    assert "Ærø, Åbo".encode(code_page) in data
    assert "Høeg".encode(code_page) in data


def test_no_slip_says_for_whom_it_is_and_only_the_statement_has_a_name() -> None:
    for name in PAPERS:
        _data, text = paper_of(name, documents()[name])
        assert ("Anna" in text) is (name == "statement")
        assert ("4829" in text) is (name == "statement")
        assert "Hemmelig Vej" not in text


def test_in_english_too() -> None:
    texts.use("en")
    try:
        _data, text = paper_of("pickup", documents()["pickup"])
    finally:
        texts.use("da")
    assert "pick up by Fri 2 Oct" in text
