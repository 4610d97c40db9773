"""Of whom an account is (G2): a number a person, the same on every account, and on one open account only."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Staff
from desk.errors import InvalidInput, NotFound
from desk.staff.commands import AddStaff, DisableStaff
from desk.staff.person_numbers import SetPersonNumber
from desk.staff.queries import all_staff
from desk.staff.records import StaffRecord
from tests.builders import House


def about(house: House) -> dict[str, Any]:
    """Give what every command has in common."""
    return {"command_id": house.new_id(), "who": house.who("supervisor"), "at": house.clock()}


async def add(house: House, login: str, person_number: str | None) -> StaffRecord:
    """Open an account."""
    return await house.desk.do(
        AddStaff(
            **about(house),
            login=login,
            name=login.title(),
            role="supervisor",
            password_hash="-",
            person_number=person_number,
        )
    )


async def set_number(house: House, login: str, person_number: str) -> StaffRecord:
    """Say whose an account is."""
    return await house.desk.do(SetPersonNumber(**about(house), login=login, person_number=person_number))


def number_of(house: House, login: str) -> Any:
    """Read a number past the desk."""
    return house.value(Staff.select(Staff.person_number).where(Staff.login == login))


async def test_a_number_is_kept_alike_however_it_is_typed(house: House) -> None:
    assert (await add(house, "lone", " ab-12 34 ")).has_person_number
    assert number_of(house, "lone") == "AB1234"


async def test_somebody_with_an_open_account_gets_no_second_one(house: House) -> None:
    await add(house, "lone", "1234")
    with pytest.raises(InvalidInput, match="taken"):
        await add(house, "lone2", "12-34")
    await add(house, "jonas", None)
    with pytest.raises(InvalidInput, match="taken"):
        await set_number(house, "jonas", "1234")
    await house.desk.do(DisableStaff(**about(house), login="lone"))
    await set_number(house, "jonas", "1234")


async def test_the_same_number_again_changes_nothing_and_an_empty_one_takes_it_away(house: House) -> None:
    await add(house, "lone", "1234")
    assert (await set_number(house, "LONE", "1234")).has_person_number
    assert not (await set_number(house, "lone", " ")).has_person_number
    assert number_of(house, "lone") is None


@pytest.mark.parametrize(
    ("typed", "why"), [("711184-3691", "cpr"), ("7111843691", "cpr"), ("1" * 21, "invalid"), ("a/b", "invalid")]
)
async def test_a_cpr_number_and_what_is_no_number_are_refused(house: House, typed: str, why: str) -> None:
    await add(house, "lone", None)
    with pytest.raises(InvalidInput, match=why) as refused:
        await set_number(house, "lone", typed)
    assert typed not in str(refused.value)
    with pytest.raises(InvalidInput, match=why):
        await add(house, "jonas", typed)
    assert number_of(house, "lone") is None


async def test_nobody_unknown_gets_a_number(house: House) -> None:
    with pytest.raises(NotFound):
        await set_number(house, "ingen", "1234")


async def test_the_list_says_who_lacks_a_number_and_nobody_elses(house: House) -> None:
    await add(house, "lone", "1234")
    listed = await house.desk.ask(house.who("supervisor"), all_staff)
    assert {one.login for one in listed if one.has_person_number} == {"lone"}
    assert "1234" not in repr(listed)
