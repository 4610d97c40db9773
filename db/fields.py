"""Field types of our own: aware instants, local dates, and the sealed CPR number.

peewee's own date fields try several ``strptime`` formats for every value read; these parse one format,
and refuse a naive instant before it can reach the store.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

from peewee import BlobField, DateField, DateTimeField

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV


ACCESS_LOG: Final = b"access log"


class InstantField(DateTimeField):
    """An instant: aware UTC in Python, naive UTC in the column (both engines)."""

    def db_value(self, value: datetime | None) -> datetime | None:
        """Turn an aware instant into the naive UTC that is stored.

        Raises:
            ValueError: if the instant is naive, which would be read as another time.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC).replace(tzinfo=None)

    def python_value(self, value: Any) -> datetime | None:
        """Read a stored instant back as aware UTC."""
        if value is None:
            return None
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        stored: datetime = value
        return stored.replace(tzinfo=UTC)


class LocalDateField(DateField):
    """A date as people see it (Europe/Copenhagen), ISO text on SQLite."""

    def db_value(self, value: date | None) -> date | None:
        """Pass a date on; an instant is refused, for its date depends on the time zone."""
        if isinstance(value, datetime):
            raise TypeError("a local date was expected, not an instant")
        return value

    def python_value(self, value: Any) -> date | None:
        """Read a stored date."""
        if isinstance(value, str):
            return date.fromisoformat(value)
        read: date | None = value
        return read


class BytesField(BlobField):
    """Bytes that come back as ``bytes`` from both engines."""

    def python_value(self, value: Any) -> bytes | None:
        """Copy the driver's buffer type into plain bytes."""
        return None if value is None else bytes(value)


class BytewiseField(BlobField):
    """Text that both engines compare byte by byte: a range of it is the same range whatever the server's collation."""

    def db_value(self, value: str | bytes | None) -> bytes | None:
        """Turn text into the bytes that are stored; bytes (the end of a range) stay as they are."""
        return value.encode("utf-8") if isinstance(value, str) else value

    def python_value(self, value: Any) -> str | None:
        """Read stored text."""
        return None if value is None else bytes(value).decode("utf-8")


class CprVault:
    """Seals CPR numbers field by field, makes the blind index they are looked up by, and seals the log's chain (D, G8).

    AES-SIV is deterministic authenticated encryption: no nonce to draw, and a swapped or changed value
    does not open. Equality of two sealed values shows no more than the blind index already does.
    """

    def __init__(self, sealing_key: bytes, index_key: bytes) -> None:
        self._sealing_key = hashlib.blake2b(sealing_key, digest_size=64, person=b"skranke-cpr").digest()
        self._index_key = index_key
        # Kept ready: every command that looks at a borrower seals a row.
        self._log_key = hmac.digest(index_key, ACCESS_LOG, "sha256")
        self._cipher: AESSIV | None = None

    def _siv(self) -> AESSIV:
        if self._cipher is None:
            # Imported at first use: it costs 30 ms that a start without a CPR number need not wait for.
            from cryptography.hazmat.primitives.ciphers.aead import AESSIV  # noqa: PLC0415

            self._cipher = AESSIV(self._sealing_key)
        return self._cipher

    def seal(self, cpr: str) -> bytes:
        """Encrypt a CPR number (10 digits, no hyphen)."""
        return self._siv().encrypt(cpr.encode("ascii"), [b"cpr"])

    def open(self, sealed: bytes) -> str:
        """Decrypt a sealed CPR number.

        Raises:
            cryptography.exceptions.InvalidTag: if it was changed, or sealed under another key.
        """
        return self._siv().decrypt(sealed, [b"cpr"]).decode("ascii")

    def seal_form(self, content: bytes, mark: bytes) -> bytes:
        """Encrypt what a form says; it opens in the row that has its mark alone."""
        return self._siv().encrypt(content, [b"form", mark])

    def open_form(self, sealed: bytes, mark: bytes) -> bytes:
        """Decrypt what a form says.

        Raises:
            cryptography.exceptions.InvalidTag: if it was changed, moved to another row, or sealed under another key.
        """
        return self._siv().decrypt(sealed, [b"form", mark])

    def form_mark(self, value: bytes) -> bytes:
        """Give the keyed hash by which a form that comes twice is known again (32 bytes)."""
        key = hmac.digest(self._index_key, b"form", "sha256")
        return hmac.digest(key, value, "sha256")

    def index(self, value: str) -> bytes:
        """Give the keyed hash under which a CPR number or a staff card is found (32 bytes)."""
        return hmac.digest(self._index_key, value.encode("utf-8"), "sha256")

    def tombstone(self, number: str) -> bytes:
        """Give the keyed hash by which an erased lånernummer is known again, and by nothing else (G5; 32 bytes)."""
        key = hmac.digest(self._index_key, b"tombstone", "sha256")
        return hmac.digest(key, number.encode("utf-8"), "sha256")

    def unsubscribe_token(self, email: str) -> str:
        """Give what unsubscribes an address from the newsletter: made anew whenever it is asked for, kept nowhere.

        It begins with a letter: a command line takes what begins with a hyphen for an option.

        Args:
            email: folded.
        """
        key = hmac.digest(self._index_key, b"newsletter", "sha256")
        drawn = base64.urlsafe_b64encode(hmac.digest(key, email.encode("utf-8"), "sha256"))
        return "u" + drawn.decode("ascii").rstrip("=")

    def chained(self, previous: bytes, content: bytes, chain: bytes = ACCESS_LOG) -> bytes:
        """Give the seal of a row in a chain: keyed, so that whoever edits the rows cannot make it fit (G8).

        Args:
            previous: the seal of the row before; empty for the first.
            content: the stored bytes of the row.
            chain: which chain it is; a row of one does not fit into another.
        """
        key = self._log_key if chain == ACCESS_LOG else hmac.digest(self._index_key, chain, "sha256")
        return hmac.digest(key, len(previous).to_bytes(1, "big") + previous + content, "sha256")
