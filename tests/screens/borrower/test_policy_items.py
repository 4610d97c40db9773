"""Each of the policy's items is found on the page under the policy's name, changed where staff may, and logged.

All 21 of the policy's items.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from desk.borrowers.commands import AddCard, SetBlock, WriteInternalNote, WriteNoteToBorrower
from desk.borrowers.signing_up import NewCard
from desk.circulation.commands import CheckOut
from desk.command import Command
from desk.installation import new_id
from desk.messages.at_counter import CancelMessage
from desk.messages.queueing import queue_message
from desk.money.commands import WriteFee
from desk.privacy.data_map import BY_KEY, POLICY
from desk.reservations.commands import PlaceReservation
from tests.screens.borrower.record import ANNA, OnRecord, make_home, on_record

# As the policy has them, in its own order.
NAMES = {
    "number": "Lånernummer",
    "cpr": "CPR-nummer",
    "absence": "Fraværsperiode",
    "name": "Navn",
    "birth_date": "Fødselsdato",
    "address": "c/o navn og adresse",
    "telephone": "Telefon",
    "email": "E-mail",
    "blocked_on": "Blokeret d.",
    "block_reason": "Blokeringsårsag",
    "group": "Lånergruppe",
    "home_branch": "Tilhørsfilial",
    "municipality": "Kommunenr.",
    "language": "Sprog",
    "cards": "Lånerid",
    "internal_note": "Intern note",
    "note_to_borrower": "Note til låner",
    "loans": "Udlån",
    "reservations": "Reserveringer",
    "balance": "Mellemværende",
    "messages": "Beskeder",
}


@dataclass(frozen=True)
class Typed:
    """Changed in the tab itself: Enter, then each line."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """Changed in the tab itself: Enter, then one key."""

    key: str


@dataclass(frozen=True)
class Elsewhere:
    """Changed in a tab of its own, by its command."""

    command: type[Command[Any]]
    values: Callable[[], dict[str, Any]]
    action: str = "change"


@dataclass(frozen=True)
class Queued:
    """Comes by what is done elsewhere, and is cancelled in a tab of its own."""


BLOCK = Elsewhere(SetBlock, lambda: {"kind": "U", "reason": "støj [/]", "ends_on": None})
LEND = Elsewhere(CheckOut, lambda: {"item_id": 1, "card_id": 1, "visit": "besøg"}, "lend")
FEE = Elsewhere(WriteFee, lambda: {"amount_ore": 12_000, "reason": "våd [/] bog"}, "charge")
RESERVE = Elsewhere(PlaceReservation, lambda: {"title_id": 1})

# How each is changed, and what its line says afterwards. A borrower number is drawn, and never changed.
CHANGES: dict[str, tuple[Typed | Chosen | Elsewhere | Queued | None, str]] = {
    "number": (None, "4829 1171"),
    "cpr": (Typed(("770580-9876",)), "770580-••••"),
    "absence": (Typed(("24.12.2030", "2.1.2031")), "24. dec. 2030–2. jan. 2031"),
    "name": (Typed(("Åse [/] Østergård",)), "Åse [/] Østergård"),
    "birth_date": (Typed(("",)), "ikke oplyst"),
    "address": (Typed(("Ib [/] Hansen", "Nygade 2", "7600", "Struer")), "•••• · pr."),
    "telephone": (Typed(("97 85 00 09", "", "", "", "", "", "1")), "•••• · 1 telefon"),
    "email": (Typed(("ny@example.dk",)), "••••"),
    "blocked_on": (BLOCK, "{today}"),
    "block_reason": (BLOCK, "udelukket: støj [/]"),
    "group": (Chosen("2"), "barn"),
    "home_branch": (Chosen("2"), "Thyholm [/]"),
    "municipality": (Typed(("661",)), "661 Holstebro · digitale tjenester: nej"),
    "language": (Chosen("2"), "engelsk"),
    "cards": (Elsewhere(AddCard, lambda: {"card": NewCard("2000000099")}), "2 kort"),
    "internal_note": (Elsewhere(WriteInternalNote, lambda: {"note": "ring [/] først"}), "ring [/] først (Mette [/] K."),
    "note_to_borrower": (Elsewhere(WriteNoteToBorrower, lambda: {"note": "husk hue"}), "husk hue (Mette [/] K."),
    "loans": (LEND, "1 lån af 15"),
    "reservations": (RESERVE, "1 reservering"),
    "balance": (FEE, "skylder 120,00 kr."),
    "messages": (Queued(), "1 besked"),
}

# What a masked item holds afterwards, on its key.
HELD = {
    "cpr": "770580-9876",
    "address": "c/o Ib [/] Hansen, Nygade 2, 7600 Struer",
    "telephone": "97 85 00 09 (sms)",
    "email": "ny@example.dk",
}


async def changed(record: OnRecord, key: str, how: Typed | Chosen | Elsewhere | Queued) -> None:
    """Change an item the way staff do."""
    if isinstance(how, Typed):
        await record.change(key, *how.lines)
    elif isinstance(how, Chosen):
        await record.choose(key)
        await record.press("enter", how.key)
    elif isinstance(how, Queued):
        app = record.counter.app
        app.installation.store.write_here(
            lambda transaction: queue_message(
                transaction, ANNA, "receipt", "receipt:1", {"loans": 1, "due_on": "2026-09-28"}, app.now(), "command"
            )
        )
        await record.page.load().wait()
        cancel = CancelMessage(command_id=new_id(), who=app.who, at=app.now(), borrower_id=ANNA, row_id=1)
        await app.installation.desk.do(cancel)
        await record.settle()
    else:
        app = record.counter.app
        command = how.command(
            **{
                "command_id": new_id(),
                "who": app.who,
                "at": app.now(),
                "borrower_id": ANNA,
                **how.values(),
            }
        )
        await app.installation.desk.do(command)
        await record.page.load().wait()
        await record.settle()


def test_the_policys_items_are_all_of_them() -> None:
    assert {held.key: held.label for held in POLICY} == NAMES
    assert set(CHANGES) == set(NAMES)


@pytest.mark.parametrize("key", NAMES)
async def test_an_item_is_found_under_the_policys_name_changed_and_noted(tmp_path: Path, key: str) -> None:
    how, value = CHANGES[key]
    async with on_record(make_home(tmp_path / "home")) as record:
        await record.choose(key)
        lines = [line for line in record.text().splitlines() if line.strip().startswith(NAMES[key])]
        assert any(record.value(key) in line for line in lines)
        assert " ".join(BY_KEY[key].used_for.split()) in " ".join(record.text().split())
        before = record.value(key)
        if how is None:
            assert not BY_KEY[key].changed_by
            await record.press("enter")
            assert record.counter.app.screen is record.page
            assert record.value(key) == before
            return
        await changed(record, key, how)
        expected = value.format(today=record.today()) if "{today}" in value else value
        assert expected in record.value(key)
        newest = (await record.log())[0]
        if isinstance(how, Elsewhere) and how.action == "lend":
            assert newest.action == "lend"
        elif isinstance(how, Elsewhere) and how.action == "charge":
            assert (newest.action, newest.revealed) == ("charge", (key,))
        else:
            assert newest.action == "change"
            assert key in newest.revealed
        if BY_KEY[key].masked:
            await record.press("v")
            assert HELD[key] in record.value(key)
