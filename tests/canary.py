"""A person whose every field carries a string that nobody else has: wherever it turns up, that field got out."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from db.models import BorrowerGroup, Branch, Staff
from desk.borrowers.commands import (
    AddCard,
    ChangeDetail,
    CreateBorrower,
    LiftBlock,
    OpenPage,
    SetBlock,
    WriteInternalNote,
    WriteNoteToBorrower,
)
from desk.borrowers.details import Address, Guardian, Telephones
from desk.borrowers.signing_up import NewCard
from desk.command import Who
from desk.installation import Installation, new_id, now, open_installation

NAME = "Kanarina Fjerholm-Qvist"
CARE_OF = "Burmosen Qvitterbo"
STREET = "Kanarieflugten 4716"
CITY = "Fuglsangby"
EMAIL = "kanarina.4716@fugl.example"
HOME_PHONE = "97854716"
MOBILE = "20304716"
CARD = "KANARIE-4716"
INTERNAL_NOTE = "fjerpen glemt i buret"
NOTE_TO_BORROWER = "husk frøblanding til maven"
WISH = "noget med fugle, der fløjter"
BLOCK_REASON = "sang under oplæsningen"
LIFT_REASON = "lovede at fløjte lavere"
# A replacement number (day + 60) of 17 May 1980; nobody has it.
CPR = "7705804716"
CPR_WRITTEN = "770580-4716"
PIN = "4716"

# What the store holds as it is. The CPR number is sealed, and of the PIN there is a hash.
HELD_AS_TYPED = (
    NAME,
    CARE_OF,
    STREET,
    CITY,
    EMAIL,
    HOME_PHONE,
    MOBILE,
    CARD,
    INTERNAL_NOTE,
    NOTE_TO_BORROWER,
    BLOCK_REASON,
    LIFT_REASON,
)
STRINGS = (*HELD_AS_TYPED, CPR, CPR_WRITTEN)


@dataclass(frozen=True, slots=True)
class Canary:
    """The person in a store."""

    borrower_id: int
    number: str


def sing(home: Path) -> Canary:
    """Create the person in an installed home, with blocks, notes, a second card and a child."""
    return asyncio.run(_sing(home))


async def _sing(home: Path) -> Canary:
    with open_installation(home) as installation:
        staff, group, branch = installation.store.read_here(
            lambda transaction: (
                transaction.value(Staff.select(Staff.id).order_by(Staff.id)),
                transaction.value(BorrowerGroup.select(BorrowerGroup.id).order_by(BorrowerGroup.id)),
                transaction.value(Branch.select(Branch.id).order_by(Branch.id)),
            )
        )
        who = Who(staff)
        created = await installation.desk.do(
            CreateBorrower(
                command_id=new_id(),
                who=who,
                at=now(),
                name=NAME,
                cpr=CPR,
                group_id=group,
                branch_id=branch,
                address=Address(CARE_OF, STREET, "7600", CITY),
                telephones=Telephones((HOME_PHONE, MOBILE), sms=1),
                email=EMAIL,
                municipality="671",
                card=NewCard(CARD, pin_hash=await installation.pin_check.new_hash(PIN)),
                numbers=("47164716",),
                log_key=b"k" * 32,
            )
        )
        await _annotate(installation, who, created.borrower_id)
        return Canary(created.borrower_id, created.number)


async def _annotate(installation: Installation, who: Who, borrower_id: int) -> None:
    def usual() -> dict[str, object]:
        return {"command_id": new_id(), "who": who, "at": now(), "borrower_id": borrower_id}

    desk = installation.desk
    block = await desk.do(SetBlock(**usual(), kind="S", reason=BLOCK_REASON, ends_on=None))  # type: ignore[arg-type]
    await desk.do(LiftBlock(**usual(), block_id=block.row_id, reason=LIFT_REASON))  # type: ignore[arg-type]
    await desk.do(WriteInternalNote(**usual(), note=INTERNAL_NOTE))  # type: ignore[arg-type]
    await desk.do(WriteNoteToBorrower(**usual(), note=NOTE_TO_BORROWER))  # type: ignore[arg-type]
    await desk.do(AddCard(**usual(), card=NewCard(f"{CARD}-2", kind="child")))  # type: ignore[arg-type]
    await desk.do(ChangeDetail(**usual(), detail=Guardian(None)))  # type: ignore[arg-type]
    await desk.do(OpenPage(**usual()))  # type: ignore[arg-type]
