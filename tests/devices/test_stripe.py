"""The health card: its CPR number and nothing else (V1). The people are made up."""

from __future__ import annotations

import pytest

from devices.stripe import cpr_in_stripe

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
