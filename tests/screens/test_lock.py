"""What is scanned at the lock waits, what is typed unlocks, and neither is ever taken for the other (C1, C12)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual import events

from db.models import AccessLog, Staff
from desk.installation import open_installation
from screens.curtain.lock import LockScreen
from screens.dialogs.step_up import StepUpDialog
from screens.sign_in.sign_in import SignInScreen
from tests.screens.at_work import BLOCKED_CARD, CARD, AtWork, at_work

DIGITS = "12345678"


class AtLock(AtWork):
    """A counter that somebody locked."""

    @property
    def lock(self) -> LockScreen:
        """The lock."""
        screen = self.app.screen
        assert isinstance(screen, LockScreen)
        return screen

    def later(self, seconds: float) -> None:
        """Let some seconds pass without a key."""
        self.app.privacy._seconds = lambda: now
        now = self.app.privacy._touched_at + seconds
        self.app._tick()

    async def stray(self, key: str) -> None:
        """Press a key some seconds before whatever comes next."""
        event = events.Key(key, key)
        event.time -= 3
        self.app.post_message(event)
        await self.settle()

    async def unlocked(self) -> None:
        """Wait until the lock is gone."""
        await self.until("F2 UDLÅN")
        await self.settle()

    async def queued(self) -> list[str]:
        """What waits in the queue; of what has been handled the code is gone."""
        queue = self.app.at_counter.work._queue
        return [entry.code for entry in await queue.entries("waiting", "settled", "deciding") if entry.code]

    def tries(self, login: str = "mette") -> int:
        """Wrong tries of an account."""
        return tries(self.app.installation.home, login)


def tries(home: Path, login: str) -> int:
    with open_installation(home) as installation:
        row = installation.store.read_here(
            lambda transaction: transaction.one(Staff.select(Staff.wrong_tries).where(Staff.login == login))
        )
    assert row is not None
    return int(row[0])


@asynccontextmanager
async def locked(home: Path) -> AsyncIterator[AtLock]:
    """Run a counter with a visit, locked."""
    async with at_work(home) as counter:
        await counter.scan(CARD)
        counter.app.privacy.lock()
        await counter.settle()
        yield AtLock(counter.app, counter.pilot)


async def test_a_scan_waits_for_whoever_unlocks(home: Path) -> None:
    async with locked(home) as counter:
        await counter.scan("3000000000", "3000000001")
        assert await counter.queued() == ["3000000000", "3000000001"]
        await counter.press(*"hemmelig", "enter")
        await counter.unlocked()
        assert counter.figures() == (2, 2, 0)
        assert counter.tries() == 0


async def test_a_stray_key_does_not_lie_in_wait_for_the_next_scan(home: Path) -> None:
    async with locked(home) as counter:
        await counter.press("x")
        counter.later(9.0)
        assert counter.lock.password.value == "x"
        counter.later(10.0)
        assert counter.lock.password.value == ""
        await counter.scan("3000000000")
        assert await counter.queued() == ["3000000000"]
        assert counter.tries() == 0


async def test_a_scan_after_a_stray_key_is_told_as_lost_and_is_no_try(home: Path) -> None:
    async with locked(home) as counter:
        await counter.stray("x")
        await counter.scan("3000000000")
        assert "Scanningen er ikke modtaget." in counter.text()
        assert await counter.queued() == []
        await counter.scan("3000000001")
        assert await counter.queued() == ["3000000001"]
        await counter.press(*"hemmelig", "enter")
        await counter.unlocked()
        assert counter.tries() == 0


async def test_after_a_wrong_password_scans_wait_again(home: Path) -> None:
    async with locked(home) as counter:
        await counter.press(*"forkert", "enter")
        await counter.until("Forkert brugernavn")
        await counter.scan("3000000000", "3000000001")
        assert await counter.queued() == ["3000000000", "3000000001"]
        assert counter.tries() == 1


@pytest.mark.parametrize("before", ["", "\t\t"], ids=["nobody has typed", "in the field"])
async def test_a_password_that_a_machine_types_unlocks_and_is_never_in_the_queue(home: Path, before: str) -> None:
    async with locked(home) as counter:
        await counter.burst(before)
        await counter.burst("hemmelig\r")
        await counter.unlocked()
        assert await counter.queued() == []


async def test_a_password_that_is_pasted_unlocks(home: Path) -> None:
    async with locked(home) as counter:
        counter.app.post_message(events.Paste("hemmelig"))
        await counter.press("enter")
        await counter.unlocked()


async def test_a_password_that_is_pasted_with_its_line_end_unlocks(home: Path) -> None:
    async with locked(home) as counter:
        counter.app.post_message(events.Paste("hemmelig\n"))
        await counter.unlocked()
        assert await counter.queued() == []


async def test_a_wrong_password_that_a_machine_types_is_a_try_and_is_not_in_the_queue(home: Path) -> None:
    async with locked(home) as counter:
        await counter.burst("forkert-kode\r")
        await counter.until("Forkert brugernavn")
        assert await counter.queued() == []
        assert counter.tries() == 1


async def test_a_password_of_digits_is_never_in_the_queue(home: Path) -> None:
    with open_installation(home) as installation:
        password = installation.hasher.password_hash(DIGITS)
        installation.store.write_here(
            lambda transaction: transaction.run(Staff.update(password_hash=password).where(Staff.login == "mette"))
        )
    async with at_work(home, staff=None) as counter:
        await counter.press(*"mette", "tab", *DIGITS, "enter")
        await counter.until("F2 UDLÅN")
        counter.app.privacy.lock()
        await counter.settle()
        at_lock = AtLock(counter.app, counter.pilot)
        await at_lock.burst(f"{DIGITS}\r")
        await at_lock.unlocked()
        assert DIGITS not in await at_lock.queued()
        assert counter.figures() == (0, 0, 0)


async def test_a_scan_into_the_pin_is_no_try(home: Path) -> None:
    async with locked(home) as counter:
        await counter.scan("99METTE99")
        await counter.until("Tast pinkode")
        await counter.scan("3000000000")
        assert "4 til 8 cifre" in counter.text()
        assert counter.tries() == 0
        await counter.press(*"1234", "enter")
        await counter.unlocked()


async def test_a_card_that_nobody_types_a_pin_for_is_forgotten(home: Path) -> None:
    async with locked(home) as counter:
        await counter.scan("99LONE99")
        counter.later(10.0)
        assert counter.lock.login.value == "mette"
        await counter.press(*"hemmelig", "enter")
        await counter.unlocked()


async def test_a_colleague_takes_over_by_name(home: Path) -> None:
    async with locked(home) as counter:
        await counter.press("tab", "ctrl+u", *"lone", "enter", *"hemmelig", "enter")
        await counter.unlocked()
        assert "Lone B." in counter.text()
        assert "Anna Møller" in counter.text()


async def test_a_scan_in_the_supervisors_half_typed_password_is_no_try(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(BLOCKED_CARD, "3000000000")
        await counter.press("f8", "u", *"aftalt", "enter", *"lone", "enter")
        await AtLock(counter.app, counter.pilot).stray("h")
        await counter.scan("3000000001")
        assert isinstance(counter.app.screen, StepUpDialog)
        assert "Scanningen er ikke modtaget." in counter.text()
        assert tries(home, "lone") == 0
        await counter.press(*"hemmelig", "enter")
        await counter.until("klaret")
        assert tries(home, "lone") == 0


async def test_a_scan_in_a_half_typed_password_at_the_sign_in_is_no_try(home: Path) -> None:
    async with at_work(home, staff=None) as counter:
        await counter.press(*"mette", "tab")
        await AtLock(counter.app, counter.pilot).stray("h")
        await counter.scan("3000000000")
        assert isinstance(counter.app.screen, SignInScreen)
        assert "Scanningen er ikke modtaget." in counter.text()
        assert tries(home, "mette") == 0
        await counter.press(*"hemmelig", "enter")
        await counter.until("F2 UDLÅN")


def visits_noted(counter: AtWork) -> list[tuple[str, int | None]]:
    """What the access log says of visits: who looked."""
    log = AccessLog.select(AccessLog.action, AccessLog.staff).where(AccessLog.action == "visit")
    return counter.app.installation.store.read_here(
        lambda transaction: [(action, staff) for action, staff in transaction.all(log.order_by(AccessLog.number))]
    )


async def take_over(counter: AtLock) -> None:
    """Let the supervisor take over the locked counter."""
    await counter.press("tab", "ctrl+u", *"lone", "enter", *"hemmelig", "enter")
    await counter.unlocked()


async def test_a_colleague_takes_over_pile_and_queue_and_the_look_is_theirs(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD, "3000000000")
        counter.app.privacy.lock()
        await counter.settle()
        at_lock = AtLock(counter.app, counter.pilot)
        await at_lock.scan("3000000001", "3000000002")
        await take_over(at_lock)
        assert counter.figures() == (3, 3, 0)
        assert "Titel 0" in counter.pile()
        assert "Lone B." in counter.text()
        assert [staff for _action, staff in visits_noted(counter)] == [1, 2]


async def test_whoever_unlocks_their_own_counter_looks_no_second_time(home: Path) -> None:
    async with locked(home) as counter:
        await counter.press(*"hemmelig", "enter")
        await counter.unlocked()
        assert [staff for _action, staff in visits_noted(counter)] == [1]


async def test_a_page_that_a_colleague_had_opened_is_not_there_for_whoever_takes_over(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4")
        await counter.until("F4 LÅNER")
        counter.app.privacy.lock()
        await counter.settle()
        await take_over(AtLock(counter.app, counter.pilot))
        assert "F4 LÅNER" not in counter.text()


async def test_whoever_comes_back_finds_the_page_as_it_was(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4")
        await counter.until("F4 LÅNER")
        counter.app.privacy.lock()
        await counter.settle()
        await counter.press(*"hemmelig", "enter")
        await counter.until("F4 LÅNER")


async def test_an_it_account_takes_over_no_counter(home: Path) -> None:
    with open_installation(home) as installation:
        password = installation.hasher.password_hash("hemmelig")
        staff = Staff.insert(login="it", name="It", role="it", password_hash=password)
        installation.store.write_here(lambda transaction: transaction.run(staff))
    async with locked(home) as counter:
        await counter.press("tab", "ctrl+u", *"it", "enter", *"hemmelig", "enter")
        await counter.until("It-konti")
        assert counter.app.privacy.is_locked
        assert "Anna Møller" not in counter.text()
