"""Builders of reservations: copies of one title, people who wait, and what stands in their way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.models import Borrower, Fee, Item, LibraryRules, Message, PutBack, Reservation
from desk.circulation.records import ReturnRecord
from desk.command import Who
from desk.errors import Refused
from desk.reservations.commands import CancelReservation, ChangePickupBranch, PlaceReservation
from desk.reservations.records import Placed
from tests.builders import House, Person, Thing


@dataclass(frozen=True, slots=True)
class Reserving:
    """A house whose borrowers reserve."""

    house: House

    def copy_of(self, thing: Thing, *, branch: int | None = None, status: str = "available") -> Thing:
        """Buy another copy of a title."""
        new = self.house.item(branch=branch, status=status)
        self.house.put(Item.update(title=self.title_of(thing)).where(Item.id == new.item_id))
        return new

    def title_of(self, thing: Thing) -> int:
        """Give an item's title."""
        return int(self.house.value(Item.select(Item.title).where(Item.id == thing.item_id)))

    async def reserve(self, thing: Thing, person: Person | None = None, **more: Any) -> Placed:
        """Reserve the title of a thing, for somebody new unless it is said for whom."""
        return await self.house.desk.do(self.reserve_command(thing, person or self.house.borrower(), **more))

    def reserve_command(self, thing: Thing, person: Person, **more: Any) -> PlaceReservation:
        """Word a reservation."""
        values: dict[str, Any] = {
            "command_id": self.house.new_id(),
            "who": self.house.who(),
            "at": self.house.clock(),
            "borrower_id": person.borrower_id,
            "title_id": self.title_of(thing),
            "pickup_branch_id": self.house.branch,
        }
        return PlaceReservation(**(values | more))

    async def refusals(self, thing: Thing, person: Person, **more: Any) -> tuple[str, ...]:
        """Try to reserve, and give the codes of the reasons why not."""
        try:
            await self.reserve(thing, person, **more)
        except Refused as refused:
            return refused.codes
        return ()

    async def cancel(self, person: Person, reservation_id: int) -> None:
        """Delete a reservation."""
        house = self.house
        await house.desk.do(
            CancelReservation(
                command_id=house.new_id(),
                who=house.who(),
                at=house.clock(),
                borrower_id=person.borrower_id,
                reservation_id=reservation_id,
            )
        )

    async def fetch_at(self, person: Person, reservation_id: int, branch_id: int) -> None:
        """Let a reservation be fetched at a branch."""
        house = self.house
        await house.desk.do(
            ChangePickupBranch(
                command_id=house.new_id(),
                who=house.who(),
                at=house.clock(),
                borrower_id=person.borrower_id,
                reservation_id=reservation_id,
                branch_id=branch_id,
            )
        )

    async def ready(self, person: Person, thing: Thing | None = None) -> Thing:
        """Let a thing lie on the shelf of the first branch for somebody."""
        thing = thing or self.house.item()
        await self.reserve(thing, person)
        await self.house.take_back(thing)
        return thing

    async def scan_elsewhere(self, thing: Thing) -> ReturnRecord:
        """Scan a thing at return at the other branch."""
        return await self.house.take_back(thing, who=self.elsewhere)

    @property
    def elsewhere(self) -> Who:
        """Somebody at the other branch."""
        return self.house.who(counter=self.house.other_counter)

    def absent(self, person: Person, absent_from: date | None, until: date | None) -> None:
        """Let somebody be away."""
        self.house.put(
            Borrower.update(absent_from=absent_from, absent_until=until).where(Borrower.id == person.borrower_id)
        )

    def owes(self, person: Person, ore: int) -> None:
        """Let somebody owe an amount."""
        self.house.put(
            Fee.insert(
                borrower=person.borrower_id,
                type="fee",
                reason="by_hand",
                amount_ore=ore,
                charged_on=self.house.clock().date(),
                created_at=self.house.clock(),
            )
        )

    def rules(self, **columns: Any) -> None:
        """Change what the library has decided."""
        self.house.put(LibraryRules.update(**columns))

    def state(self, person: Person) -> tuple[str, int | None, date | None]:
        """Give state, shelf place and deadline of somebody's only reservation."""
        columns = (Reservation.state, Reservation.pickup_number, Reservation.pickup_deadline)
        rows = self.house.rows(Reservation.select(*columns).where(Reservation.borrower == person.borrower_id))
        assert len(rows) == 1
        return rows[0]

    def reservations(self, person: Person) -> int:
        """Count somebody's reservations."""
        return len(
            self.house.rows(Reservation.select(Reservation.id).where(Reservation.borrower == person.borrower_id))
        )

    def put_back(self) -> list[tuple[int, int]]:
        """Give item and shelf place of what lies on a shelf for nobody."""
        return [
            (item, number)
            for item, number in self.house.rows(
                PutBack.select(PutBack.item, PutBack.pickup_number).order_by(PutBack.id)
            )
        ]

    def messages(self, person: Person) -> list[tuple[str, str]]:
        """Give kind and facts of the messages to somebody."""
        columns = (Message.kind, Message.facts)
        rows = self.house.rows(Message.select(*columns).where(Message.borrower == person.borrower_id))
        return [(kind, facts) for kind, facts in rows]
