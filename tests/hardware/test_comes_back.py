"""Readers, their driver and pcscd go away and come back; the readers' thread works on (V3)."""

from __future__ import annotations

import time

from devices.card_messages import CardPresented, CardRemoved
from devices.messages import DeviceChanged, Scanned
from devices.pad_messages import TagLaid, TagTaken
from devices.rfid import Tag, bytes_of
from tests.hardware.pcscd import FIRST, Pcscd
from tests.hardware.virtual_card import TAG, VirtualCard, with_blocks, with_uid
from tests.hardware.watching import Watch

UID = "04A1B2C3D4E5F6"
TAG_UID = "E004001122334455"


def test_a_counter_opens_without_pcscd_and_finds_it_when_it_starts(installed_pcscd: Pcscd) -> None:
    watch = Watch()
    watch.expect_states("no_service", "no_service")
    installed_pcscd.start()
    watch.expect_states("ok", "ok")
    installed_pcscd.stop()
    watch.expect_states("no_service", "no_service")
    watch.close()


def test_pcscd_killed_and_restarted_with_a_card_lying_there(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)
        pcscd.kill()
        assert watch.next() == CardRemoved(FIRST)
        watch.expect_states("no_service", "no_service")
    pcscd.start()
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        watch.expect_states("ok", "ok")
        assert watch.next() == CardPresented(UID, FIRST)


def test_a_book_that_lies_there_all_the_while_is_not_scanned_again(pcscd: Pcscd, watch: Watch) -> None:
    tag = Tag("5237124059", "DK767100")
    book = with_blocks(TAG_UID, bytes_of(tag, 32))
    with VirtualCard(pcscd.ports[1], book, TAG):
        assert watch.next() == TagLaid(TAG_UID, tag, is_single=True)
        pcscd.kill()
        assert watch.next() == TagTaken(TAG_UID)
        watch.expect_states("no_service", "no_service")
    pcscd.start()
    with VirtualCard(pcscd.ports[1], book, TAG):
        watch.expect_states("ok", "ok")
        assert watch.next() == TagLaid(TAG_UID, tag, is_single=True, is_scan=False)
        assert watch.says_nothing(2)
    assert watch.next() == TagTaken(TAG_UID)
    with VirtualCard(pcscd.ports[1], book, TAG):
        assert watch.next() == TagLaid(TAG_UID, tag, is_single=True)


def test_a_chip_without_blocks_that_lies_there_all_the_while_is_not_scanned_again(pcscd: Pcscd, watch: Watch) -> None:
    with VirtualCard(pcscd.ports[1], with_uid(UID)):
        assert isinstance(watch.next(), Scanned)
        pcscd.kill()
        watch.expect_states("no_service", "no_service")
    pcscd.start()
    with VirtualCard(pcscd.ports[1], with_uid(UID)) as again:
        watch.expect_states("ok", "ok")
        assert watch.says_nothing(2)
        assert again.commands


def test_pcscd_comes_back_without_the_reader_and_then_with_it(pcscd: Pcscd, watch: Watch) -> None:
    pcscd.unplug()
    watch.expect_states("no_service", "no_service")
    watch.expect_states("missing", "missing")
    pcscd.plug_in()
    watch.expect_states("no_service", "no_service")
    watch.expect_states("ok", "ok")
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)


def test_a_driver_that_answers_with_errors_is_told_until_it_answers_again(pcscd: Pcscd, watch: Watch) -> None:
    pcscd.fail_driver()
    watch.expect_states("error", "error")
    pcscd.mend_driver()
    watch.expect_states("ok", "ok")
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)


def test_a_pcscd_that_hangs_is_told_until_it_answers_again(pcscd: Pcscd, watch: Watch) -> None:
    pcscd.hang()
    watch.expect_states("error", "error")
    pcscd.go_on()
    watch.expect_states("ok", "ok")
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.next() == CardPresented(UID, FIRST)


def test_a_counter_that_opens_while_pcscd_hangs_says_so_too(pcscd: Pcscd) -> None:
    pcscd.hang()
    watch = Watch()
    watch.expect_states("error", "error")
    pcscd.go_on()
    watch.expect_states("ok", "ok")
    watch.close()


def test_a_pcscd_that_hangs_while_it_reads_a_card(pcscd: Pcscd, watch: Watch) -> None:
    def hanging(command: bytes) -> bytes:
        pcscd.hang()
        return with_uid(UID)(command) or b""

    with VirtualCard(pcscd.ports[0], hanging):
        watch.expect_states("error", "error")
        pcscd.go_on()
        said = {watch.next(), watch.next(), watch.next()}
    assert CardPresented(UID, FIRST) in said
    assert said > {DeviceChanged("reader", "ok"), DeviceChanged("item_reader", "ok")}


def test_closing_does_not_wait_for_a_pcscd_that_hangs(pcscd: Pcscd, watch: Watch) -> None:
    pcscd.hang()
    begun = time.monotonic()
    watch.close()
    waited = time.monotonic() - begun
    pcscd.go_on()
    # It gives up; the pcscd of this test would have hung for ever.
    assert waited < 20


def test_nothing_is_said_after_closing(pcscd: Pcscd, watch: Watch) -> None:
    watch.close()
    with VirtualCard(pcscd.ports[0], with_uid(UID)):
        assert watch.says_nothing()
