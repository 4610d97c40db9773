"""One home folder, opened: settings, keys, store, queue, desk. The one place where they meet (T5)."""

from __future__ import annotations

import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from db import errors as below
from db.engine import embedded_path, is_embedded
from db.fields import CprVault
from db.models import Library
from db.queue import Queue, claim_left_behind, claim_queue, queue_path
from db.store import Store
from desk.command import NOBODY
from desk.desk import Desk, store_error
from desk.errors import HomeError
from desk.home_hold import hold_home, let_go, sweep_restoring
from desk.privacy.witness import LogWitness
from desk.secrets import Secrets
from desk.settings import Settings, load
from desk.staff.passwords import Cost, Hasher
from desk.staff.queries import counter_places, staff_card_indexes
from desk.staff.records import indexed_staff_card
from desk.staff.sign_in import Patience, SignIn

if TYPE_CHECKING:
    from desk.borrowers.pins import PinCheck
    from desk.counter.work import CounterWork
    from desk.spool.printing import Printing
    from desk.spool.spool import Spool

SETTINGS_FILE = "desk.toml"

log = logging.getLogger(__name__)


def now() -> datetime:
    """Read the clock: aware UTC. Commands are handed the instant."""
    return datetime.now(UTC)


def new_id() -> str:
    """Draw a command id."""
    return str(uuid4())


def random_digits(count: int) -> str:
    """Draw digits for a lånernummer: derived from nothing (policy)."""
    return "".join(str(secrets.randbelow(10)) for _ in range(count))


def new_log_key() -> bytes:
    """Draw a borrower's key in the access log (G8)."""
    from desk.privacy.access_log import LOG_KEY_BYTES  # noqa: PLC0415  (nobody is created at the start)

    return secrets.token_bytes(LOG_KEY_BYTES)


@dataclass(frozen=True, slots=True)
class CounterPlace:
    """Where this program stands."""

    counter_id: int
    counter: str
    branch_id: int
    branch: str


@dataclass(slots=True)
class Installation:
    """An opened home. Close it, or use it with ``with``."""

    home: Path
    settings: Settings
    secrets: Secrets
    vault: CprVault = field(repr=False)
    store: Store
    desk: Desk
    hasher: Hasher = field(repr=False)
    log_witness: LogWitness
    _hold: int | None = None
    _queue: Queue | None = None
    _staff_cards: frozenset[bytes] = frozenset()

    @property
    def sign_in(self) -> SignIn:
        """The sign-in service, with this installation's patience."""
        rules = self.settings.sign_in
        return SignIn(
            self.desk,
            self.hasher,
            Patience(rules.wrong_tries, timedelta(seconds=rules.delay_seconds)),
            now,
            new_id,
        )

    @property
    def pin_check(self) -> PinCheck:
        """The service that checks and hashes borrowers' PINs."""
        from desk.borrowers.pins import PinCheck  # noqa: PLC0415  (no start waits for it)

        return PinCheck(self.desk, self.hasher, self.settings.cards.wrong_pins, now, new_id)

    @property
    def is_second_here(self) -> bool:
        """Tell whether another program had this home's first queue already when this one claimed its own."""
        return self._queue is not None and self._queue.path != queue_path(self.home, 1)

    def claim_queue(self) -> Queue:
        """Claim a queue of this home.

        Raises:
            StoreError: the queue's file cannot be claimed.
        """
        try:
            self._queue = claim_queue(self.home, self.secrets.secret("queue"))
        except below.StorageError as error:
            raise store_error(error) from None
        return self._queue

    def counter_work(self, clock: Callable[[], datetime] = now, queue: Queue | None = None) -> CounterWork:
        """Give the work of a counter.

        Args:
            clock: gives the instant, UTC.
            queue: its queue; None: one is claimed.

        Raises:
            StoreError: the queue's file cannot be claimed.
        """
        from desk.counter.work import CounterWork  # noqa: PLC0415  (behind the first page, Q5)

        key = self.secrets.secret("queue")
        return CounterWork(
            self.desk,
            queue or self.claim_queue(),
            clock,
            new_id,
            self.settings.scanner.repeat_seconds,
            lambda: claim_left_behind(self.home, key),
            sends_receipts=self.settings.receipt.kind == "email",
            prints=self._printing(),
        )

    def _printing(self) -> Printing | None:
        """Give what prints at this counter; None: it has no printer, and nothing is spooled."""
        spool = self.spool()
        if spool is None:
            return None
        from desk.spool.printing import Printing  # noqa: PLC0415  (only where there is a printer)

        return Printing(self.desk, spool, receipts=self.settings.receipt.kind == "print")

    def spool(self) -> Spool | None:
        """Give the spool of this home; None: there is no printer.

        Raises:
            SecretsError: the key is missing.
        """
        printer = self.settings.printer
        if printer.kind == "none":
            return None
        from desk.spool.sealed import spool_key  # noqa: PLC0415
        from desk.spool.spool import Paper, Spool  # noqa: PLC0415

        return Spool(self.home, spool_key(self.secrets.secret("queue")), Paper(printer.width, printer.code_page))

    async def counter_place(self) -> CounterPlace:
        """Find the counter that ``desk.toml`` names, or the first one.

        Raises:
            HomeError: there is none, or the one that is named does not exist.
        """
        wanted = self.settings.counter
        for counter_id, counter, branch_id, branch in await self.desk.ask(NOBODY, counter_places):
            if wanted.name in {"", counter} and wanted.branch in {"", branch}:
                return CounterPlace(counter_id, counter, branch_id, branch)
        raise HomeError(str(self.home), "no_counter")

    async def learn_staff_cards(self) -> None:
        """Read the keyed hashes of all staff cards, so that none is ever written to the queue (C3)."""
        self._staff_cards = await self.desk.ask(NOBODY, staff_card_indexes)

    def is_staff_card(self, code: str) -> bool:
        """Tell whether a code is a staff card, without asking the store."""
        return self.vault.index(indexed_staff_card(code)) in self._staff_cards

    def number_drawer(self) -> Callable[[int], str]:
        """Give what draws lånernumre that were nobody's who is erased (G5)."""
        from desk.privacy.tombstones import numbers_of_nobody  # noqa: PLC0415  (no start waits for it)

        return numbers_of_nobody(self.home, self.vault, random_digits)

    def close(self) -> None:
        """Close the store; the queue is closed by its work."""
        self.desk.close()
        self.log_witness.close()
        if self._hold is not None:
            let_go(self._hold)
            self._hold = None

    def __enter__(self) -> Installation:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_installation(home: Path) -> Installation:
    """Open a home that ``desk init`` has made.

    Raises:
        HomeError: there is nothing in it.
        SettingsError: its settings cannot be used.
        SecretsError: its keys are missing.
        StoreError: its store cannot be opened, or is another version's.
    """
    installation = unopened(home)
    try:
        installation.store.check_current()
    except below.StorageError as error:
        installation.close()
        raise store_error(error) from None
    _sweep(installation.store.url)
    return installation


def _sweep(store_url: str) -> None:
    if is_embedded(store_url):
        try:
            sweep_restoring(embedded_path(store_url))
        except OSError as error:
            # Another program that starts was quicker; or the next start tries again.
            log.warning("what a broken-off restore has left is not deleted: %s", error.strerror)


def unopened(home: Path) -> Installation:
    """Put an installation together without touching its store (``desk init``, ``desk check``).

    The home is held together with others until it is closed: no restore puts another store in its place meanwhile.

    Raises:
        HomeError: ``empty``: there is nothing in it; ``restoring``: a restore is putting a store in its place.
        SettingsError, SecretsError: as :func:`open_installation`.
    """
    if not (home / SETTINGS_FILE).exists():
        raise HomeError(str(home), "empty")
    hold = hold_home(home)
    if hold is None:
        raise HomeError(str(home), "restoring")
    with contextlib.ExitStack() as undo:
        undo.callback(let_go, hold)
        settings = load(home)
        keys = Secrets(home, settings.keys.backend)
        installation = put_together(home, settings, keys, settings.store_url(home))
        installation._hold = hold
        undo.pop_all()
    return installation


def put_together(home: Path, settings: Settings, keys: Secrets, store_url: str) -> Installation:
    """Put an installation together of its parts; nothing is opened, and the home is not held.

    Args:
        home: where its witness and its files lie.
        settings: what holds for it.
        keys: its keys.
        store_url: its store.

    Raises:
        SecretsError: a key is missing.
    """
    vault = CprVault(keys.secret("cpr"), keys.secret("cpr-index"))
    hasher = Hasher(cost_of(settings), keys.secret("pin-pepper"))
    store = Store(store_url, keys.secret("store"), vault)
    witness = LogWitness(home)
    store.witness = witness
    return Installation(home, settings, keys, vault, store, Desk(store), hasher, witness)


def cost_of(settings: Settings) -> Cost:
    """Give what a password costs to check."""
    rules = settings.sign_in
    return Cost(rules.argon2_time_cost, rules.argon2_memory_kib, rules.argon2_parallelism)


def is_made_up(installation: Installation) -> bool:
    """Tell whether a store holds made-up people only."""
    with told_in_our_types():
        return bool(
            installation.store.read_here(lambda transaction: transaction.value(Library.select(Library.made_up)))
        )


@contextlib.contextmanager
def told_in_our_types() -> Iterator[None]:
    """Raise what goes wrong in the store as this layer's errors."""
    try:
        yield
    except below.StorageError as error:
        raise store_error(error) from None
