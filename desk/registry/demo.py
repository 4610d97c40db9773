"""The demo: a made-up town in a home of its own, the same every time for one seed (V2).

``HOME/demo.json`` marks the home as a demo and holds what nobody can read out of the store again: passwords and PINs.
It is written first and ``desk.toml`` last, so a demo that was cut short while it was made is known and made anew.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.models import Borrower, BorrowerGroup, Branch, Card, Item, LibraryRules, Loan, MaterialGroup, Title
from desk.calendar import local_date
from desk.errors import DeskError, HomeError
from desk.installation import SETTINGS_FILE, Installation, is_made_up, open_installation, told_in_our_types
from desk.private_files import write_private
from desk.settings import PrinterSettings, Settings, SignInSettings

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.registry.preparing import NewStaff

DEMO_FILE = "demo.json"
LOCK_FILE = ".demo.lock"
SEED = 1
# The passwords are on the sign-in screen: a hash that costs 100 ms would protect nothing.
CHEAP = SignInSettings(argon2_time_cost=1, argon2_memory_kib=64, argon2_parallelism=1)


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """Whom to sign in as."""

    login: str
    password: str
    name: str
    role: str


def demo_folder() -> Path:
    """Give the demo's home when ``DESK_HOME`` names none."""
    from platformdirs import user_cache_path  # noqa: PLC0415  (10 ms that a set DESK_HOME saves)

    return user_cache_path("skranke", appauthor=False) / "demo"


def ensure_demo(home: Path, at: datetime, *, fresh: bool = False, seed: int = SEED) -> bool:
    """Make the demo unless it is there.

    Args:
        home: absolute; not there, empty, or a demo.
        at: the instant (aware UTC) its dates count back from.
        fresh: make it anew.
        seed: the same seed and the same day make the same demo.

    Returns:
        Whether it was made now.

    Raises:
        HomeError: ``not_demo``: something else is in the folder; ``in_use``: a counter runs on the demo that
            should go; and what :func:`make_installation` raises.
    """
    if is_demo(home) and not fresh:
        return False
    if home.exists() and not (home / DEMO_FILE).exists() and _has_content(home):
        raise HomeError(str(home), "not_demo")
    from desk.registry.preparing import own_folder  # noqa: PLC0415  (as below)

    own_folder(home)
    with _making(home):
        if is_demo(home) and not fresh:
            return False
        _clear(home)
        _make(home, at, seed)
    return True


def is_demo(home: Path) -> bool:
    """Tell whether a home is a whole demo."""
    return (home / DEMO_FILE).exists() and (home / SETTINGS_FILE).exists()


def _has_content(home: Path) -> bool:
    return any(path.name != LOCK_FILE for path in home.iterdir())


@contextmanager
def _making(home: Path) -> Iterator[None]:
    """Let one program at a time make the demo; the next one finds it made."""
    with (home / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _clear(home: Path) -> None:
    """Remove a demo, whole or cut short; the folder itself stays."""
    import shutil  # noqa: PLC0415  (as in _make)

    for lock_file in home.glob("queue*.lock"):
        with lock_file.open("r+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeError(str(home), "in_use") from None
    if is_demo(home):
        _refuse_real_people(home)
    for path in home.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK_FILE:
            path.unlink()


def _refuse_real_people(home: Path) -> None:
    """Make sure that a store about to be removed is made up; one that cannot be read any more is the demo's own."""
    try:
        with open_installation(home) as installation:
            if is_made_up(installation):
                return
    except DeskError:
        return
    raise HomeError(str(home), "not_demo")


def _make(home: Path, at: datetime, seed: int) -> None:
    # A demo is made once and opened often: only the first start waits for these.
    from random import Random  # noqa: PLC0415
    from uuid import UUID  # noqa: PLC0415

    from desk.registry import demo_town as town  # noqa: PLC0415
    from desk.registry.demo_filling import DemoFilling  # noqa: PLC0415
    from desk.registry.preparing import NewLibrary, make_installation  # noqa: PLC0415

    random = Random(seed)  # noqa: S311  (made-up people, the same ones every time)
    filling = DemoFilling(random, at)
    kept: dict[str, Any] = {"seed": seed, "made_at": at.isoformat(), "staff": [_kept(staff) for staff in town.STAFF]}
    _keep(home, kept)

    def fill(transaction: Transaction, hasher: Any) -> None:
        filling.fill(transaction, hasher)
        _keep(home, {**kept, "pins": filling.pins})

    make_installation(
        home,
        NewLibrary(town.LIBRARY, town.ISIL, (town.STRUER, town.THYHOLM), town.STAFF, made_up=True),
        Settings(sign_in=CHEAP, printer=PrinterSettings(kind="virtual")),
        at,
        lambda: str(UUID(int=random.getrandbits(128), version=4)),
        fill,
    )


def _kept(staff: NewStaff) -> dict[str, str | None]:
    return {
        "login": staff.login,
        "password": staff.password,
        "name": staff.name,
        "role": staff.role,
        "card": staff.card,
        "pin": staff.pin,
    }


def _keep(home: Path, content: dict[str, Any]) -> None:
    try:
        write_private(home / DEMO_FILE, json.dumps(content, ensure_ascii=False, indent=1).encode(), replace=True)
    except OSError:
        raise HomeError(str(home), "unwritable") from None


def _remembered(home: Path) -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads((home / DEMO_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        raise HomeError(str(home), "demo_damaged") from None
    return read


def demo_hint(home: Path) -> list[DemoStaff]:
    """Say whom to sign in as.

    Raises:
        HomeError: ``demo_damaged``.
    """
    return [
        DemoStaff(staff["login"], staff["password"], staff["name"], staff["role"])
        for staff in _remembered(home)["staff"]
    ]


def demo_contents(installation: Installation, at: datetime) -> dict[str, Any]:
    """Give what ``desk demo --print`` prints: how the made-up town is now, with its passwords and PINs.

    Raises:
        HomeError: ``not_demo``: there may be real people in the store; ``demo_damaged``.
        StoreError: the store cannot be read.
    """
    if not is_made_up(installation):
        raise HomeError(str(installation.home), "not_demo")
    remembered = _remembered(installation.home)
    today = local_date(at)
    with told_in_our_types():
        return installation.store.read_here(
            lambda transaction: {
                "staff": [
                    {"login": staff["login"], "password": staff["password"], "role": staff["role"]}
                    for staff in remembered["staff"]
                ],
                "borrowers": _borrowers(transaction, remembered["pins"], today),
                "items": _items(transaction),
            }
        )


def _borrowers(transaction: Transaction, pins: dict[str, str], today: date) -> list[dict[str, Any]]:
    from desk.circulation.queries import blocks_in_force  # noqa: PLC0415  (only --print needs them)
    from desk.circulation.rules import age_on  # noqa: PLC0415
    from desk.money.debt import owed_ore  # noqa: PLC0415

    cards: dict[int, list[tuple[int, str, str]]] = {}
    for borrower_id, card_id, number, state in transaction.all(
        Card.select(Card.borrower, Card.id, Card.number, Card.state).order_by(Card.id)
    ):
        cards.setdefault(borrower_id, []).append((card_id, number, state))
    loans: dict[int, int] = {}
    for (borrower_id,) in transaction.all(Loan.select(Loan.borrower).where(Loan.returned_at.is_null())):
        loans[borrower_id] = loans.get(borrower_id, 0) + 1
    rows = transaction.all(
        Borrower.select(
            Borrower.id,
            Borrower.number,
            Borrower.name,
            Borrower.birth_date,
            Borrower.cpr_sealed,
            Borrower.language,
            Borrower.address_protected,
            Borrower.protected_until,
            BorrowerGroup.code,
            BorrowerGroup.loan_limit,
            Branch.name,
        )
        .join(BorrowerGroup, on=(Borrower.borrower_group == BorrowerGroup.id))
        .join(Branch, on=(Borrower.home_branch == Branch.id))
        .order_by(Borrower.id)
    )
    printed = []
    debt_limit: int = transaction.value(LibraryRules.select(LibraryRules.debt_limit_ore))
    for borrower_id, number, name, born, sealed, language, is_protected, until, group, limit, branch in rows:
        # The newest card is the one in use; a stolen one has been replaced.
        card_id, card, _state = cards[borrower_id][-1]
        printed.append(
            {
                "card": card,
                "pin": pins.get(card, ""),
                "name": name,
                "group": group,
                "blocks": [
                    *(block.kind for block in blocks_in_force(transaction, borrower_id, card_id, today)),
                    *(["E"] if debt_limit <= owed_ore(transaction, borrower_id) else []),
                ],
                "age": None if born is None else age_on(born, today),
                "language": language,
                "branch": branch,
                "loans": loans.get(borrower_id, 0),
                "limit": limit,
                "address_protected": bool(is_protected) and (until is None or until >= today),
                "number": number,
                "cpr": None if sealed is None else transaction.vault.open(sealed),
                "stopped_cards": [spare for _id, spare, state in cards[borrower_id] if state != "active"],
            }
        )
    return printed


def _items(transaction: Transaction) -> list[dict[str, Any]]:
    rows = transaction.all(
        Item.select(Item.barcode, Title.title, Item.status, Title.author, MaterialGroup.code, Branch.name, Item.parts)
        .join(Title, on=(Item.title == Title.id))
        .join(MaterialGroup, on=(Item.material_group == MaterialGroup.id))
        .join(Branch, on=(Item.branch == Branch.id))
        .order_by(Item.id)
    )
    names = ("barcode", "title", "status", "author", "group", "branch", "parts")
    return [dict(zip(names, row, strict=True)) for row in rows]
