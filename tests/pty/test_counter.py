"""A day's first minutes at the counter, on a real terminal at both sizes."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from tests.pty.counter import ENTER, ESC, F2, F3, F9, SIGN_OFF, Demo, counter, make_demo, scan, sign_in


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return make_demo(tmp_path_factory.mktemp("demo") / "home")


def short(item: dict[str, Any]) -> str:
    """As much of a title as every width shows."""
    return str(item["title"])[:12]


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_three_books_are_lent_and_come_back(demo: Demo, columns: int, lines: int) -> None:
    borrower, items = demo.adult, demo.available(3)
    with counter(demo, columns, lines) as terminal:
        sign_in(terminal, demo.staff("staff"))
        terminal.send(F2)
        scan(terminal, borrower["card"])
        terminal.wait_for(borrower["name"])
        for item in items:
            scan(terminal, item["barcode"])
            terminal.wait_for(short(item))
        terminal.wait_for("3 klaret" if columns == 80 else "klaret")
        due = next(line for line in terminal.screen_text().splitlines() if short(items[0]) in line)
        assert re.search(r"\d{1,2}\.\s(jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)", due), due

        terminal.send(ESC)
        terminal.wait_for(lambda t: borrower["name"] not in t.shown and short(items[0]) not in t.shown)
        terminal.send(F3)
        terminal.wait_for("F3 AFLEVERING")
        for item in items:
            scan(terminal, item["barcode"])
            terminal.wait_for(short(item))
        assert borrower["name"] not in terminal.screen_text()
        terminal.send(SIGN_OFF)
        names = {borrower["name"], *map(short, items)}
        terminal.wait_for(lambda t: "Brugernavn" in t.shown and not any(name in t.shown for name in names))
        assert not any(name in terminal.scrollback_text() for name in names)


def test_the_curtain_hides_everything_and_a_key_brings_it_back(demo: Demo) -> None:
    borrower = demo.adult
    with counter(demo) as terminal:
        sign_in(terminal, demo.staff("staff"))
        scan(terminal, borrower["card"])
        terminal.wait_for(borrower["name"])
        terminal.send(F9)
        terminal.wait_for("Scan eller tast for at fortsætte")
        assert borrower["name"] not in terminal.screen_text()
        scan(terminal, demo.available(1)[0]["barcode"])
        terminal.wait_for("1 scanning venter")
        terminal.send(" ")
        terminal.wait_for(borrower["name"])
        terminal.wait_for(short(demo.available(1)[0]))
        terminal.send(ESC)
        terminal.send(F3)
        terminal.wait_for("F3 AFLEVERING")
        scan(terminal, demo.available(1)[0]["barcode"])
        terminal.wait_for(short(demo.available(1)[0]))


def test_nonsense_is_refused_with_its_reason_and_the_next_scan_works(demo: Demo) -> None:
    item = demo.available(1)[0]
    with counter(demo) as terminal:
        sign_in(terminal, demo.staff("staff"))
        terminal.send(F3)
        terminal.wait_for("F3 AFLEVERING")
        scan(terminal, "99999999999")
        terminal.wait_for("ukendt stregkode")
        scan(terminal, "9" * 300)
        terminal.wait_for("koden er for lang")
        scan(terminal, "[/red][@click=app.exit]")
        terminal.wait_for("[@CLICK=APP.EXIT]")
        scan(terminal, item["barcode"])
        terminal.wait_for(short(item))


def test_a_wrong_password_says_so_and_no_more(demo: Demo) -> None:
    with counter(demo) as terminal:
        terminal.wait_for("Brugernavn", 30)
        terminal.send("findes-ikke")
        terminal.wait_for("findes-ikke")
        terminal.send("\tforkert" + ENTER)
        terminal.wait_for("Forkert brugernavn eller adgangskode.", 20)


@pytest.mark.alone
def test_two_hundred_scans_wait_in_the_queue_while_another_program_holds_the_store(tmp_path: Path, demo: Demo) -> None:
    """Q8 as worded: 200 distinct scans 20 ms apart, the store held exclusively for 2 s meanwhile."""
    from tests.pty.holding import QueueWatch, holding_the_store

    items = [item["barcode"] for item in demo.printed["items"]][:100]
    codes = items + [f"77{number:08}" for number in range(200 - len(items))]
    with counter(demo) as terminal, QueueWatch(demo.home) as watch:
        sign_in(terminal, demo.staff("staff"))
        terminal.send(F3)
        terminal.wait_for("F3 AFLEVERING")
        before = watch.latest_id()
        with holding_the_store(demo.home, seconds=2.0):
            sent = []
            started = time.monotonic()
            rising = []
            for number, code in enumerate(codes):
                time.sleep(max(0.0, started + number * 0.02 - time.monotonic()))
                sent.append(scan(terminal, code))
                if number in {40, 80}:
                    rising.append(terminal.screen_text())
        terminal.wait_for("200 scannet", 60)
        terminal.wait_for(lambda t: "200 scannet" in t.shown and "kø 0" in t.shown, 60)
        missing = watch.wait_for(before + 200)
        delays = [missing[before + 1 + number] - at for number, at in enumerate(sent)]
        assert max(delays) <= 0.100, f"slowest: {max(delays) * 1000:.0f} ms"
        assert "scannet" in rising[0]
        assert rising[0] != rising[1], "the pile counter stood still while the store was held"
        assert watch.order_of(before) == sorted(watch.order_of(before))


def test_esc_and_a_scan_in_one_packet_both_arrive(demo: Demo) -> None:
    borrower, item = demo.adult, demo.available(1)[0]
    with counter(demo) as terminal:
        sign_in(terminal, demo.staff("staff"))
        for pause in (0.0, 0.01, 0.05, 0.15):
            scan(terminal, borrower["card"])
            terminal.wait_for(borrower["name"])
            terminal.send(ESC) if pause else None
            time.sleep(pause)
            terminal.send((ESC if not pause else "") + item["barcode"] + ENTER)
            terminal.wait_for("ingen låner valgt")
            terminal.wait_for(lambda t: borrower["name"] not in t.shown)
            terminal.send(ESC)
            terminal.wait_for(lambda t: "ingen låner valgt" not in t.shown)
