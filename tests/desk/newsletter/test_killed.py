"""Five thousand subscribers, and a run that is killed again and again: each gets it once.

Of a mail whose last line was on its way only the server's log can tell; whoever runs this looks there by Message-ID.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from tests.messaging import HOST, Handler, Post, free_port, mail_server

SUBSCRIBERS, KILLS = 5_000, 10


def fill(transaction: Transaction, subscribers: int) -> None:
    """Let many subscribe."""
    transaction.run_many(
        "INSERT INTO subscriber (email, first_name, last_name, consented_on) VALUES (?, ?, '', '2026-01-05')",
        [(f"nr{number}@example.dk", f"Ib {number}") for number in range(subscribers)],
    )


def start(home: Path, file: Path) -> subprocess.Popen[bytes]:
    """Start a run as somebody at a shell does."""
    return subprocess.Popen(
        [Path(sys.executable).with_name("desk"), "newsletter", "send", str(file), "--json"],
        env={**os.environ, "DESK_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def a_library(home: Path, port: int, subscribers: int = SUBSCRIBERS) -> Settings:
    """Make a library with a newsletter and many who get it."""
    mail = MailSettings(host=HOST, port=port, security="none", sender="bibliotek@struer.example")
    ways_out = NewsletterSettings(unsubscribe_mail="nyt@struer.example")
    settings = replace(Settings(), sign_in=CHEAP, mail=mail, newsletter=ways_out)
    make_installation(home, LIBRARY, settings, TUESDAY, Ids())
    with open_installation(home) as installation:
        installation.store.write_here(lambda transaction: fill(transaction, subscribers))
    return settings


def finish(home: Path, file: Path) -> dict[str, Any]:
    """Let a run go to its end; gives what it says."""
    run = start(home, file)
    said, _nothing = run.communicate()
    told: dict[str, Any] = json.loads(said.splitlines()[-1])
    assert run.returncode == bool(told["uncertain"])
    return told


def desk(home: Path, *words: str) -> dict[str, Any]:
    """Say something to the newsletter's uncertain mails."""
    command = [str(Path(sys.executable).with_name("desk")), "newsletter", "uncertain", *words, "--json"]
    said = subprocess.run(command, env={**os.environ, "DESK_HOME": str(home)}, check=True, stdout=subprocess.PIPE)
    told: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return told


def answer_by_the_servers_log(home: Path, post: Post) -> int:
    """Do what IT does: look each uncertain mail up by its Message-ID; gives how many there were."""
    taken = {str(mail["Message-ID"]) for mail in post.mails}
    uncertain = desk(home)["uncertain"]
    for word, named in (("--arrived", taken.intersection(uncertain)), ("--lost", set(uncertain) - taken)):
        if named:
            assert desk(home, word, *named) == {"answered": len(named)}
    return len(uncertain)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_mailing_killed_ten_times_reaches_each_address_once(tmp_path: Path) -> None:
    home, port, file = tmp_path / "home", free_port(), tmp_path / "nyt.md"
    file.write_text(LETTER, "utf-8")
    settings = a_library(home, port)
    post = Post()
    with mail_server(post=post, port=port):
        for _kill in range(KILLS):
            run = start(home, file)
            wait_for(post, SUBSCRIBERS // (2 * KILLS), run)
            os.kill(run.pid, signal.SIGKILL)
            run.communicate()
            assert run.returncode == -signal.SIGKILL
        told = finish(home, file)
        assert (told["failed"], told["waiting"], told["done"]) == (0, 0, True)
        # Whoever has not got it is among those that are told as uncertain.
        missing = SUBSCRIBERS - len(post.mails)
        assert missing <= told["uncertain"] <= KILLS * settings.messages.at_once
        assert answer_by_the_servers_log(home, post) == told["uncertain"]
        last = finish(home, file)
        assert last["was_sent"] is (missing == 0)
        assert (last["sent"], last["uncertain"]) == (SUBSCRIBERS, 0)
    times = Counter(str(mail["To"]) for mail in post.mails)
    assert set(times.values()) == {1}
    assert len(times) == SUBSCRIBERS
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


class Killing(Handler):
    """A server that kills the run at one step of its third mail."""

    def __init__(self, post: Post, step: str) -> None:
        super().__init__(post)
        self._step, self._seen = step, 0
        self.run: subprocess.Popen[bytes] | None = None

    def _kill_at(self, step: str) -> None:
        if step != self._step:
            return
        self._seen += 1
        if self._seen == 3 and self.run is not None:
            os.kill(self.run.pid, signal.SIGKILL)
            self.run.wait()

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self._kill_at("before the reader is named")
        return await super().handle_MAIL(server, session, envelope, address, options)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        self._kill_at("before the text")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self._kill_at("at the last line")
        return await super().handle_DATA(server, session, envelope)


@pytest.mark.parametrize(
    ("step", "is_uncertain"),
    [("before the reader is named", False), ("before the text", False), ("at the last line", True)],
)
def test_killed_at_a_step_of_a_mail_each_still_gets_it_once(tmp_path: Path, step: str, *, is_uncertain: bool) -> None:
    home, port, file = tmp_path / "home", free_port(), tmp_path / "nyt.md"
    file.write_text(LETTER, "utf-8")
    a_library(home, port, subscribers=40)
    post = Post()
    handler = Killing(post, step)
    with mail_server(post=post, port=port, handler=handler):
        handler.run = start(home, file)
        handler.run.communicate()
        assert handler.run.returncode == -signal.SIGKILL
        told = finish(home, file)
        assert bool(told["uncertain"]) is is_uncertain
        answer_by_the_servers_log(home, post)
        assert finish(home, file)["sent"] == 40
    assert Counter(Counter(str(mail["To"]) for mail in post.mails).values()) == {1: 40}
