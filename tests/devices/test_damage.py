"""100,000 damaged and random stripes and answers: each gives a value, or an error that names the field (V1)."""

from __future__ import annotations

from random import Random

import pytest

from devices.pcsc.apdu import GET_UID, Addressing, ApduError
from devices.pcsc.card import read_card
from devices.pcsc.roles import EITHER_WAY
from devices.stripe import StripeError, cpr_in_stripe, read_stripe
from tests.devices.test_stripe import STRIPE
from tests.hardware.virtual_card import OK, TAG, with_blocks

MANY = 100_000
LETTERS = "0123456789%;:?æ_&å'^ []\\ABCØ\x00\x1b\ufffe9208"
STRUER = bytes.fromhex("110101353233373132343035390000000000007945444B373637313030000000")
FIELDS = {"uid", "memory", "crc", "version", "usage", "parts", "part", "item_id", "library"} | {
    f"block {number}" for number in range(9)
}


def damaged(text: str, dice: Random) -> str:
    """Change, drop or double a few characters, or cut it off."""
    letters = list(text)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(letters))
        letters[at] = dice.choice(("", letters[at] * 2, dice.choice(LETTERS)))
    return "".join(letters)[: dice.choice((200, dice.randint(0, 120)))]


@pytest.mark.slow
def test_a_hundred_thousand_stripes() -> None:
    dice = Random(6)
    read, fields = 0, set()
    for number in range(MANY):
        text = damaged(STRIPE, dice) if number % 2 else "".join(dice.choices(LETTERS, k=dice.randint(0, 130)))
        try:
            cpr = read_stripe(text)
        except StripeError as error:
            fields.add(error.field)
            nothing = cpr_in_stripe(text)
            assert nothing is None or len(text.strip()) in {10, 11}
        else:
            assert len(cpr) == 10
            assert cpr in text
            read += 1
    assert read > MANY // 10
    assert fields == {"track 2", "cpr"}


@pytest.mark.slow
def test_a_hundred_thousand_answers() -> None:
    dice = Random(6)
    tag = with_blocks("E004001122334455", STRUER)
    fields = set()
    for _ in range(MANY // 10):
        # A tag is asked a dozen times and more.
        damage = dice.choice((0.01, 0.1, 1.0))

        def answer(command: bytes, damage: float = damage) -> bytes:
            whole = tag(command) or b""
            if dice.random() > damage:
                return whole
            more = bytes((0x61, dice.randrange(256)))
            random = (dice.randbytes(dice.randint(0, 12)), dice.randbytes(4) + OK)
            return dice.choice((whole[: dice.randint(0, 6)], more, *random))

        try:
            card = read_card(answer, TAG, EITHER_WAY)
        except ApduError as error:
            fields.add(error.field)
        else:
            assert card.code
            assert card.trouble is None or card.tag is None
            if card.trouble is not None:
                fields.add(card.trouble.field)
    assert fields <= FIELDS
    assert {"uid", "block 0", "block 5", "crc"} <= fields


def test_the_commands_are_as_they_are_written_down() -> None:
    assert GET_UID.hex(" ").upper() == "FF CA 00 00 00"
    assert Addressing.P1.read_block(7).hex(" ").upper() == "FF B0 07 00 04"
    assert Addressing.P2.read_block(7).hex(" ").upper() == "FF B0 00 07 04"
