"""Cards all day: nothing is left behind of any of them. ``PRESENTATIONS=1000`` for more of them."""

from __future__ import annotations

import gc
import os
import threading
from pathlib import Path

import pytest

from devices.card_messages import CardPresented, CardRemoved
from tests.hardware.pcscd import FIRST, Pcscd
from tests.hardware.virtual_card import VirtualCard, with_uid
from tests.hardware.watching import Watch

COUNT = int(os.environ.get("PRESENTATIONS", "100"))
# What Python and the libraries put by once: the first cards are not counted.
SETTLING = 10
KIB_FOR_ALL = 1024


def held() -> tuple[int, int]:
    """Threads and file handles of this process."""
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def resident_kib() -> int:
    """Memory of this process."""
    gc.collect()
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1])


@pytest.mark.slow
@pytest.mark.timeout(60 + 4 * COUNT)
def test_a_day_of_cards_leaves_no_thread_no_file_handle_and_no_memory(pcscd: Pcscd, watch: Watch) -> None:
    for number in range(SETTLING):
        present(pcscd, watch, number)
    before, kib = held(), resident_kib()
    for number in range(COUNT):
        present(pcscd, watch, number)
    assert held() == before
    grown = resident_kib() - kib
    print(f"{COUNT} presentations: {grown} KiB")  # noqa: T201  (the figure, with -s)
    assert grown < KIB_FOR_ALL


def test_pcscd_going_and_coming_leaves_no_file_handle(pcscd: Pcscd, watch: Watch) -> None:
    restart(pcscd, watch)
    before = held()
    for _ in range(5):
        restart(pcscd, watch)
    assert held() == before


def present(pcscd: Pcscd, watch: Watch, number: int) -> None:
    with VirtualCard(pcscd.ports[0], with_uid(f"{number + 1:08X}")):
        assert watch.next() == CardPresented(f"{number + 1:08X}", FIRST)
    assert watch.next() == CardRemoved(FIRST)


def restart(pcscd: Pcscd, watch: Watch) -> None:
    pcscd.kill()
    watch.expect_states("no_service", "no_service")
    pcscd.start()
    watch.expect_states("ok", "ok")
