"""The counter in a test: a made-up library, the real program under a pilot, scans as a scanner sends them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from db.models import Block, Borrower, Card, Item, Staff, Title
from db.store import Transaction
from desk.borrowers.searching import write_search_words
from desk.catalogue.title_words import titles_without_words, write_title_words
from desk.command import NOBODY
from desk.installation import Installation, open_installation, unopened
from desk.registry.defaults import install_branch, install_library
from desk.secrets import Secrets
from desk.settings import Settings, SignInSettings, write
from desk.staff.queries import library_name
from screens.app import DeskApp
from screens.widgets.lane import DecisionLane
from screens.widgets.pile import Pile

HOSTILE = ("Ib [/] Hansen", "\x1b[2J", "a\u202eb", "æ" * 200, "ÆØÅ 🦉", "[@click=app.exit]x")
KEYS = {"\r": "enter", "\t": "tab", " ": "space"}
PERSONS_GAP_SECONDS = 0.1
CARD, OTHER_CARD, BLOCKED_CARD = "2000000001", "2000000002", "2000000003"


def make_home(folder: Path) -> Path:
    """Make a library with two borrowers, a blocked one, hostile titles and twelve plain items."""
    folder.mkdir(mode=0o700)
    cheap = SignInSettings(argon2_time_cost=1, argon2_memory_kib=64, argon2_parallelism=1)
    write(folder, replace(Settings(), sign_in=cheap))
    Secrets(folder, "folder").new_keys()
    installation = unopened(folder)
    installation.store.migrate()

    def fill(transaction: Transaction) -> None:
        install_library(transaction, name="Struer Bibliotek", isil="DK-767100", made_up=True)
        branch = install_branch(transaction, name="Struer", isil="DK-767100", counters=("Skranke 1",))
        away = install_branch(transaction, name="Thyholm", isil="DK-767101", counters=())
        for login, name, role in (("mette", "Mette K.", "staff"), ("lone", "Lone B.", "supervisor")):
            transaction.run(
                Staff.insert(
                    login=login,
                    name=name,
                    role=role,
                    password_hash=installation.hasher.password_hash("hemmelig"),
                    card_index=installation.vault.index(f"staff-card:99{login.upper()}99"),
                    pin_hash=installation.hasher.pin_hash("1234"),
                )
            )
        for number, (card, name) in enumerate(
            ((CARD, "Anna Møller"), (OTHER_CARD, "Ib [/] Hansen"), (BLOCKED_CARD, "Karl Blok"))
        ):
            borrower = transaction.run(
                Borrower.insert(
                    number=f"1000000{number}",
                    name=name,
                    birth_date=date(1980, 1, 1),
                    borrower_group=1,
                    home_branch=branch,
                    log_key=bytes([number]) * 32,
                )
            )
            transaction.run(Card.insert(borrower=borrower, number=card))
            write_search_words(transaction, [borrower])
        transaction.run(Block.insert(borrower=3, kind="U", set_on=date(2020, 1, 1), reason="larm"))
        for number in range(12):
            title = transaction.run(Title.insert(title=f"Titel {number}", author="Peter", source_key=str(number)))
            transaction.run(
                Item.insert(
                    barcode=f"30000000{number:02}",
                    title=title,
                    material_group=1,
                    branch=away if number == 11 else branch,
                )
            )
        for number, name in enumerate(HOSTILE):
            title = transaction.run(Title.insert(title=name, author=name, source_key=f"h{number}"))
            transaction.run(Item.insert(barcode=f"31000000{number:02}", title=title, material_group=1, branch=branch))
        write_title_words(transaction, titles_without_words(transaction))

    installation.store.write_here(fill)
    installation.close()
    return folder


@dataclass
class AtWork:
    """A counter with somebody signed in."""

    app: DeskApp
    pilot: Pilot[int]
    _moved_at: float = 0.0

    async def settle(self) -> None:
        """Wait until every key has gone where it belongs, no scan waits, and whoever asked the store has an answer."""
        for _round in range(400):
            await self._let_through()
            if self._is_at_rest:
                await self._answered()
                # Asks every widget, and waits until the process has nothing to do: too dear to be done for every look.
                await self.pilot.pause()
                if self._is_at_rest:
                    return
            await asyncio.sleep(0.005)
        raise AssertionError("the counter never came to rest")

    @property
    def _is_at_rest(self) -> bool:
        return self.app.router.is_quiet and not self.app.at_counter.work.is_busy

    async def _answered(self) -> None:
        """Wait until the store's thread has done what it was given before now, unless another program holds it up."""
        thread = self.app.installation.store._thread
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.get_running_loop().run_in_executor(thread, _nothing), 0.5)

    async def _let_through(self) -> None:
        """Wait until what lies before the app and its screen now has been taken.

        The pilot's own pause takes a process that got no processor for one that has nothing to do.
        """
        for pump in (self.app, self.app.screen):
            taken = asyncio.Event()
            if pump.call_later(taken.set):
                with suppress(TimeoutError):  # Of a screen that has gone meanwhile, or asks and waits itself.
                    await asyncio.wait_for(taken.wait(), 1)

    async def scan(self, *codes: str) -> None:
        """Send codes as a scanner does: fast, each with its Enter."""
        await self.burst("".join(f"{code}\r" for code in codes))

    async def burst(self, keys: str) -> None:
        """Send keys as a machine does, all at once; CR is Enter."""
        at = self._next_moment()
        for character in keys:
            key = events.Key(KEYS.get(character, character), character)
            # On a busy machine two characters that are made here are further apart than a scanner's are.
            key.time = at
            self.app.post_message(key)
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys as a person does, who is slower than a scanner also where nobody waits for one."""
        for key in keys:
            pressed = events.Key(*key_and_character(key))
            pressed.time = self._next_moment()
            self.app.post_message(pressed)
            await self.settle()

    def _next_moment(self) -> float:
        """When the next hand moves: a person's gap after the last key or scan, however soon the test goes on.

        An Enter at the heels of a code is the scanner's (C3), and a quick machine is at rest again that soon.
        """
        self._moved_at = max(time.monotonic(), self._moved_at + PERSONS_GAP_SECONDS)
        return self._moved_at

    async def until(self, wanted: str) -> None:
        """Wait until a text is on the screen: for what a worker brings, not a scan."""
        for _round in range(1000):
            if wanted in self.text():
                return
            await self.pilot.pause(0.02)
        raise AssertionError(f"not on the screen: {wanted}\n{self.text()}")

    def text(self) -> str:
        """Everything on the screen."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in lines)

    def pile(self) -> str:
        """The pile's lines."""
        return "\n".join(self.app.screen.query_one(Pile).lines_text())

    def lane(self) -> DecisionLane:
        """The lane."""
        return self.app.screen.query_one(DecisionLane)

    def figures(self) -> tuple[int, int, int]:
        """Scanned, settled, to you."""
        pile = self.app.at_counter.pile
        return pile.scanned, pile.settled, pile.to_you


@asynccontextmanager
async def at_work(
    home: Path, size: tuple[int, int] = (120, 40), *, staff: tuple[str, str] | None = ("mette", "hemmelig")
) -> AsyncIterator[AtWork]:
    """Run the counter under a pilot, with somebody signed in unless ``staff`` is None."""
    installation: Installation = open_installation(home)
    place = await installation.counter_place()
    library = await installation.desk.ask(NOBODY, library_name)
    work = installation.counter_work()
    await work.open()
    app = DeskApp(installation, place, library, lambda: work)
    try:
        async with app.run_test(size=size) as pilot:
            counter = AtWork(app, pilot)
            await counter.settle()
            if staff is not None:
                await app.signed_in(await installation.sign_in.with_password(*staff))
                await counter.settle()
            yield counter
    finally:
        work.close()
        installation.close()


def key_and_character(pressed: str) -> tuple[str, str | None]:
    """Give a key's name and the character it types, as a terminal reports them.

    Args:
        pressed: a character, or the name of a key.
    """
    if len(pressed) == 1:
        return (pressed if pressed.isalnum() else _character_to_key(pressed)), pressed
    return pressed, " " if pressed == "space" else None


def _nothing() -> None:
    """Do nothing, behind whatever is being done."""
