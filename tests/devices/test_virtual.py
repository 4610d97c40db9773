"""The scanner and the reader of demo and training (V2)."""

from __future__ import annotations

import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest

from devices.card_messages import CardPresented, CardRemoved
from devices.messages import DeviceChanged, Scanned
from devices.virtual import VirtualDevices, VirtualElsewhere, VirtualError, VirtualMessage, send
from devices.virtual_pad import VirtualPad


class Desk:
    """Devices at work, and what they said."""

    def __init__(self, home: Path) -> None:
        self.devices = VirtualDevices(home)
        self.path = self.devices.path
        self.messages: SimpleQueue[VirtualMessage] = SimpleQueue()
        self.devices.start(self.messages.put)
        assert self.next() == DeviceChanged("reader", "ok")

    def tell(self, *lines: str) -> None:
        for line in lines:
            send(self.path, line)

    def next(self) -> VirtualMessage:
        return self.messages.get(timeout=5)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.devices.close()


def test_the_scanner_scans(desk: Desk) -> None:
    desk.tell("scan 3000123456")
    scanned = desk.next()
    assert isinstance(scanned, Scanned)
    assert (scanned.code, scanned.source) == ("3000123456", "virtual")


def test_a_card_is_laid_on_and_taken_off(desk: Desk) -> None:
    desk.tell("card 2000000001", "remove")
    assert [desk.next(), desk.next()] == [CardPresented("2000000001", "virtual"), CardRemoved("virtual")]


def test_a_second_card_takes_the_first_off(desk: Desk) -> None:
    desk.tell("card A", "card B")
    assert [desk.next() for _ in range(3)] == [
        CardPresented("A", "virtual"),
        CardRemoved("virtual"),
        CardPresented("B", "virtual"),
    ]


def test_unplugging_takes_the_card_off_and_plugging_in_brings_the_reader_back(desk: Desk) -> None:
    desk.tell("card A", "unplug", "plug")
    assert [desk.next() for _ in range(4)][1:] == [
        CardRemoved("virtual"),
        DeviceChanged("reader", "missing"),
        DeviceChanged("reader", "ok"),
    ]


def test_an_unplugged_reader_reads_nothing_and_the_scanner_scans_on(desk: Desk) -> None:
    desk.tell("unplug")
    with pytest.raises(VirtualError, match="unplugged"):
        desk.tell("card A")
    desk.tell("scan 3000123456")
    assert desk.next() == DeviceChanged("reader", "missing")
    assert isinstance(desk.next(), Scanned)


@pytest.mark.parametrize(
    "line", ["", "dance", "scan", "scan ", "card", "remove it", "unplug it", "remove", "plug", "SCAN 1"]
)
def test_a_malformed_line_is_refused_in_one_line_and_changes_nothing(desk: Desk, line: str) -> None:
    with pytest.raises(VirtualError):
        desk.tell(line)
    desk.tell("scan 1")
    assert isinstance(desk.next(), Scanned)


@pytest.mark.parametrize("code", ["[/]\x1b[2J\u202e", "æøå 1", "x" * 4000])
def test_a_hostile_code_comes_as_it_is(desk: Desk, code: str) -> None:
    desk.tell(f"scan {code}")
    scanned = desk.next()
    assert isinstance(scanned, Scanned)
    assert scanned.code == code


def test_several_lines_in_pieces_are_answered_one_by_one(desk: Desk) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        client.connect(str(desk.path))
        for part in (b"sca", b"n 1\r\nnonsense\nsc", b"an 2\n"):
            client.sendall(part)
        answers = client.makefile("rb")
        assert [answers.readline()[:5] for _ in range(3)] == [b"ok\n", b"error", b"ok\n"]
        answers.close()
    assert [scanned.code for scanned in (desk.next(), desk.next()) if isinstance(scanned, Scanned)] == ["1", "2"]


def test_a_line_without_an_end_is_cut_off(desk: Desk) -> None:
    with pytest.raises(VirtualError, match="too long"):
        desk.tell("scan " + "x" * 10_000)
    desk.tell("scan 1")


def test_a_silent_client_holds_nobody_up(desk: Desk) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.connect(str(desk.path))
        desk.tell("scan 1")


def test_nobody_else_can_open_it(desk: Desk) -> None:
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600


def test_a_second_counter_in_the_same_home_is_told_so_and_the_first_goes_on(desk: Desk) -> None:
    second = VirtualDevices(desk.path.parent)
    with pytest.raises(VirtualError, match="another counter"):
        second.start(lambda _message: None)
    second.close()
    desk.tell("scan 1")


def test_what_a_second_counter_is_told_happens_to_it_alone_once_the_first_has_left(desk: Desk) -> None:
    heard: list[VirtualMessage] = []
    second = VirtualDevices(desk.path.parent)
    try:
        for line in ("scan 1", "unplug"):
            with pytest.raises(VirtualElsewhere):
                second.tell(line, heard.append)
        desk.tell("scan 2")
        assert isinstance(scanned := desk.next(), Scanned)
        assert scanned.code == "2"
        assert heard == []
        desk.devices.close()
        second.tell("scan 3", heard.append)
        assert [one.code for one in heard if isinstance(one, Scanned)] == ["3"]
    finally:
        second.close()


def test_a_counter_whose_socket_was_taken_over_drives_no_other_and_leaves_it_there(desk: Desk) -> None:
    desk.path.unlink()
    second = Desk(desk.path.parent)
    with pytest.raises(VirtualElsewhere):
        desk.devices.tell("scan 1", lambda _message: None)
    desk.devices.close()
    second.tell("scan 2")
    second.devices.close()


def test_what_a_killed_counter_left_is_not_in_the_way(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "virtual.sock"))
    left.close()
    Desk(tmp_path).devices.close()


def test_a_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "virtual.sock").write_text("mine")
    devices = VirtualDevices(tmp_path)
    with pytest.raises(VirtualError):
        devices.start(lambda _message: None)
    devices.close()
    assert (tmp_path / "virtual.sock").read_text() == "mine"


def test_a_home_may_lie_deep(tmp_path: Path) -> None:
    home = tmp_path / ("deep" * 30)
    home.mkdir()
    desk = Desk(home)
    desk.tell("scan 1")
    desk.devices.close()


def test_a_closed_counter_is_said_to_be_gone(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.devices.close()
    assert not desk.path.exists()
    with pytest.raises(VirtualError, match="no virtual devices"):
        desk.tell("scan 1")
    with pytest.raises(VirtualError):
        send(tmp_path / "missing" / "virtual.sock", "scan 1")


def test_the_pad_takes_its_own_lines_and_answers(tmp_path: Path) -> None:
    devices = VirtualDevices(tmp_path, {"pad": VirtualPad()})
    devices.start(lambda _message: None)
    try:
        assert send(devices.path, "pad lay 3000000001") == ""
        assert send(devices.path, "pad tags") == "3000000001=07"
        with pytest.raises(VirtualError, match="say pad lay"):
            send(devices.path, "pad fly")
    finally:
        devices.close()
