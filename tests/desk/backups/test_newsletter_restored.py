"""A restore and the newsletter: who has left since stays off, and nobody gets what went out since once more."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from db.models import Mailing, MailingRecipient, Subscriber
from db.store import Transaction
from desk.calendar import local_date
from desk.command import INSTALLATION
from desk.installation import new_id, now, open_installation
from desk.newsletter.commands import Subscribe, Unsubscribe, UnsubscribeWithToken
from desk.newsletter.leaving import join, leave
from desk.newsletter.mailing import BeginMailing, TakeRecipients
from desk.newsletter.queries import latest_mailing, recipients_waiting, uncertain_mails
from desk.privacy.tombstones import list_file, note_left, own_list, tombstones_in
from tests.backing_up import LONE, a_home, back_up, bring_back, inside, vault_of, with_keys_of
from tests.decrypted import found_in_files

ANNA, BO = "anna@example.dk", "bo@example.dk"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "media").mkdir()
    home = a_home(tmp_path / "home")
    inside(home, lambda transaction: subscribe(transaction, ANNA, BO))
    return home


def subscribe(transaction: Transaction, *emails: str, on: date = date(2026, 1, 5)) -> None:
    for email in emails:
        transaction.run(Subscriber.insert(email=email, consented_on=on))


def subscribers(home: Path) -> list[str]:
    emails = Subscriber.select(Subscriber.email).order_by(Subscriber.email)
    return [email for (email,) in inside(home, lambda transaction: transaction.all(emails))]


def unsubscribe(home: Path, email: str, *, by_token: bool = False) -> None:
    about = {"command_id": new_id(), "who": INSTALLATION, "at": now()}
    with open_installation(home) as installation:
        token = installation.vault.unsubscribe_token(email)
        command = UnsubscribeWithToken(**about, token=token) if by_token else Unsubscribe(**about, email=email)  # type: ignore[arg-type]
        asyncio.run(leave(installation, command))


@pytest.mark.parametrize("by_token", [False, True])
def test_who_has_left_the_newsletter_since_is_off_the_list(home: Path, tmp_path: Path, *, by_token: bool) -> None:
    file = back_up(home, tmp_path / "media" / "b").file
    unsubscribe(home, ANNA, by_token=by_token)
    fresh = with_keys_of(home, tmp_path / "fresh")
    assert bring_back(file, fresh).replayed.unsubscribed == 1
    assert subscribers(fresh) == [BO]


def test_who_has_consented_anew_since_leaving_stays(home: Path, tmp_path: Path) -> None:
    unsubscribe(home, ANNA)
    inside(home, lambda transaction: subscribe(transaction, ANNA, on=local_date(now()) + timedelta(days=1)))
    file = back_up(home, tmp_path / "media" / "b").file
    assert bring_back(file, home, may_replace=True).replayed.unsubscribed == 0
    assert subscribers(home) == [ANNA, BO]


def test_who_has_left_and_come_back_the_same_day_stays(home: Path, tmp_path: Path) -> None:
    old = back_up(home, tmp_path / "media" / "old").file
    for _again in range(2):
        unsubscribe(home, ANNA)
        with open_installation(home) as installation:
            about = {"command_id": new_id(), "who": INSTALLATION, "at": now()}
            asyncio.run(join(installation, Subscribe(**about, email=ANNA.upper())))  # type: ignore[arg-type]
    for file in (back_up(home, tmp_path / "media" / "new").file, old):
        assert bring_back(file, home, may_replace=True).replayed.unsubscribed == 0
        assert subscribers(home) == [ANNA, BO]
    unsubscribe(home, ANNA)
    assert bring_back(old, home, may_replace=True).replayed.unsubscribed == 1


def test_a_clock_that_was_set_back_brings_nobody_back(home: Path) -> None:
    mark, today = b"m" * 32, local_date(now())
    for day in (today, today - timedelta(days=3)):
        note_left(home, vault_of(home), mark, day)
    assert own_list(home, vault_of(home), today).left == {mark: today}


def test_what_is_kept_of_who_has_left_leads_to_nobody_and_erases_nobody(home: Path) -> None:
    token = vault_of(home).unsubscribe_token(ANNA)
    unsubscribe(home, ANNA)
    listed = tombstones_in(list_file(home), vault_of(home))
    assert len(listed.left) == 1
    assert listed.tombstones == frozenset()
    assert found_in_files(home, (ANNA, token)) == {}


def test_a_list_that_cannot_be_written_keeps_nobody_on_the_newsletter(home: Path) -> None:
    list_file(home).write_text("skranke tombstones 9\n", "ascii")
    unsubscribe(home, ANNA)
    assert subscribers(home) == [BO]


def test_whoever_a_newsletter_under_way_had_still_to_reach_is_asked_about(home: Path, tmp_path: Path) -> None:
    about = {"who": INSTALLATION, "at": now()}
    with open_installation(home) as installation:
        desk = installation.desk

        async def begin() -> None:
            begun = await desk.do(BeginMailing(command_id=new_id(), digest="d" * 64, **about))  # type: ignore[arg-type]
            rows = await desk.ask(INSTALLATION, recipients_waiting, begun.mailing_id, 0, 1)
            await desk.do(
                TakeRecipients(command_id=new_id(), mailing_id=begun.mailing_id, row_ids=rows, **about)  # type: ignore[arg-type]
            )

        asyncio.run(begin())
    file = back_up(home, tmp_path / "media" / "b").file
    bring_back(file, home, may_replace=True)
    with open_installation(home) as installation:
        assert len(asyncio.run(installation.desk.ask(INSTALLATION, uncertain_mails))) == 2
        mailing = asyncio.run(installation.desk.ask(INSTALLATION, latest_mailing, "d" * 64))
    assert mailing is not None
    assert (mailing.waiting, mailing.uncertain) == (0, 2)
    assert len(inside(home, lambda transaction: transaction.all(MailingRecipient.select()))) == 2
    assert inside(home, lambda transaction: transaction.all(Mailing.select(Mailing.state))) == [("sending",)]


def test_without_a_list_a_restore_cannot_know_who_has_left(home: Path, tmp_path: Path) -> None:
    file = back_up(home, tmp_path / "media" / "b").file
    unsubscribe(home, ANNA)
    alone = tmp_path / "alone"
    alone.mkdir()
    moved = Path(file).rename(alone / "b")
    restored = bring_back(moved, with_keys_of(home, tmp_path / "fresh"), vouches=LONE)
    assert restored.known_until is None
    assert restored.replayed.unsubscribed == 0
