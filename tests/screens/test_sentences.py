"""Every value of a borrower that cannot be meant has a sentence of its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import desk.borrowers
from desk.errors import InvalidInput, NotFound
from screens.sentences import sentence

# Checked by the dialog where the borrower types, or named by no screen.
ELSEWHERE = {("pin", "digits"), ("pin", "differs"), ("key", "unknown"), ("state", "unknown")}
# Named by a variable in the code: the checks of texts and of what has a shape.
TEXTS = {(field, "too_long") for field in ("name", "care_of", "street", "postcode", "city", "email", "municipality")}
SHAPES = {(field, "invalid") for field in ("postcode", "email", "municipality")} | {
    ("card", "missing"),
    ("card", "invalid"),
    ("card", "no_bars"),
    ("card", "looks_like_cpr"),
    ("card", "taken"),
    ("card", "item"),
    ("card", "staff_card"),
    ("card", "borrower_number"),
}


def raised(name: str) -> set[tuple[str, ...]]:
    """Read from the code which errors of a type the borrowers' commands raise, with their words."""
    found = set()
    for file in Path(desk.borrowers.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
                words = tuple(str(word.value) for word in node.args if isinstance(word, ast.Constant))
                if len(words) == len(node.args):
                    found.add(words)
    return found


@pytest.mark.parametrize(("field", "why"), sorted((raised("InvalidInput") | TEXTS | SHAPES) - ELSEWHERE))
def test_a_borrowers_value_that_cannot_be_meant_is_told_what_to_do_about(field: str, why: str) -> None:
    said = sentence(InvalidInput(field, why))
    assert said != sentence(InvalidInput("nothing", "known"))
    assert said.endswith(".")
    assert "Intet er" in said or (field, why) in {("reason", "missing"), ("ends_on", "passed")}


@pytest.mark.parametrize("what", sorted(word for (word,) in raised("NotFound")))
def test_what_is_gone_is_named(what: str) -> None:
    assert sentence(NotFound(what)) != sentence(NotFound("nothing known"))
