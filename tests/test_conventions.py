"""The house's rules, held by machines: layers, types, style, and what may lie in the repository."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOP_LEVEL = {"README.md", "db", "desk", "devices", "pyproject.toml", "screens", "tests"}
# Somebody's home, or the folder this checkout happens to be in.
HOMES = re.compile(r"(?<![\w.~$}])/(?:home|Users)/\w|(?<![\w.~$}])/roo[t]/")
TOO_COMMON = {"/", "/home", "/tmp", "/opt", "/srv", "/usr", "/var"}  # noqa: S108  (compared with, not written to)


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the virtual environment's programs in the checkout."""
    program = Path(sys.executable).with_name(command[0])
    return subprocess.run(
        [program, *command[1:]], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )


def files_of_the_project() -> list[str]:
    """List what git keeps, and what it would keep if it were told to."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return sorted(name for name in set(listed.stdout.split("\0")) if name and (ROOT / name).is_file())


@pytest.mark.parametrize(
    "command",
    ["ruff check", "ruff format --check", "mypy", "lint-imports"],
)
def test_the_code_keeps_the_rules(command: str) -> None:
    result = run(*command.split())
    assert result.returncode == 0, result.stdout


def test_the_top_level_holds_the_packages_and_nothing_else() -> None:
    names = {name.split("/")[0] for name in files_of_the_project()}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def test_the_desk_can_be_used_without_the_terminal_program() -> None:
    program = "import sys, desk.desk; sys.exit(' '.join({'textual', 'rich', 'screens'} & set(sys.modules)) or 0)"
    result = run("python", "-c", program)
    assert result.returncode == 0, result.stdout


def test_the_readme_starts_the_demo_and_the_tests_with_one_command_each() -> None:
    commands = [line for line in (ROOT / "README.md").read_text("utf-8").splitlines() if line.startswith(".setup/")]
    assert commands == [
        ".setup/install && .venv/bin/desk demo",
        ".setup/install --tests && .venv/bin/pytest -n auto --dist loadfile",
    ]


@pytest.mark.parametrize("outcome", [0, 3])
def test_ci_runs_the_readmes_second_command_and_ends_as_it_does(tmp_path: Path, outcome: int) -> None:
    for folder in (".ci", ".setup"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / ".setup" / "install").write_text('#!/bin/sh\necho "installed $1"\n')
    (tmp_path / "README.md").write_text(
        f".setup/install && echo first\n.setup/install --tests && echo second && exit {outcome}\n"
    )
    result = subprocess.run([tmp_path / ".ci" / "run"], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.splitlines()[1:]) == (outcome, ["installed --tests", "second"])


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    here = {str(ROOT)} | ({str(ROOT.parent)} - TOO_COMMON)
    found = []
    for name in files_of_the_project():
        text = (ROOT / name).read_text("utf-8", errors="replace")
        if HOMES.search(text) or any(f"{folder}/" in text for folder in here):
            found.append(name)
    assert found == []


def test_no_date_is_that_of_greenwich() -> None:
    # Between midnight in Denmark and midnight in UTC it is yesterday's: a fee a day late, a test red at night only.
    python = [name for name in files_of_the_project() if name.endswith(".py")]
    dates = re.compile(r"\bnow\(\)\.date\(\)|\butcnow\(|\bdate\.today\(")
    assert [name for name in python if dates.search((ROOT / name).read_text("utf-8"))] == []
