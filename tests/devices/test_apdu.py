"""What cards and tags answer through PC/SC: values, or an error that names the field (V1)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.pcsc.apdu import GET_UID, Addressing, ApduError, Transmit, is_tag, normalised, read_block, uid_in
from devices.pcsc.card import read_card, read_memory
from devices.pcsc.content import Garbled
from devices.pcsc.roles import EITHER_WAY, ReaderRules, Role, ways_of
from devices.rfid import TagField
from tests.hardware.virtual_card import MIFARE, OK, TAG, Answering, with_blocks, with_uid

UID = "E004001122334455"
STRUER = bytes.fromhex("110101353233373132343035390000000000007945444B373637313030000000")


def sent_to(answering: Answering) -> Transmit:
    """Send commands to a card that stays where it is."""

    def transmit(command: bytes) -> bytes:
        answer = answering(command)
        assert answer is not None
        return answer

    return transmit


@pytest.mark.parametrize(
    ("answer", "uid"),
    [("04A1B2C3D4E5F69000", "04A1B2C3D4E5F6"), ("DEADBEEF9000", "DEADBEEF"), ("5544332211 0004E0 9000", UID)],
)
def test_a_number_is_written_in_one_way(answer: str, uid: str) -> None:
    assert uid_in(bytes.fromhex(answer)) == uid


@pytest.mark.parametrize("answer", ["", "90", "6A82", "9000", "0102039000", "00000000 9000", "DEADBEEF6300"])
def test_any_other_answer_is_an_error_that_names_the_uid(answer: str) -> None:
    with pytest.raises(ApduError) as caught:
        uid_in(bytes.fromhex(answer))
    assert caught.value.field == "uid"


@given(st.binary(min_size=6, max_size=6))
def test_a_tags_number_reads_the_same_from_either_end(middle: bytes) -> None:
    uid = b"\xe0" + middle + b"\x04"
    assert normalised(uid) == normalised(uid[::-1]) == uid


@pytest.mark.parametrize(
    ("atr", "uid", "is_one"),
    [(TAG, "DEADBEEF", True), (MIFARE, UID, True), (MIFARE, "04A1B2C3D4E5F6", False), (b"", "0112233445566778", False)],
)
def test_a_tag_is_known_by_its_standard_or_by_its_number(atr: bytes, uid: str, *, is_one: bool) -> None:
    assert is_tag(atr, uid) is is_one


@pytest.mark.parametrize("at", [2, 3])
def test_a_book_is_read_whichever_way_its_blocks_are_asked_for(at: int) -> None:
    card = read_card(sent_to(with_blocks(UID, STRUER, at=at)), TAG, EITHER_WAY)
    assert (card.code, card.addressing) == ("5237124059", list(Addressing)[at - 2])


@pytest.mark.parametrize("length", [4, 8])
def test_a_tag_says_how_long_its_blocks_are(length: int) -> None:
    memory = STRUER + bytes(8)
    assert read_memory(sent_to(with_blocks(UID, memory, length=length)), Addressing.P1) == memory[:36]


def test_a_tag_of_32_bytes_is_whole() -> None:
    assert read_memory(sent_to(with_blocks(UID, STRUER)), Addressing.P1) == STRUER


@pytest.mark.parametrize("memory", [b"", STRUER[:28]])
def test_a_block_that_cannot_be_read_is_named(memory: bytes) -> None:
    with pytest.raises(ApduError) as caught:
        read_memory(sent_to(with_blocks(UID, memory)), Addressing.P1)
    assert caught.value.field == f"block {len(memory) // 4}"


@pytest.mark.parametrize("answer", [b"", b"\x90", b"\x01\x02\x03" + OK, b"\x01\x02\x03\x04", b"\x6c\x00", b"\x6c\x08"])
def test_a_block_that_is_none_is_an_error(answer: bytes) -> None:
    with pytest.raises(ApduError, match="block 3"):
        read_block(lambda _command: answer, Addressing.P2, 3)


def test_a_tag_that_cannot_be_understood_counts_by_its_own_number_and_says_why() -> None:
    card = read_card(sent_to(with_blocks(UID, STRUER[:-1] + b"\x01")), TAG, EITHER_WAY)
    assert (card.code, card.addressing) == (UID, None)
    assert card.trouble is not None
    assert card.trouble.field == "crc"


@pytest.mark.parametrize("at", [2, 3])
def test_that_a_tag_cannot_be_understood_is_told_before_that_a_reader_refuses_the_other_way(at: int) -> None:
    card = read_card(sent_to(with_blocks(UID, STRUER[:-1] + b"\x01", at=at)), TAG, EITHER_WAY)
    assert isinstance(card.trouble, Garbled)
    assert card.trouble.part is TagField.CRC


def test_of_a_plain_card_nothing_but_the_number_is_asked() -> None:
    asked: list[bytes] = []

    def answer(command: bytes) -> bytes:
        asked.append(command)
        return sent_to(with_uid("DEADBEEF"))(command)

    assert read_card(answer, MIFARE, EITHER_WAY).code == "DEADBEEF"
    assert asked == [GET_UID]


def test_no_repr_shows_a_card() -> None:
    card = read_card(sent_to(with_blocks(UID, STRUER)), TAG, EITHER_WAY)
    assert UID not in repr(card)
    assert "5237124059" not in repr(card)


def in_parts(answering: Answering, *, of_class: int, first: int, then: int) -> Transmit:
    """Give every answer in parts, all but the first by GET RESPONSE of one class.

    Args:
        answering: what answers.
        of_class: of GET RESPONSE; another is unknown.
        first: how many bytes come with the first status.
        then: how many with each of the others.
    """
    left = b""

    def transmit(command: bytes) -> bytes:
        nonlocal left
        length = then
        if command[1:4] == b"\xc0\x00\x00":
            if command[0] != of_class:
                return b"\x6e\x00"
            assert command[4] == len(left)
        else:
            answer = answering(command) or b""
            if answer[-2:] != OK:
                return answer
            left, length = answer[:-2], first
        part, left = left[:length], left[length:]
        return part + (bytes((0x61, len(left))) if left else OK)

    return transmit


@pytest.mark.parametrize("of_class", [0x00, 0xFF], ids=["of cards", "of readers"])
@pytest.mark.parametrize(("first", "then"), [(1, 1), (3, 3), (0, 99), (2, 99)])
def test_an_answer_in_parts_is_put_together(of_class: int, first: int, then: int) -> None:
    transmit = in_parts(with_blocks(UID, STRUER), of_class=of_class, first=first, then=then)
    card = read_card(transmit, TAG, EITHER_WAY)
    assert (card.uid, card.code) == (UID, "5237124059")


@pytest.mark.parametrize(
    ("rest", "why"),
    [(b"\x00\x61\x01", "without an end"), (b"\x6a\x82", "status 6A82"), (b"\x6e\x00", "status 6E00"), (b"", "status")],
)
def test_a_rest_that_cannot_be_had_names_what_was_asked_for(rest: bytes, why: str) -> None:
    def answer(command: bytes) -> bytes:
        return rest if command[1] == 0xC0 else b"\xe0\x04\x61\x06"

    with pytest.raises(ApduError, match=why) as caught:
        read_card(answer, TAG, EITHER_WAY)
    assert caught.value.field == "uid"
    with pytest.raises(ApduError, match=why) as caught:
        read_block(answer, Addressing.P1, 3)
    assert caught.value.field == "block 3"


@pytest.mark.parametrize(
    ("borrowers", "items", "roles"),
    [
        ("", "", [Role.BORROWERS, Role.BORROWERS]),
        ("", "feig", [Role.BORROWERS, Role.ITEMS]),
        ("acr", "feig", [None, Role.ITEMS]),
        ("omnikey", "", [Role.BORROWERS, None]),
    ],
)
def test_a_reader_is_for_whom_its_name_says(borrowers: str, items: str, roles: list[Role | None]) -> None:
    rules = ReaderRules(borrowers, items)
    assert [rules.role_of(name) for name in ("OMNIKEY 5022 00 00", "FEIG OBID 01 00")] == roles


def test_the_setting_says_how_blocks_are_asked_for() -> None:
    assert [ways_of(word) for word in ("auto", "p1", "p2", "none")] == [
        EITHER_WAY,
        (Addressing.P1,),
        (Addressing.P2,),
        (),
    ]
