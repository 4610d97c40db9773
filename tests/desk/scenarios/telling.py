"""A library in which something happens: days pass, nights are run, people come, owe, wait and are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from db.models import Message
from desk.borrowers.commands import ChangeDetail, LiftBlock, SetBlock
from desk.borrowers.details import Absence, Detail
from desk.calendar import COPENHAGEN, local_date
from desk.circulation.records import LoanRecord, OpenLoan, RenewalRecord, ReturnRecord
from desk.circulation.renewal import open_loans_of
from desk.circulation.undoing import Undo
from desk.nightly import Night, run_night
from desk.reservations.queries import reservations_of
from desk.reservations.records import ReservationRecord
from tests.builders import House, Ids, Person, Thing
from tests.catalogue_builders import Shelves
from tests.messaging import Office
from tests.owing import Owing, at_noon
from tests.reserving import Reserving
from tests.setting_up import SettingUp


def kr(kroner: int) -> int:
    """Give an amount in øre."""
    return kroner * 100


class Story:
    """A house with everything that its scenarios need at hand."""

    def __init__(self, house: House, folder: Path) -> None:
        self.house = house
        self.owing = Owing(house)
        self.reserving = Reserving(house)
        self.office = Office(house, folder)
        self.supervisor = SettingUp(house)
        self.shelves = Shelves(house)
        self._nights = Ids("night")

    # Time.

    def at(self, year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
        """Let it be a time of day in Copenhagen."""
        return self._now(datetime(year, month, day, hour, minute, tzinfo=COPENHAGEN))

    def on(self, day: date) -> datetime:
        """Let it be noon of a day."""
        return self._now(at_noon(day))

    def late(self, loan: LoanRecord | RenewalRecord, days: int) -> datetime:
        """Let it be so many days after something was due; before, when they are negative."""
        return self.on(loan.due_on + timedelta(days=days))

    def _now(self, instant: datetime) -> datetime:
        self.house.clock.now = instant.astimezone(UTC)
        return self.house.clock()

    @property
    def today(self) -> date:
        """The local date."""
        return local_date(self.house.clock())

    async def night(self, *only: str, is_dry: bool = False) -> dict[str, int]:
        """Run the night, or some parts of it; gives all it counted. Nothing of it has failed."""
        night = Night(self.office.installation(), self.house.clock, self._nights, lambda _done, _total: None)
        outcomes = await run_night(night, only, is_dry=is_dry)
        assert all(outcome.is_well for outcome in outcomes), outcomes
        return {name: count for one in outcomes if one.report for name, count in one.report.counts.items()}

    @staticmethod
    def thing_of(loan: LoanRecord) -> Thing:
        """Give what was lent."""
        return Thing(loan.item.item_id, loan.item.barcode)

    # What is done at a borrower's page, and what it shows.

    def about(self, person: Person, role: str = "staff") -> dict[str, Any]:
        """Give what every command about a borrower has in common."""
        house = self.house
        return {
            "command_id": house.new_id(),
            "who": house.who(role),
            "at": house.clock(),
            "borrower_id": person.borrower_id,
        }

    async def change(self, person: Person, detail: Detail) -> None:
        """Change a detail of somebody's."""
        await self.house.desk.do(ChangeDetail(**self.about(person), detail=detail))

    async def away(self, person: Person, first: date | None, last: date | None) -> None:
        """Write down that somebody is away."""
        await self.change(person, Absence(first, last))

    async def block(self, person: Person, kind: str, *, until: date | None = None, card_id: int | None = None) -> int:
        """Block somebody, or one card; gives the block."""
        done = await self.house.desk.do(
            SetBlock(**self.about(person), kind=kind, reason="aftalt", ends_on=until, card_id=card_id)
        )
        return int(done.row_id)

    async def lift(self, person: Person, block_id: int) -> None:
        """Lift a block, as a supervisor."""
        await self.house.desk.do(LiftBlock(**self.about(person, "supervisor"), block_id=block_id, reason="afklaret"))

    async def undo(self, done: LoanRecord | ReturnRecord | RenewalRecord, done_at: datetime | None = None) -> None:
        """Press Ctrl+Z."""
        house = self.house
        await house.desk.do(
            Undo(
                command_id=house.new_id(),
                who=house.who(),
                at=house.clock(),
                trail=done.trail,
                done_at=done_at or house.clock(),
                item_id=done.item.item_id,
            )
        )

    async def loans(self, person: Person) -> tuple[OpenLoan, ...]:
        """Ask what somebody has, and what renewing it would say."""
        house = self.house
        return await house.desk.ask(house.who(), open_loans_of, person.borrower_id, house.branch, self.today)

    async def reservations(self, person: Person) -> tuple[ReservationRecord, ...]:
        """Ask what somebody has reserved."""
        return await self.house.desk.ask(self.house.who(), reservations_of, person.borrower_id, self.today)

    async def owed(self, person: Person) -> int:
        """Ask what somebody owes, in øre."""
        return (await self.owing.balance(person)).owed_ore

    def told(self, person: Person) -> list[tuple[str, str, str]]:
        """Give kind, channel and state of every message to somebody, in order."""
        columns = (Message.kind, Message.channel, Message.state)
        return self.house.rows(
            Message.select(*columns).where(Message.borrower == person.borrower_id).order_by(Message.id)
        )
