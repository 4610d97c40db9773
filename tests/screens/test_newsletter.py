"""The newsletter at the counter: read back before it is saved, and nothing links it to the borrower (P12, M4)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.models import AccessLog, Borrower, CommandRecord, Subscriber
from tests.screens.at_work import CARD, AtWork, at_work
from tests.screens.borrower.test_reservations import until
from tests.screens.borrower_page import rows, write

SIZES = [(80, 24), (120, 40)]


async def begin(counter: AtWork) -> None:
    """Choose the newsletter in the palette."""
    await counter.press("ctrl+p")
    await until(counter, "Søg efter en handling")
    await counter.press(*"nyhedsbrev")
    await until(counter, "Tilmeld eller afmeld en e-mailadresse")
    await counter.press("enter")
    await until(counter, "hvilken e-mailadresse?")


def on_the_list(counter: AtWork) -> list[tuple[Any, ...]]:
    return rows(counter, Subscriber.select(Subscriber.email, Subscriber.first_name, Subscriber.last_name))


@pytest.mark.parametrize("size", SIZES)
async def test_an_address_is_read_back_corrected_and_saved(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await begin(counter)
        await counter.press(*"anna@exampel.dk", "enter")
        await until(counter, "Fornavn, til hilsenen")
        await counter.press(*"Anna", "enter")
        await until(counter, "Efternavn")
        await counter.press("enter")
        await until(counter, "@ e x a m p e l . d k")
        assert on_the_list(counter) == []
        await counter.press("r")
        await until(counter, "hvilken e-mailadresse?")
        await counter.press("end", *["backspace"] * 5, *"le.dk", "enter")
        await until(counter, "Fornavn, til hilsenen")
        await counter.press("enter")
        await until(counter, "Efternavn")
        await counter.press("enter")
        await until(counter, "@ e x a m p l e . d k")
        await counter.press("t")
        await until(counter, "Tilmeldt nyhedsbrevet.")
        assert on_the_list(counter) == [("anna@example.dk", "Anna", "")]
        assert "anna@" not in counter.text()


async def test_who_is_on_the_list_can_leave_it(home: Path) -> None:
    write(home, Subscriber.insert(email="anna@example.dk", first_name="Anna [/]", consented_on=date(2026, 1, 5)))
    async with at_work(home) as counter:
        await begin(counter)
        await counter.press(*"Anna@example.dk", "enter")
        await until(counter, "har været tilmeldt siden")
        await counter.press("escape")
        assert len(on_the_list(counter)) == 1
        await begin(counter)
        await counter.press(*"anna@example.dk", "enter")
        await until(counter, "har været tilmeldt siden")
        await counter.press("a")
        await until(counter, "Afmeldt. Der gemmes intet, der fører til vedkommende.")
        assert on_the_list(counter) == []


async def test_from_the_lists_it_is_one_key_and_said_there(home: Path) -> None:
    write(home, Subscriber.insert(email="anna@example.dk", first_name="Anna", consented_on=date(2026, 1, 5)))
    async with at_work(home) as counter:
        await counter.press("f5", "n")
        await until(counter, "hvilken e-mailadresse?")
        await counter.press(*"anna@example.dk", "enter")
        await until(counter, "har været tilmeldt siden")
        await counter.press("a")
        await until(counter, "Afmeldt. Der gemmes intet")
        assert on_the_list(counter) == []


async def test_what_is_no_address_is_asked_again(home: Path) -> None:
    async with at_work(home) as counter:
        await begin(counter)
        await counter.press(*"anna", "enter")
        await until(counter, "Det er ikke en e-mailadresse")
        await counter.press("escape")
        assert on_the_list(counter) == []


async def test_on_a_borrowers_page_it_begins_with_their_email_and_links_nothing(home: Path) -> None:
    write(home, Borrower.update(email="Anna.M@example.dk", name="Anna Kirstine Møller").where(Borrower.id == 1))
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.press("f4")
        await until(counter, "Anna Kirstine Møller")
        await begin(counter)
        await until(counter, "Anna.M@example.dk")
        await counter.press("enter")
        await until(counter, "Fornavn, til hilsenen")
        await counter.press("enter")
        await until(counter, "Efternavn")
        await counter.press("enter")
        await until(counter, "a n n a . m")
        await counter.press("t")
        await until(counter, "Tilmeldt nyhedsbrevet.")
        assert on_the_list(counter) == [("anna.m@example.dk", "Anna Kirstine", "Møller")]
        noted = rows(counter, AccessLog.select(AccessLog.action, AccessLog.subject, AccessLog.revealed))
        assert [one for one in noted if one[2] == "newsletter"] == [
            ("search", None, "newsletter"),
            ("change", None, "newsletter"),
        ]
        assert [one for one in noted if one[2] == "email" and one[1] is not None]
        records = rows(counter, CommandRecord.select(CommandRecord.kind, CommandRecord.row_id))
        assert ("Subscribe", None) in records


@pytest.mark.parametrize(("login", "is_told"), [("mette", False), ("lone", True)])
async def test_a_supervisor_sees_how_many_subscribe(home: Path, login: str, is_told: bool) -> None:
    write(home, Subscriber.insert(email="anna@example.dk", consented_on=date(2026, 1, 5)))
    async with at_work(home, staff=(login, "hemmelig")) as counter:
        await begin(counter)
        assert ("1 er tilmeldt" in counter.text()) is is_told


async def test_it_is_offered_over_the_lists_too(home: Path) -> None:
    async with at_work(home) as counter:
        await counter.press("f5")
        await until(counter, "F5 LISTER")
        await begin(counter)
