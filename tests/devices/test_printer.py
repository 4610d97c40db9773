"""A printer does the same, be it the twin, a file or on the network: prints, waits, and comes back by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol

import pytest

from devices.escpos import library
from devices.messages import DeviceChanged
from devices.printer import Printer, PrinterMessage
from devices.printer_lines import FileLine, NetworkLine, PrinterAway, UsbLine, is_address, line_to
from devices.printer_messages import Printed
from devices.virtual_printer import VirtualPrinter
from tests.printing import FilePrinter, NetworkPrinter, until

JOBS = [b"\x1b@" + name for name in (b"one", b"two", b"three")]


class Apparatus(Protocol):
    """What can be done to a printer by hand."""

    @property
    def printed(self) -> tuple[bytes, ...]: ...
    def plug(self) -> None: ...
    def unplug(self) -> None: ...


class Held:
    """A job of the test's."""

    def __init__(self, jobs: JobsInMemory, name: str) -> None:
        self._jobs, self._name, self.data = jobs, name, jobs.jobs[name]

    def printed(self) -> None:
        del self._jobs.jobs[self._name]


class JobsInMemory:
    """Jobs as a spool gives them."""

    def __init__(self) -> None:
        self.jobs: dict[str, bytes] = {}
        self.elsewhere: set[str] = set()
        self._lock = Lock()

    def add(self, *jobs: bytes) -> None:
        with self._lock:
            for job in jobs:
                self.jobs[f"job-{len(self.jobs)}-{job!r}"] = job

    def waiting(self) -> Sequence[str]:
        with self._lock:
            return tuple(self.jobs)

    @contextmanager
    def held(self, job_id: str) -> Iterator[Held | None]:
        yield None if job_id in self.elsewhere or job_id not in self.jobs else Held(self, job_id)


class Counter:
    """A printer's thread, and what it has said."""

    def __init__(self, printer: Printer, jobs: JobsInMemory) -> None:
        self.printer, self.jobs = printer, jobs
        self.told: list[PrinterMessage] = []

    @property
    def states(self) -> list[str]:
        return [told.state for told in self.told if isinstance(told, DeviceChanged)]

    @property
    def told_printed(self) -> int:
        return sum(isinstance(told, Printed) for told in self.told)

    def print(self, *jobs: bytes) -> None:
        self.jobs.add(*jobs)
        self.printer.wake()


@pytest.fixture(params=["twin", "file", "network"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def printer(kind: str, tmp_path: Path) -> Iterator[Apparatus]:
    if kind == "network":
        on_network = NetworkPrinter()
        yield on_network
        on_network.unplug()
    else:
        yield FilePrinter(tmp_path / "lp0") if kind == "file" else VirtualPrinter()


@contextmanager
def working(apparatus: Apparatus) -> Iterator[Counter]:
    """Start a printer's thread over an apparatus."""
    match apparatus:
        case NetworkPrinter():
            line = line_to("network", f"127.0.0.1:{apparatus.port}")
        case FilePrinter():
            line = line_to("file", str(apparatus.path))
        case _:
            assert isinstance(apparatus, VirtualPrinter)
            line = apparatus
    jobs = JobsInMemory()
    counter = Counter(Printer(line, jobs, look_seconds=0.02), jobs)
    counter.printer.start(counter.told.append)
    try:
        yield counter
    finally:
        counter.printer.close()


def test_it_says_that_it_is_there_and_prints_in_order(printer: Apparatus) -> None:
    with working(printer) as counter:
        until(lambda: counter.states == ["ok"])
        counter.print(*JOBS)
        until(lambda: counter.told_printed == 3)
    until(lambda: printer.printed == tuple(JOBS))


def test_what_was_spooled_while_it_was_away_is_printed_once_when_it_is_back(printer: Apparatus) -> None:
    printer.unplug()
    with working(printer) as counter:
        until(lambda: counter.states == ["missing"])
        counter.print(*JOBS)
        assert counter.told_printed == 0
        printer.plug()
        until(lambda: counter.told_printed == 3)
        assert counter.states == ["missing", "ok"]
        assert counter.jobs.jobs == {}
    until(lambda: printer.printed == tuple(JOBS))


def test_the_plug_is_pulled_and_put_back_under_a_running_counter(printer: Apparatus) -> None:
    with working(printer) as counter:
        counter.print(JOBS[0])
        until(lambda: counter.told_printed == 1)
        printer.unplug()
        until(lambda: counter.states[-1] == "missing")
        counter.print(JOBS[1])
        printer.plug()
        until(lambda: counter.told_printed == 2)
        assert counter.states == ["ok", "missing", "ok"]
    until(lambda: printer.printed == tuple(JOBS[:2]))


@pytest.mark.parametrize("kind", ["twin", "network"], indirect=False)
def test_without_paper_jobs_wait_and_each_is_printed_once_when_there_is_some(printer: Apparatus) -> None:
    assert isinstance(printer, (NetworkPrinter, VirtualPrinter))
    with working(printer) as counter:
        until(lambda: counter.states == ["ok"])
        printer.take_paper_out()
        until(lambda: counter.states[-1] == "no_paper")
        counter.print(*JOBS)
        assert printer.printed == ()
        printer.put_paper_in()
        until(lambda: counter.told_printed == 3)
        assert counter.states == ["ok", "no_paper", "ok"]
    until(lambda: printer.printed == tuple(JOBS))


def test_a_job_that_another_program_prints_is_let_pass(printer: Apparatus) -> None:
    with working(printer) as counter:
        until(lambda: counter.states == ["ok"])
        counter.jobs.add(*JOBS[:2])
        counter.jobs.elsewhere.add(next(iter(counter.jobs.jobs)))
        counter.printer.wake()
        until(lambda: JOBS[1] in printer.printed)
    assert JOBS[0] not in printer.printed


def test_after_closing_nothing_is_said_or_printed(printer: Apparatus) -> None:
    with working(printer) as counter:
        until(lambda: counter.states == ["ok"])
    said = len(counter.told)
    counter.print(JOBS[0])
    printer.unplug()
    assert len(counter.told) == said
    assert printer.printed == ()


def test_a_printers_file_is_never_made(tmp_path: Path) -> None:
    line = FileLine(tmp_path / "lp0")
    with pytest.raises(PrinterAway):
        line.send(b"x")
    assert list(tmp_path.iterdir()) == []


def test_a_print_server_that_does_not_tell_of_paper_has_some_and_is_not_asked_before_each_slip() -> None:
    apparatus = NetworkPrinter()
    apparatus.is_mute = True
    line = NetworkLine("127.0.0.1", apparatus.port, answer_seconds=0.1)
    assert [line.has_paper() for _slip in range(3)] == [True, True, True]
    assert not line.tells_of_paper
    apparatus.unplug()
    assert apparatus.asked == 1


def test_a_printer_that_hangs_is_away_and_what_waits_is_printed_when_it_answers_again() -> None:
    apparatus = NetworkPrinter()
    jobs = JobsInMemory()
    counter = Counter(Printer(NetworkLine("127.0.0.1", apparatus.port, answer_seconds=0.3), jobs, 0.02), jobs)
    counter.printer.start(counter.told.append)
    until(lambda: counter.states == ["ok"])
    apparatus.is_mute = True
    until(lambda: counter.states == ["ok", "missing"])
    counter.print(*JOBS)
    assert counter.told_printed == 0
    apparatus.is_mute = False
    until(lambda: counter.told_printed == 3)
    assert counter.states == ["ok", "missing", "ok"]
    counter.printer.close()
    until(lambda: apparatus.printed == tuple(JOBS))
    apparatus.unplug()


def test_a_printer_on_usb_that_is_not_there_is_away() -> None:
    line = UsbLine(0x1234, 0xABCD)
    for _time in range(2):
        with pytest.raises(PrinterAway):
            line.has_paper()
        with pytest.raises(PrinterAway):
            line.send(b"x")
    line.close()


@pytest.mark.parametrize(
    ("kind", "address", "can_be"),
    [
        ("usb", "04b8:0e15", True),
        ("usb", "04b8", False),
        ("network", "10.0.0.7", True),
        ("network", "kvittering.bibliotek.dk:9100", True),
        ("network", "10.0.0.7:99999", False),
        ("network", "", False),
        ("file", "/dev/usb/lp0", True),
        ("file", "lp0", False),
        ("none", "", False),
    ],
)
def test_addresses(kind: str, address: str, *, can_be: bool) -> None:
    assert is_address(kind, address) is can_be
    if not can_be:
        with pytest.raises(ValueError, match=kind):
            line_to(kind, address)


def test_loading_the_library_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    import subprocess
    import sys

    program = "from devices.escpos import library; library().Dummy()"
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, env={"TMPDIR": str(tmp_path)})
    assert list(tmp_path.iterdir()) == []
    assert library() is library()
    assert tempfile.gettempdir() != str(tmp_path)


class Faulty(JobsInMemory):
    """Jobs with a bug in them."""

    def waiting(self) -> Sequence[str]:
        if self.jobs:
            raise LookupError
        return ()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_ended_by_a_bug_is_a_printer_that_is_missing() -> None:
    counter = Counter(Printer(VirtualPrinter(), jobs := Faulty(), look_seconds=0.01), jobs)
    counter.printer.start(counter.told.append)
    until(lambda: counter.states == ["ok"])
    counter.print(JOBS[0])
    until(lambda: counter.states == ["ok", "missing"])
    counter.printer.close()
