"""Five thousand subscribers, and a run that is killed again and again: nobody gets it twice, nobody is forgotten."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from db.models import Mailing, MailingRecipient
from db.store import Transaction
from desk.installation import open_installation
from desk.registry.preparing import make_installation
from desk.settings import MailSettings, NewsletterSettings, Settings
from tests.builders import TUESDAY, Ids
from tests.cli.conftest import CHEAP, LIBRARY
from tests.desk.messages.test_killed import wait_for
from tests.desk.newsletter.subscribing import LETTER
from tests.messaging import HOST, Post, free_port, mail_server

SUBSCRIBERS, KILLS = 5_000, 10


def fill(transaction: Transaction) -> None:
    """Let many subscribe."""
    transaction.run_many(
        "INSERT INTO subscriber (email, first_name, last_name, consented_on) VALUES (?, ?, '', '2026-01-05')",
        [(f"nr{number}@example.dk", f"Ib {number}") for number in range(SUBSCRIBERS)],
    )


def start(home: Path, file: Path) -> subprocess.Popen[bytes]:
    """Start a run as somebody at a shell does."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("desk"), "newsletter", "send", str(file), "--json"],
        env={**os.environ, "DESK_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_mailing_killed_ten_times_reaches_each_address_once(tmp_path: Path) -> None:
    home, port, file = tmp_path / "home", free_port(), tmp_path / "nyt.md"
    file.write_text(LETTER, "utf-8")
    mail = MailSettings(host=HOST, port=port, security="none", sender="bibliotek@struer.example")
    settings = replace(
        Settings(), sign_in=CHEAP, mail=mail, newsletter=NewsletterSettings(unsubscribe_mail="nyt@struer.example")
    )
    make_installation(home, LIBRARY, settings, TUESDAY, Ids())
    with open_installation(home) as installation:
        installation.store.write_here(fill)
    post = Post()
    with mail_server(post=post, port=port):
        for _kill in range(KILLS):
            run = start(home, file)
            wait_for(post, SUBSCRIBERS // (2 * KILLS), run)
            os.kill(run.pid, signal.SIGKILL)
            run.communicate()
            assert run.returncode == -signal.SIGKILL
        last = start(home, file)
        said, _nothing = last.communicate()
        assert last.returncode == 0
        told = json.loads(said.splitlines()[-1])
        once_more = start(home, file)
        said, _nothing = once_more.communicate()
        assert json.loads(said.splitlines()[-1])["was_sent"]
    times = Counter(str(mail["To"]) for mail in post.mails)
    assert set(times.values()) == {1}
    # Whoever has not got it was being handed over when a run was killed, and is told as uncertain.
    missing = SUBSCRIBERS - len(times)
    assert missing <= told["uncertain"] <= KILLS * settings.messages.at_once
    assert told["sent"] + told["uncertain"] == SUBSCRIBERS
    assert (told["failed"], told["waiting"], told["done"]) == (0, 0, True)
    with open_installation(home) as installation:
        left, mailings = installation.store.read_here(
            lambda transaction: (
                transaction.all(MailingRecipient.select()),
                transaction.all(Mailing.select(Mailing.id)),
            )
        )
    assert left == []
    assert len(mailings) == 1
    sys.stderr.write(f"\n{SUBSCRIBERS} subscribers, {KILLS} kills: {told['uncertain']} uncertain, {missing} missing\n")
