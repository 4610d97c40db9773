"""Making a home ready: folder, keys, settings, store, the library's own data, the first accounts (``desk init``)."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from db.engine import embedded_path, is_embedded
from db.fields import CprVault
from db.models import Library
from db.store import Store
from desk.command import INSTALLATION
from desk.errors import HomeError, InvalidInput
from desk.installation import SETTINGS_FILE, told_in_our_types
from desk.private_files import private_folder
from desk.registry.defaults import install_branch, install_library
from desk.secrets import Secrets
from desk.settings import Settings, write
from desk.staff.commands import AddStaff, add_staff
from desk.staff.passwords import Cost, Hasher

if TYPE_CHECKING:
    from db.store import Transaction

FIRST_COUNTER = "Skranke 1"


@dataclass(frozen=True, slots=True)
class NewBranch:
    """A branch to begin with."""

    name: str
    isil: str
    counters: tuple[str, ...] = (FIRST_COUNTER,)


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account to begin with."""

    login: str
    name: str
    role: str
    password: str = field(repr=False)
    card: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)
    person_number: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NewLibrary:
    """What a store begins with."""

    name: str
    isil: str
    branches: tuple[NewBranch, ...]
    staff: tuple[NewStaff, ...]
    made_up: bool = False


def make_installation(
    home: Path,
    library: NewLibrary,
    settings: Settings,
    at: datetime,
    new_id: Callable[[], str],
    fill: Callable[[Transaction, Hasher], None] | None = None,
) -> Settings:
    """Make a home: all of it, or nothing that a second try would stumble over.

    The settings are written last: a home with settings is an installation. Keys that an earlier try left behind are
    kept, since a store may already be locked with them.

    Args:
        home: an absolute folder; made with mode 0700 if it is not there.
        library: what the store begins with.
        settings: written to ``desk.toml``.
        at: the instant (aware UTC).
        new_id: draws command ids.
        fill: writes more (a demo, a sample) in the same transaction.

    Returns:
        The settings as written.

    Raises:
        HomeError: ``taken``: it is an installation already; ``open``: others can enter the folder;
            ``unwritable``: it cannot be made; ``store_taken``: the store is a library's already.
        InvalidInput: a name, login or password that cannot be meant; nothing was written.
        SecretsError: the keys cannot be kept.
        SettingsError: the settings cannot be written.
        StoreError: the store cannot be made.
    """
    _refuse_unusable(library)
    if (home / SETTINGS_FILE).exists():
        raise HomeError(str(home), "taken")
    own_folder(home)
    keys = Secrets(home, settings.keys.backend)
    keys.new_keys()
    hasher = hasher_of(settings, keys)
    accounts = [_account(staff, hasher, at, new_id()) for staff in library.staff]
    url = settings.store_url(home)
    _make_file(url)
    store = Store(url, keys.secret("store"), CprVault(keys.secret("cpr"), keys.secret("cpr-index")))

    def contents(transaction: Transaction) -> None:
        if transaction.value(Library.select(Library.id)) is not None:
            raise HomeError(store.where, "store_taken")
        install_library(transaction, name=library.name.strip(), isil=library.isil.strip(), made_up=library.made_up)
        for branch in library.branches:
            install_branch(transaction, name=branch.name.strip(), isil=branch.isil.strip(), counters=branch.counters)
        for account in accounts:
            add_staff(transaction, account)
        if fill is not None:
            fill(transaction, hasher)

    try:
        with told_in_our_types():
            store.migrate()
            store.write_here(contents)
    finally:
        store.close()
    write(home, settings)
    return settings


def hasher_of(settings: Settings, keys: Secrets) -> Hasher:
    """Make the hasher of an installation."""
    rules = settings.sign_in
    cost = Cost(rules.argon2_time_cost, rules.argon2_memory_kib, rules.argon2_parallelism)
    return Hasher(cost, keys.secret("pin-pepper"))


def _refuse_unusable(library: NewLibrary) -> None:
    if not library.name.strip():
        raise InvalidInput("library", "missing")
    for isil in (library.isil, *(branch.isil for branch in library.branches)):
        if not isil.strip() or len(isil.strip()) > 16 or not isil.isprintable():
            raise InvalidInput("isil", "invalid")
    if not all(branch.name.strip() for branch in library.branches):
        raise InvalidInput("branch", "missing")
    if not all(staff.password for staff in library.staff):
        raise InvalidInput("password", "missing")


def own_folder(home: Path) -> None:
    """Make a home that only its owner can enter, or close an empty one.

    Raises:
        HomeError: ``open``: it is not empty, and others can enter it; ``unwritable``: it cannot be made.
    """
    try:
        private_folder(home)
        if stat.S_IMODE(home.stat().st_mode) & 0o077:
            # An empty folder is ours to close; one that somebody uses for something else is not.
            if any(home.iterdir()):
                raise HomeError(str(home), "open")
            home.chmod(0o700)
    except OSError:
        raise HomeError(str(home), "unwritable") from None


def _make_file(url: str) -> None:
    """Make an embedded store's file before the engine does, which would let others read it; its log is as it is."""
    if is_embedded(url):
        try:
            embedded_path(url).touch(mode=0o600)
        except OSError:
            raise HomeError(str(embedded_path(url)), "unwritable") from None


def _account(staff: NewStaff, hasher: Hasher, at: datetime, command_id: str) -> AddStaff:
    return AddStaff(
        command_id=command_id,
        who=INSTALLATION,
        at=at,
        login=staff.login,
        name=staff.name,
        role=staff.role,
        password_hash=hasher.password_hash(staff.password),
        card=staff.card,
        pin_hash=None if staff.pin is None else hasher.pin_hash(staff.pin),
        person_number=staff.person_number,
    )
