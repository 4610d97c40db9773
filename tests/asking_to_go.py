"""Somebody asks to be deleted: people with numbers, requests, and the steps of a request as commands."""

from __future__ import annotations

from typing import Any

from db.models import Borrower, DeletionRequest, Staff
from desk.borrowers.about import Changed
from desk.command import Who
from desk.errors import Refused
from desk.privacy.deletion.commands import ApproveDeletion, RegisterDeletion, RejectDeletion, WithdrawDeletion
from desk.privacy.deletion.queries import deletion_request, deletion_requests
from desk.privacy.deletion.records import DeletionRecord
from tests.builders import House, Person


class Farewell:
    """A library in which deletions can be asked for: every account says whose it is."""

    def __init__(self, house: House) -> None:
        self.house = house
        for place, staff_id in enumerate(house.staff.values()):
            self.number(staff_id, f"P{place}")
        self.registrant = house.staff["staff"]
        self.supervisor = house.staff["supervisor"]

    def number(self, staff_id: int, number: str | None) -> int:
        """Say whose an account is."""
        self.house.put(Staff.update(person_number=number).where(Staff.id == staff_id))
        return staff_id

    def hire(self, role: str, number: str | None, **more: Any) -> int:
        """Open another account."""
        return self.number(self.house.hire(role, **more), number)

    def about(self, staff_id: int | None = None) -> dict[str, Any]:
        """Give what every command has in common; by whom, if not by the clerk."""
        who = Who(staff_id or self.registrant, self.house.counter)
        return {"command_id": self.house.new_id(), "who": who, "at": self.house.clock()}

    async def ask(self, person: Person, staff_id: int | None = None, **more: Any) -> int:
        """Register a request; gives its id."""
        values = {"identity_check": "card", "newsletter": "keep"} | self.about(staff_id) | more
        done = await self.house.desk.do(RegisterDeletion(borrower_id=person.borrower_id, **values))
        return done.row_id

    async def approve(self, request_id: int, staff_id: int | None = None, **more: Any) -> Changed:
        """Approve a request, as the supervisor unless told otherwise."""
        values = self.about(staff_id or self.supervisor) | more
        return await self.house.desk.do(ApproveDeletion(request_id=request_id, **values))

    async def reject(self, request_id: int, staff_id: int | None = None, reason: str = "forkert person") -> Changed:
        """Reject a request."""
        command = RejectDeletion(request_id=request_id, reason=reason, **self.about(staff_id or self.supervisor))
        return await self.house.desk.do(command)

    async def withdraw(self, request_id: int, person: Person, reason: str = "fortryder") -> Changed:
        """Withdraw a request."""
        command = WithdrawDeletion(request_id=request_id, borrower_id=person.borrower_id, reason=reason, **self.about())
        return await self.house.desk.do(command)

    async def why_not(self, request_id: int, staff_id: int | None = None) -> tuple[str, ...]:
        """Try to approve, and give the codes of the reasons why not."""
        try:
            await self.approve(request_id, staff_id)
        except Refused as refused:
            return refused.codes
        return ()

    async def request(self, request_id: int) -> DeletionRecord:
        """Read a request as it is now."""
        found = await self.house.desk.ask(self.house.who(), deletion_request, request_id, self.house.clock().date())
        assert found is not None
        return found

    async def stages(self) -> list[tuple[int, str]]:
        """Read the list: id and stage, in its order."""
        clock = self.house.clock
        listed = await self.house.desk.ask(self.house.who(), deletion_requests, clock(), clock().date())
        return [(one.request_id, one.stage) for one in listed]

    def state(self, request_id: int) -> str:
        """Read a request's state past the desk."""
        return str(
            self.house.value(DeletionRequest.select(DeletionRequest.state).where(DeletionRequest.id == request_id))
        )

    def child_of(self, guardian: Person, born: Any) -> Person:
        """Sign up somebody for whom another is responsible."""
        child = self.house.borrower(group="barn", born=born)
        self.house.put(Borrower.update(guardian=guardian.borrower_id).where(Borrower.id == child.borrower_id))
        return child
