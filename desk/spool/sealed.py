"""A job of the spool as the content of a file: sealed, so that no file of the spool can be read without the key."""

from __future__ import annotations

import hmac
import json
import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from devices.paper import Bars, Document, Line, Rule

Kind: TypeAlias = Literal["receipt", "returned", "pickup", "transit", "statement"]
NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class Print:
    """What is printed, and whose it is.

    Attributes:
        kind: what it is.
        about: what tells it from others in a list, and names nobody: a place on the shelf, a branch, a number of loans.
        document: what it says.
        borrower_id: who is deleted with it; None: nobody can be told by it.
    """

    kind: Kind
    about: str
    document: Document = field(repr=False)
    borrower_id: int | None = field(default=None, repr=False)


class Unreadable(Exception):
    """A file of the spool cannot be opened with the installation's key, or is no job."""


def spool_key(queue_key: bytes) -> bytes:
    """Derive the spool's key from the queue's: both hold what passes through a counter, and neither is backed up."""
    return hmac.digest(queue_key, b"skranke spool", "sha256")


def seal(key: bytes, job_id: str, job: Print) -> bytes:
    """Seal a job. It opens under its own id only."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (no start waits for it)

    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, _to_json(job).encode("utf-8"), job_id.encode("ascii"))


def unseal(key: bytes, job_id: str, stored: bytes) -> Print:
    """Open a job.

    Raises:
        Unreadable: it is damaged, another's, or not ours.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        content = AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], job_id.encode("ascii"))
        return _from_json(content.decode("utf-8"))
    except (InvalidTag, ValueError, KeyError, TypeError) as error:
        raise Unreadable(type(error).__name__) from None


def _parts() -> dict[str, type[Line | Rule | Bars]]:
    from devices.paper import Bars, Line, Rule  # noqa: PLC0415  (no start waits for it)

    return {"line": Line, "rule": Rule, "bars": Bars}


def _to_json(job: Print) -> str:
    names = {part: name for name, part in _parts().items()}
    document = [[names[type(part)], asdict(part)] for part in job.document]
    told = {"kind": job.kind, "about": job.about, "borrower_id": job.borrower_id, "document": document}
    return json.dumps(told, ensure_ascii=False)


def _from_json(text: str) -> Print:
    read: dict[str, Any] = json.loads(text)
    parts = _parts()
    document = tuple(parts[name](**values) for name, values in read["document"])
    return Print(read["kind"], read["about"], document, read["borrower_id"])
