"""Signing in and stepping up: right, wrong, too soon, locked."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import timedelta

import pytest

from db.models import Staff
from desk.command import NOBODY
from desk.errors import SignInFailed
from desk.staff.commands import NoteSignIn
from desk.staff.sign_in import Patience, SignIn
from tests.builders import HASHER, House, another_counter


@pytest.fixture
def sign_in(house: House) -> SignIn:
    """A sign-in that waits 2 seconds after the first wrong try and locks at the fifth."""
    house.hire("staff", login="mette", password="blomster", card="S-1")
    return SignIn(house.desk, HASHER, Patience(5, timedelta(seconds=2)), house.clock, house.new_id)


async def fails(sign_in: SignIn, password: str, login: str = "mette") -> SignInFailed:
    """Try what must fail."""
    with pytest.raises(SignInFailed) as caught:
        await sign_in.with_password(login, password)
    return caught.value


async def test_user_name_and_password_let_one_in(house: House, sign_in: SignIn) -> None:
    signed_in = await sign_in.with_password(" METTE ", "blomster")
    assert (signed_in.login, signed_in.role) == ("mette", "staff")


async def test_wrong_password_and_unknown_user_sound_the_same(house: House, sign_in: SignIn) -> None:
    assert (await fails(sign_in, "roser")).why == "wrong"
    assert (await fails(sign_in, "blomster", "ingen")).why == "wrong"
    assert (await fails(sign_in, "", "")).why == "wrong"


async def test_the_wait_doubles_with_each_wrong_try(house: House, sign_in: SignIn) -> None:
    for seconds in (2, 4, 8, 16):
        assert (await fails(sign_in, "roser")).why == "wrong"
        too_soon = await fails(sign_in, "blomster")
        assert (too_soon.why, too_soon.try_again_at) == ("wait", house.clock() + timedelta(seconds=seconds))
        house.clock.forward(seconds=seconds)


async def test_a_try_made_too_soon_is_not_counted(house: House, sign_in: SignIn) -> None:
    await fails(sign_in, "roser")
    for _ in range(10):
        assert (await fails(sign_in, "roser")).why == "wait"
    house.clock.forward(seconds=2)
    assert (await sign_in.with_password("mette", "blomster")).login == "mette"


async def test_the_last_wrong_try_locks_the_account(house: House, sign_in: SignIn) -> None:
    for _ in range(4):
        assert (await fails(sign_in, "roser")).why == "wrong"
        house.clock.forward(minutes=1)
    assert (await fails(sign_in, "roser")).why == "locked"
    house.clock.forward(days=1)
    assert (await fails(sign_in, "blomster")).why == "locked"


async def test_the_right_password_forgets_the_wrong_ones(house: House, sign_in: SignIn) -> None:
    for _ in range(3):
        for _ in range(4):
            await fails(sign_in, "roser")
            house.clock.forward(minutes=1)
        await sign_in.with_password("mette", "blomster")
    assert house.value(Staff.select(Staff.wrong_tries).where(Staff.login == "mette")) == 0


async def test_wrong_tries_at_several_counters_at_once_are_all_counted(house: House) -> None:
    mette = house.hire("staff", login="mette")
    with ExitStack() as others:
        desks = [others.enter_context(another_counter(house)) for _ in range(4)]
        wrong_tries = [
            desk.do(
                NoteSignIn(
                    command_id=house.new_id(),
                    who=NOBODY,
                    at=house.clock(),
                    staff_id=mette,
                    was_right=False,
                    tries_allowed=50,
                    delay=timedelta(0),
                )
            )
            for desk in desks * 10
        ]
        await asyncio.gather(*wrong_tries)
    assert house.value(Staff.select(Staff.wrong_tries).where(Staff.id == mette)) == 40


async def test_a_closed_account_is_told_nothing(house: House, sign_in: SignIn) -> None:
    house.put(Staff.update(active=False).where(Staff.login == "mette"))
    assert (await fails(sign_in, "blomster")).why == "wrong"


async def test_a_staff_card_needs_its_pin(house: House, sign_in: SignIn) -> None:
    assert (await sign_in.with_card("S-1", "1234")).login == "mette"
    for code, pin in (("S-1", "4321"), ("S-2", "1234")):
        with pytest.raises(SignInFailed):
            await sign_in.with_card(code, pin)


async def test_an_account_without_a_pin_is_not_opened_by_an_empty_one(house: House, sign_in: SignIn) -> None:
    house.put(Staff.update(pin_hash=None))
    with pytest.raises(SignInFailed):
        await sign_in.with_card("S-1", "")
