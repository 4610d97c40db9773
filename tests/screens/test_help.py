"""F1: every page's help can be read to its last word, on the smallest terminal and in both languages."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from desk import texts
from screens.dialogs import help as help_pages
from screens.dialogs.help import HelpDialog, help_for
from tests.screens.at_work import AtWork, at_work


def modes() -> list[str]:
    """Every page that has a help, read from where they are worded."""
    tree = ast.walk(ast.parse(Path(help_pages.__file__).read_text(encoding="utf-8")))
    named = {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    known = {name for name in named if name.isidentifier() and help_for(name) != help_for("sign_in")}
    return sorted(known | {"sign_in", "deletion_letter"})


def words(counter: AtWork) -> list[str]:
    return counter.text().replace("│", " ").split()


@pytest.mark.parametrize("language", ["da", "en"])
async def test_all_of_it_can_be_read_on_a_small_terminal(home: Path, language: str) -> None:
    async with at_work(home, size=(80, 24)) as counter:
        texts.use(language)
        assert {"check_out", "borrower", "lists", "forms", "deletions"} <= set(modes())
        for mode in modes():
            title, lines = help_for(mode)
            dialog = HelpDialog(title, lines)
            counter.app.push_screen(dialog)
            await counter.settle()
            read = set(words(counter))
            for _page in range(3):
                if dialog.pages.max_scroll_y:
                    await counter.press("down")
                    read |= set(words(counter))
            assert set(" ".join((title, *lines)).replace("\u00a0", " ").split()) <= read, mode
            await counter.press("x")
            assert counter.app.screen is not dialog, f"{mode} does not close"


async def test_arrows_scroll_only_where_there_is_more(home: Path) -> None:
    async with at_work(home, size=(80, 24)) as counter:
        counter.app.push_screen(HelpDialog(*help_for("sign_in")))
        await counter.settle()
        await counter.press("down")
        assert not isinstance(counter.app.screen, HelpDialog)
        counter.app.push_screen(HelpDialog(*help_for("borrower")))
        await counter.settle()
        assert "Piletaster: mere." in counter.text()
        await counter.press("down", "up")
        assert isinstance(counter.app.screen, HelpDialog)
