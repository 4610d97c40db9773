"""What an erasure still has to prove, encrypted, from before the transaction until the proof (G4).

A file each in the home, under a one-off key in keyring: when both have gone, nobody can read what was looked for. The
key is there before the file, and goes before it when the proof has succeeded: what a killed program leaves then is a
file that nobody can read, and the next start lets it go. While the proof has failed both stay, so that it can be tried
again when the cause is gone.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desk.errors import FileNotWritten, SecretsError
from desk.privacy.erasure.begun import FAILED_ENDING, file_of
from desk.privacy.erasure.identity import Identity
from desk.private_files import private_folder, write_private
from desk.system_words import system_words

if TYPE_CHECKING:
    from desk.secrets import Secrets

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Pending:
    """An erasure that has been begun: of which request, and what is looked for."""

    request_id: int
    identity: Identity = field(repr=False)


class PendingUnreadable(Exception):
    """What was written down for a proof cannot be read: its key has gone, or the file is damaged."""


def _key_name(request_id: int) -> str:
    return f"erasure-{request_id}"


def write_down(home: Path, secrets: Secrets, pending: Pending) -> None:
    """Write down what is to be proven, on the disk before this returns; an earlier writing for the request goes.

    Raises:
        FileNotWritten: the home cannot be written.
        SecretsError: the key cannot be kept.
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (only an erasure needs it)

    put_away(home, secrets, pending.request_id)
    key, nonce = os.urandom(KEY_BYTES), os.urandom(NONCE_BYTES)
    content = json.dumps({"request_id": pending.request_id, "identity": pending.identity.to_json()}).encode("ascii")
    secrets.keep(_key_name(pending.request_id), key)
    path = file_of(home, pending.request_id)
    try:
        private_folder(path.parent)
        write_private(path, nonce + AESGCM(key).encrypt(nonce, content, b"erasure"), replace=True)
    except OSError as error:
        secrets.forget(_key_name(pending.request_id))
        raise FileNotWritten(str(path.parent), "unwritable", system_words(error)) from None


def read_back(home: Path, secrets: Secrets, request_id: int) -> Pending:
    """Read what is to be proven.

    Raises:
        PendingUnreadable: it cannot be.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (as in write_down)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        stored = file_of(home, request_id).read_bytes()
        key = secrets.secret(_key_name(request_id))
        content = AESGCM(key).decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], b"erasure")
        read = json.loads(content)
        return Pending(read["request_id"], Identity.from_json(read["identity"]))
    except (OSError, SecretsError, InvalidTag, ValueError, KeyError) as error:
        raise PendingUnreadable(type(error).__name__) from None


def put_away(home: Path, secrets: Secrets, request_id: int) -> None:
    """Let the key go, and then the file; what is not there any more is away.

    Raises:
        FileNotWritten: the file cannot be removed.
        SecretsError: the key cannot be removed.
    """
    secrets.forget(_key_name(request_id))
    path = file_of(home, request_id)
    try:
        path.unlink(missing_ok=True)
        file_of(home, request_id, FAILED_ENDING).unlink(missing_ok=True)
        for draft in path.parent.glob(f".{path.name}.*"):
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise FileNotWritten(str(path.parent), "unwritable", system_words(error)) from None


def set_aside(home: Path, request_id: int) -> None:
    """Keep what is to be proven of one whose proof failed, where no start looks for it.

    Raises:
        FileNotWritten: the folder cannot be written.
    """
    _renamed(file_of(home, request_id), file_of(home, request_id, FAILED_ENDING))


def take_out_again(home: Path, request_id: int) -> None:
    """Let one whose proof failed be one that is under way: killed at it, the next start sees how far it came.

    Raises:
        FileNotWritten: the folder cannot be written.
    """
    _renamed(file_of(home, request_id, FAILED_ENDING), file_of(home, request_id))


def _renamed(old: Path, new: Path) -> None:
    try:
        if old.exists():
            old.replace(new)
    except OSError as error:
        raise FileNotWritten(str(old.parent), "unwritable", system_words(error)) from None
