"""Books on the pad: each is a scan, and what its tag tells the gate follows what became of it (V1, C6, C9)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from db.models import Item
from desk.installation import open_installation
from desk.settings import FILE, ScannerSettings, load, write
from devices.rfid import IN_STOCK, ON_LOAN, Tag, bytes_of
from devices.tag_pad import PadPoller
from devices.virtual_pad import VirtualPad
from screens.curtain.curtain import CurtainScreen
from screens.dialogs.new_card import NewCardDialog
from screens.lending.pad import PadAtCounter
from screens.lending.tags import TagsAtCounter
from tests.screens.at_work import BLOCKED_CARD, CARD, OTHER_CARD, AtWork, at_work

ISILS = ("DK-767100", "DK-767101")
BOOKS = [f"30000000{number:02}" for number in range(12)]
LENT = "C2"
HOME = "07"


@dataclass
class AtPad:
    """A counter with a pad."""

    counter: AtWork
    pad: VirtualPad

    def tags(self) -> dict[str, str]:
        """What the tags on the pad tell the gate."""
        return dict(one.split("=") for one in self.pad.told("tags").split())

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait for the pad, the queue and the screen."""
        for _round in range(600):
            if is_so():
                await self.counter.settle()
                return
            await self.counter.pilot.pause(0.01)
        raise AssertionError(f"{self.tags()}\n{self.counter.text()}")

    async def lay(self, *words: str) -> None:
        """Lay tags down, and wait until they have been seen and what they caused has been settled."""
        scans = self.counter.app.at_counter.pile.scanned
        self.pad.told(f"lay {' '.join(words)}")
        codes = {word.split(":")[0] for word in words}
        await self.until(lambda: self.counter.app.at_counter.pile.scanned >= scans + len(codes))

    async def lift(self, code: str) -> None:
        """Take an item's tags off, and wait until that has been seen."""
        self.pad.told(f"lift {code}")
        tags = self.counter.app.at_counter.tags
        assert tags is not None
        await self.until(lambda: not any(seen.is_there for seen in tags._of(code)))


def hear_repeats(home: Path) -> None:
    """Let a code heard twice be two scans, however soon."""
    settings = replace(load(home), scanner=ScannerSettings(repeat_seconds=0.0))
    (home / FILE).unlink()
    write(home, settings)


@asynccontextmanager
async def at_pad(home: Path, size: tuple[int, int] = (120, 40)) -> AsyncIterator[AtPad]:
    """Run a counter with a pad and somebody signed in; a code heard twice is two scans."""
    hear_repeats(home)
    async with at_work(home, size) as counter:
        pad = VirtualPad("DK767100")
        poller = PadPoller(pad, 0.005)
        counter.app.hearing.pad = PadAtCounter(counter.app, TagsAtCounter(ISILS, poller))
        poller.start(counter.app.call_from_device)
        try:
            yield AtPad(counter, pad)
        finally:
            poller.close()


def _set_status(home: Path, status: str) -> None:
    installation = open_installation(home)
    installation.store.write_here(
        lambda transaction: transaction.run(Item.update(status=status).where(Item.barcode == BOOKS[0]))
    )
    installation.close()


async def test_books_on_the_pad_are_lent_and_switched_off(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(*BOOKS[:3])
        assert at.counter.figures() == (3, 3, 0)
        await at.until(lambda: at.tags() == dict.fromkeys(BOOKS[:3], LENT))
        assert "lån 3/15" in at.counter.text()


async def test_returned_they_are_switched_on_again(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT)
        await at.counter.press("f3")
        assert at.counter.figures() == (0, 0, 0), "what lies there is not scanned again"
        await at.lift(BOOKS[0])
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == HOME)
        assert "hjem" in at.counter.pile()


async def test_a_loan_taken_back_switches_it_on_again(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(*BOOKS[:2])
        await at.until(lambda: set(at.tags().values()) == {LENT})
        await at.counter.press("ctrl+z")
        await at.until(lambda: sorted(at.tags().values()) == [HOME, LENT])
        assert "fortrudt" in at.counter.pile()


async def test_what_is_refused_stays_switched_on_and_a_wrong_tag_is_put_right(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(BLOCKED_CARD)
        at.pad.lay("E004000000000001", bytes_of(Tag(BOOKS[0], "DK767100")), afi=ON_LOAN)
        await at.lay(BOOKS[1])
        await at.until(lambda: at.pad.afi_of("E004000000000001") == IN_STOCK)
        assert at.tags()[BOOKS[1]] == HOME
        assert at.counter.figures() == (2, 0, 2)


async def test_a_tag_of_a_loan_that_still_alarms_is_switched_off_when_it_is_back(home: Path) -> None:
    """As after a crash between the loan and the tag."""
    async with at_pad(home) as at:
        await at.counter.scan(CARD, BOOKS[0])
        await at.counter.press("escape")
        await at.counter.scan(CARD)
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT)


async def test_a_book_lifted_too_soon_is_told_and_switched_off_when_it_is_back(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        at.pad.told(f"lay {BOOKS[0]}")
        at.pad.told(f"snatch {BOOKS[0]}")
        await at.until(lambda: "chip ikke slået fra" in at.counter.pile())
        await at.counter.until("»Titel 0«: chippen blev ikke slået fra – læg den på igen.")
        at.pad.told(f"lay {BOOKS[0]}")
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT and "chip ikke" not in at.counter.pile())
        assert at.counter.figures() == (1, 1, 0), "laying it down again is no second scan"


async def test_what_the_last_borrower_took_away_unswitched_is_scanned_under_the_next_one(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        at.pad.told(f"lay {BOOKS[0]}")
        at.pad.told(f"snatch {BOOKS[0]}")
        await at.until(lambda: "chip ikke slået fra" in at.counter.pile())
        await at.counter.scan(OTHER_CARD)
        await at.counter.until("Ib [/] Hansen")
        await at.until(lambda: "Titel 0" not in at.counter.text())
        await at.lay(BOOKS[0])
        assert at.counter.figures() == (1, 0, 1)
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT)


async def test_twelve_at_once_are_twelve_lines_and_those_that_stand_out_say_why(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(
            *BOOKS[:8],
            f"{BOOKS[8]}:DK718500",
            f"{BOOKS[9]}:1/3 {BOOKS[9]}:3/3",
            f"{BOOKS[10]}:discarded",
            "3999999999:DK718500",
        )
        assert at.counter.figures() == (12, 12, 0)
        lines = [line.rstrip() for line in at.counter.pile().splitlines()]

        def said(code: str) -> str:
            return next(line for line in lines if code in line)

        assert "tilhører DK-718500" in said("Titel 8")
        assert "2 af 3 dele" in said("Titel 9")
        assert "kasseret ifølge chippen" in said("Titel 10")
        assert "tilhører DK-718500" in said("3999999999")
        assert sum("►" in line or "×" in line for line in lines) == 4
        assert not at.counter.lane().has_focus


async def test_what_stands_out_is_read_on_a_small_terminal_too(home: Path) -> None:
    async with at_pad(home, (80, 24)) as at:
        await at.counter.scan(CARD)
        await at.lay(f"{BOOKS[8]}:DK718500", f"{BOOKS[9]}:1/3")
        for note in ("tilhører DK-718500", "1 af 3 dele"):
            assert note in at.counter.pile()


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_a_book_with_several_faults_has_all_of_them_said_at_once(home: Path, size: tuple[int, int]) -> None:
    async with at_pad(home, size) as at:
        await at.counter.scan(CARD)
        await at.lay(f"{BOOKS[9]}:1/2:DK718500")
        assert "1 af 2 dele · tilhører DK-718500" in at.counter.pile()
        await at.lay(f"{BOOKS[8]}:2/3:DK718500:discarded")
        await at.counter.until("»Titel 8«: 1 af 3 dele · tilhører DK-718500 · kasseret ifølge chippen")


async def test_that_nobody_knows_it_is_said_beside_what_its_chip_says(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay("3999999998:1/2")
        assert "ukendt stregkode · 1 af 2 dele" in at.counter.pile()


async def test_the_lane_says_what_is_wrong_with_the_chip_too(home: Path) -> None:
    async with at_pad(home) as at:
        await at.lay(f"{BOOKS[9]}:1/2:DK718500")
        await at.counter.press("f8")
        lane = " ".join(" ".join(at.counter.lane().lines_text()).split())
        assert "1 af 2 dele ligger her." in lane
        assert "Ifølge chippen tilhører materialet DK-718500." in lane


async def test_what_the_store_has_said_takes_nothing_else_off_the_line(home: Path) -> None:
    _set_status(home, "discarded")
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(f"{BOOKS[0]}:1/2:discarded")
        assert "1 af 2 dele" in at.counter.pile()
        assert "ifølge chippen" not in at.counter.pile()


async def test_a_part_laid_down_later_is_no_second_scan_and_completes_the_item(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(f"{BOOKS[0]}:1/3")
        at.pad.told(f"lay {BOOKS[0]}:2/3")
        await at.until(lambda: "2 af 3 dele" in at.counter.pile())
        at.pad.told(f"lay {BOOKS[0]}:3/3")
        await at.until(lambda: "dele" not in at.counter.pile())
        assert at.counter.figures() == (1, 1, 0)


async def test_all_tags_of_an_item_in_parts_are_switched(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(f"{BOOKS[0]}:1/2", f"{BOOKS[0]}:2/2")
        await at.until(lambda: at.pad.told("tags") == f"{BOOKS[0]}={LENT} {BOOKS[0]}={LENT}")


async def test_what_the_store_has_said_the_chip_does_not_say_again(home: Path) -> None:
    _set_status(home, "discarded")
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(f"{BOOKS[0]}:discarded")
        assert "kasseret" in at.counter.pile()
        assert "chip" not in at.counter.pile()


async def test_an_unreadable_chip_is_said_and_nothing_stops(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        at.pad.lay("E004000000000009", bytes(32))
        await at.counter.until("En chip kan ikke læses. Scan stregkoden.")
        await at.counter.scan(BOOKS[0])
        assert at.counter.figures() == (1, 1, 0)


async def test_an_unplugged_pad_is_on_the_status_line_and_lending_goes_on(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.counter.until("plade ok")
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT)
        at.pad.plug(plugged=False)
        await at.counter.until("plade mangler")
        await at.counter.scan(BOOKS[1])
        assert at.counter.figures() == (2, 2, 0)
        at.pad.plug(plugged=True)
        await at.counter.until("plade ok")
        assert at.counter.figures() == (2, 2, 0), "what lay there is no scan"


async def test_without_a_pad_nothing_is_said_of_one(home: Path) -> None:
    async with at_work(home) as counter:
        assert "plade" not in counter.text()


async def test_nobody_signed_in_reads_no_book(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.press("ctrl+q")
        at.pad.told(f"lay {BOOKS[0]}")
        await at.counter.until("Scanningen er ikke modtaget")
        assert at.tags() == {BOOKS[0]: HOME}


async def test_a_book_is_no_new_cards_number(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.counter.press("f4", "2", "n")
        assert isinstance(at.counter.app.screen, NewCardDialog)
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT)
        assert isinstance(at.counter.app.screen, NewCardDialog)
        assert at.counter.app.screen.number.value == ""


async def test_a_title_is_not_said_over_the_curtain(home: Path) -> None:
    async with at_pad(home) as at:
        await at.counter.scan(CARD)
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == LENT)
        at.pad.plug(plugged=False)
        await at.counter.press("ctrl+z", "f9")
        assert isinstance(at.counter.app.screen, CurtainScreen)
        here = at.counter.app.at_counter
        await at.until(lambda: any(row.tags for row in here.pile.rows.values()))
        assert "Titel" not in at.counter.text()


@pytest.mark.parametrize("status", ["available", "on_loan"])
async def test_the_tag_of_what_the_store_says(home: Path, status: str) -> None:
    """Found by its number alone, whoever scanned it: a scanner beside the pad switches the tag too."""
    _set_status(home, status)
    async with at_pad(home) as at:
        await at.lay(BOOKS[0])
        await at.until(lambda: at.tags()[BOOKS[0]] == {"available": HOME, "on_loan": LENT}[status])
        assert at.counter.figures() == (1, 0, 1)
