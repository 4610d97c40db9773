"""Several lines pasted into a field of one line become one line, wherever text is free: none is dropped unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from tests.screens.at_work import AtWork, at_work
from tests.screens.test_sign_up import open_from_palette


async def paste(counter: AtWork, text: str) -> str:
    """Paste into the field that has the focus; gives what stands there then."""
    field = counter.app.focused
    assert isinstance(field, Input)
    counter.app.post_message(events.Paste(text))
    await counter.settle()
    return field.value


@pytest.mark.parametrize("keys", [("f4",), ("ctrl+t",)], ids=["a borrower", "a title"])
async def test_what_is_pasted_into_a_search_is_looked_for_whole(home: Path, keys: tuple[str, ...]) -> None:
    async with at_work(home) as counter:
        await counter.press(*keys)
        assert await paste(counter, "Anna\r\n Møller\n") == "Anna Møller"


async def test_what_is_pasted_into_a_field_of_sign_up_is_kept_whole(home: Path) -> None:
    async with at_work(home) as counter:
        screen = await open_from_palette(counter)
        screen.query_one("#name", Input).focus()
        await counter.settle()
        assert await paste(counter, "Anna\nMøller") == "Anna Møller"
