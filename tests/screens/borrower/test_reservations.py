"""The tab «Reserveringer» and the masthead: what is ready, on its way, waited for; reserved, cancelled, moved (R6)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from db.models import AccessLog, Borrower, Item, PutBack, Reservation, Title
from desk.circulation.records import ItemRecord, LoanRecord, ReturnRecord
from desk.circulation.refusals import Blocked
from desk.command import Who
from desk.counter.records import Lent, Outcome, Returned
from desk.installation import new_id
from desk.reservations import refusals as why
from desk.reservations.commands import PlaceReservation
from screens.lending.strip import ready_words
from screens.outcomes import line
from screens.reservation_words import SAME_WHATEVER, sentences, wait_words
from tests.screens.at_work import CARD, OTHER_CARD, AtWork, at_work
from tests.screens.borrower_page import rows, write

SIZES = [(80, 24), (120, 40)]
ANNA, IB = 1, 2


def words(counter: AtWork) -> str:
    """Everything on the screen on one line, with ordinary spaces."""
    return " ".join(counter.text().replace("\u00a0", " ").split())


async def until(counter: AtWork, wanted: str) -> None:
    """Wait until words stand on the screen, wherever lines break."""
    for _round in range(1000):
        if wanted in words(counter):
            return
        await counter.pilot.pause(0.02)
    raise AssertionError(f"not on the screen: {wanted}\n{counter.text()}")


async def reserve(counter: AtWork, title_id: int, borrower_id: int = ANNA, branch_id: int = 1) -> None:
    """Reserve past the screen."""
    app = counter.app
    await app.installation.desk.do(
        PlaceReservation(
            command_id=new_id(),
            who=Who(1, app.counter_place.counter_id),
            at=app.now(),
            borrower_id=borrower_id,
            title_id=title_id,
            pickup_branch_id=branch_id,
        )
    )


async def open_tab(counter: AtWork, card: str = CARD) -> None:
    """Open the tab of a borrower's page."""
    await counter.scan(card)
    await counter.press("f4")
    await until(counter, "digitale tjenester")
    await counter.press("6")


@pytest.mark.parametrize("size", SIZES)
async def test_a_title_is_found_by_words_reserved_and_told(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await open_tab(counter)
        assert "Ingen reserveringer." in counter.text()
        await counter.press("r", *"peter 7", "enter")
        await until(counter, "Reservér »Titel 7«. Hvor skal den hentes?")
        await counter.press("1")
        await until(counter, "Reserveret. Nr. 1 i køen, hentes i Struer.")
        await until(counter, "[6 Reserveringer 1]")
        assert "i kø, nr. 1" in words(counter)
        assert "eksemplar hjemme" in words(counter)
        newest = rows(counter, AccessLog.select(AccessLog.action, AccessLog.revealed).order_by(AccessLog.number))[-1]
        assert newest == ("change", "reservations")


async def test_of_several_titles_one_is_chosen_and_fetched_at_another_branch(home: Path) -> None:
    async with at_work(home) as counter:
        await open_tab(counter)
        await counter.press("r", *"titel", "enter")
        await until(counter, "Hvilken titel?")
        await counter.press("down", "enter")
        await until(counter, "Hvor skal den hentes?")
        await counter.press("2")
        await until(counter, "hentes i Thyholm.")
        assert rows(counter, Reservation.select(Reservation.pickup_branch)) == [(2,)]


async def test_a_copy_named_by_its_number_is_reserved_alone_when_asked(home: Path) -> None:
    write(home, Item.insert(barcode="3000009999", title=1, material_group=1, branch=1))
    async with at_work(home) as counter:
        await open_tab(counter)
        await counter.press("r", *"3000009999")
        await counter.pilot.pause(0.1)
        await counter.press("enter")
        await until(counter, "titlen eller kun dette eksemplar?")
        await counter.press("e")
        await until(counter, "Hvor skal den hentes?")
        await counter.press("1")
        await until(counter, "kun 3000009999")


@pytest.mark.parametrize("keys", [["escape"], ["enter"], [*"titel 7", "enter", "escape"]])
async def test_esc_or_nothing_typed_reserves_nothing(home: Path, keys: list[str]) -> None:
    async with at_work(home) as counter:
        await open_tab(counter)
        await counter.press("r", *keys)
        await counter.press("escape")
        assert rows(counter, Reservation.select(Reservation.id)) == []


@pytest.mark.parametrize("typed", ["findes ikke", "[/]zx", "%%%"])
async def test_what_is_not_found_is_said(home: Path, typed: str) -> None:
    async with at_work(home) as counter:
        await open_tab(counter)
        keys = {"[": "left_square_bracket", "]": "right_square_bracket", "/": "slash", " ": "space"}
        await counter.press("r", *(keys.get(one, one) for one in typed.replace("%", "z")), "enter")
        await until(counter, "Intet fundet på »")


async def test_why_nothing_is_reserved_is_said_with_every_reason(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 8)
        await open_tab(counter)
        await counter.press("r", *"titel 7", "enter")
        await until(counter, "Hvor skal den hentes?")
        await counter.press("1")
        await until(counter, "Ikke reserveret: Låneren har allerede reserveret den, nr. 1 i køen.")


@pytest.mark.parametrize("size", SIZES)
async def test_what_lies_ready_stands_on_the_page_and_above_the_pile(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await reserve(counter, 1)
        await counter.press("f3")
        await counter.scan("3000000000")
        assert "hylde 1" in counter.pile()
        assert "reserveret" in counter.pile()
        assert "Anna" not in counter.text()
        await counter.scan(CARD)
        assert "reserveret: 1 klar på hylde 1" in words(counter)
        await counter.press("f4", "6")
        await until(counter, "klar, hylde 1")
        assert "senest" in words(counter)
        assert "reserveret: 1 klar på hylde 1" in words(counter)


async def test_what_is_taken_home_is_no_longer_said_to_lie_ready(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 1)
        await counter.press("f3")
        await counter.scan("3000000000")
        await counter.scan(CARD)
        await counter.scan("3000000000")
        # Why the due date was moved comes first (C6), so that it depends on the day which of the two is said.
        assert "reservering opfyldt" in counter.pile() or "lukket" in counter.pile()
        for _round in range(50):
            if "klar på hylde" not in counter.text():
                break
            await counter.pilot.pause(0.02)
        assert "klar på hylde" not in counter.text()
        assert rows(counter, Reservation.select(Reservation.id)) == []


async def test_a_reservation_is_cancelled_when_asked_once_more(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 1)
        await counter.press("f3")
        await counter.scan("3000000000")
        await open_tab(counter)
        await until(counter, "klar, hylde 1")
        await counter.press("a", "b")
        assert len(rows(counter, Reservation.select(Reservation.id))) == 1
        await counter.press("a")
        await until(counter, "Annullér reserveringen af »Titel 0«?")
        await counter.press("a")
        await until(counter, "Reserveringen er annulleret. Materialet på hylde 1 i Struer skal sættes på plads.")
        assert rows(counter, Reservation.select(Reservation.id)) == []
        assert rows(counter, PutBack.select(PutBack.pickup_number)) == [(1,)]


async def test_a_reservation_is_fetched_somewhere_else(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 1)
        await open_tab(counter)
        await counter.press("s")
        await until(counter, "hvor skal den hentes?")
        assert "Struer" not in words(counter).split("hvor skal den hentes?")[1].split("»")[0][:30]
        await counter.press("1")
        await until(counter, "Hentes nu i Thyholm.")
        assert rows(counter, Reservation.select(Reservation.pickup_branch)) == [(2,)]


async def test_titles_are_shown_as_they_are_written(home: Path) -> None:
    write(home, Title.update(title="[@click=app.exit]\x1b[2J æøå").where(Title.id == 1))
    async with at_work(home) as counter:
        await reserve(counter, 1)
        await open_tab(counter)
        await until(counter, "[@click=app.exit][2J æøå")
        await counter.press("a")
        await until(counter, "Annullér reserveringen af »[@click=app.exit]")


# In the lane (C5, C6)


@pytest.mark.parametrize("size", SIZES)
async def test_what_lies_there_for_another_asks_in_the_lane_and_goes_back(home: Path, size: tuple[int, int]) -> None:
    async with at_work(home, size) as counter:
        await reserve(counter, 1, IB)
        await counter.press("f3")
        await counter.scan("3000000000")
        await counter.scan(CARD)
        await counter.scan("3000000000")
        assert "reserveret af en anden" in counter.pile()
        assert "Ib" not in counter.text()
        await counter.press("f8")
        said = words(counter)
        for word in ("Læg det på hylde 1", "T tilbage på hylden", "U udlån alligevel", "V vent"):
            assert all(part in said for part in word.split()), word
        await counter.press("t")
        assert "tilbage på hylden" in counter.pile()
        assert rows(counter, Item.select(Item.status).where(Item.id == 1)) == [("on_shelf",)]


async def test_a_supervisor_lends_what_lies_there_for_another(home: Path) -> None:
    async with at_work(home) as counter:
        await reserve(counter, 1, IB)
        await counter.press("f3")
        await counter.scan("3000000000")
        await counter.scan(CARD)
        await counter.scan("3000000000")
        await counter.press("f8", "u", *"aftalt", "enter", *"lone", "enter", *"hemmelig", "enter")
        for _round in range(1000):
            if rows(counter, Item.select(Item.status).where(Item.id == 1)) == [("on_loan",)]:
                break
            await counter.pilot.pause(0.02)
        assert rows(counter, Reservation.select(Reservation.borrower, Reservation.state)) == [(IB, "reserved")]


async def test_whoever_it_lies_there_for_is_named_to_nobody_at_return(home: Path) -> None:
    write(home, Borrower.update(name="Hemmelig Navnesen").where(Borrower.id == IB))
    async with at_work(home) as counter:
        await reserve(counter, 1, IB)
        await counter.press("f3")
        await counter.scan("3000000000")
        assert "Hemmelig" not in counter.text()
        await counter.scan(OTHER_CARD)
        assert "klar på hylde 1" in words(counter)


# Words


ITEM = ItemRecord(1, "3000000000", "Titel", "Peter", "standard", 1, "Struer", "on_shelf", 1)
DAY = date(2026, 3, 10)
HERE: dict[str, Any] = {"shelf": 34, "is_reserved": True}


@pytest.mark.parametrize(
    ("outcome", "due", "note"),
    [
        (Lent(LoanRecord(1, ITEM, 1, date(2026, 4, 9), fulfilled=True)), "9. apr.", "reservering opfyldt"),
        (
            Returned(ReturnRecord(ITEM, 1, DAY, 0, None, "on_loan", **HERE)),
            "hylde 34",
            "reserveret",
        ),
        (
            Returned(ReturnRecord(ITEM, None, DAY, 0, None, "available", **HERE)),
            "hylde 34",
            "reserveret",
        ),
        (Returned(ReturnRecord(ITEM, 1, DAY, 0, "Thyholm", "on_loan", is_reserved=True)), "→ Thyholm", "reserveret"),
        (Returned(ReturnRecord(ITEM, 1, DAY, 0, "Thyholm", "on_loan")), "→ Thyholm", "hører til der"),
        (
            Returned(ReturnRecord(ITEM, 1, DAY, 12, None, "on_loan", **HERE)),
            "hylde 34",
            "12 dage over",
        ),
        (
            Returned(ReturnRecord(ITEM, None, DAY, 0, None, "missing", **HERE)),
            "hylde 34",
            "var savnet",
        ),
    ],
)
def test_a_line_says_where_it_goes_and_what_became_of_the_reservation(outcome: Outcome, due: str, note: str) -> None:
    said = line(1, outcome, DAY)
    assert said.due.replace("\u00a0", " ") == due
    assert note in said.note.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (None, "ventetid ukendt"),
        (0, "eksemplar hjemme"),
        (1, "under en uge"),
        (6, "under en uge"),
        (7, "ca. 1 uge"),
        (30, "ca. 4 uger"),
        (60, "ca. 9 uger"),
        (365, "ca. 52 uger"),
        (366, "over et år"),
    ],
)
def test_a_wait_is_told_in_weeks_and_what_is_not_known_is_said_so(days: int | None, said: str) -> None:
    assert wait_words(days) == said


@pytest.mark.parametrize(
    ("ready", "said"),
    [
        ((), ""),
        ((("Struer", 34),), "reserveret: 1 klar på hylde 34"),
        ((("Struer", 12), ("Struer", 34)), "reserveret: 2 klar på hylde 12 og 34"),
        ((("Thyholm", 12),), "reserveret: 1 klar i Thyholm"),
        ((("Thyholm", 1), ("Struer", 34)), "reserveret: 1 klar på hylde 34"),
    ],
)
def test_what_lies_ready_is_said_with_its_places_here(ready: tuple[tuple[str, int], ...], said: str) -> None:
    assert ready_words(ready, "Struer") == said


BLOCK = Blocked("U", date(2026, 1, 5), date(2026, 12, 31), "støj")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        (why.PatronIsBlocked(BLOCK), "Ikke reserveret: Udelukket til og med 31. dec."),
        (why.PatronOwes(26_000, 20_000), "låner skylder 260,00 kr. Ophæves ved betaling til under 200 kr."),
        (why.AlreadyReserved(3), "nr. 3 i køen."),
        (why.AlreadyReserved(None), "har allerede reserveret den."),
        (why.AlreadyLoaned(), "Låneren har det allerede."),
        (why.ExceedsMaxReservations(20, 20), "Grænsen på 20 reserveringer er nået."),
        (why.LoaningProfileNotFound(), "ingen låneregel"),
        (why.NotReservable(), "Titlen kan ikke reserveres."),
        (why.NoReservableMaterials(), "ingen eksemplarer at reservere."),
        (why.MaterialNotReservable(), "Materialet kan ikke reserveres."),
        (why.MaterialNotLoanable(), "Eksemplaret udlånes ikke."),
        (why.MaterialLost(), "Eksemplaret er bortkommet."),
        (why.MaterialDiscarded(), "Eksemplaret er kasseret."),
    ],
)
def test_every_reason_why_nothing_is_reserved_has_its_words(reason: why.NotReserved, said: str) -> None:
    told = sentences((reason,), DAY).replace("\u00a0", " ")
    assert said in told
    assert told.endswith(".")
    assert ".." not in told


def test_no_reason_is_without_words() -> None:
    own = {"patron_is_blocked", "already_reserved", "exceeds_max_reservations"}
    assert {kind.code for kind in why.NotReserved.__subclasses__()} == {*SAME_WHATEVER} | own
