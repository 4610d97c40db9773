"""What the operating system says reaches nobody in English."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from db.errors import StorageError, StoreOutdated, StoreUnreachable
from db.store import storage_error
from desk import settings
from desk.cli.sentences import sentence
from desk.desk import store_error
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


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("[counter\nname = 1", "linje 1, tegn 9 er ikke TOML"),
        ("[counter]\nname = 'x", "filen slutter midt i noget"),
        ('[counter]\nname = """x', "filen slutter midt i noget"),
    ],
)
def test_a_file_that_is_no_toml_is_told_by_its_line(tmp_path: Path, toml: str, said: str) -> None:
    (tmp_path / settings.FILE).write_text(toml, "utf-8")
    with pytest.raises(DeskError) as told:
        settings.load(tmp_path)
    assert str(told.value).endswith(f"desk.toml kan ikke læses: {said}"), str(told.value)


@pytest.mark.parametrize(
    ("drivers", "kind", "said"),
    [
        (
            'connection to server at "::1", port 5432 failed: Connection refused',
            StoreUnreachable,
            "svarer ikke: intet svarer",
        ),
        ('port 5432 failed: FATAL:  database "nope" does not exist', StoreUnreachable, "ingen database med det navn"),
        ('failed: FATAL:  password authentication failed for user "x"', StoreUnreachable, "afviser brugeren"),
        ("failed to resolve host 'nope': Name or service not known, connection", StoreUnreachable, "ingen server"),
        ("connection timeout expired", StoreUnreachable, "svarer ikke: intet svarer"),
        ("server closed the connection unexpectedly", StoreUnreachable, "forbindelsen til serveren røg"),
        ("FATAL:  sorry, too many clients already", StoreUnreachable, "alle de forbindelser"),
        ('relation "loan" does not exist', StoreOutdated, "en tabel mangler"),
        ("no such column: item.parts", StoreOutdated, "en kolonne mangler"),
    ],
)
def test_what_a_driver_says_reaches_nobody_in_english(drivers: str, kind: type[StorageError], said: str) -> None:
    below = storage_error("postgresql://library", RuntimeError(drivers))
    assert type(below) is kind
    told = sentence(store_error(below))
    assert said in told, told
    assert drivers.rsplit(":", maxsplit=1)[-1].strip() not in told
