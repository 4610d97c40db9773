"""A pcscd of the tests' own, with Debian's virtual reader in it: two slots, each with a port that a card connects to.

It gets its socket as it would from systemd, so it is another than the system's, and one for each test process. Between
it and the virtual reader's driver stands ``failing.c``. pcscd takes a reader away only when the kernel says that a USB
device is gone, which the virtual one is not: it is unplugged by starting pcscd anew without it.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
PCSCD = Path("/usr/sbin/pcscd")
HEADERS = Path("/usr/include/PCSC")
NAME = "Skranke Tryout"
FIRST, SECOND = f"{NAME} 00 00", f"{NAME} 00 01"

# The socket is made by what becomes pcscd: killed, it is gone with it. It outlives no tests (PR_SET_PDEATHSIG).
_LAUNCH = """
import ctypes, os, socket, sys
ctypes.CDLL(None).prctl(1, 9)
path, *command = sys.argv[1:]
listener = socket.socket(socket.AF_UNIX)
listener.bind(path)
listener.listen(16)
os.dup2(listener.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(command[0], command)
"""


def lacking() -> str:
    """Say in one line why there can be no pcscd here; empty: there can."""
    missing = [
        package
        for package, path in (
            ("pcscd", PCSCD),
            ("vsmartcard-vpcd", DRIVER),
            ("libpcsclite-dev", HEADERS / "ifdhandler.h"),
        )
        if not path.exists()
    ]
    if missing:
        return f"no PC/SC here: .setup/install --tests installs {', '.join(missing)}"
    return "" if os.geteuid() == 0 else "no PC/SC here: pcscd is started as root"


class Pcscd:
    """One pcscd, which can be stopped and started.

    Attributes:
        socket: where it listens; what uses PC/SC finds it by ``PCSCLITE_CSOCK_NAME``.
        ports: of the two slots of the reader.
    """

    def __init__(self) -> None:
        # Short: the address of a socket holds 107 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="pcscd-"))
        self.socket = self.folder / "socket"
        self.ports = _two_free_ports()
        self._failing = self.folder / "failing"
        self._process: subprocess.Popen[bytes] | None = None
        driver = self.folder / "driver.so"
        # Debian's driver lies where no linker looks, without the name it says of itself. Nothing in our own names it,
        # so that it would be left out.
        (self.folder / "libifdvpcd.so.0").symlink_to(DRIVER)
        source = Path(__file__).with_name("failing.c")
        behind: list[str | Path] = ["-Wl,--no-as-needed", DRIVER, f"-Wl,-rpath,{self.folder}"]
        subprocess.run(["gcc", "-shared", "-fPIC", f"-I{HEADERS}", "-o", driver, source, *behind], check=True)
        self._readers = self.folder / "readers"
        self._readers.mkdir()
        self._reader = self._readers / "tryout"
        self._configuration = (
            f'FRIENDLYNAME "{NAME}"\nDEVICENAME /dev/null:{self.ports[0]}\nLIBPATH {driver}\n'
            f"CHANNELID {self.ports[0]}\n"
        )
        self._reader.write_text(self._configuration)

    def start(self) -> None:
        """Start it; once it answers, this returns. One that runs already is left alone."""
        if self._process is not None:
            return
        self.socket.unlink(missing_ok=True)
        command: list[str | Path] = [PCSCD, "--foreground", "--config", self._readers]
        self._process = subprocess.Popen(
            [sys.executable, "-c", _LAUNCH, self.socket, *command],
            env={**os.environ, "FAILING": str(self._failing)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until(self._is_up, "pcscd did not start")
        except AssertionError:
            self.kill()
            raise

    def _is_up(self) -> bool:
        if not self.socket.exists():
            return False
        # The ports are the driver's: with them open, the readers are there.
        return not self._reader.exists() or all(_is_taken(port) for port in self.ports)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in order."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(20)
            self._process = None

    def hang(self) -> None:
        """Let it answer nothing; stopped, to its last thread, when this returns."""
        self._signal(signal.SIGSTOP)
        wait_until(self._is_stopped, "pcscd did not stop")

    def _is_stopped(self) -> bool:
        assert self._process is not None
        states = [
            path.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[0]
            for path in Path(f"/proc/{self._process.pid}/task").glob("*/stat")
        ]
        return set(states) == {"T"}

    def go_on(self) -> None:
        """Let it answer again."""
        self._signal(signal.SIGCONT)

    def fail_driver(self) -> None:
        """Let the reader's driver answer with errors."""
        self._failing.touch()

    def mend_driver(self) -> None:
        """Let the reader's driver answer again."""
        self._failing.unlink(missing_ok=True)

    def unplug(self) -> None:
        """Take the reader away."""
        self._reader.unlink()
        self.kill()
        self.start()

    def plug_in(self) -> None:
        """Bring the reader back; done once does nothing."""
        if not self._reader.exists():
            self._reader.write_text(self._configuration)
            self.kill()
            self.start()

    def _signal(self, which: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(which)

    def close(self) -> None:
        """End it, and leave nothing behind."""
        self.kill()
        shutil.rmtree(self.folder)


def wait_until(holds: Callable[[], bool], or_else: str, seconds: float = 20) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(or_else)
        time.sleep(0.01)


def _two_free_ports() -> tuple[int, int]:
    """Find a port that is free together with the next: the driver takes one for each slot."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port + 1))
            except (OSError, OverflowError):
                continue
            return port, port + 1


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False
