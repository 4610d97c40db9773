"""Tags of the Danish data model: what others have written is read, and what is damaged never passes for something."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from devices.rfid import (
    TRUNCATED,
    WHOLE,
    Extension,
    Oddity,
    Tag,
    TagError,
    TagField,
    TagSystem,
    Usage,
    bytes_of,
    crc,
    item_on_tag,
    system_of,
    uid_of,
)

STRUER = bytes.fromhex("110101353233373132343035390000000000007945444B373637313030000000")
ANNEX_B_1 = bytes.fromhex("1101013130303030303030353600000000000098A4444B3731383530300000000000")
ANNEX_B_2 = bytes.fromhex(
    "110101313030303030303133360000000000003615444B3731383530300000000000"
    "0501000501"
    "22020071426F67766F676E656E00313233343536373839300000613738393635366300"
)


def test_the_crc_is_the_standards() -> None:
    assert crc(b"123456789") == 0x29B1
    assert crc(b"RFID tag data model") == 0x1AEE
    assert crc(bytes(32)) == 0xF14C
    assert crc(bytes(30)) == 0x2A45


@pytest.mark.parametrize(
    ("memory", "tag"),
    [
        pytest.param(STRUER, Tag("5237124059", "DK767100"), id="Struer, 32 bytes"),
        pytest.param(ANNEX_B_1, Tag("1000000056", "DK718500"), id="annex B.1"),
        pytest.param(
            bytes.fromhex("11010131313232333334340000000000000000513E4445373035000000000000"),
            Tag("11223344", "DE705"),
            id="from the German library",
        ),
        pytest.param(
            bytes.fromhex("11010131363230313534343239000000000000C4CF46494D616D6B2D4D0000000000"),
            Tag("1620154429", "FIMamk-M"),
            id="from a Finnish one",
        ),
        pytest.param(
            bytes.fromhex("17010135323337313234303539000000000000CC82444B373637313030000000"),
            Tag("5237124059", "DK767100", Usage.DISCARDED),
            id="discarded",
        ),
        pytest.param(
            bytes.fromhex("1102023532333731323430353900000000000002DC444B373637313030000000"),
            Tag("5237124059", "DK767100", parts=2, part=2),
            id="part 2 of 2",
        ),
    ],
)
def test_tags_as_others_wrote_them(memory: bytes, tag: Tag) -> None:
    assert item_on_tag(memory) == tag
    assert bytes_of(tag, len(memory)) == memory


def test_extension_blocks_follow_the_basic_one() -> None:
    tag = item_on_tag(ANNEX_B_2)
    assert (tag.item_id, tag.library, tag.oddities) == ("1000000136", "DK718500", Oddity.NONE)
    media, acquisition = tag.extensions
    assert media == Extension(1, b"\x01")
    assert (acquisition.block_id, acquisition.data.split(b"\0")) == (2, [b"Bogvognen", b"1234567890", b"", b"a789656c"])
    assert bytes_of(tag, len(ANNEX_B_2)) == ANNEX_B_2


def test_filler_between_extension_blocks_is_passed_over() -> None:
    tag = item_on_tag(ANNEX_B_2)
    filled = ANNEX_B_2[:WHOLE] + b"\1\1" + ANNEX_B_2[WHOLE:39] + b"\1" + ANNEX_B_2[39:]
    assert item_on_tag(filled) == tag


# --- written differently, and proven by the CRC


def test_a_crc_without_the_padding_is_read_and_told() -> None:
    short = STRUER[:19] + crc(STRUER[:19] + STRUER[21:]).to_bytes(2, "little") + STRUER[21:]
    read = Tag("5237124059", "DK767100", oddities=Oddity.CRC_OVER_30)
    assert item_on_tag(short) == read
    assert item_on_tag(short + bytes(4)) == read
    assert bytes_of(read, TRUNCATED) == STRUER, "what is written is the standard's"


def _turned(memory: bytes | bytearray) -> bytes:
    return b"".join(memory[at : at + 4][::-1] for at in range(0, len(memory), 4))


@pytest.mark.parametrize("padding", [0, 4, 80])
def test_both_at_once_is_one_writers_habit_too_and_read_and_told(padding: int) -> None:
    short = STRUER[:19] + crc(STRUER[:19] + STRUER[21:]).to_bytes(2, "little") + STRUER[21:]
    odd = Oddity.CRC_OVER_30 | Oddity.BLOCKS_REVERSED
    assert item_on_tag(_turned(short) + bytes(padding)) == Tag("5237124059", "DK767100", oddities=odd)


@pytest.mark.parametrize("at", range(TRUNCATED))
def test_no_single_wrong_bit_passes_there_either(at: int) -> None:
    short = _turned(STRUER[:19] + crc(STRUER[:19] + STRUER[21:]).to_bytes(2, "little") + STRUER[21:])
    for bit in range(8):
        damaged = bytearray(short)
        damaged[at] ^= 1 << bit
        with pytest.raises(TagError):
            item_on_tag(bytes(damaged))


@pytest.mark.parametrize("memory", [STRUER, ANNEX_B_1 + bytes(2), ANNEX_B_2 + bytes(2)])
def test_bytes_reversed_in_each_block_are_read_and_told(memory: bytes) -> None:
    memory = memory[: len(memory) // 4 * 4]
    expected = item_on_tag(memory)
    assert item_on_tag(_turned(memory)) == replace(expected, oddities=expected.oddities | Oddity.BLOCKS_REVERSED)


def test_reversed_bytes_that_the_crc_does_not_bear_out_are_refused() -> None:
    damaged = bytearray(_turned(STRUER))
    damaged[5] ^= 1
    with pytest.raises(TagError, match="crc"):
        item_on_tag(bytes(damaged))


@pytest.mark.parametrize("at", range(WHOLE, len(ANNEX_B_2) - 1))
def test_a_damaged_extension_block_does_not_cost_the_item(at: int) -> None:
    damaged = bytearray(ANNEX_B_2)
    damaged[at] ^= 0x40
    tag = item_on_tag(bytes(damaged))
    assert (tag.item_id, tag.oddities) == ("1000000136", Oddity.EXTENSIONS_DAMAGED)


def test_a_read_that_stops_in_an_extension_block_does_not_cost_the_item() -> None:
    tag = item_on_tag(ANNEX_B_2[:48])
    assert (tag.item_id, tag.extensions) == ("1000000136", (Extension(1, b"\x01"),))
    assert tag.oddities == Oddity.EXTENSIONS_DAMAGED


# --- not read


def _with_crc(memory: bytes) -> bytes:
    return memory[:19] + crc(memory[:19] + memory[21:] + bytes(2)).to_bytes(2, "little") + memory[21:]


@pytest.mark.parametrize(
    ("memory", "field"),
    [
        pytest.param(STRUER[:31], TagField.MEMORY, id="cut off"),
        pytest.param(b"", TagField.MEMORY, id="nothing"),
        pytest.param(bytes(112), TagField.MEMORY, id="blank"),
        pytest.param(b"\xff" * 32, TagField.CRC, id="all ones"),
        pytest.param(_with_crc(b"\x21" + STRUER[1:]), TagField.VERSION, id="version 2"),
        pytest.param(_with_crc(b"\x1a" + STRUER[1:]), TagField.USAGE, id="usage 10"),
        pytest.param(_with_crc(b"\x11\x01\x02" + STRUER[3:]), TagField.PART, id="part 2 of 1"),
        pytest.param(_with_crc(STRUER[:3] + bytes(16) + STRUER[19:]), TagField.ITEM_ID, id="no number"),
        pytest.param(_with_crc(STRUER[:18] + b"7" + STRUER[19:]), TagField.ITEM_ID, id="number with a hole"),
        pytest.param(_with_crc(STRUER[:3] + b"\xff" + STRUER[4:]), TagField.ITEM_ID, id="number no UTF-8"),
        pytest.param(_with_crc(STRUER[:3] + b"\x1b" + STRUER[4:]), TagField.ITEM_ID, id="escape in the number"),
        pytest.param(_with_crc(STRUER[:22] + b"\x07" + STRUER[23:]), TagField.LIBRARY, id="bell in the ISIL"),
    ],
)
def test_what_cannot_be_read_is_named(memory: bytes, field: TagField) -> None:
    with pytest.raises(TagError) as refused:
        item_on_tag(memory)
    assert refused.value.field is field
    assert str(refused.value).startswith(field.value)


@pytest.mark.parametrize("at", range(TRUNCATED))
def test_no_single_wrong_bit_passes(at: int) -> None:
    for bit in range(8):
        damaged = bytearray(STRUER)
        damaged[at] ^= 1 << bit
        with pytest.raises(TagError):
            item_on_tag(bytes(damaged))


@pytest.mark.parametrize(
    ("tag", "size", "field"),
    [
        (Tag("5237124059"), 33, TagField.MEMORY),
        (Tag(""), 34, TagField.ITEM_ID),
        (Tag("12345678901234567"), 34, TagField.ITEM_ID),
        (Tag(" 1"), 34, TagField.ITEM_ID),
        (Tag("1\u202e"), 34, TagField.ITEM_ID),
        (Tag("1", "DK1234567890"), 32, TagField.LIBRARY),
        (Tag("1", parts=256), 34, TagField.PARTS),
        (Tag("1", part=2), 34, TagField.PART),
        (Tag("1", part=-1), 34, TagField.PART),
        (Tag("1", extensions=(Extension(1, b"\1"),)), 34, TagField.EXTENSIONS),
        (Tag("1", extensions=(Extension(1, bytes(252)),)), 512, TagField.EXTENSIONS),
        (Tag("1", extensions=(Extension(0x10000, b""),)), 512, TagField.EXTENSIONS),
    ],
)
def test_what_has_no_place_on_a_tag_is_named(tag: Tag, size: int, field: TagField) -> None:
    with pytest.raises(TagError) as refused:
        bytes_of(tag, size)
    assert refused.value.field is field


# --- whatever comes


def _fits(room: int) -> some.SearchStrategy[str]:
    characters = some.characters(exclude_categories=["Cc", "Cf", "Cs"])
    return some.text(characters, max_size=room).filter(
        lambda text: len(text.encode()) <= room and text == text.strip(" ")
    )


@some.composite
def _tags(draw: some.DrawFn) -> Tag:
    parts = draw(some.integers(0, 255))
    return Tag(
        item_id=draw(_fits(16).filter(bool)),
        library=draw(_fits(11)),
        usage=draw(some.sampled_from(Usage)),
        parts=parts,
        part=draw(some.integers(0, max(parts, 1))),
        extensions=tuple(
            draw(some.lists(some.builds(Extension, some.integers(0, 0xFFFF), some.binary(max_size=251)), max_size=3))
        ),
    )


@given(_tags(), some.integers(0, 40))
def test_every_tag_is_read_as_it_was_written(tag: Tag, spare: int) -> None:
    needed = WHOLE + sum(4 + len(extension.data) for extension in tag.extensions)
    assert item_on_tag(bytes_of(tag, needed + spare)) == tag
    bare = replace(tag, extensions=())
    assert item_on_tag(bytes_of(bare, TRUNCATED)) == bare


@pytest.mark.slow
def test_of_a_hundred_thousand_tags_each_gives_a_value_or_says_at_what_it_failed() -> None:
    chance = random.Random(28560)
    read = 0
    for number in range(100_000):
        memory = bytearray(chance.randbytes(chance.randrange(80)) if number % 2 else ANNEX_B_2)
        for _change in range(chance.randrange(4)):
            if memory:
                memory[chance.randrange(len(memory))] = chance.randrange(256)
        if number % 4 == 0 and len(memory) >= TRUNCATED:
            proven = bytes(memory[:19] + memory[21:WHOLE]).ljust(32, b"\0")
            if number % 3 == 0:
                # As those write who leave the padding out, and turn the blocks round.
                memory[TRUNCATED:] = b""
                proven = proven[:30]
            memory[19:21] = crc(proven).to_bytes(2, "little")
            memory = bytearray(_turned(memory)) if number % 3 == 0 else memory
        try:
            tag = item_on_tag(bytes(memory))
        except TagError:
            continue
        read += 1
        again = bytes_of(tag, 34 + sum(4 + len(extension.data) for extension in tag.extensions))
        assert item_on_tag(again) == replace(tag, oddities=Oddity.NONE)
    assert 20_000 < read < 60_000


# --- about the tag itself


def test_a_tag_says_who_it_is() -> None:
    assert system_of(bytes.fromhex("0355443322110004E00007")) == TagSystem("E004001122334455", dsfid=0, afi=7)
    assert system_of(bytes.fromhex("0F55443322110004E03EC21B0301")) == TagSystem(
        "E004001122334455", 0x3E, 0xC2, blocks=28, block_size=4, ic_reference=1
    )
    assert system_of(bytes.fromhex("0055443322110004E0")) == TagSystem("E004001122334455")


@pytest.mark.parametrize("answer", ["", "03", "0355443322110004E000", "0355443322110004E0000700"])
def test_half_an_answer_is_none(answer: str) -> None:
    with pytest.raises(TagError, match="system"):
        system_of(bytes.fromhex(answer))


def test_a_uid_is_written_in_one_way() -> None:
    assert uid_of(bytes.fromhex("E004001122334455")) == uid_of(bytes.fromhex("55443322110004E0")) == "E004001122334455"
    for none in ("0455443322110004", "E0040011", ""):
        with pytest.raises(TagError, match="uid"):
            uid_of(bytes.fromhex(none))
