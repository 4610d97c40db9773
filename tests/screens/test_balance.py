"""The tab Mellemværende, the masthead and the till: what a clerk presses, and what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.models import Fee, LedgerLine, Payment, TillClosing
from desk.calendar import local_date
from desk.installation import new_id
from desk.money.paying import Pay
from desk.privacy.purposes import Purpose
from screens import pages
from screens.amounts import as_typed, typed_amount
from screens.till.till import TillScreen
from tests.screens.at_work import CARD, AtWork, at_work, make_home
from tests.screens.borrower_page import ANNA, logged, open_f4, rows, write

NOW = datetime.now(UTC)


def owes(amount_ore: int, note: str = "våd [/] bog") -> object:
    """Let Anna owe something."""
    return Fee.insert(
        borrower=ANNA,
        type="other",
        reason="by_hand",
        note=note,
        amount_ore=amount_ore,
        charged_on=local_date(NOW) - timedelta(days=3),
        created_at=NOW - timedelta(days=3),
    )


async def on_balance(counter: AtWork) -> None:
    """Open the tab."""
    await open_f4(counter)
    await counter.press("7")


async def test_the_masthead_says_what_is_owed_and_that_it_blocks(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(26_000))
    async with at_work(home) as counter:
        await counter.scan(CARD)
        await counter.until("mellemværende 260,00")
        assert "BLOKERET: Gebyrgrænsen er nået" in counter.text()
        await counter.scan("3000000000")
        assert "blokeret: gebyrgrænse" in counter.text()


async def test_all_is_paid_in_cash_and_the_change_is_told(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000), owes(6_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.until("våd [/] bog")
        await counter.press("b", "enter", "k", "enter", *"200", "enter")
        await counter.until("Byttepenge: 20,00")
        assert "Betalt: 180,00" in counter.text()
        await counter.until("Betalt: 180,00")
        assert rows(counter, Payment.select(Payment.amount_ore, Payment.method)) == [(18_000, "cash")]
        assert logged(counter)[-1] == ("pay", "lending", "balance payments")


async def test_one_marked_fee_is_paid_in_part_by_mobilepay(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000), owes(6_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("space", "b")
        await counter.press(*["backspace"] * 8, *"50", "enter", "m", "enter")
        await counter.press("enter")
        assert "MobilePay har et referencenummer" in counter.text()
        await counter.press(*"mp1", "enter")
        await counter.until("Betalt: 50,00")
        assert rows(counter, Fee.select(Fee.paid_ore).order_by(Fee.id)) == [(5_000,), (0,)]


async def test_more_than_is_owed_is_not_taken(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("b", *["backspace"] * 8, *"500", "enter")
        assert "mere, end låner skylder" in counter.text()
        await counter.press("escape")
        assert rows(counter, Payment.select(Payment.id)) == []


@pytest.mark.parametrize("keys", [["b", "enter", "k", "enter", "enter"], ["e"]])
async def test_what_another_counter_has_paid_meanwhile_leaves_the_page(tmp_path: Path, keys: list[str]) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000))
    async with at_work(home, staff=("lone", "hemmelig")) as counter:
        await on_balance(counter)
        await counter.until("våd [/] bog")
        elsewhere = Pay(
            command_id=new_id(),
            who=counter.app.who,
            at=counter.app.now(),
            borrower_id=ANNA,
            purpose=Purpose.LENDING,
            fee_ids=(1,),
            amount_ore=12_000,
            method="card",
        )
        await counter.app.installation.desk.do(elsewhere)
        await counter.press(*keys)
        if keys == ["e"]:
            await counter.press(*"kulance", "enter")
        await counter.until("betalt")
        await counter.until("Intet er")
        assert "Mellemværende 120,00" not in counter.text()
        assert "skyldes: 120,00" not in counter.text()


async def test_a_fee_is_written_with_a_reason(tmp_path: Path) -> None:
    async with at_work(make_home(tmp_path / "home")) as counter:
        await on_balance(counter)
        await counter.press("g", *"75,50", "enter", *"hundebid", "enter")
        await counter.until("Et gebyr på 75,50")
        await counter.until("hundebid")
        assert rows(counter, Fee.select(Fee.amount_ore, Fee.note)) == [(7_550, "hundebid")]


async def test_staff_waive_with_a_supervisor_beside_them(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("e", *"sygdom", "enter", *"lone", "enter", *"hemmelig", "enter")
        await counter.until("er eftergivet")
        assert rows(counter, Fee.select(Fee.outcome, Fee.settled_by, Fee.settle_reason)) == [("waived", 2, "sygdom")]


async def test_a_payment_is_given_back_with_a_supervisor_beside_them(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("b", "enter", "k", "enter", "enter")
        await counter.until("bilagsnr. 1")
        await counter.press("end", "down", "down", "t", *"fejl", "enter", *"lone", "enter", *"hemmelig", "enter")
        await counter.until("Tilbagebetalt: 120,00")
        assert rows(counter, LedgerLine.select(LedgerLine.amount_ore)) == [(12_000,), (-12_000,)]


async def test_a_statement_is_a_file_among_the_prints(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("o")
        await counter.until("Opgørelsen ligger i")
        assert [path.name.split("-")[1] for path in (home / "exports").glob("*.pdf")] == ["opgoerelse"]


async def test_the_till_is_counted_and_signed(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("b", "enter", "k", "enter", "enter")
        await counter.until("bilagsnr. 1")
        await counter.press("escape")
        counter.app.push_screen(pages.till())
        await counter.until("Forventet kontant: 120,00")
        assert isinstance(counter.app.screen, TillScreen)
        await counter.press("k", *"115", "enter", "enter")
        await counter.until("for lidt")
        assert rows(counter, TillClosing.select(TillClosing.counted_ore, TillClosing.closed_by)) == [(11_500, 1)]
        await counter.until("Gjort op af Mette K.")


@pytest.mark.parametrize("typed", ["1e9", "٣٠٠", "tyve"])
async def test_what_is_no_amount_is_not_told_to_be_too_little(tmp_path: Path, typed: str) -> None:
    home = make_home(tmp_path / "home")
    write(home, owes(12_000))
    async with at_work(home) as counter:
        await on_balance(counter)
        await counter.press("b", "enter", "k", "enter", *typed, "enter")
        await counter.until("Tast et beløb")
        assert "Der er modtaget mindre" not in counter.text()
        assert rows(counter, Payment.select(Payment.id)) == []


async def test_no_sentence_about_the_till_ends_in_two_stops(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    async with at_work(home) as counter:
        counter.app.push_screen(pages.till())
        await counter.until("Forventet kontant: 0,00")
        await counter.press("k")
        await counter.until("Gør kassen op")
        assert "kr.." not in counter.text()


@pytest.mark.parametrize(
    ("typed", "ore"),
    [
        ("120", 12_000),
        ("120,5", 12_050),
        ("120.50", 12_050),
        ("1.250", 125_000),
        ("1.250,00 kr.", 125_000),
        ("-5", -500),
        ("", None),
        ("tyve", None),
        ("1,234", None),
        ("0x10", None),
        ("1e9", None),
        ("٣", None),
        ("1٣,00", None),
    ],
)
def test_amounts_are_read_as_they_are_typed(typed: str, ore: int | None) -> None:
    assert typed_amount(typed) == ore


def test_an_amount_is_typed_as_it_is_read() -> None:
    assert typed_amount(as_typed(12_005)) == 12_005
