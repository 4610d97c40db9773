"""``desk newsletter``: what it does, what it says, and that it says nothing of anybody (T3)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desk.settings import FILE, NewsletterSettings, Settings, write
from tests.cli.conftest import CHEAP, Shell
from tests.desk.newsletter.subscribing import LETTER
from tests.messaging import Post, mail_server, mail_settings

ANNA = "anna@example.dk\nAnna\nMøller\n"


def set_up(home: Path, post: Post) -> None:
    """Let the library's newsletter go to a mail server."""
    ways = NewsletterSettings(unsubscribe_mail="nyt@struer.example")
    (home / FILE).unlink(missing_ok=True)
    write(home, replace(Settings(sign_in=CHEAP), mail=mail_settings(post), newsletter=ways))


def test_somebody_subscribes_gets_it_and_unsubscribes_by_its_token(desk: Shell, tmp_path: Path) -> None:
    assert desk("newsletter", "subscribe", typed=ANNA) == 0
    assert (desk.out, desk.err) == ("Tilmeldt.\n", "")
    assert desk("newsletter", "subscribe", "--json", typed=ANNA) == 0
    assert desk.json == {"ok": True, "new": False}
    letter = tmp_path / "nyt.md"
    letter.write_text(LETTER, "utf-8")
    with mail_server() as post:
        set_up(desk.home, post)
        assert desk("newsletter", "send", str(letter)) == 0
        assert desk.out == "Tilmeldte: 1 · sendt: 1 · ikke sendt: 0\n"
        assert desk("newsletter", "send", str(letter), "--json") == 0
    assert desk.json["was_sent"]
    assert "anna" not in desk.said.casefold()
    (mail,) = post.mails
    token = str(mail["List-Unsubscribe"]).partition("subject=")[2].rstrip(">")
    assert desk("newsletter", "unsubscribe", token) == 0
    assert desk.out == "Afmeldt. Der gemmes intet, der fører til vedkommende.\n"
    assert desk("newsletter", "count", "--json") == 0
    assert desk.json == {"subscribers": 0}
    assert desk("newsletter", "unsubscribe", token) == 1
    assert desk.err == "desk: Ingen er tilmeldt sådan, eller ikke længere. Intet er ændret.\n"


def test_an_address_unsubscribes_from_standard_input(desk: Shell) -> None:
    desk("newsletter", "subscribe", typed=ANNA)
    assert desk("newsletter", "unsubscribe", "--address-stdin", typed="Anna@Example.dk\n") == 0
    for words in (("unsubscribe",), ("unsubscribe", "x", "--address-stdin")):
        assert desk("newsletter", *words) == 2


def test_the_list_goes_out_to_a_supervisor_alone_and_comes_in_again(desk: Shell, tmp_path: Path) -> None:
    desk("newsletter", "subscribe", typed=ANNA)
    out = tmp_path / "out.csv"
    words = ("newsletter", "export", str(out), "--supervisor", "lone", "--password-stdin", "--json")
    assert desk(*(word.replace("lone", "ingen") for word in words), typed="hemmelig\n") == 1
    assert not out.exists()
    assert desk(*words, typed="hemmelig\n") == 0
    assert desk.json == {"subscribers": 1, "file": str(out)}
    assert out.stat().st_mode & 0o077 == 0
    assert desk(*words, typed="hemmelig\n") == 1
    assert desk("newsletter", "import", str(out), "--json") == 0
    assert (desk.json["added"], desk.json["updated"]) == (0, 1)
    desk("newsletter", "unsubscribe", "--address-stdin", typed="anna@example.dk\n")
    assert desk("newsletter", "import", str(out)) == 0
    assert "en, der har afmeldt sig siden" in desk.out + desk.err
    assert desk("newsletter", "count", "--json") == 0
    assert desk.json == {"subscribers": 0}


@pytest.mark.parametrize(
    ("letter", "said"),
    [
        ("Hej", "Filen har ingen overskrift"),
        ("# Nyt", "Der er kun et emne i filen."),
        (LETTER, "Mailserveren er ikke sat op i desk.toml."),
    ],
)
def test_what_cannot_be_sent_is_told(desk: Shell, tmp_path: Path, letter: str, said: str) -> None:
    file = tmp_path / "nyt.md"
    file.write_text(letter, "utf-8")
    assert desk("newsletter", "send", str(file)) == 1
    assert said in desk.err


def test_a_server_that_is_away_is_told_and_the_same_command_goes_on(desk: Shell, tmp_path: Path) -> None:
    desk("newsletter", "subscribe", typed=ANNA)
    file = tmp_path / "nyt.md"
    file.write_text(LETTER, "utf-8")
    with mail_server() as post:
        set_up(desk.home, post)
    assert desk("newsletter", "send", str(file)) == 1
    assert "Der blev ikke sendt mere: mailserveren svarer ikke." in desk.err
    assert "1 har ikke fået det endnu. Samme kommando går videre." in desk.err
    with mail_server(port=post.port) as post:
        assert desk("newsletter", "send", str(file)) == 0
    assert len(post.mails) == 1


@pytest.mark.parametrize("words", [("--lost", "--arrived", "--all"), ("--lost",), ("--all",), ("x",)])
def test_what_does_not_go_together_is_said(desk: Shell, words: tuple[str, ...]) -> None:
    assert desk("newsletter", "uncertain", *words) == 2
    assert "Sig enten --arrived eller --lost, og enten Message-ID'er eller --all." in desk.err
    assert desk("newsletter", "uncertain", "--lost", "<newsletter-1-x@y>") == 1
    assert "hører ikke til de usikre" in desk.err
