"""What a text message can hold (GSM-7, 160 septets), against an encoder of the tests' own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.messages.sms import (
    ALPHABET,
    EXTENSION,
    foreign_to_gsm7,
    international,
    made_plain,
    septets,
)

# GSM 03.38 as the standard's table is laid out: rows of sixteen, ESC at 0x1B.
TABLE = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
EXTENDED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}


def encoded(text: str) -> bytes:
    """Encode a text, a byte a septet."""
    out = bytearray()
    for character in text:
        if character in EXTENDED:
            out += bytes((0x1B, EXTENDED[character]))
        else:
            out.append(TABLE.index(character))
    return bytes(out)


def test_the_alphabet_is_the_standards() -> None:
    assert len(TABLE) == 128
    assert frozenset(TABLE) - {"\x1b"} == ALPHABET
    assert frozenset(EXTENDED) == EXTENSION


@given(st.text(st.sampled_from(sorted(ALPHABET | EXTENSION))))
def test_a_text_takes_as_many_septets_as_it_is_encoded_to(text: str) -> None:
    assert foreign_to_gsm7(text) == ""
    assert septets(text) == len(encoded(text))


@given(st.text())
def test_any_text_made_plain_is_either_sent_or_its_strangers_are_named(text: str) -> None:
    plain = made_plain(text)
    foreign = foreign_to_gsm7(plain)
    if foreign:
        assert set(foreign) <= set(plain)
        with pytest.raises(ValueError, match="not GSM-7"):
            septets(plain)
    else:
        assert septets(plain) == len(encoded(plain))
    assert made_plain(plain) == plain


def test_good_typography_is_made_plain() -> None:
    assert made_plain("24.\u00a0sep. – »Kongens Fald« … “x” ’y’") == '24. sep. - "Kongens Fald" ... "x" \'y\''


@pytest.mark.parametrize(
    ("character", "count"), [("æ", 1), ("Å", 1), ("é", 1), ("ü", 1), ("[", 2), ("€", 2), ("|", 2), ("^", 2)]
)
def test_danish_letters_count_one_and_brackets_two(character: str, count: int) -> None:
    assert septets(character) == count


@pytest.mark.parametrize("character", ["á", "ó", "č", "`", "🦉", "\x1b", "\u202e"])
def test_other_letters_are_told(character: str) -> None:
    assert foreign_to_gsm7(f"a{character}b{character}") == character


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("20 30 40 50", "+4520304050"),
        ("20304050", "+4520304050"),
        ("+45 20 30 40 50", "+4520304050"),
        ("0046 70-123 45 67", "+46701234567"),
        ("4520304050", "+4520304050"),
    ],
)
def test_numbers_are_sent_as_gateways_want_them(written: str, sent: str) -> None:
    assert international(written, "45") == sent


@pytest.mark.parametrize("written", ["", "ring bagi", "+", "20304050\r\nX: 1", "1" * 16])
def test_what_is_no_number_is_never_sent(written: str) -> None:
    with pytest.raises(ValueError, match="not a telephone number"):
        international(written, "45")
