"""Cards and tags on the real PC/SC stack (V1, V3)."""

from __future__ import annotations

import pytest

from devices.card_messages import CardPresented, CardRemoved, CardUnreadable
from devices.messages import DeviceChanged, Scanned
from devices.pad_messages import TagLaid, TagTaken, TagUnread
from devices.pcsc.apdu import GET_UID, Addressing
from devices.pcsc.roles import ReaderRules
from devices.rfid import Tag, TagField, Usage, bytes_of
from tests.devices.test_apdu import in_parts
from tests.hardware.pcscd import FIRST, SECOND, Pcscd
from tests.hardware.virtual_card import OK, REFUSED, TAG, VirtualCard, with_blocks, with_uid
from tests.hardware.watching import Watch

UID = "04A1B2C3D4E5F6"
TAG_UID = "E004001122334455"
STRUER = bytes.fromhex("110101353233373132343035390000000000007945444B373637313030000000")
BOOK = Tag("5237124059", "DK767100")
EMPTY = bytes(112)


def test_a_card_on_the_borrowers_reader_is_a_card(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)
    assert watch.next() == CardRemoved(FIRST)


def test_a_chip_without_blocks_on_the_items_reader_is_a_scan_and_taking_it_off_says_nothing(
    pcscd: Pcscd, watch: Watch
) -> None:
    with VirtualCard(pcscd.ports[1], with_uid("DEADBEEF")):
        scanned = watch.next()
        assert isinstance(scanned, Scanned)
        assert (scanned.code, scanned.source) == ("DEADBEEF", "tag")
        assert watch.says_nothing()
    assert watch.says_nothing()


@pytest.mark.parametrize(
    "tag",
    [BOOK, Tag("5237124059", "DK718500"), Tag("5237124059", parts=2), Tag("5237124059", usage=Usage.DISCARDED)],
    ids=["a book", "of another library", "part 1 of 2", "discarded"],
)
def test_all_that_a_books_tag_says_is_told_and_that_it_was_taken_off(pcscd: Pcscd, watch: Watch, tag: Tag) -> None:
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, bytes_of(tag, 32)), TAG):
        assert watch.next() == TagLaid(TAG_UID, tag, is_single=True)
        assert watch.says_nothing()
    assert watch.next() == TagTaken(TAG_UID)


def test_a_book_on_the_borrowers_reader_is_told_too_and_comes_by_its_number(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_blocks(TAG_UID, STRUER), TAG):
        assert watch.next() == TagLaid(TAG_UID, BOOK, is_single=True, is_scan=False)
        assert watch.next() == CardPresented("5237124059", FIRST)
    assert [watch.next(), watch.next()] == [TagTaken(TAG_UID), CardRemoved(FIRST)]


def test_a_borrowers_card_that_is_a_tag_is_a_card_and_nothing_else(pcscd: Pcscd, watch: Watch) -> None:
    card = bytes_of(Tag("2000000001", usage=Usage.PATRON_CARD), 32)
    with VirtualCard(pcscd.ports[0], with_blocks(TAG_UID, card), TAG):
        assert watch.next() == CardPresented("2000000001", FIRST)
    assert watch.next() == CardRemoved(FIRST)


@pytest.mark.parametrize(
    ("memory", "field"), [(STRUER[:-1] + b"\x01", TagField.CRC), (EMPTY, TagField.MEMORY)], ids=["damaged", "blank"]
)
def test_a_book_whose_tag_cannot_be_understood_is_no_item_by_its_own_number(
    pcscd: Pcscd, watch: Watch, memory: bytes, field: TagField
) -> None:
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, memory), TAG):
        assert watch.next() == TagUnread(TAG_UID, field)
        assert watch.says_nothing()


def test_a_damaged_tag_is_no_borrowers_card_by_its_own_number_and_a_blank_one_is(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_blocks(TAG_UID, STRUER[:-1] + b"\x01"), TAG):
        assert watch.next() == CardUnreadable(FIRST, "crc")
    with VirtualCard(pcscd.ports[0], with_blocks(TAG_UID, EMPTY), TAG):
        assert watch.next() == CardPresented(TAG_UID, FIRST)


@pytest.mark.parametrize("at", [2, 3], ids=["in P1", "in P2"])
def test_a_book_is_scanned_by_its_number_wherever_its_reader_wants_the_blocks(
    pcscd: Pcscd, watch: Watch, at: int
) -> None:
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, STRUER, at=at), TAG):
        assert watch.next() == TagLaid(TAG_UID, BOOK, is_single=True)


def test_how_a_reader_wants_the_blocks_is_tried_once(pcscd: Pcscd, watch: Watch) -> None:
    book = with_blocks(TAG_UID, STRUER, at=3)
    asked = []
    for _ in range(2):
        with VirtualCard(pcscd.ports[1], book, TAG) as card:
            assert isinstance(watch.next(), TagLaid)
        assert watch.next() == TagTaken(TAG_UID)
        asked.append(card.commands)
    assert Addressing.P1.read_block(1) not in asked[1]
    assert len(asked[1]) < len(asked[0])


def test_a_card_and_a_book_at_once(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_uid(UID)), VirtualCard(pcscd.ports[1], with_uid("DEADBEEF")):
        said = {type(message): message for message in (watch.next(), watch.next())}
    assert said[CardPresented] == CardPresented(UID, FIRST)
    assert isinstance(scanned := said[Scanned], Scanned)
    assert scanned.code == "DEADBEEF"


def test_a_tag_whose_number_comes_last_byte_first_is_turned_round(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_uid("5544332211 0004E0")):
        assert watch.next() == CardPresented(TAG_UID, FIRST)


def test_a_reader_that_is_nobodys_is_left_alone(pcscd: Pcscd) -> None:
    watch = Watch(ReaderRules(borrowers=FIRST))
    assert watch.next() == DeviceChanged("reader", "ok")
    with VirtualCard(pcscd.ports[1], with_uid(UID)) as card:
        assert watch.says_nothing()
    assert card.commands == []
    watch.close()


def test_without_a_name_every_reader_is_for_borrowers(pcscd: Pcscd) -> None:
    watch = Watch(ReaderRules())
    assert watch.next() == DeviceChanged("reader", "ok")
    with VirtualCard(pcscd.ports[1], with_uid(UID)):
        assert watch.next() == CardPresented(UID, SECOND)
    watch.close()


def test_a_name_that_no_reader_has_is_a_reader_that_is_missing(pcscd: Pcscd) -> None:
    watch = Watch(ReaderRules(borrowers=FIRST, items="Feig"))
    watch.expect_states("ok", "missing")
    watch.close()


def test_a_card_that_answers_nothing_useful_is_told_and_the_next_one_read(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], lambda _command: REFUSED) as card:
        assert watch.next() == CardUnreadable(FIRST, "uid")
        assert card.commands == [GET_UID] * 3
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)


def test_an_item_whose_blocks_cannot_be_read_is_no_item_by_its_own_number(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, STRUER[:8]), TAG):
        assert watch.next() == CardUnreadable(SECOND, "block 2")


def test_a_tag_that_borrowers_have_counts_by_its_own_number(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_uid(TAG_UID), TAG):
        assert watch.next() == CardPresented(TAG_UID, FIRST)


def test_a_card_that_hesitates_is_read_at_another_try(pcscd: Pcscd, watch: Watch) -> None:
    answers = [REFUSED, OK[:1], bytes.fromhex(UID) + OK]
    with VirtualCard(pcscd.ports[0], lambda _command: answers.pop(0)):
        assert watch.next() == CardPresented(UID, FIRST)


def test_a_card_pulled_while_it_is_read_was_never_there(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], lambda _command: None):
        assert watch.says_nothing(2)
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)


def test_a_tag_pulled_in_the_middle_of_its_blocks_is_no_scan(pcscd: Pcscd, watch: Watch) -> None:
    whole = with_blocks(TAG_UID, STRUER)

    def pulled_at_block_3(command: bytes) -> bytes | None:
        return None if command == Addressing.P1.read_block(3) else whole(command)

    with VirtualCard(pcscd.ports[1], pulled_at_block_3, TAG):
        assert watch.says_nothing(2)


def test_another_card_at_once_takes_the_first_off(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)
    with VirtualCard(pcscd.ports[0], with_uid("DEADBEEF")):
        assert [watch.next(), watch.next()] == [CardRemoved(FIRST), CardPresented("DEADBEEF", FIRST)]


def test_blocks_are_not_asked_for_where_the_settings_say_so(pcscd: Pcscd) -> None:
    watch = Watch(ReaderRules(borrowers=FIRST, items=SECOND, ways=()))
    watch.expect_states("ok", "ok")
    with VirtualCard(pcscd.ports[1], with_blocks(TAG_UID, STRUER), TAG) as card:
        assert isinstance(watch.next(), Scanned)
    assert card.commands == [GET_UID]
    watch.close()


def test_a_book_whose_answers_come_in_parts_is_read(pcscd: Pcscd, watch: Watch) -> None:
    answering = in_parts(with_blocks(TAG_UID, STRUER), of_class=0x00, first=0, then=99)
    with VirtualCard(pcscd.ports[1], answering, TAG):
        assert watch.next() == TagLaid(TAG_UID, BOOK, is_single=True)
