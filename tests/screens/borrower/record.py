"""A library with a borrower of whom everything is held, and that borrower's page on the counter, at «Oplysninger»."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.widgets import Input, Static

from db.models import Borrower, Card, Item, Staff, Telephone, Title
from db.store import Transaction
from desk.calendar import local_date
from desk.command import Who
from desk.installation import new_id, unopened
from desk.privacy.commands import ReadLogOfBorrower
from desk.privacy.purposes import Purpose
from desk.privacy.records import LogLine
from desk.registry.defaults import install_branch, install_library
from desk.secrets import Secrets
from desk.settings import Settings, SignInSettings, write
from desk.staff.queries import all_staff
from desk.wording import short_date
from screens.borrower.borrower import BorrowerScreen
from screens.borrower.details_pane import DetailsPane
from screens.borrower.opened import Opened
from tests.screens.at_work import AtWork, at_work

STAFF, SUPERVISOR = ("mette", "hemmelig"), ("lone", "hemmelig")
ANNA, CHILD, HIDDEN, PARENT = 1, 2, 3, 4
CPR = "7705801234"
OTHER_CPR = "7705804321"
STREET, TELEPHONE, EMAIL = "Kirkegade 7 [/]", "97 85 00 01", "anna@example.dk"


def make_home(folder: Path, name: str = "Anna Møller") -> Path:
    """Make a library with four borrowers: all is held of Anna; a child, one who is protected, and a parent."""
    folder.mkdir(mode=0o700)
    cheap = SignInSettings(argon2_time_cost=1, argon2_memory_kib=64, argon2_parallelism=1)
    write(folder, replace(Settings(), sign_in=cheap))
    Secrets(folder, "folder").new_keys()
    installation = unopened(folder)
    installation.store.migrate()
    vault = installation.vault
    today = local_date(datetime.now(UTC))

    def fill(transaction: Transaction) -> None:
        install_library(transaction, name="Struer Bibliotek", isil="DK-767100", made_up=True)
        branch = install_branch(transaction, name="Struer", isil="DK-767100", counters=("Skranke 1",))
        install_branch(transaction, name="Thyholm [/]", isil="DK-767101", counters=())
        for login, said, role in (("mette", "Mette [/] K.", "staff"), ("lone", "Lone B.", "supervisor")):
            transaction.run(
                Staff.insert(
                    login=login, name=said, role=role, password_hash=installation.hasher.password_hash("hemmelig")
                )
            )

        def person(number: int, **columns: Any) -> None:
            usual: dict[str, Any] = {
                "number": f"4829117{number}",
                "birth_date": date(1980, 5, 17),
                "borrower_group": 1,
                "home_branch": branch,
                "log_key": bytes([number]) * 32,
            }
            borrower = transaction.run(Borrower.insert(**(usual | columns)))
            transaction.run(Card.insert(borrower=borrower, number=f"200000000{number}"))

        held = {"street": STREET, "postcode": "7600", "city": "Struer", "address_dated": date(2025, 9, 3)}
        sealed = {"cpr_sealed": vault.seal(CPR), "cpr_index": vault.index(CPR)}
        person(ANNA, name=name, email=EMAIL, municipality="671", internal_note="henter [b]selv", **held, **sealed)
        person(CHILD, name="Bo Barn", birth_date=today - timedelta(days=3000))
        until = today + timedelta(days=30)
        person(HIDDEN, name="Hemmelig", email=EMAIL, address_protected=True, protected_until=until, **held)
        other = {"cpr_sealed": vault.seal(OTHER_CPR), "cpr_index": vault.index(OTHER_CPR)}
        person(PARENT, name="Pia Forælder [/]", **other)
        transaction.run(Telephone.insert(borrower=ANNA, number=TELEPHONE, takes_sms=True))
        transaction.run(Telephone.insert(borrower=ANNA, number="97 85 00 02"))
        title = transaction.run(Title.insert(title="Pelle", author="Nexø", source_key="1"))
        for barcode in ("3000000001", "3000000002"):
            transaction.run(Item.insert(barcode=barcode, title=title, material_group=1, branch=branch))

    installation.store.write_here(fill)
    installation.close()
    return folder


@dataclass
class OnRecord:
    """A counter with a borrower's page open."""

    counter: AtWork
    page: BorrowerScreen

    @property
    def details(self) -> DetailsPane:
        """The tab «Oplysninger»."""
        return self.page.details

    def text(self) -> str:
        """Everything on the screen, with ordinary spaces."""
        return self.counter.text().replace("\u00a0", " ")

    def says(self) -> str:
        """Give the one sentence that is said, on the page or in the dialog over it."""
        said = self.counter.app.screen.query_one("#said", Static)
        return str(said.content).replace("\u00a0", " ")

    async def press(self, *keys: str) -> None:
        """Press keys, and wait for what they start."""
        await self.counter.press(*keys)
        await self.settle()

    async def write(self, text: str) -> None:
        """Put a text in place of what stands in the field one is in."""
        focused = self.counter.app.focused
        assert isinstance(focused, Input)
        focused.value = text
        await self.counter.settle()

    async def settle(self) -> None:
        """Wait until the store has answered what was asked, and the answer is shown."""
        await self.counter.settle()
        for _round in range(3):
            await self.counter.app.installation.desk.ask(Who(2), all_staff)
            await self.counter.settle()

    async def choose(self, key: str) -> None:
        """Go to an item."""
        names = [row.key for row in self.details._rows]
        self.details.items.move_cursor(row=names.index(key))
        await self.counter.settle()

    async def change(self, key: str, *typed: str) -> None:
        """Change an item: Enter, then each line in turn."""
        await self.choose(key)
        await self.press("enter")
        for line in typed:
            await self.write(line)
            await self.press("enter")

    def today(self) -> str:
        """Give today's date as the page writes it."""
        today = self.counter.app.today()
        return short_date(today, today).replace("\u00a0", " ")

    def value(self, key: str) -> str:
        """Give what an item's line says."""
        cell = self.details.items.get_cell(key, "value")
        return str(cell).replace("\u00a0", " ")

    async def log(self, *, of_reading: bool = False) -> list[LogLine]:
        """Read the borrower's log as a supervisor does: what was done, or who read it, this reading too."""
        app = self.counter.app
        command = ReadLogOfBorrower(
            command_id=new_id(), who=Who(2), at=app.now(), borrower_id=self.page.opened.borrower_id
        )
        return [line for line in await app.installation.desk.do(command) if (line.action == "log") is of_reading]


@asynccontextmanager
async def on_record(
    home: Path,
    borrower_id: int = ANNA,
    *,
    size: tuple[int, int] = (120, 40),
    staff: tuple[str, str] = STAFF,
    purpose: Purpose = Purpose.BORROWER_ASKS,
    with_card: bool = False,
) -> AsyncIterator[OnRecord]:
    """Open a borrower's page at the counter, with the visit of a card that was scanned or without."""
    async with at_work(home, size, staff=staff) as counter:
        if with_card:
            await counter.scan(f"200000000{borrower_id}")
        page = BorrowerScreen(Opened(borrower_id, purpose=purpose))
        await counter.app.push_screen(page)
        record = OnRecord(counter, page)
        await counter.until("digitale tjenester")
        await record.press("4")
        yield record
