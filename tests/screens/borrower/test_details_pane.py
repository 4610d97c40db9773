"""The tab «Oplysninger» on a stage: what it shows, asks for and hides again."""

from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from desk.borrowers.details import Address, Email
from desk.borrowers.records import BorrowerPage
from screens.borrower import details_pane
from screens.borrower.details_pane import DetailsPane
from tests.screens.borrower.test_details_rows import TODAY, borrower, page
from tests.screens.widgets.stage import HOSTILE, NARROW, WIDE, on_stage

HELD = page(masked_cpr="010190-••••", has_address=True, telephones=2, has_email=True)


def text(pilot: Pilot[None]) -> str:
    """Everything on the screen, with ordinary spaces."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip) for strip in strips).replace("\u00a0", " ")


async def go_to(pilot: Pilot[None], pane: DetailsPane, key: str) -> None:
    """Go to an item."""
    pane.items.move_cursor(row=[row.key for row in pane._rows].index(key))
    await pilot.pause()


async def shown(pilot: Pilot[None], pane: DetailsPane, of: BorrowerPage = HELD) -> None:
    """Show a page, and give the list the keys."""
    pane.show(of, TODAY)
    pane.items.focus()
    await pilot.pause()


def asked(heard: list[Message]) -> list[tuple[str, str]]:
    """Give what the pane asked for."""
    return [
        (type(one).__name__, getattr(one, "key", "") or getattr(one, "tab", ""))
        for one in heard
        if isinstance(one, DetailsPane.RevealAsked | DetailsPane.EditAsked | DetailsPane.TabAsked)
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_chosen_item_says_what_it_is_for_who_sees_it_and_when_it_goes(size: tuple[int, int]) -> None:
    pane = DetailsPane()
    async with on_stage(pane, size=size) as pilot:
        await shown(pilot, pane)
        await go_to(pilot, pane, "email")
        said = " ".join(text(pilot).split())
        assert "Hvad bruger vi det til: bruges til at sende mail om reserveringer" in said
        assert "Ses og rettes af personalet · slettes, når låneren slettes" in said
        assert "V viser oplysningen; det skrives i loggen. Enter retter." in said


async def test_keys_ask_with_the_items_key_and_do_nothing_themselves() -> None:
    pane, heard = DetailsPane(), list[Message]()
    async with on_stage(pane, heard=heard) as pilot:
        await shown(pilot, pane)
        for key in ("email", "name", "loans", "number"):
            await go_to(pilot, pane, key)
            await pilot.press("v", "enter")
    assert asked(heard) == [("RevealAsked", "email"), ("EditAsked", "email"), ("EditAsked", "name"), ("TabAsked", "1")]


async def test_the_key_line_names_only_keys_that_do_something() -> None:
    pane = DetailsPane()
    async with on_stage(pane) as pilot:
        await shown(pilot, pane)
        keys = {}
        for key in ("number", "cpr", "name", "cards"):
            await go_to(pilot, pane, key)
            keys[key] = pane.footer()
    assert keys == {
        "number": (),
        "cpr": (("V", "vis"), ("Enter", "ret")),
        "name": (("Enter", "ret"),),
        "cards": (("Enter", "gå til"),),
    }


async def test_what_is_revealed_is_hidden_after_a_while() -> None:
    pane = DetailsPane()
    with patch.object(details_pane, "HIDDEN_AFTER_SECONDS", 0.2):
        async with on_stage(pane) as pilot:
            await shown(pilot, pane)
            await go_to(pilot, pane, "email")
            pane.reveal("email", Email("anna@example.dk"))
            await pilot.pause()
            assert "anna@example.dk" in text(pilot)
            for _round in range(200):
                if "anna@example.dk" not in text(pilot):
                    break
                await asyncio.sleep(0.02)
                await pilot.pause()
            assert "anna@example.dk" not in text(pilot)


def test_what_is_revealed_stays_half_a_minute_at_most() -> None:
    assert details_pane.HIDDEN_AFTER_SECONDS == 30


async def test_an_answer_for_another_line_is_not_shown() -> None:
    pane = DetailsPane()
    async with on_stage(pane) as pilot:
        await shown(pilot, pane)
        await go_to(pilot, pane, "name")
        pane.reveal("email", Email("anna@example.dk"))
        await go_to(pilot, pane, "email")
        assert "anna@example.dk" not in text(pilot)


async def test_another_page_over_it_hides_what_is_revealed_and_takes_no_answer() -> None:
    pane = DetailsPane()
    async with on_stage(pane) as pilot:
        await shown(pilot, pane)
        await go_to(pilot, pane, "email")
        pane.reveal("email", Email("anna@example.dk"))
        await pilot.app.push_screen(Screen())
        pane.reveal("email", Email("anna@example.dk"))
        await pilot.app.pop_screen()
        await pilot.pause()
        assert "E-mail" in text(pilot)
        assert "anna@example.dk" not in text(pilot)


async def test_another_borrowers_page_shows_nothing_that_was_revealed() -> None:
    pane = DetailsPane()
    async with on_stage(pane) as pilot:
        await shown(pilot, pane)
        await go_to(pilot, pane, "email")
        pane.reveal("email", Email("anna@example.dk"))
        await shown(pilot, pane, page(of=borrower(borrower_id=2, name="Ib"), has_email=True))
        assert "anna@example.dk" not in text(pilot)


async def test_the_chosen_line_stays_chosen_when_the_page_is_read_again() -> None:
    pane = DetailsPane()
    async with on_stage(pane, size=NARROW) as pilot:
        await shown(pilot, pane)
        await go_to(pilot, pane, "guardian")
        await shown(pilot, pane)
        assert pane.chosen is not None
        assert pane.chosen.key == "guardian"
        assert "Økonomisk ansvarlig" in text(pilot)


async def test_a_value_too_long_for_its_line_is_given_in_full_below() -> None:
    pane = DetailsPane()
    long = " ".join(["henter bøger for sin mor"] * 6)
    async with on_stage(pane, size=NARROW) as pilot:
        await shown(pilot, pane, page(note_to_borrower=long))
        await go_to(pilot, pane, "note_to_borrower")
        assert long in " ".join(text(pilot).split())


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("hostile", HOSTILE)
async def test_hostile_data_is_only_read(size: tuple[int, int], hostile: str) -> None:
    pane = DetailsPane()
    of = page(
        of=borrower(name=hostile, group=hostile, home_branch=hostile, note=hostile, note_by=hostile),
        has_address=True,
        municipality=hostile,
    )
    async with on_stage(pane, size=size) as pilot:
        await shown(pilot, pane, of)
        await go_to(pilot, pane, "name")
        await go_to(pilot, pane, "address")
        pane.reveal("address", Address(hostile, hostile, hostile, hostile))
        await pilot.pause()
        for strip in pilot.app.screen._compositor.render_strips():
            assert "".join(segment.text for segment in strip).replace("\u00a0", " ").isprintable()
            assert strip.cell_length == size[0]
            assert not any(segment.style and "@click" in segment.style.meta for segment in strip)
