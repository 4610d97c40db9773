"""A virtual scanner and card reader on a Unix socket: the demo and training need no hardware (V2).

A line is a command, and every line is answered by ``ok`` or ``error: …``:

``scan CODE``, ``card CODE``, ``remove``, ``unplug [reader|scanner]``, ``plug [reader|scanner]``
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from devices.messages import CardPresented, CardRemoved, Device, DeviceChanged, DeviceMessage, Scanned
from devices.stripe import without_stripe

READER: Final = "virtual"
_LONGEST_LINE = 8192
_DEVICES: Final[dict[str, Device]] = {"reader": "reader", "scanner": "scanner"}


class _Refused(Exception):
    """A line that cannot be carried out; its text is the answer."""


@contextlib.contextmanager
def _address(path: Path) -> Iterator[str]:
    """Name a socket through its folder's descriptor: a socket's own name holds 107 bytes, a home may be deeper."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


class VirtualDevices:
    """The virtual scanner and reader: a thread of its own that speaks by a callback.

    Args:
        path: the socket's place, `DESK_HOME/virtual.sock`; only its owner may write to it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread: threading.Thread | None = None
        self._stop: socket.socket | None = None
        self._plugged: dict[Device, bool] = dict.fromkeys(_DEVICES.values(), True)
        self._card = ""

    def start(self, callback: Callable[[DeviceMessage], object]) -> None:
        """Listen, and tell the state of both devices: «missing» when the socket cannot be had (V3).

        Args:
            callback: called with every message, from the thread; it must not wait.
        """
        self._tell = callback
        listener = self._listen()
        for device in _DEVICES.values():
            callback(DeviceChanged(device, "ok" if listener else "missing"))
        if listener:
            self._stop, stopped = socket.socketpair()
            self._thread = threading.Thread(
                target=self._run, args=(listener, stopped), name="virtual-devices", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Stop listening and take the socket away. Closing twice does nothing."""
        if self._thread and self._stop:
            self._stop.close()
            self._thread.join()
            self._thread = None

    def _listen(self) -> socket.socket | None:
        listener = socket.socket(socket.AF_UNIX)
        try:
            if _is_answered(self._path):  # another counter of this home has them
                listener.close()
                return None
            self._path.unlink(missing_ok=True)
            with _address(self._path) as address:
                listener.bind(address)
            self._path.chmod(0o600)  # before listening: nobody can have connected
            listener.listen()
        except OSError:
            listener.close()
            return None
        return listener

    def _run(self, listener: socket.socket, stopped: socket.socket) -> None:
        lines: dict[socket.socket, bytes] = {}
        with selectors.DefaultSelector() as selector, listener, stopped:
            selector.register(stopped, selectors.EVENT_READ)
            selector.register(listener, selectors.EVENT_READ)
            while stopped not in (ready := [key.fileobj for key, _ in selector.select()]):
                if listener in ready:
                    client, _ = listener.accept()
                    client.setblocking(False)
                    lines[client] = b""
                    selector.register(client, selectors.EVENT_READ)
                for client in [each for each in lines if each in ready]:
                    if not self._serve(client, lines):
                        selector.unregister(client)
                        del lines[client]
                        client.close()
            for client in lines:
                client.close()
            self._path.unlink(missing_ok=True)

    def _serve(self, client: socket.socket, begun: dict[socket.socket, bytes]) -> bool:
        """Carry out the whole lines that have come from a client; False when it has gone or is to go."""
        try:
            data = client.recv(_LONGEST_LINE)
            *lines, rest = (begun[client] + (data or b"\n")).split(b"\n")  # the end ends the last line too
            for line in lines if data else filter(None, lines):
                client.sendall(f"{self._answer(line)}\n".encode())
            if len(rest) > _LONGEST_LINE:
                client.sendall(b"error: the line is too long\n")
        except OSError:
            return False
        begun[client] = rest
        return bool(data) and len(rest) <= _LONGEST_LINE

    def _answer(self, line: bytes) -> str:
        try:
            text = line.decode().removesuffix("\r")
            word, _, rest = text.partition(" ")
            self._do(word, rest)
        except UnicodeDecodeError:
            return "error: the line is not UTF-8"
        except _Refused as refusal:
            return f"error: {refusal}"
        return "ok"

    def _do(self, word: str, rest: str) -> None:
        match word:
            case "scan":
                self._need_code(rest, "scanner")
                self._tell(Scanned(without_stripe(rest), "virtual", time.monotonic()))
            case "card":
                self._need_code(rest, "reader")
                self._take_card_off()
                self._card = rest
                self._tell(CardPresented(rest, READER))
            case "remove":
                if not self._card:
                    raise _Refused("no card is on the reader")
                self._take_card_off()
            case "unplug" | "plug":
                self._plug(rest.strip() or "reader", word == "plug")
            case _:
                raise _Refused("known lines: scan CODE, card CODE, remove, unplug [DEVICE], plug [DEVICE]")

    def _need_code(self, code: str, device: Device) -> None:
        if not code.strip():
            raise _Refused("a code is missing")
        if not self._plugged[device]:
            raise _Refused(f"the {device} is unplugged")

    def _take_card_off(self) -> None:
        if self._card:
            self._card = ""
            self._tell(CardRemoved(READER))

    def _plug(self, name: str, plugged: bool) -> None:
        device = _DEVICES.get(name)
        if device is None:
            raise _Refused("the devices are reader and scanner")
        if self._plugged[device] is plugged:
            raise _Refused(f"the {device} is {'plugged in' if plugged else 'unplugged'} already")
        self._plugged[device] = plugged
        if device == "reader":
            self._take_card_off()
        self._tell(DeviceChanged(device, "ok" if plugged else "missing"))


def _is_answered(path: Path) -> bool:
    """Tell whether somebody listens on a socket; one left behind by a killed program is answered by nobody."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as knock, _address(path) as address:
        knock.connect(address)
        return True
    return False


def send(path: Path, line: str, *, timeout: float = 5.0) -> str:
    """Send one line to the virtual devices and give their answer, `ok` or `error: …`.

    Args:
        path: the socket's place.
        line: the command, without a newline.
        timeout: seconds to wait for the answer, at most.

    Raises:
        OSError: nobody listens there, or the answer did not come in time.
    """
    with socket.socket(socket.AF_UNIX) as client, _address(path) as address:
        client.settimeout(timeout)
        client.connect(address)
        client.sendall(f"{line}\n".encode())
        with client.makefile(encoding="utf-8") as answers:
            return answers.readline().rstrip("\n")
