"""Printers for tests: a real one's place on the network, and bars read off what was sent as a scanner reads paper."""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Thread

import zxingcpp
from barcode.charsets.code128 import CODES
from PIL import Image, ImageDraw

ASK_PAPER = b"\x10\x04\x04"
PAPER, NO_PAPER = b"\x12", b"\x72"
PATIENCE = 20.0
SEALED_WITH = b"s" * 32


class NetworkPrinter:
    """A printer on a port of this machine, as print servers are: it answers for its paper, and takes the rest."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listener: socket.socket | None = None
        self._thread: Thread | None = None
        self._printed: list[bytes] = []
        self.has_paper = True
        self.is_mute = False
        self.asked = 0
        self.port = 0
        self.plug()

    @property
    def printed(self) -> tuple[bytes, ...]:
        """What came, a connection each."""
        with self._lock:
            return tuple(self._printed)

    def plug(self) -> None:
        """Listen, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        self._thread = Thread(target=self._serve, args=(self._listener,), daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Listen no more."""
        listener, thread = self._listener, self._thread
        self._listener = self._thread = None
        if listener is not None and thread is not None:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            listener.close()

    def take_paper_out(self) -> None:
        """Let the paper be out."""
        self.has_paper = False

    def put_paper_in(self) -> None:
        """Put a roll in."""
        self.has_paper = True

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            with client:
                self._take(client)

    def _take(self, client: socket.socket) -> None:
        job = b""
        while select.select((client,), (), (), PATIENCE)[0]:
            try:
                data = client.recv(65536)
            except ConnectionResetError:
                break
            if not data:
                break
            if data == ASK_PAPER:
                self.asked += 1
                if not self.is_mute:
                    client.sendall(PAPER if self.has_paper else NO_PAPER)
            else:
                job += data
        if job:
            with self._lock:
                self._printed.append(job)


class FilePrinter:
    """A printer as a file; it is away when the file is. Jobs are told apart by the reset each begins with."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._aside = path.with_suffix(".away")
        path.touch()

    @property
    def printed(self) -> tuple[bytes, ...]:
        """What has been written, a job each."""
        path = self.path if self.path.exists() else self._aside
        return tuple(b"\x1b@" + job for job in path.read_bytes().split(b"\x1b@")[1:])

    def plug(self) -> None:
        """Let the file be there."""
        self._aside.rename(self.path)

    def unplug(self) -> None:
        """Let the file be gone."""
        self.path.rename(self._aside)


def until(what: Callable[[], object]) -> None:
    """Wait until something is so, in a test that has no event loop."""
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.005)


def bars_in(data: bytes) -> list[str]:
    """Give what a scanner reads of the bars in a job: each is drawn from its symbols, and read by zxing-cpp."""
    read = []
    start = 0
    while (start := data.find(b"\x1dk\x49", start)) >= 0:
        length = data[start + 3]
        read.append(_read(_drawn(data[start + 4 : start + 4 + length])))
        start += 4 + length
    return read


def _drawn(orders: bytes) -> Image.Image:
    """Draw Code 128 as a printer does: from ``{B``, ``{C`` and what stands between."""
    values: list[int] = []
    kind, place = b"", 0
    while place < len(orders):
        one, two = orders[place : place + 1], orders[place : place + 2]
        if two in {b"{B", b"{C"}:
            begins, changes = {b"{B": (104, 100), b"{C": (105, 99)}[two]
            values.append(changes if values else begins)
            kind, place = two, place + 2
            continue
        if one == b"{":
            assert two == b"{{", "a brace that is none"
            place += 1
        values.append(one[0] if kind == b"{C" else one[0] - 32)
        place += 1
    check = (values[0] + sum(at * value for at, value in enumerate(values[1:], 1))) % 103
    modules = "".join(CODES[value] for value in [*values, check]) + "1100011101011"
    wide = 3
    image = Image.new("L", ((len(modules) + 20) * wide, 80), "white")
    draw = ImageDraw.Draw(image)
    for at, module in enumerate(modules, 10):
        if module == "1":
            draw.rectangle((at * wide, 0, (at + 1) * wide - 1, 79), fill="black")
    return image


def _read(image: Image.Image) -> str:
    (found,) = zxingcpp.read_barcodes(image)
    assert found.format == zxingcpp.BarcodeFormat.Code128
    return str(found.text)
