"""What the operating system says reaches nobody in English."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from desk import settings
from desk.cli.sentences import sentence
from desk.errors import DeskError, StoreIsUnreachable
from desk.registry import files
from desk.system_words import system_words

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("number", sorted(errno.errorcode))
def test_no_error_of_the_system_is_told_in_its_own_words(number: int) -> None:
    for said in (system_words(OSError(number, os.strerror(number))), system_words(os.strerror(number))):
        assert os.strerror(number) not in said
        assert re.fullmatch(r"[a-zæøå ]+|systemets fejl nr\. \d+", said), said


def test_what_is_not_the_systems_stays_as_it_is() -> None:
    assert system_words("the file is empty") == "the file is empty"


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (lambda there: files.content(there / "x.csv"), "en del af stien er ikke en mappe"),
        (lambda there: files.content(there.parent / ("x" * 300)), "navnet er for langt"),
        (lambda there: files.content(Path("a\0b")), "navnet kan ikke bruges"),
        (lambda there: settings.load(there), "en del af stien er ikke en mappe"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_in_danish(
    tmp_path: Path, fails: Callable[[Path], object], said: str
) -> None:
    there = tmp_path / "file"
    there.write_text("", "utf-8")
    with pytest.raises(DeskError) as raised:
        fails(there)
    assert said in sentence(raised.value)


def test_a_store_whose_folder_is_a_file_says_so_in_danish() -> None:
    error = StoreIsUnreachable("store.db", os.strerror(errno.ENOTDIR))
    assert sentence(error) == "store.db svarer ikke: en del af stien er ikke en mappe"


def test_nothing_that_is_told_to_anybody_is_worded_by_the_system() -> None:
    told = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("desk", "screens")
        for path in (ROOT / folder).rglob("*.py")
        for line in path.read_text("utf-8").splitlines()
        if ".strerror" in line and "log.warning" not in line and "system_words" not in line
    ]
    # What is compared, never told: the module that words them, and a folder's error that is worded by its caller.
    allowed = ("desk/system_words.py", "desk/private_files.py", "desk/cli/sentences.py")
    assert [line for line in told if not line.startswith(allowed)] == []
