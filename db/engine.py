"""URL → database. The only place that knows which engines there are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from peewee import Database

# secure_delete: nothing deleted lingers in a page. cell_size_check: nothing damaged is read as if it were whole.
# cache_size: 24 MB of pages that need no decrypting again, so that a search reads its indexes from memory.
# cipher_log_level first: SQLCipher writes what it thinks of a damaged page on the terminal, over whatever is there.
PRAGMAS: tuple[tuple[str, object], ...] = (
    ("cipher_log_level", "NONE"),
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("secure_delete", 1),
    ("cell_size_check", 1),
    ("temp_store", 2),
    ("cache_size", -24_000),
)

EMBEDDED = "sqlcipher"
BUSY_SECONDS = 5.0


def is_embedded(url: str) -> bool:
    """Tell whether a store URL names an encrypted file rather than a server."""
    return urlsplit(url).scheme == EMBEDDED


def embedded_path(url: str) -> Path:
    """Give the file of an embedded store's URL (``sqlcipher:///folder/store.db``)."""
    return Path(unquote(urlsplit(url).path))


def database_for(url: str, key: bytes, *, busy_seconds: float = BUSY_SECONDS) -> Database:
    """Make the database object a store URL names; nothing is opened yet.

    Args:
        url: ``sqlcipher:///absolute/path`` or ``postgresql://user:password@host/name``.
        key: 32 bytes; the raw key of the embedded file. A server does not use it.
        busy_seconds: how long a statement waits for another program's lock.

    Raises:
        ValueError: for another scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == EMBEDDED:
        from playhouse.sqlcipher_ext import SqlCipherDatabase  # noqa: PLC0415  (a server needs no SQLCipher)

        # A raw key skips the key derivation, which costs 78 ms at every connect.
        embedded: Database = SqlCipherDatabase(
            str(embedded_path(url)),
            passphrase=f"x'{key.hex()}'",
            # peewee's own timeout does not reach a SQLCipher connection.
            pragmas=(("busy_timeout", int(busy_seconds * 1000)), *PRAGMAS),
            lock_type="IMMEDIATE",
            autoconnect=False,
        )
        return embedded
    if parts.scheme in {"postgresql", "postgres"}:
        from peewee import PostgresqlDatabase  # noqa: PLC0415  (psycopg costs 86 ms)

        options = dict(parse_qsl(parts.query))
        return PostgresqlDatabase(
            unquote(parts.path.lstrip("/")),
            host=options.pop("host", parts.hostname),
            port=parts.port,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            prefer_psycopg3=True,
            autoconnect=False,
            **cast("dict[str, Any]", _checked_tls(parts.hostname, options)),
        )
    raise ValueError(f"no such kind of store: {parts.scheme}")


def _checked_tls(host: str | None, options: dict[str, str]) -> dict[str, str]:
    """Every line is verified TLS unless it never leaves the machine (P11)."""
    if host in {None, "", "localhost", "127.0.0.1", "::1"}:
        return options
    return {"sslmode": "verify-full", "sslrootcert": "system", **options}
