"""Staff accounts: opened, closed, unlocked, one's own password."""

from __future__ import annotations

from typing import Any

import pytest

from db.models import Staff
from desk.command import INSTALLATION, Command
from desk.errors import InvalidInput, NotAllowed, NotFound
from desk.staff.commands import AddStaff, ChangePassword, DisableStaff, UnlockStaff
from desk.staff.queries import all_staff, counter_places, credentials_of_card, library_name, staff_card_indexes
from desk.staff.records import StaffRecord
from tests.builders import VAULT, House


async def do(house: House, command: type[Command[StaffRecord]], **values: Any) -> StaffRecord:
    """Carry out a command as a supervisor."""
    usual: dict[str, Any] = {"command_id": house.new_id(), "who": house.who("supervisor"), "at": house.clock()}
    return await house.desk.do(command(**(usual | values)))


async def add(house: House, **values: Any) -> StaffRecord:
    """Open an account."""
    usual = {"login": "mette", "name": "Mette K.", "role": "staff", "password_hash": "-"}
    return await do(house, AddStaff, **(usual | values))


async def test_a_user_name_is_kept_in_lower_case_and_once(house: House) -> None:
    assert (await add(house, login=" Mette ")).login == "mette"
    with pytest.raises(InvalidInput):
        await add(house, login="METTE")


async def test_an_account_opened_twice_by_the_same_command_is_one_account(house: House) -> None:
    added = [await add(house, command_id="once") for _ in range(2)]
    assert added[0] == added[1]


@pytest.mark.parametrize(
    "values", [{"login": ""}, {"login": "to ord"}, {"login": "x" * 41}, {"name": " "}, {"role": "chef"}]
)
async def test_an_account_needs_a_user_name_a_name_and_a_role(house: House, values: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        await add(house, **values)


async def test_one_staff_card_belongs_to_one_person(house: House) -> None:
    await add(house, card="S-1")
    with pytest.raises(InvalidInput):
        await add(house, login="lone", card="S-1")


async def test_a_staff_card_is_no_borrowers_card_and_no_item(house: House) -> None:
    for code in (house.borrower(card="K-1").card, house.item().barcode):
        with pytest.raises(InvalidInput, match="taken"):
            await add(house, card=code.lower())


async def test_a_staff_card_is_known_however_it_was_typed(house: House) -> None:
    added = await add(house, card=" s-1 ")
    found = await house.desk.ask(house.who(), credentials_of_card, "S-1")
    assert found is not None
    assert found.staff.staff_id == added.staff_id
    assert VAULT.index("staff-card:S-1") in await house.desk.ask(house.who(), staff_card_indexes)


async def test_an_account_that_was_closed_can_do_nothing_more(house: House) -> None:
    await do(house, DisableStaff, login="staff1")
    with pytest.raises(NotAllowed):
        await house.lend(house.item(), house.borrower())


async def test_the_last_supervisor_stays(house: House) -> None:
    with pytest.raises(InvalidInput):
        await do(house, DisableStaff, login="supervisor2")
    await add(house, login="lone", role="supervisor")
    assert (await do(house, DisableStaff, login="supervisor2")).active is False


async def test_a_supervisor_unlocks_an_account(house: House) -> None:
    house.put(Staff.update(locked_at=house.clock(), wrong_tries=5).where(Staff.login == "staff1"))
    assert (await do(house, UnlockStaff, login="staff1")).locked is False


async def test_a_closed_account_is_not_unlocked(house: House) -> None:
    await do(house, DisableStaff, login="staff1")
    with pytest.raises(InvalidInput):
        await do(house, UnlockStaff, login="staff1")


@pytest.mark.parametrize("kind", [DisableStaff, UnlockStaff])
async def test_an_unknown_user_name_is_not_found(house: House, kind: type[Command[StaffRecord]]) -> None:
    with pytest.raises(NotFound):
        await do(house, kind, login="ingen")


async def test_one_changes_ones_own_password_and_nobody_elses(house: House) -> None:
    own, other = house.staff["staff"], house.staff["it"]
    await do(house, ChangePassword, who=house.who(), staff_id=own, password_hash="ny")
    assert house.value(Staff.select(Staff.password_hash).where(Staff.id == own)) == "ny"
    for role in ("staff", "supervisor"):
        with pytest.raises(InvalidInput):
            await do(house, ChangePassword, who=house.who(role), staff_id=other, password_hash="ny")
    await do(house, ChangePassword, who=INSTALLATION, staff_id=other, password_hash="ny")
    assert house.value(Staff.select(Staff.password_hash).where(Staff.id == other)) == "ny"


async def test_staff_are_listed_by_user_name(house: House) -> None:
    listed = await house.desk.ask(house.who("supervisor"), all_staff)
    assert [(staff.login, staff.role) for staff in listed] == [
        ("it3", "it"),
        ("staff1", "staff"),
        ("supervisor2", "supervisor"),
    ]


async def test_the_sign_in_screen_knows_the_library_and_its_counters(house: House) -> None:
    assert await house.desk.ask(house.who(), library_name) == "Struer"
    places = await house.desk.ask(house.who(), counter_places)
    assert [(counter, branch) for _, counter, _, branch in places] == [("Struer 1", "Struer"), ("Thyholm 1", "Thyholm")]


async def test_a_command_prints_no_password_and_no_card(house: House) -> None:
    command = AddStaff(
        command_id="1",
        who=house.who("supervisor"),
        at=house.clock(),
        login="mette",
        name="Mette K.",
        role="staff",
        password_hash="hemmeligt",
        card="S-1",
        pin_hash="kodeord",
    )
    assert not any(secret in repr(command) for secret in ("hemmeligt", "S-1", "kodeord"))
