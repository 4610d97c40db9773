"""Q6: a borrower search, key by key as it is typed, through ``Desk.ask``: what the screen waits for."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

from peewee import fn

from db.models import Borrower, Card, Telephone
from desk.borrowers.finding import borrowers_found
from desk.calendar import local_date
from desk.installation import open_installation
from tests.bench.figures import Figure, milliseconds, p50, p95
from tests.bench.town import SEED, Town

LIMIT = 30
WARM_UP = 100  # keys; the first of a day read their pages from the disk
# Many in every word, or many words: what a clerk seldom types, and what must not hold up the counter either.
WORST = (
    "a", "m", "j", "s", "1", "2", "å", "ø", "q", "a j", "m s", "j q", "12 s", "2 5 j", "0 5 a", "m j k", "m j k h",
    "an ma je", "s s s s", "ve 22", "ki 19", "gad 19 05", "jensen jens", "nielsen hansen", "17.1", "45 1", "@", "a@b",
    "e m a i l", "aaaaaaaaaaaaaaaa", "a b d e f g h i", "æøå", "jens 1 2 3",
)  # fmt: skip


def q6(home: Path, searches: int) -> list[Figure]:
    """Type searches for people who are there, then the worst there are; every key is one search."""
    with open_installation(home) as installation:
        town = Town(installation)
        asyncio.run(_typed(town, list(_realistic(town, WARM_UP // 8))))
        realistic = asyncio.run(_typed(town, list(_realistic(town, searches))))
        worst = asyncio.run(_typed(town, list(WORST)))
        statements = {text: asyncio.run(_statements(town, text)) for text in ("a", "anna j")}
    first = [seconds for text, seconds in realistic + worst if len(text) == 1]
    every = [seconds for _text, seconds in realistic + worst]
    slowest, seconds = max(worst, key=lambda one: one[1])
    return [
        Figure("Q6", f"borrower search, {len(every)} keys, p50", milliseconds(p50(every)), "ms"),
        Figure("Q6", f"borrower search, {len(every)} keys, p95", milliseconds(p95(every)), "ms", LIMIT),
        Figure("Q6", "first letter, p95", milliseconds(p95(first)), "ms", LIMIT),
        Figure(
            "Q6", f"the worst cases alone, {len(worst)} keys, p95", milliseconds(p95([s for _text, s in worst])), "ms"
        ),
        Figure("Q6", f"slowest of the worst: {slowest}", milliseconds(seconds), "ms"),
        *(Figure("Q6", f"statements: {text}", count, "statements") for text, count in statements.items()),
    ]


async def _typed(town: Town, texts: list[str]) -> list[tuple[str, float]]:
    """Type texts key by key; gives what stood in the field and the seconds its answer took."""
    desk, today, spent = town.installation.desk, local_date(town.now()), []
    for text in texts:
        for length in range(1, len(text) + 1):
            if text[length - 1] == " ":
                continue
            start = time.perf_counter()
            await desk.ask(town.who, borrowers_found, text[:length], today)
            spent.append((text[:length], time.perf_counter() - start))
    return spent


def _realistic(town: Town, count: int) -> Iterator[str]:
    """Give what a clerk would type for people in the town, the same in every run."""
    chosen = random.Random(SEED + count)
    ids = [row[0] for row in town.rows(Borrower.select(Borrower.id).order_by(Borrower.id))]
    for number in range(count):
        own = chosen.choice(ids)
        ((name, born, street, email),) = town.rows(
            Borrower.select(Borrower.name, Borrower.birth_date, Borrower.street, Borrower.email).where(
                Borrower.id == own
            )
        )
        ((card,),) = town.rows(Card.select(fn.MIN(Card.number)).where(Card.borrower == own))
        telephones = town.rows(Telephone.select(Telephone.number).where(Telephone.borrower == own))
        first, *_middle, last = name.split()
        match number % 8:
            case 0:
                yield f"{first} {last}"
            case 1:
                yield f"{last[:4]} {first[:3]}"
            case 2:
                yield f"{first[:2]} {last[:3]} {street}"
            case 3:
                yield f"{born:%d%m%y}" if born else name
            case 4:
                yield telephones[0][0] if telephones else street
            case 5:
                yield email or f"{last} {street}"
            case 6:
                yield card
            case _:
                yield f"{street} {first}"


async def _statements(town: Town, text: str) -> int:
    """Count the statements SQLite carries out for a search."""
    seen: list[str] = []
    await town.store.read(lambda store: store._database.connection().set_trace_callback(seen.append))
    seen.clear()
    await town.installation.desk.ask(town.who, borrowers_found, text, local_date(town.now()))
    counted = len(seen)
    await town.store.read(lambda store: store._database.connection().set_trace_callback(None))
    return counted
