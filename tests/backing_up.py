"""Homes that are backed up, erased from and restored, as programs open them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from db.fields import CprVault
from db.models import Borrower, DeletionRequest, Staff
from db.store import Transaction
from desk.backups.making import MadeBackup, make_backup
from desk.backups.restoring import Restored, Wish, restore
from desk.backups.vouching import Supervisor
from desk.command import Who
from desk.installation import Installation, new_id, now, open_installation
from desk.privacy.erasure.carrying_out import carry_out
from desk.registry.preparing import NewBranch, NewLibrary, NewStaff, make_installation
from desk.secrets import Secrets
from desk.settings import Settings, SignInSettings

T = TypeVar("T")
CHEAP = SignInSettings(argon2_time_cost=1, argon2_memory_kib=8, argon2_parallelism=1)
LONE = Supervisor("lone", "hemmelig")
LIBRARY = NewLibrary(
    "Struer Bibliotek",
    "DK-767100",
    (NewBranch("Struer", "DK-767100"),),
    (
        NewStaff("lone", "Lone B.", "supervisor", "hemmelig"),
        NewStaff("ole", "Ole O.", "supervisor", "hemmelig"),
        NewStaff("mette", "Mette K.", "staff", "hemmelig"),
    ),
)


def a_home(folder: Path) -> Path:
    """Make a library's home."""
    make_installation(folder, LIBRARY, Settings(sign_in=CHEAP), now(), new_id)
    return folder


def with_keys_of(home: Path, folder: Path) -> Path:
    """Make a fresh home with nothing in it but another's keys."""
    folder.mkdir(mode=0o700)
    shutil.copytree(home / "keys", folder / "keys")
    return folder


def vault_of(home: Path) -> CprVault:
    """Open the vault of a home."""
    keys = Secrets(home, "folder")
    return CprVault(keys.secret("cpr"), keys.secret("cpr-index"))


def store_key(home: Path) -> bytes:
    """Give the key of a home's store and back-ups."""
    return Secrets(home, "folder").secret("store")


def inside(home: Path, work: Callable[[Transaction], T]) -> T:
    """Work in a home's store, as a program would open it."""
    with open_installation(home) as installation:
        return installation.store.write_here(work)


def back_up(home: Path, file: Path, *, at: datetime | None = None, may_replace: bool = False) -> MadeBackup:
    """Make a back-up."""
    with open_installation(home) as installation:
        return make_backup(installation, file, at or now(), lambda _done, _total: None, may_replace=may_replace)


def bring_back(
    file: Path,
    home: Path,
    *,
    at: datetime | None = None,
    lists: tuple[Path, ...] = (),
    may_replace: bool = False,
    vouches: Supervisor | None = None,
) -> Restored:
    """Restore a back-up."""
    asked = None if vouches is None else lambda _doubts: vouches
    wish = Wish(file, home, at or now(), lists, may_replace, asked, new_id)
    return restore(wish, lambda _done, _total: None)


def erase(home: Path, number: str) -> None:
    """Erase somebody as the counter does: asked for by one supervisor, approved by another, carried out."""
    with open_installation(home) as installation:
        request_id, who = installation.store.write_here(lambda transaction: _approved(transaction, number))
        asyncio.run(_carried_out(installation, request_id, who))


def _approved(transaction: Transaction, number: str) -> tuple[int, Who]:
    staff = [row[0] for row in transaction.all(Staff.select(Staff.id).order_by(Staff.id))]
    for position, staff_id in enumerate(staff):
        transaction.run(Staff.update(person_number=f"P{position}").where(Staff.id == staff_id))
    registrant, approver = staff[0], staff[1]
    request_id = transaction.run(
        DeletionRequest.insert(
            borrower=transaction.value(Borrower.select(Borrower.id).where(Borrower.number == number)),
            registered_at=now(),
            registered_by=registrant,
            identity_check="card",
        )
    )
    transaction.run(
        DeletionRequest.update(state="approved", decided_at=now(), decided_by=approver).where(
            DeletionRequest.id == request_id
        )
    )
    return request_id, Who(approver)


async def _carried_out(installation: Installation, request_id: int, who: Who) -> None:
    await carry_out(
        installation, request_id, who=who, clock=now, new_id=new_id, progress=lambda _stage, _done, _total: None
    )


def numbers_in(home: Path) -> set[str]:
    """Read every lånernummer in a home's store."""
    return {row[0] for row in inside(home, lambda transaction: transaction.all(Borrower.select(Borrower.number)))}
