"""The two engines every test of the store runs on: a SQLCipher file, and a PostgreSQL server of the tests' own.

The server is made of Debian's programs in a temporary folder, answers on loopback to a password drawn for the run,
and goes with the tests: by the fixture when they end, by a signal from the kernel when they are killed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

PROGRAMS = Path("/usr/lib/postgresql")
# PostgreSQL refuses to run as root; Debian's package makes this user.
UNPRIVILEGED = "postgres"
READY = "database system is ready to accept connections"
START_SECONDS = 60.0
STOP_SECONDS = 30.0
# In memory a fresh database takes 16 ms; on a busy disk, 250 ms. A cluster with one database at a time needs 100 MB.
MEMORY = Path("/dev/shm")  # noqa: S108  (a private folder is made in it)
MEMORY_NEEDED = 512 * 1024 * 1024
# Nothing here has to survive anything.
CARELESS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "log_checkpoints": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


class Server:
    """A running PostgreSQL server."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self.folder = folder
        self._data = folder / "data"
        self._password = secrets.token_hex(16)
        self._said: list[str] = []
        self._ready = threading.Event()
        self._made = 0
        self._make()
        self._process = self._started()
        self._admin = psycopg.connect(self.url("postgres"), autocommit=True)

    def url(self, database: str) -> str:
        """Give a database's URL as ``desk.toml`` would have it."""
        return f"postgresql://{UNPRIVILEGED}:{self._password}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int:
        """The server's process."""
        return self._process.pid

    def _make(self) -> None:
        password = self.folder / "password"
        password.write_text(self._password)
        if os.geteuid() == 0:
            for path in (self.folder, password):
                shutil.chown(path, UNPRIVILEGED, UNPRIVILEGED)
        subprocess.run(
            [
                *as_unprivileged(),
                str(self._programs / "initdb"),
                *("--pgdata", str(self._data), "--username", UNPRIVILEGED),
                *("--pwfile", str(password), "--auth", "password"),
                *("--encoding", "UTF8", "--locale", "C", "--no-sync", "--no-instructions"),
            ],
            check=True,
            capture_output=True,
            cwd=self.folder,
        )

    def _started(self) -> subprocess.Popen[str]:
        for _attempt in range(5):
            # Another program may take the port between our letting it go and the server's taking it.
            self.port = free_port()
            self._ready.clear()
            options = [part for name, value in CARELESS.items() for part in ("-c", f"{name}={value}")]
            process = subprocess.Popen(
                [
                    *as_unprivileged(),
                    *("--pdeathsig", "INT", str(self._programs / "postgres")),
                    *("-D", str(self._data), "-p", str(self.port), *options),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                cwd=self.folder,
            )
            threading.Thread(target=self._listen, args=(process,), daemon=True).start()
            self._ready.wait(START_SECONDS)
            if process.poll() is None:
                return process
        raise RuntimeError("PostgreSQL does not start:\n" + "".join(self._said[-20:]))

    def _listen(self, process: subprocess.Popen[str]) -> None:
        """Keep reading what the server says, or a full pipe would stop it; a server that ends says so too."""
        assert process.stderr is not None
        with process.stderr:
            for line in process.stderr:
                self._said.append(line)
                if READY in line:
                    self._ready.set()
        process.wait()
        self._ready.set()

    def create(self, template: str = "template0") -> str:
        """Make a database as a copy of another; gives its name."""
        self._made += 1
        name = f"t{self._made}"
        self._admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return name

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected to it."""
        self._admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """End the server, politely first."""
        self._admin.close()
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def as_unprivileged() -> list[str]:
    """Give the words before a command that make it run as a user PostgreSQL accepts."""
    if os.geteuid() != 0:
        return ["setpriv"]
    return ["setpriv", "--reuid", UNPRIVILEGED, "--regid", UNPRIVILEGED, "--init-groups"]


def free_port() -> int:
    """Find a port on loopback that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def newest_programs() -> Path:
    """Find PostgreSQL's programs; their absence is a failure, never a reason to skip."""
    found = sorted(PROGRAMS.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if not found:
        pytest.fail(f"PostgreSQL's programs are not in {PROGRAMS}. Run: .setup/install --tests", pytrace=False)
    return found[-1].parent


def quick_folder() -> Path | None:
    """Find memory to put the server in; None: where temporary files go otherwise."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED:
        return MEMORY
    return None


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Run a PostgreSQL server for as long as the block lasts."""
    programs = newest_programs()
    with tempfile.TemporaryDirectory(
        prefix="skranke-postgresql-", dir=quick_folder(), ignore_cleanup_errors=True
    ) as folder:
        server = Server(programs, Path(folder))
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the run (each xdist worker has its own), started when the first test asks for it."""
    with running_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """A fresh, empty database on PostgreSQL."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlcipher", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh, empty store on each engine in turn."""
    if request.param == "sqlcipher":
        return f"sqlcipher://{tmp_path}/store.db"
    url: str = request.getfixturevalue("postgres_url")
    return url
