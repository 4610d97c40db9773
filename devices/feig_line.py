"""The line to a pad of FEIG Electronic: a serial one, or a connection on the network."""

from __future__ import annotations

import fcntl
import os
import socket
import termios
from typing import Final

_LAST_PORT: Final = 65535


def is_port(port: str) -> bool:
    """Tell whether a setting can mean a line: a device's path, or ``host:port``."""
    if port.startswith("/"):
        return len(port) > 1
    host, _colon, number = port.rpartition(":")
    return bool(host) and number.isascii() and number.isdecimal() and 0 < int(number) <= _LAST_PORT


def opened(port: str, patience: float) -> int:
    """Open a serial line, or a connection where the port names no device.

    Args:
        port: as :func:`is_port` has it.
        patience: seconds for a connection.

    Returns:
        Its descriptor.

    Raises:
        OSError: it cannot be opened, or another program of ours speaks on it: two would read each other's answers.
        termios.error: it is no serial line.
    """
    if not is_port(port):
        raise OSError("neither a device nor host:port")
    return _serial(port) if port.startswith("/") else _connected(port, patience)


def _connected(port: str, patience: float) -> int:
    host, _colon, number = port.rpartition(":")
    connection = socket.create_connection((host, int(number)), patience)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.setblocking(True)
    return connection.detach()


def _serial(port: str) -> int:
    # Without waiting: a line that is not yet set to have no carrier would be waited for.
    line = os.open(port, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        control = termios.CS8 | termios.CREAD | termios.CLOCAL | termios.PARENB
        raw: list[int | list[bytes | int]] = [0, 0, control, 0, termios.B38400, termios.B38400]
        characters = termios.tcgetattr(line)[6]
        fcntl.flock(line, fcntl.LOCK_EX | fcntl.LOCK_NB)
        characters[termios.VMIN], characters[termios.VTIME] = 1, 0
        termios.tcsetattr(line, termios.TCSAFLUSH, [*raw, characters])
        os.set_blocking(line, True)
    except (OSError, termios.error):
        os.close(line)
        raise
    return line
