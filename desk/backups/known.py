"""The back-ups a home has written, remembered in the home: where they lie, and until when they may (G5)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from desk.errors import BackupError, FileNotWritten
from desk.private_files import write_private
from desk.system_words import system_words

FILE: Final = "backups.json"


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """A back-up that was written and, as far as the home knows, is still there.

    Attributes:
        file: its absolute path.
        made_on: local date.
        expires_on: the first local date on which it is to be gone.
    """

    file: str
    made_on: date
    expires_on: date

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.file)


@dataclass(frozen=True, slots=True)
class LastRestore:
    """That a home's store was put back: what is not in it any more may have been before.

    Attributes:
        on: local date.
        made_on: the local date of the back-up.
        erased: how many who had been erased were erased again.
        is_whole: whether it was known who had been erased.
    """

    on: date
    made_on: date
    erased: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Register:
    """What a home remembers of its back-ups.

    Attributes:
        backups: those not known to be gone, oldest first.
        last_made_on: the local date of the newest ever made, expired or not.
        restored: the last time the store was put back; None: it never was.
        is_damaged: the register was there and could not be read: what it knew is not known any more.
    """

    backups: tuple[KnownBackup, ...] = ()
    last_made_on: date | None = None
    restored: LastRestore | None = None
    is_damaged: bool = False

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders they lie in, each once."""
        return tuple(dict.fromkeys(backup.path.parent for backup in self.backups))


def register_of(home: Path) -> Register:
    """Read what a home remembers of its back-ups."""
    try:
        written = json.loads((home / FILE).read_text("utf-8"))
        backups = tuple(_read(one) for one in written["backups"])
        made_on = written["last_made_on"]
        restored = written.get("restored")
        return Register(
            backups,
            None if made_on is None else date.fromisoformat(made_on),
            None if restored is None else _last_restore(restored),
        )
    except FileNotFoundError:
        return Register()
    except (OSError, ValueError, KeyError, TypeError):
        return Register(is_damaged=True)


def _read(one: dict[str, Any]) -> KnownBackup:
    return KnownBackup(str(one["file"]), date.fromisoformat(one["made_on"]), date.fromisoformat(one["expires_on"]))


def _last_restore(one: dict[str, Any]) -> LastRestore:
    on, made_on = date.fromisoformat(one["on"]), date.fromisoformat(one["made_on"])
    return LastRestore(on, made_on, int(one["erased"]), bool(one["is_whole"]))


def whole_register(home: Path) -> Register:
    """Read what a home remembers of its back-ups, before it is written anew.

    Raises:
        BackupError: ``register``: it is damaged, and what it knew would be forgotten.
    """
    register = register_of(home)
    if register.is_damaged:
        raise BackupError(str(home / FILE), "register")
    return register


def write_register(home: Path, register: Register) -> None:
    """Remember the back-ups, on the disk before this returns.

    Raises:
        FileNotWritten: the home cannot be written.
    """
    content = {
        "last_made_on": register.last_made_on,
        "backups": [asdict(backup) for backup in register.backups],
        "restored": None if register.restored is None else asdict(register.restored),
    }
    path = home / FILE
    try:
        write_private(path, (json.dumps(content, default=date.isoformat, indent=1) + "\n").encode(), replace=True)
    except OSError as error:
        raise FileNotWritten(str(path), "unwritable", system_words(error)) from None


def has_backup(register: Register, folder: Path) -> bool:
    """Tell whether a back-up lies in a folder that it is known to lie in: its medium is there."""
    return any(backup.path.exists() for backup in register.backups if backup.path.parent == folder)
