"""The tab *Blokeringer og noter*: set, of the person or of a card, lifted with a reason; two notes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from db.models import AccessLog, Block, Borrower, Card
from desk.borrowers.commands import WriteInternalNote
from desk.command import Who
from devices.card_messages import CardPresented
from screens.borrower.borrower import BorrowerScreen
from tests.screens.at_work import AtWork, at_work
from tests.screens.borrower_page import ANNA, about_anna, blocks, logged, open_f4, rows, write

SET_ON = date(2020, 1, 1)


async def at_blocks(counter: AtWork) -> BorrowerScreen:
    """Open the tab."""
    screen = await open_f4(counter)
    await counter.press("3")
    return screen


def block(**columns: object) -> object:
    """Give a statement that blocks Anna."""
    return Block.insert(**({"borrower": ANNA, "kind": "U", "set_on": SET_ON, "reason": "larm"} | columns))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_blocks_in_force_and_lifted_are_listed_with_how_they_ended(home: Path, size: tuple[int, int]) -> None:
    lifted = datetime(2020, 2, 2, 12, tzinfo=UTC)
    write(
        home,
        block(kind="S", set_by=1),
        block(ends_on=date(2020, 1, 31)),
        block(kind="W", lifted_at=lifted, lifted_by=2, lift_reason="legitimation set"),
    )
    async with at_work(home, size) as counter:
        await at_blocks(counter)
        text = counter.text().replace("\N{NO-BREAK SPACE}", " ")
        assert "[3 Blokeringer og noter 1]" in text
        for words in ("spærret af automat", "indtil ophævet", "udløbet 31. jan. 2020", "ophævet 2. feb. 2020"):
            assert words in text, words
        assert "sat 1. jan. 2020 af Mette K. · årsag: larm" in text
        await counter.press("down", "down")
        said = " ".join(counter.text().split())
        assert "ophævet 2. feb. 2020 af Lone B.: legitimation set" in said


async def test_a_block_is_set_and_shown_at_once(home: Path) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("b", "u", "enter", *"larm", "enter", *"31.12.2099", "enter")
        await counter.until("Blokeringen er sat.")
        await counter.until("BLOKERET: Udelukket til og med")
        assert blocks(counter) == [("U", None, date(2099, 12, 31), None)]
        assert logged(counter)[-1] == ("change", "lending", "blocked_on block_reason")


async def test_an_end_before_today_is_refused_in_the_dialog(home: Path) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("b", "u", "enter", *"larm", "enter", *"1.1.2020", "enter")
        await counter.until("Datoen er passeret.")
        assert blocks(counter) == []


async def test_a_block_can_follow_the_only_card(home: Path) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("k")
        await counter.until("Blokér kort …0001")
        await counter.press("s", "enter", *"automat", "enter", "enter")
        await counter.until("spærret af automat …0001")
        assert blocks(counter) == [("S", 1, None, None)]
        await counter.press("2")
        assert "spærret af automat" in counter.text()


async def test_with_several_cards_one_is_chosen(home: Path) -> None:
    write(home, Card.insert(borrower=ANNA, number="2999000017"))
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("k")
        await counter.until("Hvilket kort skal blokeres?")
        await counter.press("2")
        await counter.until("Blokér kort …0017")
        await counter.press("s", "enter", *"automat", "enter", "enter")
        await counter.until("Blokeringen er sat.")
        assert [(kind, card) for kind, card, _end, _reason in blocks(counter)] == [("S", 4)]


async def test_a_block_is_lifted_with_a_reason_and_stays_in_the_list(home: Path) -> None:
    write(home, block(kind="S"))
    async with at_work(home) as counter:
        await at_blocks(counter)
        assert "BLOKERET" in counter.text()
        await counter.press("o", "enter")
        await counter.until("Skriv en årsag.")
        await counter.press(*"betalt", "enter")
        await counter.until("Blokeringen er ophævet.")
        assert [row[3] for row in blocks(counter)] == ["betalt"]
        await counter.until("ophævet")
        assert "BLOKERET" not in counter.text()
        await counter.press("o")
        await counter.until("Blokeringen gælder ikke længere.")


@pytest.mark.parametrize("kind", "FUE")
async def test_where_it_takes_a_supervisor_one_steps_up_in_place(home: Path, kind: str) -> None:
    write(home, block(kind=kind))
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("o")
        await counter.until("Vagthavende: kort og pinkode")
        await counter.press(*"aftalt", "enter", *"mette", "enter", *"hemmelig", "enter")
        await counter.until("Kræver vagthavende. Intet er ændret.")
        assert [row[3] for row in blocks(counter)] == [None]
        await counter.press(*"lone", "enter", *"hemmelig", "enter")
        await counter.until("Blokeringen er ophævet.")
        assert rows(counter, Block.select(Block.lifted_by, Block.lift_reason).where(Block.borrower == ANNA)) == [
            (2, "aftalt")
        ]
        newest = rows(counter, AccessLog.select(AccessLog.action, AccessLog.staff).order_by(AccessLog.number.desc()))[0]
        assert newest == ("change", 2)


async def test_a_supervisors_card_steps_up_and_esc_lifts_nothing(home: Path) -> None:
    write(home, block(kind="U"))
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("o", "escape")
        assert [row[3] for row in blocks(counter)] == [None]
        await counter.press("o", *"aftalt", "enter")
        counter.app.hearing.hear(CardPresented("99LONE99", "reader"))
        await counter.until("Kort alene er ikke nok.")
        await counter.press(*"1234", "enter")
        await counter.until("Blokeringen er ophævet.")


async def test_a_supervisor_at_the_counter_only_gives_the_reason(home: Path) -> None:
    write(home, block(kind="F"))
    async with at_work(home, staff=("lone", "hemmelig")) as counter:
        await at_blocks(counter)
        await counter.press("o", *"aftalt", "enter")
        await counter.until("Blokeringen er ophævet.")


async def test_without_blocks_there_is_none_to_lift(home: Path) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("o")
        await counter.until("Ingen blokeringer.")


@pytest.mark.parametrize(
    ("key", "name", "column", "logged_as"),
    [
        ("n", "Intern note", Borrower.internal_note, "internal_note"),
        ("l", "Note til låner", Borrower.note_to_borrower, "note_to_borrower"),
    ],
)
async def test_each_note_is_written_with_who_and_when_and_cleared(
    home: Path, key: str, name: str, column: object, logged_as: str
) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        assert f"{name}: ingen" in counter.text()
        await counter.press(key, *"ring [/] hjem", "enter")
        await counter.until(f"{name} (Mette K. ")
        assert "ring [/] hjem" in counter.text()
        assert rows(counter, Borrower.select(column).where(Borrower.id == ANNA)) == [("ring [/] hjem",)]
        assert logged(counter)[-1] == ("change", "lending", logged_as)
        await counter.press(key)
        assert counter.app.screen.query_one(Input).value == "ring [/] hjem"
        await counter.press("ctrl+u", "enter")
        await counter.until("Noten er ryddet.")
        await counter.until(f"{name}: ingen")
        assert rows(counter, Borrower.select(column).where(Borrower.id == ANNA)) == [("",)]


@pytest.mark.parametrize("before", ["", "ring hjem"])
async def test_a_paste_that_is_too_long_is_refused_in_words_and_clears_nothing(home: Path, before: str) -> None:
    write(home, about_anna(internal_note=before))
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("n")
        counter.app.post_message(events.Paste("lang " * 500))
        await counter.settle()
        await counter.until("Der er plads til 500 tegn. Intet af det er taget med.")
        await counter.press("enter")
        assert "Noten er ryddet" not in counter.text()
        assert rows(counter, Borrower.select(Borrower.internal_note).where(Borrower.id == ANNA)) == [(before,)]
        await counter.press("ctrl+u", *"kort", "enter")
        await counter.until("Noten er gemt.")
        assert rows(counter, Borrower.select(Borrower.internal_note).where(Borrower.id == ANNA)) == [("kort",)]


async def test_several_pasted_lines_become_one_note(home: Path) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("n")
        counter.app.post_message(events.Paste("ring hjem\nefter kl. 16"))
        await counter.settle()
        await counter.press("enter")
        await counter.until("Noten er gemt.")
        assert rows(counter, Borrower.select(Borrower.internal_note).where(Borrower.id == ANNA)) == [
            ("ring hjem efter kl. 16",)
        ]


async def test_the_note_to_the_borrower_is_not_in_the_masthead_and_the_internal_one_is(home: Path) -> None:
    write(home, about_anna(internal_note="kun for os", note_to_borrower="til dig"))
    async with at_work(home) as counter:
        await open_f4(counter)
        assert "kun for os" in counter.text()
        assert "til dig" not in counter.text()


async def test_a_note_that_a_colleague_wrote_meanwhile_is_shown_and_what_was_typed_stays(home: Path) -> None:
    async with at_work(home) as counter:
        await at_blocks(counter)
        await counter.press("n", *"henter selv")
        app = counter.app
        command = WriteInternalNote(
            command_id="elsewhere", who=Who(2, 1), at=app.now(), borrower_id=ANNA, note="glemte en hue"
        )
        await app.installation.desk.do(command)
        await counter.press("enter")
        await counter.until("Ændret imens af Lone B.")
        text = " ".join(counter.text().split())
        assert "Nu: glemte en hue" in text
        assert app.screen.query_one(Input).value == "henter selv"
        assert rows(counter, Borrower.select(Borrower.internal_note).where(Borrower.id == ANNA)) == [("glemte en hue",)]
        await counter.press("enter")
        await counter.until("Noten er gemt.")
        assert rows(counter, Borrower.select(Borrower.internal_note).where(Borrower.id == ANNA)) == [("henter selv",)]
