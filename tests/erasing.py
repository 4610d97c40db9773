"""Borrowers whose deletion has been approved by four eyes, and what the store looks like before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from db.models import TABLES, DeletionRequest, Staff
from desk.privacy.erasure.commands import EraseBorrower
from desk.privacy.erasure.identity import identity_of
from desk.privacy.erasure.records import Erased
from tests.builders import House, Person

Rows = dict[str, list[tuple[Any, ...]]]


def approved(house: House, person: Person) -> int:
    """Let one register and another approve that a borrower is deleted; gives the request."""
    for role, number in (("staff", "SKR-1"), ("supervisor", "SKR-2")):
        house.put(Staff.update(person_number=number).where(Staff.id == house.staff[role]))
    return house.put(
        DeletionRequest.insert(
            borrower=person.borrower_id,
            state="approved",
            registered_at=house.clock() - timedelta(days=2),
            registered_by=house.staff["staff"],
            counter=house.counter,
            identity_check="card",
            decided_at=house.clock() - timedelta(days=1),
            decided_by=house.staff["supervisor"],
        )
    )


def erase_command(house: House, request_id: int, person: Person, **more: Any) -> EraseBorrower:
    """Word an erasure, with what is known of the person now."""
    known = house.store.read_here(lambda transaction: identity_of(transaction, person.borrower_id)).fingerprint
    values: dict[str, Any] = {
        "command_id": house.new_id(),
        "who": house.who("supervisor"),
        "at": house.clock(),
        "request_id": request_id,
        "known": known,
    }
    return EraseBorrower(**(values | more))


async def erase(house: House, request_id: int, person: Person) -> Erased:
    """Erase somebody, the transaction alone."""
    return await house.desk.do(erase_command(house, request_id, person))


def everything(house: House) -> Rows:
    """Give every row of every table."""
    return {
        table._meta.table_name: sorted(house.rows(table.select(*table._meta.sorted_fields)), key=repr)
        for table in TABLES
    }
