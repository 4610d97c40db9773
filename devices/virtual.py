"""A scanner, a card reader and other devices without hardware (V2): lines of text on a socket in the home.

A thread listens there. One command a line, answered by one line, ``ok``, ``ok ANSWER`` or ``error: …``::

    scan CODE      the scanner reads a code
    card CODE      a card is laid on the reader; one that lies there is taken off first
    remove         the card is taken off
    unplug, plug   the reader goes away and comes back
    pad …          something happens on the pad: see :mod:`devices.virtual_pad`
    printer …      something happens to the printer: see :mod:`devices.virtual_printer`
"""

from __future__ import annotations

import os
import selectors
import socket
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, Thread
from typing import Final, TypeAlias

from devices.card_messages import CardPresented, CardRemoved
from devices.messages import DeviceChanged, Scanned
from devices.virtual_lines import LineRefused, Twin

SOCKET_NAME: Final = "virtual.sock"
READER: Final = "virtual"
_LONGEST_LINE = 4096
_PATIENCE = 5.0  # seconds a client waits for its answer

VirtualMessage: TypeAlias = Scanned | CardPresented | CardRemoved | DeviceChanged


class VirtualError(Exception):
    """The virtual devices cannot be had, or would not do as told; the text says why."""


class VirtualElsewhere(VirtualError):
    """Another program in this home has the virtual devices: what a hand does there happens to its counter."""


class VirtualDevices:
    """The scanner and the reader of one running counter.

    Args:
        home: the installation's folder; the socket lies in it and only this user can open it.
        twins: what else is told by lines, each by the word that its lines begin with: ``pad``, ``printer``. They tell
            of themselves what comes of it.
    """

    def __init__(self, home: Path, twins: Mapping[str, Twin] | None = None) -> None:
        self.path = home / SOCKET_NAME
        self._starting = Lock()
        self._is_closed = False
        # Which file our socket is; None: we have none.
        self._ours: tuple[int, int] | None = None
        self._twins = twins or {}
        self._card = ""
        self._plugged = True
        self._thread: Thread | None = None
        self._stop_receiver, self._stop_sender = socket.socketpair()

    def start(self, callback: Callable[[VirtualMessage], object]) -> None:
        """Listen, in a thread of its own, until closed. The reader is announced as there at once.

        Args:
            callback: called in that thread, once for each thing that happens.

        Raises:
            VirtualElsewhere: another counter in this home has them.
            VirtualError: the socket cannot be made.
        """
        listener = self._listener()
        self._ours = _identity(self.path)
        self._callback = callback
        self._thread = Thread(target=self._serve, args=(listener,), name="virtual-devices", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Take the devices away. Afterwards the callback is not called again."""
        with self._starting:
            self._is_closed = True
        if self._thread is not None:
            self._stop_sender.send(b"x")
            self._thread.join()
            self._thread = None
            if self._ours == _identity(self.path):
                self.path.unlink(missing_ok=True)
        self._stop_sender.close()
        self._stop_receiver.close()

    def tell(self, line: str, callback: Callable[[VirtualMessage], object]) -> str:
        """Let something happen to these devices, never to another program's.

        Whoever had them may have left meanwhile: then they are started here. May be called on any thread.

        Args:
            line: one command, as in this module's description.
            callback: as in :meth:`start`.

        Returns:
            What was answered beside «ok», empty for most.

        Raises:
            VirtualElsewhere: another counter in this home has them; nothing has happened to them.
            VirtualError: the command was refused; the text is the answer.
        """
        with self._starting:
            if self._thread is None and not self._is_closed:
                self.start(callback)
        if self._ours != _identity(self.path):
            raise VirtualElsewhere(f"{self.path} is another counter's")
        return send(self.path, line)

    def _listener(self) -> socket.socket:
        with _short(self.path) as address:
            if _answers(address):
                raise VirtualElsewhere(f"{self.path} is in use by another counter")
            listener = socket.socket(socket.AF_UNIX)
            try:
                # What a counter that was killed has left. Anything but a socket is not ours to remove.
                if self.path.is_socket():
                    self.path.unlink()
                # Set before it is bound: at no moment can anybody else open it.
                os.fchmod(listener.fileno(), stat.S_IRUSR | stat.S_IWUSR)
                listener.bind(address)
                listener.listen()
            except OSError as error:
                listener.close()
                raise VirtualError(f"{self.path}: {error.strerror}") from error
        listener.setblocking(False)
        return listener

    def _serve(self, listener: socket.socket) -> None:
        self._callback(DeviceChanged("reader", "ok"))
        with selectors.DefaultSelector() as selector, listener:
            selector.register(self._stop_receiver, selectors.EVENT_READ)
            selector.register(listener, selectors.EVENT_READ)
            lines: dict[socket.socket, bytearray] = {}
            while True:
                for key, _events in selector.select():
                    ready = key.fileobj
                    if ready is self._stop_receiver:
                        for client in lines:
                            client.close()
                        return
                    if ready is listener:
                        client, _address = listener.accept()
                        # A client that does not read its answers is not waited for.
                        client.setblocking(False)
                        lines[client] = bytearray()
                        selector.register(client, selectors.EVENT_READ)
                    elif isinstance(ready, socket.socket) and not self._read(ready, lines[ready]):
                        selector.unregister(ready)
                        del lines[ready]
                        ready.close()

    def _read(self, client: socket.socket, unfinished: bytearray) -> bool:
        """Answer the lines that a client has finished; False: it is gone, or not worth listening to."""
        try:
            received = client.recv(_LONGEST_LINE)
            unfinished += received
            while b"\n" in unfinished:
                line, _newline, rest = bytes(unfinished).partition(b"\n")
                unfinished[:] = rest
                client.sendall(self._answer(line) + b"\n")
            if len(unfinished) > _LONGEST_LINE:
                client.sendall(b"error: the line is too long\n")
                return False
        except OSError:
            return False
        return bool(received)

    def _answer(self, line: bytes) -> bytes:
        told = line.decode(errors="replace").removesuffix("\r")
        try:
            word, _space, rest = told.partition(" ")
            if rest and word in self._twins:
                return f"ok {self._twins[word].told(rest)}".rstrip().encode()
            for message in self._do(told):
                self._callback(message)
        except (VirtualError, LineRefused) as error:
            return f"error: {error}".encode()
        return b"ok"

    def _do(self, line: str) -> Iterator[VirtualMessage]:
        verb, _space, code = line.partition(" ")
        if verb not in {"scan", "card", "remove", "unplug", "plug"}:
            raise VirtualError("say scan CODE, card CODE, remove, unplug or plug")
        if (verb in {"scan", "card"}) != bool(code):
            raise VirtualError(f"{verb} {'takes no' if code else 'needs a'} code")
        if verb == "scan":
            yield Scanned(code, "virtual", time.monotonic())
        elif verb == "plug":
            yield from self._plug()
        elif not self._plugged:
            raise VirtualError("the reader is unplugged")
        elif verb == "card":
            yield from self._taken_off()
            self._card = code
            yield CardPresented(code, READER)
        elif verb == "remove":
            if not self._card:
                raise VirtualError("no card lies on the reader")
            yield from self._taken_off()
        else:
            yield from self._taken_off()
            self._plugged = False
            yield DeviceChanged("reader", "missing")

    def _plug(self) -> Iterator[VirtualMessage]:
        if self._plugged:
            raise VirtualError("the reader is plugged in")
        self._plugged = True
        yield DeviceChanged("reader", "ok")

    def _taken_off(self) -> Iterator[VirtualMessage]:
        if self._card:
            self._card = ""
            yield CardRemoved(READER)


def send(path: Path, line: str) -> str:
    """Tell the virtual devices of a running counter what happens.

    Args:
        path: their socket.
        line: one command, as in this module's description.

    Returns:
        What was answered beside «ok», empty for most.

    Raises:
        VirtualError: nobody listens there, or the command was refused; the text is the answer.
    """
    with socket.socket(socket.AF_UNIX) as client, _short(path) as address:
        client.settimeout(_PATIENCE)
        try:
            client.connect(address)
            client.sendall(line.replace("\n", " ").encode(errors="replace") + b"\n")
            answer = client.makefile("rb").readline().decode(errors="replace").strip()
        except OSError as error:
            raise VirtualError(f"no virtual devices at {path}: {error.strerror or error}") from error
    if answer.split(" ", 1)[0] != "ok":
        raise VirtualError(answer.removeprefix("error: ") or "the counter closed the line")
    return answer.removeprefix("ok").strip()


def _identity(path: Path) -> tuple[int, int] | None:
    """Tell one file of a name from a later one; None: there is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as probe, suppress(OSError):
        probe.connect(address)
        return True
    return False


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """Give a path's address through its folder's descriptor: an address holds 107 bytes, a home may lie deeper."""
    try:
        folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    except OSError as error:
        raise VirtualError(f"{path.parent}: {error.strerror}") from error
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
