"""Killed at each step between a file and the inbox: the next run ends it, and no form is there twice or nowhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from db.models import Form
from desk.installation import now, open_installation
from tests.cli.conftest import Shell
from tests.desk.forms.sent import STRINGS, drop, form

# What is about to be done when the program dies, as a patch.
STEPS = {
    "before the transaction": "import desk.forms.taking_in as m; m.mark_of = die",
    "before its commit": "import desk.forms.commands as m; m.sealed = die",
    "after its commit": "import desk.forms.taking_in as m; m.shred = die",
    "before the zeros are on the disk": "import os; os.fsync = die_in_shredding",
    "before the name is gone": "import pathlib; pathlib.Path.unlink = die_in_shredding",
}
PROGRAM = """
import os, signal, sys, traceback
die = lambda *_args, **_more: os.kill(os.getpid(), signal.SIGKILL)
def instead(what):
    def die_in_shredding(*args, **more):
        if any("shredding" in frame.filename for frame in traceback.extract_stack()):
            die()
        return what(*args, **more)
    return die_in_shredding
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A drop folder with two forms."""
    drop(tmp_path / "dropped", "1.json", form(at=now()))
    drop(tmp_path / "dropped", "2.json", form("reading_group", at=now()))
    return tmp_path / "dropped"


def waiting(home: Path) -> int:
    """Count the inbox."""
    with open_installation(home) as installation:
        return len(installation.store.read_here(lambda transaction: transaction.all(Form.select(Form.id))))


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_is_killed_is_ended_by_the_next_one(desk: Shell, folder: Path, step: str) -> None:
    patch = STEPS[step]
    for one in ("os.fsync", "pathlib.Path.unlink"):
        patch = patch.replace(f"{one} = die_in_shredding", f"{one} = instead({one})")
    program = f"{PROGRAM}\n{patch}\nfrom desk.cli.main import run\nrun(['forms', 'import', {str(folder)!r}])"
    died = subprocess.run([sys.executable, "-c", program], env={**os.environ, "DESK_HOME": str(desk.home)}, check=False)
    assert died.returncode == -signal.SIGKILL
    assert len(list(folder.iterdir())) == 2, "nothing is deleted before it is in"
    assert desk("forms", "import", str(folder), "--json") == 0
    assert (list(folder.iterdir()), waiting(desk.home)) == ([], 2)
    assert desk.json["skipped"] == 0
    assert not any(text in desk.said for text in STRINGS)
