"""The README's pictures, taken of the running program: ``python -m tests.pictures FOLDER``."""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from tests.pty.counter import Demo, make_demo
from tests.screens.at_work import AtWork, at_work


async def _pictures(demo: Demo, folder: Path) -> None:
    staff, borrower = demo.staff("staff"), demo.adult
    items = demo.printed["items"]
    available = [item["barcode"] for item in items if item["status"] == "available"]
    on_loan = next(item["barcode"] for item in items if item["status"] == "on_loan")
    discarded = next(item["barcode"] for item in items if item["status"] == "discarded")
    async with at_work(demo.home, (120, 40), staff=(staff["login"], staff["password"])) as counter:
        await counter.scan(borrower["card"], *available[:5], on_loan, discarded, available[5])
        _take(counter, folder / "check-out.svg")
        await counter.press("f4", "4")
        _take(counter, folder / "borrower.svg")
        await counter.press("escape")
        await counter.press("escape", "f3")
        await counter.scan(*available[:4], on_loan)
        _take(counter, folder / "return.svg")
        counter.app.privacy.lock()
        await counter.settle()
        _take(counter, folder / "locked.svg")


def _take(counter: AtWork, path: Path) -> None:
    picture = counter.app.export_screenshot(title="Skranke")
    # No font is fetched from anywhere: the reader's own monospace will do.
    path.write_text(re.sub(r"@font-face \{.*?\}", "", picture, flags=re.DOTALL), encoding="utf-8")


def main() -> None:
    """Make a demo, walk through it, and leave the pictures in a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(_pictures(make_demo(Path(home) / "home"), folder))


if __name__ == "__main__":
    main()
