"""The ways to a printer: USB, network, a device's file. Each says whether there is paper, and takes bytes (V1)."""

from __future__ import annotations

import errno
import os
import re
import select
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, Protocol

from devices.escpos import library

PORT: Final = 9100
CONNECT_SECONDS: Final = 3.0
WRITE_SECONDS: Final = 10.0
DRAIN_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 2.0
MUTE_SECONDS: Final = 60.0
"""For how long a print server that said nothing of paper is not asked again: each asking costs a slip the wait."""

_ASK_PAPER: Final = b"\x10\x04\x04"
_PAPER_IS_OUT: Final = 0x60

_USB: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")
_NETWORK: Final = re.compile(r"([A-Za-z0-9.-]+)(?::([0-9]{1,5}))?")


class PrinterAway(Exception):
    """The printer does not answer: it is unplugged, switched off, or not there."""


class PrinterLine(Protocol):
    """A way to a printer. Used by one thread alone."""

    def has_paper(self) -> bool:
        """Tell whether there is paper; True as well where the printer does not say.

        Raises:
            PrinterAway: it does not answer.
        """

    def send(self, data: bytes) -> None:
        """Hand bytes over, all of them.

        Raises:
            PrinterAway: it did not take them all.
        """

    def close(self) -> None:
        """Let the printer go."""


def is_address(kind: str, address: str) -> bool:
    """Tell whether an address can be meant: ``04b8:0e15`` (usb), ``host`` or ``host:9100``, an absolute path (file)."""
    match kind:
        case "usb":
            return _USB.fullmatch(address) is not None
        case "network":
            found = _NETWORK.fullmatch(address)
            return found is not None and 0 < int(found[2] or PORT) < 65536
        case "file":
            return os.path.isabs(address) and "\0" not in address
        case _:
            return False


def line_to(kind: str, address: str) -> PrinterLine:
    """Give the way to a printer; nothing is opened yet.

    Args:
        kind: ``usb``, ``network`` or ``file``.
        address: as :func:`is_address` says.

    Raises:
        ValueError: the address cannot be meant.
    """
    if not is_address(kind, address):
        raise ValueError(kind)
    if kind == "usb":
        vendor, product = address.split(":")
        return UsbLine(int(vendor, 16), int(product, 16))
    if kind == "network":
        host, _colon, port = address.partition(":")
        return NetworkLine(host, int(port or PORT))
    return FileLine(Path(address))


class FileLine:
    """A device's file (``/dev/usb/lp0``), or a plain file that bytes are added to. It tells nothing of paper.

    The file is never made: where a printer's file is missing, the printer is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def has_paper(self) -> bool:
        """Tell that the file is there; of paper it knows nothing."""
        os.close(self._opened())
        return True

    def send(self, data: bytes) -> None:
        """Add bytes; a printer that takes none for ten seconds is away."""
        descriptor = self._opened()
        try:
            left = memoryview(data)
            while left:
                if not select.select((), (descriptor,), (), WRITE_SECONDS)[1]:
                    raise PrinterAway
                left = left[os.write(descriptor, left) :]
        except OSError as error:
            raise PrinterAway from error
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is kept open."""

    def _opened(self) -> int:
        try:
            return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise PrinterAway(errno.errorcode.get(error.errno or 0, "")) from None


class NetworkLine:
    """A printer on port 9100. Each job has a connection of its own: other counters print on the same one.

    The connection is ours: python-escpos leaves the socket of one that failed open, and knows no IPv6.
    """

    def __init__(self, host: str, port: int, answer_seconds: float = ANSWER_SECONDS) -> None:
        self._host, self._port = host, port
        self._answer_seconds = answer_seconds
        self._has_answered = False
        self._ask_again_at = float("-inf")

    def has_paper(self) -> bool:
        """Ask the paper sensor; print servers that have never answered are taken to have paper.

        One that has answered before and does not now hangs: what it takes is not printed.
        """
        with self._opened() as connection:
            if time.monotonic() < self._ask_again_at:
                return True
            connection.settimeout(self._answer_seconds)
            connection.sendall(_ASK_PAPER)
            try:
                said = connection.recv(1)
            except TimeoutError:
                if self._has_answered:
                    raise PrinterAway from None
                self._ask_again_at = time.monotonic() + MUTE_SECONDS
                return True
            self._has_answered = self._has_answered or bool(said)
        return not said or said[0] & _PAPER_IS_OUT != _PAPER_IS_OUT

    @property
    def tells_of_paper(self) -> bool:
        """Whether it has answered the question for paper."""
        return self._has_answered

    def send(self, data: bytes) -> None:
        """Hand bytes over."""
        with self._opened() as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            # One that broke off in the middle says so now; one that keeps the line open has it all.
            connection.settimeout(DRAIN_SECONDS)
            with suppress(TimeoutError):
                while connection.recv(64):
                    pass

    def close(self) -> None:
        """Nothing is kept open."""

    @contextmanager
    def _opened(self) -> Iterator[socket.socket]:
        try:
            with socket.create_connection((self._host, self._port), CONNECT_SECONDS) as connection:
                yield connection
        except (OSError, UnicodeError) as error:
            # A name that no network has is no name to the encoder either.
            raise PrinterAway from error


class UsbLine:
    """A printer on USB, by vendor and product. Kept open: opening it resets it."""

    def __init__(self, vendor: int, product: int) -> None:
        self._vendor, self._product = vendor, product
        self._printer: Any = None

    def has_paper(self) -> bool:
        """Ask the paper sensor; a printer that does not answer in time is taken to have paper."""
        from usb.core import USBTimeoutError  # noqa: PLC0415  (loaded with the library, when something is printed)

        with self._opened() as printer:
            try:
                return bool(printer.paper_status())
            except USBTimeoutError:
                return True

    def send(self, data: bytes) -> None:
        """Hand bytes over."""
        with self._opened() as printer:
            printer._raw(data)

    def close(self) -> None:
        """Let the printer go."""
        if self._printer is not None:
            self._printer.close()
            self._printer = None

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        try:
            if self._printer is None:
                self._printer = library().Usb(self._vendor, self._product, timeout=int(WRITE_SECONDS * 1000))
                self._printer.open()
            yield self._printer
        except _errors() as error:
            # The next time it is looked for anew.
            self.close()
            raise PrinterAway from error


def _errors() -> tuple[type[BaseException], ...]:
    """Give what python-escpos and pyusb raise when a printer is away; without libusb there is none either."""
    from escpos.exceptions import Error  # noqa: PLC0415  (the library is loaded when something is printed)
    from usb.core import NoBackendError  # noqa: PLC0415

    return (OSError, Error, NoBackendError)
