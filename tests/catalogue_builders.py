"""Titles with copies, queues and things set aside, for the tests of the item page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from peewee import QueryEvent

from db.models import Item, MaterialGroup, PutBack, Reservation, Title
from desk.catalogue.commands import SetItemStatus, ShowItemHolder
from desk.catalogue.finding import found_titles
from desk.catalogue.queries import title_page
from desk.catalogue.records import CopyRecord, FoundTitles, ItemHolder, StatusSet, TitlePage
from desk.catalogue.title_words import write_title_words
from desk.privacy.purposes import Purpose
from tests.builders import House, Person, Thing


class Shelves:
    """A house seen from its shelves."""

    def __init__(self, house: House) -> None:
        self.house = house

    def title(self, title: str, author: str = "", *, number: str = "", copies: int = 1, **item: Any) -> list[Thing]:
        """Buy copies of a title; without a number its key is its words."""
        key = f"id:DK-870970:{number}" if number else f"title:{title}|{author}"
        title_id = self.house.put(Title.insert(title=title, author=author, year=item.pop("year", None), source_key=key))
        self.house.store.write_here(lambda transaction: write_title_words(transaction, [title_id]))
        return [self.copy(title_id, f"{4000000000 + title_id * 100 + number}", **item) for number in range(copies)]

    def copy(self, title_id: int, barcode: str, **values: Any) -> Thing:
        """Buy one more copy."""
        group = MaterialGroup.select(MaterialGroup.id).where(MaterialGroup.code == "standard")
        values = {"branch": self.house.branch, "shelf_mark": "Jensen"} | values
        return Thing(
            self.house.put(Item.insert(barcode=barcode, title=title_id, material_group=group, **values)), barcode
        )

    def title_of(self, thing: Thing) -> int:
        """Give the title of a copy."""
        return int(self.house.value(Item.select(Item.title).where(Item.id == thing.item_id)))

    def reserve(self, thing: Thing, person: Person, **values: Any) -> int:
        """Put a borrower into the queue of a copy's title."""
        return self.house.put(
            Reservation.insert(
                borrower=person.borrower_id,
                title=self.title_of(thing),
                pickup_branch=self.house.branch,
                reserved_at=self.house.clock(),
                expires_on=date(2026, 9, 6),
                **values,
            )
        )

    def set_aside(self, thing: Thing, person: Person, *, number: int = 34) -> int:
        """Put a copy on the pickup shelf for a borrower."""
        self.house.put(Item.update(status="on_shelf").where(Item.id == thing.item_id))
        return self.reserve(
            thing,
            person,
            state="readyForPickup",
            trapped_item=thing.item_id,
            pickup_number=number,
            ready_at=self.house.clock(),
            pickup_deadline=date(2026, 3, 19),
        )

    def lies_for_nobody(self, thing: Thing, *, number: int = 7) -> None:
        """Leave a copy on the pickup shelf though nobody waits for it."""
        self.house.put(Item.update(status="on_shelf").where(Item.id == thing.item_id))
        self.house.put(
            PutBack.insert(item=thing.item_id, branch=self.house.branch, pickup_number=number, since=self.house.clock())
        )

    def found(self, text: str) -> FoundTitles:
        """Search, past the desk."""
        return self.house.store.read_here(lambda transaction: found_titles(transaction, text))

    def names(self, text: str) -> list[str]:
        """Give the titles that a search finds, in their order."""
        return [one.title for one in self.found(text).titles]

    def page(self, thing: Thing) -> TitlePage:
        """Read the page of a copy's title."""
        title_id = self.title_of(thing)
        page = self.house.store.read_here(lambda transaction: title_page(transaction, title_id))
        assert page is not None
        return page

    def on_page(self, thing: Thing) -> CopyRecord:
        """Read a copy off its title's page."""
        return next(copy for copy in self.page(thing).copies if copy.item_id == thing.item_id)

    def status_command(self, thing: Thing, status: str, reason: str = "kan ikke findes", **more: Any) -> SetItemStatus:
        """Word a status set by hand, a minute after whatever came before."""
        values: dict[str, Any] = {
            "command_id": self.house.new_id(),
            "who": self.house.who(),
            "at": self.house.clock() + timedelta(minutes=1),
            "item_id": thing.item_id,
            "status": status,
            "reason": reason,
        }
        return SetItemStatus(**(values | more))

    async def set_status(self, thing: Thing, status: str, reason: str = "kan ikke findes", **more: Any) -> StatusSet:
        """Set a status by hand."""
        return await self.house.desk.do(self.status_command(thing, status, reason, **more))

    async def holder(self, thing: Thing, **more: Any) -> ItemHolder:
        """Ask who has a copy."""
        values: dict[str, Any] = {
            "command_id": self.house.new_id(),
            "who": self.house.who(),
            "at": self.house.clock(),
            "item_id": thing.item_id,
            "purpose": Purpose.FOLLOW_UP,
        }
        return await self.house.desk.do(ShowItemHolder(**(values | more)))

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """Collect the statements that a piece of work runs."""
        hooks, ran = self.house.store._database.query_hooks, []

        def note(event: QueryEvent) -> None:
            ran.append(event.sql)

        hooks.append(note)
        try:
            yield ran
        finally:
            hooks.remove(note)
