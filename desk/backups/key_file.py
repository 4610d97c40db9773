"""The installation's keys as a file to be kept safe elsewhere, under a passphrase (T2).

::

    skranke keys 1⏎ │ salt (16) │ nonce (12) │ the keys, as JSON, sealed under Argon2id of the passphrase
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from desk.errors import BackupError, FileNotWritten, InvalidInput
from desk.private_files import write_private
from desk.secrets import KEY_BYTES, NAMES, PASSWORDS
from desk.system_words import system_words

MAGIC: Final = b"skranke keys 1\n"
KIND: Final = b"skranke keys "
SALT, NONCE = 16, 12
SHORTEST_PASSPHRASE: Final = 12
LONGEST_FILE: Final = 100_000
# As a password of staff costs by default; whoever finds the file can try for as long as they like.
ROUNDS, MEMORY_KIB, LANES = 3, 65_536, 4


def write_key_file(file: Path, kept: Mapping[str, str], passphrase: str) -> None:
    """Write the keys into a file of mode 0600 that is not there yet.

    Args:
        file: where.
        kept: by name, as the keyring keeps them.
        passphrase: what opens it again.

    Raises:
        InvalidInput: the passphrase is shorter than 12 characters.
        FileNotWritten: ``taken``: there is a file, which stays; or it cannot be written.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise InvalidInput("passphrase", "short")
    salt, nonce = os.urandom(SALT), os.urandom(NONCE)
    sealed = _cipher(passphrase, salt).encrypt(nonce, json.dumps(dict(kept)).encode(), MAGIC)
    try:
        write_private(file, MAGIC + salt + nonce + sealed, replace=False)
    except FileExistsError:
        raise FileNotWritten(str(file), "keys_taken") from None
    except (OSError, ValueError) as error:
        raise FileNotWritten(str(file), "unwritable", system_words(error)) from None


def keys_in(file: Path, passphrase: str) -> dict[str, str]:
    """Read the keys out of a file.

    Raises:
        BackupError: ``missing``, ``unreadable``, ``not_keys``, ``newer``, or ``passphrase``: it does not open the file,
            or the file is damaged.
    """
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  (30 ms that no start waits for)

    try:
        with file.open("rb") as opened:
            content = opened.read(LONGEST_FILE)
    except FileNotFoundError:
        raise BackupError(str(file), "missing") from None
    except (OSError, ValueError) as error:
        raise BackupError(str(file), "unreadable", system_words(error)) from None
    if not content.startswith(MAGIC):
        raise BackupError(str(file), "newer" if content.startswith(KIND) else "not_keys")
    rest = content[len(MAGIC) :]
    salt, nonce, sealed = rest[:SALT], rest[SALT : SALT + NONCE], rest[SALT + NONCE :]
    try:
        opened_keys = json.loads(_cipher(passphrase, salt.ljust(SALT)).decrypt(nonce.ljust(NONCE), sealed, MAGIC))
    except InvalidTag:
        raise BackupError(str(file), "passphrase") from None
    known = {*NAMES, *PASSWORDS.values()}
    return {str(name): str(value) for name, value in opened_keys.items() if name in known}


def is_whole(kept: Mapping[str, str]) -> bool:
    """Tell whether all keys are there that an installation cannot do without."""
    return all(len(kept.get(name, "")) == 2 * KEY_BYTES for name in NAMES)


def _cipher(passphrase: str, salt: bytes) -> Any:
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415  (as above)
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    return AESGCM(
        hash_secret_raw(
            passphrase.encode(),
            salt,
            time_cost=ROUNDS,
            memory_cost=MEMORY_KIB,
            parallelism=LANES,
            hash_len=KEY_BYTES,
            type=Type.ID,
        )
    )
