"""``desk messages`` and ``desk nightly``: what they say, their exit codes; a part that fails stops no other."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.models import Message
from desk import nightly
from desk.errors import StoreIsBusy
from desk.installation import Installation, now, open_installation
from desk.messages.template_files import all_names
from desk.nightly import Night, PartReport
from desk.settings import load
from tests import canary
from tests.cli.conftest import Shell
from tests.messaging import mail_server

MAIL = '\n[mail]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\nsender = "bibliotek@struer.example"\n'


def set_up_mail(home: Path, port: int) -> None:
    """Say in desk.toml where the mail server is."""
    path = home / "desk.toml"
    kept = path.read_text("utf-8").partition("\n[mail]")[0]
    path.write_text(kept + MAIL.format(port=port), "utf-8")
    assert load(home).mail.port == port


def write(installation: Installation, statement: Any) -> None:
    """Write past the desk."""
    installation.store.write_here(lambda transaction: transaction.run(statement))


def queue(home: Path, at: datetime | None = None) -> None:
    """Queue a message to the canary."""
    person = canary.sing(home)
    with open_installation(home) as installation:
        facts = json.dumps({"loans": 2, "due_on": "2026-09-28"})
        for channel in ("email", "sms"):
            statement = Message.insert(
                borrower=person.borrower_id,
                kind="receipt",
                channel=channel,
                cause="receipt:1",
                language="da",
                facts=facts,
                created_at=at or now(),
                try_at=at or now(),
                message_id=f"id-{channel}",
            )
            write(installation, statement)


def test_a_run_says_how_many_and_names_nobody(desk: Shell) -> None:
    queue(desk.home)
    with mail_server() as post:
        set_up_mail(desk.home, post.port)
        assert desk("messages", "run", "--json") == 0
    assert desk.json["sent"] == 1
    assert desk.json["not_set_up"] == 1
    assert len(post.mails) == 1
    assert not [text for text in canary.STRINGS if text in desk.said]


def test_a_dry_run_counts_and_sends_nothing(desk: Shell) -> None:
    queue(desk.home)
    with mail_server() as post:
        set_up_mail(desk.home, post.port)
        assert desk("messages", "run", "--dry-run") == 0
        assert desk.out == "1 besked ville blive sendt.\n"
        assert desk("nightly", "--dry-run", "--json") == 0
    assert [part["part"] for part in desk.json["parts"]] == [part.name for part in nightly.PARTS]
    assert post.mails == []


def test_a_server_that_is_away_is_told_and_the_exit_code_says_so(desk: Shell) -> None:
    queue(desk.home)
    with mail_server() as post:
        set_up_mail(desk.home, post.port)
    assert desk("messages", "run") == 1
    assert "Der blev ikke sendt mere som e-mail: mailserveren svarer ikke." in desk.err


def test_a_faulty_template_is_told_and_the_exit_code_says_so(desk: Shell) -> None:
    folder = desk.home / "templates" / "da"
    folder.mkdir(parents=True)
    (folder / "bill.sms.txt").write_text("Betal $belob", "utf-8")
    for words in (("messages", "run"), ("messages", "templates"), ("nightly",)):
        assert desk(*words) == 1
        assert f"{folder / 'bill.sms.txt'}, linje 1: feltet $belob findes ikke i denne besked." in desk.err


def test_templates_are_copied_once_to_be_changed(desk: Shell) -> None:
    assert desk("messages", "templates", "--copy", "--json") == 0
    assert desk.json == {"templates": 28, "own": 28, "copied": 28, "faults": []}
    changed = desk.home / "templates" / "da" / "bill.sms.txt"
    changed.write_text("Betal $amount", "utf-8")
    assert desk("messages", "templates", "--copy", "--json") == 0
    assert desk.json["copied"] == 0
    assert changed.read_text("utf-8") == "Betal $amount"
    assert len(list(all_names())) == 28


@pytest.mark.parametrize(("whose", "name"), [("mail", "mail-password"), ("sms", "sms-token")])
def test_a_secret_is_kept_where_the_keys_lie_and_can_be_replaced(desk: Shell, whose: str, name: str) -> None:
    for word in ("første", "anden"):
        assert desk("messages", "secret", whose, "--password-stdin", typed=f"{word}\n") == 0
        with open_installation(desk.home) as installation:
            assert installation.secrets.password(name) == word
    assert (desk.home / "keys" / name).stat().st_mode & 0o077 == 0
    assert "anden" not in desk.said


@pytest.mark.parametrize(
    ("words", "typed", "code", "said"),
    [
        (("messages", "secret", "mail", "--password-stdin"), "\n", 1, "Adgangskoden mangler. Intet er ændret."),
        (("messages", "secret", "mail"), "", 2, "--password-stdin mangler."),
        (("messages", "secret", "fax", "--password-stdin"), "x\n", 2, "mail, sms"),
        (("nightly", "--only", "party"), "", 2, "shelf"),
    ],
)
def test_what_cannot_be_meant_is_told(desk: Shell, words: tuple[str, ...], typed: str, code: int, said: str) -> None:
    assert desk(*words, typed=typed) == code
    assert said in desk.err


def test_one_part_runs_alone(desk: Shell) -> None:
    assert desk("nightly", "--only", "messages", "--json") == 0
    assert [part["part"] for part in desk.json["parts"]] == ["messages"]


def test_a_part_that_fails_stops_no_later_one(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []

    async def busy(_night: Night) -> PartReport:
        raise StoreIsBusy("store.db")

    async def broken(_night: Night) -> PartReport:
        raise ZeroDivisionError(canary.NAME)

    async def well(_night: Night) -> PartReport:
        ran.append("well")
        return PartReport({"sent": 1})

    parts = [
        nightly.Part("shelf", busy, busy),
        nightly.Part("recalls", broken, broken),
        nightly.Part("messages", well, well),
    ]
    monkeypatch.setattr(nightly, "PARTS", tuple(parts))
    assert desk("nightly", "--json") == 1
    assert ran == ["well"]
    assert [part["ok"] for part in desk.json["parts"]] == [False, False, True]
    assert "store.db" in desk.err
    assert canary.NAME not in desk.said
    assert canary.NAME not in (desk.home / "log" / "desk.log").read_text("utf-8")


def test_what_a_killed_run_left_is_told(desk: Shell) -> None:
    queue(desk.home, now() - timedelta(hours=1))
    with open_installation(desk.home) as installation:
        write(installation, Message.update(state="sending"))
    assert desk("messages", "run") == 0
    assert "2 beskeder fra en afbrudt kørsel: uvist, om de er sendt." in desk.out
