"""Ten thousand messages, and a run that is killed again and again: nothing is delivered twice, nothing is forgotten."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from db.models import Borrower, BorrowerGroup, Branch, Message
from db.store import Transaction
from desk.installation import open_installation
from desk.registry.preparing import make_installation
from desk.settings import MailSettings, Settings
from tests.builders import TUESDAY, Ids
from tests.cli.conftest import CHEAP, LIBRARY
from tests.messaging import HOST, Post, free_port, mail_server

MESSAGES, KILLS, BORROWERS = 10_000, 20, 500


def fill(transaction: Transaction) -> None:
    """Queue messages to many borrowers."""
    group = transaction.value(BorrowerGroup.select(BorrowerGroup.id))
    branch = transaction.value(Branch.select(Branch.id))
    borrowers = [
        transaction.run(
            Borrower.insert(
                number=f"{number:08}",
                name="Ib Hansen",
                email=f"nr{number}@example.dk",
                borrower_group=group,
                home_branch=branch,
                log_key=number.to_bytes(32, "big"),
            )
        )
        for number in range(BORROWERS)
    ]
    facts = json.dumps({"loans": 3, "due_on": ["2026-09-28"]})
    columns = (
        "borrower_id, kind, channel, cause, language, facts, created_at, state, tries, try_at, problem, message_id"
    )
    at = TUESDAY.replace(tzinfo=None).isoformat(" ")
    transaction.run_many(
        f"INSERT INTO message ({columns}) VALUES (?, 'receipt', 'email', ?, 'da', ?, ?, 'waiting', 0, ?, '', ?)",  # noqa: S608  (no value is in it)
        [
            (borrowers[number % BORROWERS], f"receipt:{number}", facts, at, at, f"message-{number}")
            for number in range(MESSAGES)
        ],
    )


def start(home: Path) -> subprocess.Popen[bytes]:
    """Start a run as a timer does."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("desk"), "messages", "run"],
        env={**os.environ, "DESK_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for(post: Post, more: int, run: subprocess.Popen[bytes]) -> None:
    """Wait until so many more mails have come in, or the run has ended."""
    goal = len(post.raw) + more
    while len(post.raw) < goal and run.poll() is None:
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_killed_twenty_times_delivers_nothing_twice_and_lists_what_it_did_not_send(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    mail = MailSettings(host=HOST, port=port, security="none", sender="bibliotek@struer.example")
    make_installation(home, LIBRARY, replace(Settings(), sign_in=CHEAP, mail=mail), TUESDAY, Ids())
    with open_installation(home) as installation:
        installation.store.write_here(fill)
    began = time.monotonic()
    post = Post()
    with mail_server(post=post, port=port):
        for _kill in range(KILLS):
            run = start(home)
            wait_for(post, MESSAGES // (2 * KILLS), run)
            os.kill(run.pid, signal.SIGKILL)
            assert run.wait() == -signal.SIGKILL
        last = start(home)
        assert last.wait() == 0
    seconds = time.monotonic() - began
    delivered = post.times
    assert set(delivered.values()) == {1}
    with open_installation(home) as installation:
        rows = installation.store.read_here(
            lambda transaction: transaction.all(Message.select(Message.message_id, Message.state, Message.problem))
        )
    sent = {f"<{message_id}@struer.example>" for message_id, state, _problem in rows if state == "sent"}
    listed = {f"<{message_id}@struer.example>" for message_id, _state, problem in rows if problem == "uncertain"}
    assert sent <= set(delivered)
    assert set(delivered) - sent <= listed
    assert len(sent) + len(listed) == MESSAGES
    assert len(listed) <= KILLS * Settings().messages.at_once
    sys.stderr.write(f"\n{MESSAGES} messages, {KILLS} kills: {seconds:.0f} s, {len(listed)} uncertain\n")
