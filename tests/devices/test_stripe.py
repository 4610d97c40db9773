"""The health card: its CPR number and nothing else (V1). The people are made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from devices.stripe import StripeError, cpr_in_stripe, is_stripe, read_stripe

TRACK_1 = "%DOE^JOHN JOHNNY                   ]L\\KKE ALLE 7 3                   4615000?"
TRACK_2 = ";9208100401017023451041173083461010814?"
STRIPE = TRACK_1 + TRACK_2


def test_the_stripe_of_a_health_card_gives_its_cpr() -> None:
    assert len(STRIPE) == 116
    assert cpr_in_stripe(STRIPE) == "0101702345"


@pytest.mark.parametrize(
    "stripe",
    [
        pytest.param(TRACK_2, id="second track alone"),
        pytest.param(STRIPE.replace(";", ":"), id="colon as sentinel"),
        pytest.param(STRIPE.translate(str.maketrans(";?^[\\", "æ_&å'")), id="danish layout"),
        pytest.param(STRIPE.translate(str.maketrans("", "", "%;?")), id="no sentinels"),
        pytest.param(TRACK_2 + TRACK_1, id="tracks turned around"),
        pytest.param(f"  {STRIPE}\n", id="blanks around"),
    ],
)
def test_whatever_the_reader_makes_of_the_sentinels(stripe: str) -> None:
    assert cpr_in_stripe(stripe) == "0101702345"


@pytest.mark.parametrize("code", ["0707614285", "070761-4285", " 0707614285 "])
def test_the_barcode_of_a_health_card_is_its_cpr(code: str) -> None:
    assert cpr_in_stripe(code) == "0707614285"


@pytest.mark.parametrize("code", ["0101654000", "6702904321", "9112904321", "2110625629"])
def test_neither_modulus_11_nor_a_replacement_number_is_held_against_it(code: str) -> None:
    assert cpr_in_stripe(code) == code


@pytest.mark.parametrize(
    "code",
    ["", "5237124059", "3846990827", "28847238", "0013904321", "0100904321", "070761428", "07076142850", "٠٧٠٧٦١٤٢٨٥"],
)
def test_what_is_no_date_is_no_cpr(code: str) -> None:
    assert cpr_in_stripe(code) is None


def test_the_first_track_alone_tells_nothing() -> None:
    assert cpr_in_stripe(TRACK_1) is None


def test_a_longer_run_of_digits_is_no_stripe() -> None:
    assert cpr_in_stripe(TRACK_2.replace("?", "55")) is None


# What a reader types on a system that believes in another keyboard, by what it meant; the digits stand in all of them.
LAYOUTS: dict[str, dict[str, str | int | None]] = {
    "american": {},
    "danish": {";": "æ", "?": "_", "^": "&", "[": "å", "\\": "'", "{": "Å", "|": "*", "}": "^", "@": '"', "%": "%"},
    "german": {";": "ö", "?": "_", "^": "&", "[": "ü", "\\": "#", "%": "%", "y": "z", "Y": "Z", "Z": "Y"},
    "colon": {";": ":"},
    "no sentinels": {";": "", "?": "", "%": ""},
}
# ISO 646 as the cards have it: capitals, and Danish letters in the places of brackets.
NAMES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]{|}@`~ -.", min_size=1, max_size=16)


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


@st.composite
def stripes(draw: st.DrawFn) -> tuple[str, str]:
    """A whole stripe and the CPR number on it, a replacement number."""
    cpr = f"{draw(st.integers(61, 91))}{draw(st.integers(1, 12)):02}{draw(digits(6))}"
    name = f"{draw(NAMES)}^{draw(NAMES)}".ljust(34)
    address = f"{draw(NAMES)} {draw(st.integers(1, 999))}".ljust(34)
    return f"%{name}{address}{draw(digits(7))}?;92081004{cpr}{draw(digits(19))}?", cpr


@given(stripes(), st.sampled_from(sorted(LAYOUTS)))
@example((STRIPE, "0101702345"), "danish")
def test_any_stripe_gives_its_cpr_whatever_keyboard_the_system_believes_in(
    stripe: tuple[str, str], layout: str
) -> None:
    text, cpr = stripe
    assert len(text) == 116
    mangled = text.translate(str.maketrans(LAYOUTS[layout]))
    assert cpr_in_stripe(mangled) == cpr
    assert is_stripe(mangled)


@pytest.mark.parametrize(
    ("stripe", "field"),
    [
        pytest.param(TRACK_1, "track 2", id="the first track alone"),
        pytest.param(STRIPE[:110], "track 2", id="cut off"),
        pytest.param(STRIPE.replace("01017", "01O17"), "track 2", id="a letter among the digits"),
        pytest.param(TRACK_2.replace("0101702345", "0113702345"), "cpr", id="month 13"),
        pytest.param(TRACK_2.replace("0101702345", "4501702345"), "cpr", id="day 45"),
        pytest.param("", "track 2", id="nothing"),
    ],
)
def test_a_damaged_stripe_is_an_error_that_names_the_field_and_repeats_nothing(stripe: str, field: str) -> None:
    with pytest.raises(StripeError) as caught:
        read_stripe(stripe)
    assert caught.value.field == field
    assert not re.search("DOE|KKE|702345", str(caught.value))


def test_a_damaged_stripe_is_known_as_one() -> None:
    assert all(map(is_stripe, (STRIPE, TRACK_1, TRACK_2, STRIPE[:110], STRIPE[60:])))


@pytest.mark.parametrize("code", ["5237124059", "0707614285", "9788702093223", "9208123456789012", "Pelle   Erobreren"])
def test_what_a_library_scans_is_no_stripe(code: str) -> None:
    assert not is_stripe(code)
