"""``desk retention run`` and its part of the night: figures only, and what is said when nothing can be deleted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.models import AccessLog, Fee, Loan, LoanOccasion, Message, RetentionRun
from desk.calendar import local_date
from desk.installation import now, open_installation
from tests import canary
from tests.cli.conftest import Shell


def live_long_ago(desk: Shell) -> None:
    """Let the canary have returned a loan, paid and been told so, 40 days ago."""
    from db.models import Item, MaterialGroup, Title

    person = canary.sing(desk.home)
    at = now() - timedelta(days=40)
    day = local_date(at)
    with open_installation(desk.home) as installation:
        write = installation.store.write_here
        group = installation.store.read_here(lambda t: t.value(MaterialGroup.select(MaterialGroup.id)))
        title = write(lambda t: t.run(Title.insert(title="Bogen om canary", author="x", source_key="c")))
        item = write(lambda t: t.run(Item.insert(barcode="3999", title=title, material_group=group, branch=1)))
        occasion = write(
            lambda t: t.run(LoanOccasion.insert(borrower=person.borrower_id, card=None, visit="v", due_on=day))
        )
        loan = Loan.insert(
            item=item,
            borrower=person.borrower_id,
            occasion=occasion,
            lent_at=at,
            due_on=day,
            returned_at=at,
            closed_on=day,
        )
        fee = Fee.insert(
            borrower=person.borrower_id,
            type="other",
            reason="by_hand",
            amount_ore=100,
            paid_ore=100,
            charged_on=day,
            created_at=at,
            settled_on=day,
            outcome="paid",
        )
        message = Message.insert(
            borrower=person.borrower_id,
            kind="receipt",
            channel="email",
            cause="c",
            language="da",
            facts="{}",
            body="Kære",
            created_at=at,
            state="sent",
            sent_at=at,
            message_id="m",
        )
        write(lambda t: [t.run(statement) for statement in (loan, fee, message)])


def test_a_run_says_how_much_went_and_names_nobody(desk: Shell) -> None:
    live_long_ago(desk)
    assert desk("retention", "run", "--dry-run", "--json") == 0
    expected = desk.json["deleted"]
    assert desk.json["dry_run"] is True
    assert desk("retention", "run", "--dry-run") == 0
    assert desk.out.splitlines() == [
        "4 rækker ville blive slettet.", "  lån 1", "  ekspeditioner 1", "  gebyrer 1", "  beskeders indhold 1",
    ]  # fmt: skip
    assert desk("retention", "run", "--json") == 0
    assert {table: n for table, n in desk.json["deleted"].items() if n} == {t: n for t, n in expected.items() if n}
    assert not [text for text in canary.STRINGS if text in desk.said]
    assert desk("retention", "run") == 0
    assert "er allerede slettet" in desk.out
    assert desk("retention", "run", "--dry-run", "--json") == 0
    assert sum(desk.json["deleted"].values()) == 0


def test_a_run_while_another_program_is_at_it_does_nothing_and_says_so(desk: Shell) -> None:
    import asyncio

    from desk.privacy.retention.run import CLAIM

    live_long_ago(desk)
    with open_installation(desk.home) as other:
        assert asyncio.run(other.store.claim(CLAIM))
        assert desk("retention", "run") == 0
        assert desk.out == "Et andet program er i gang med at slette. Intet er gjort her.\n"
        assert other.store.read_here(lambda t: t.all(RetentionRun.select())) == []
        asyncio.run(other.store.release(CLAIM))
        assert desk("retention", "run") == 0
    assert "4 rækker slettet." in desk.out


def run_by_a_clock_ahead(desk: Shell, later: timedelta = timedelta(days=1800)) -> None:
    """Let a run have been done by a clock that stood in another year."""
    at = now() + later
    with open_installation(desk.home) as installation:
        run = RetentionRun.insert(day=local_date(at), started_at=at, finished_at=at, state="done")
        installation.store.write_here(lambda transaction: transaction.run(run))


def log_of(desk: Shell) -> list[tuple[str, int | None]]:
    """Read what was done, and by whom."""
    with open_installation(desk.home) as installation:
        return installation.store.read_here(
            lambda t: t.all(AccessLog.select(AccessLog.action, AccessLog.staff).order_by(AccessLog.number))
        )


ANSWERED = ("retention", "run", "--clock-is-right", "--supervisor", "lone", "--password-stdin")


def test_a_supervisor_answers_for_the_clock_and_the_runs_go_on(desk: Shell) -> None:
    live_long_ago(desk)
    run_by_a_clock_ahead(desk)
    assert desk("retention", "run", "--dry-run") == 1
    assert "desk retention run --clock-is-right" in desk.err
    assert desk(*ANSWERED, typed="hemmelig\n") == 0
    assert "lå foran uret og tæller ikke længere" in desk.err
    assert "4 rækker slettet." in desk.out
    assert log_of(desk)[-1] == ("trust_clock", 1)
    assert desk("retention", "run") == 0
    assert "er allerede slettet" in desk.out
    assert desk("check") == 0
    assert desk(*ANSWERED, typed="hemmelig\n") == 0
    assert [action for action, _staff in log_of(desk)].count("trust_clock") == 1


@pytest.mark.parametrize("later", [timedelta(minutes=30), timedelta(days=1), timedelta(days=1800)])
def test_however_far_it_had_run_ahead(desk: Shell, later: timedelta) -> None:
    run_by_a_clock_ahead(desk, timedelta(days=900))
    run_by_a_clock_ahead(desk, later)
    assert desk(*ANSWERED, typed="hemmelig\n") == 0
    assert desk("retention", "run") == 0
    assert "er allerede slettet" in desk.out


def test_nobody_else_answers_for_it_and_nothing_is_deleted(desk: Shell) -> None:
    live_long_ago(desk)
    run_by_a_clock_ahead(desk)
    desk("staff", "add", "mette", "--password-stdin", typed="hemmelig\n")
    for login, password in (("mette", "hemmelig"), ("lone", "forkert")):
        words = ("retention", "run", "--clock-is-right", "--supervisor", login, "--password-stdin")
        assert desk(*words, typed=f"{password}\n") == 1
    assert desk("retention", "run", "--clock-is-right") == 2
    assert desk("retention", "run", "--clock-is-right", "--dry-run") == 2
    assert ("trust_clock", 1) not in log_of(desk)
    with open_installation(desk.home) as installation:
        assert len(installation.store.read_here(lambda t: t.all(Loan.select(Loan.id)))) == 1


def test_desk_check_says_that_the_last_run_lies_ahead(desk: Shell) -> None:
    assert desk("check") == 0
    run_by_a_clock_ahead(desk)
    assert desk("check") == 1
    assert "fejl: Uret viser " in desk.err
    assert "desk retention run --clock-is-right" in desk.err


def test_desk_check_says_that_it_is_late_once_something_is_due(desk: Shell) -> None:
    at = now() - timedelta(days=5)
    with open_installation(desk.home) as installation:
        run = RetentionRun.insert(day=local_date(at), started_at=at, finished_at=at, state="done")
        installation.store.write_here(lambda transaction: transaction.run(run))
    assert desk("check") == 0
    live_long_ago(desk)
    assert desk("check", "--json") == 1
    # What was written past the program owes no payment, which is told as well.
    (error,) = [error for error in desk.json["errors"] if error["check"] == "retention_late"]
    assert "rækker venter på at blive slettet. Sletningen er senest gennemført" in error["text"]
    assert error["text"].endswith("Kør: desk retention run")
    assert desk("retention", "run") == 0
    assert desk("check") == 0
    assert desk.out.endswith("Alt i orden.\n")


def test_a_clock_that_was_set_back_deletes_nothing_and_says_why(desk: Shell) -> None:
    live_long_ago(desk)
    run_by_a_clock_ahead(desk, timedelta(days=365))
    assert desk("retention", "run") == 1
    assert desk.err.startswith("desk: Uret viser ")
    assert "Intet er slettet. Stil uret rigtigt." in desk.err
    assert desk("retention", "run", "--dry-run") == 1
    assert "Intet er slettet. Stil uret rigtigt." in desk.err
    with open_installation(desk.home) as installation:
        assert len(installation.store.read_here(lambda t: t.all(Loan.select(Loan.id)))) == 1
    assert desk("nightly", "--only", "retention", "--json") == 1
    assert desk.json["parts"][0]["error"] == "ClockSetBack"


def test_the_night_ends_with_it(desk: Shell) -> None:
    live_long_ago(desk)
    assert desk("nightly", "--only", "retention", "--dry-run") == 0
    assert desk.out == "slettet efter frist: lån 1 · ekspeditioner 1 · gebyrer 1 · beskeders indhold 1\n"
    assert desk("nightly", "--json") == 0
    assert desk.json["parts"][-1]["part"] == "retention"
    assert desk.json["parts"][-1]["loan"] == 1
    assert desk("nightly", "--only", "retention") == 0
    assert desk.out == "slettet efter frist: ingen frist var nået\n"
