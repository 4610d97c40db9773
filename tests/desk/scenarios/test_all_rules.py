"""Every rule of the issue has a scenario: this folder is walked, and each story says which rules it tells of."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

RULES = (
    *("P4", "P5", "P6", "P10"),
    *("C6", "C8", "C9", "C10", "C13", "C15"),
    *(f"R{number}" for number in range(1, 9)),
    *("M1", "M2", "M3", "M6", "M7"),
    "*Semantics*",
)
WORDS_OF_SEMANTICS = ("time", "due date", "loan occasion", "age", "limits", "item status", "codes", "roles")
NAME = re.compile(r"test_given_\w+_when_\w+_then_\w+")


def stories() -> dict[str, str]:
    """Give every scenario's name with its docstring."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("test_*.py")):
        if file.name == Path(__file__).name:
            continue
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef) and node.name.startswith("test_"):
                found[node.name] = ast.get_docstring(node) or ""
    return found


def rules_in(docstring: str) -> set[str]:
    """Give the rules a docstring names."""
    return set(re.findall(r"\*Semantics\*|\b[PCRM]\d+\b", docstring))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_scenario(rule: str) -> None:
    assert any(rule in rules_in(docstring) for docstring in stories().values())


@pytest.mark.parametrize("word", WORDS_OF_SEMANTICS)
def test_every_word_of_the_semantics_has_a_scenario(word: str) -> None:
    assert any(re.search(rf"\*Semantics\* \([^)]*{word}", docstring) for docstring in stories().values())


def test_every_scenario_is_told_as_given_when_then_and_names_its_rules() -> None:
    told = stories()
    assert len(told) > 90
    assert [name for name in told if not NAME.fullmatch(name)] == []
    assert [name for name, docstring in told.items() if not rules_in(docstring)] == []
