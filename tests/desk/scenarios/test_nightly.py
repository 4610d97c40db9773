"""Scenarios of the night: what it does while nobody is there, and what it would do."""

from __future__ import annotations

from datetime import date

from db.models import Message
from tests.desk.scenarios.telling import Story, kr
from tests.dump import dump
from tests.messaging import mail_server


async def test_given_a_night_with_work_for_every_part_when_it_runs_then_what_it_finds_is_told_before_morning(
    story: Story,
) -> None:
    """M6: shelf expiry, then claims and recalls, then messages, so that a bill of tonight is sent tonight."""
    house, office = story.house, story.office
    anna, ib, bo = [office.borrower(email=f"{name}@example.dk") for name in ("anna", "ib", "bo")]
    loan = await house.lend(house.item(), anna)
    story.late(loan, -9)
    await story.reserving.ready(ib)
    story.late(loan, 1)
    soon = await house.lend(house.item(group="14dag"), bo)
    story.late(loan, 31)
    await house.take_back_item(soon)
    with mail_server() as post:
        office.sends_mail_to(post)
        counts = await story.night()
    assert (counts["not_fetched"], counts["claimed"], counts["failed"]) == (1, 1, 0)
    subjects = {str(mail["Subject"]) for mail in post.mails}
    # What was not fetched is not told to be ready: its shelf time ended the same night.
    assert subjects == {"Regning fra Struer", "Du kan ikke låne, før du har betalt"}
    assert {state for (state,) in house.rows(Message.select(Message.state))} == {"sent"}


async def test_given_work_for_the_night_when_it_is_only_asked_what_it_would_do_then_it_says_what_it_does_and_waits(
    story: Story,
) -> None:
    """M6: a dry run counts what the run does, and touches nothing."""
    house = story.house
    anna, ib = (story.office.borrower(email=f"{name}@example.dk") for name in ("anna", "ib"))
    loan = await house.lend(house.item(), anna)
    await story.reserving.ready(ib)
    await house.lend(house.item(), ib, at=story.late(loan, 3))
    story.late(loan, 31)
    before = dump(house)
    would = await story.night("shelf", "claims", "recalls", is_dry=True)
    assert dump(house) == before
    assert await story.night("shelf", "claims", "recalls") == would
    assert would == {
        "not_fetched": 1,
        "waited_too_long": 0,
        "claimed": 1,
        "left_alone": 0,
        "reminders": 1,
        "recalls": 0,
    }


async def test_given_a_night_that_was_left_out_when_the_next_one_runs_then_nothing_is_lost_and_nothing_twice(
    story: Story,
) -> None:
    """M6, R6, M1: caught up with; a deadline that passed over the weekend has passed."""
    house, anna, ib = story.house, story.office.borrower(email="anna@example.dk"), story.house.borrower()
    loan = await house.lend(house.item(), anna)
    await story.reserving.ready(ib)
    story.late(loan, 3)
    await story.night()
    assert [kind for kind, _channel, _state in story.told(anna)] == ["recall"]
    assert story.reserving.reservations(ib) == 0
    await story.night()
    assert len(story.told(anna)) == 1


async def test_given_one_part_alone_when_it_is_run_then_the_others_have_not_been(story: Story) -> None:
    """M6: each can run alone."""
    house, anna = story.house, story.office.borrower(email="anna@example.dk")
    loan = await house.lend(house.item(), anna)
    story.late(loan, 31)
    await story.night("shelf")
    assert (await story.owed(anna), story.told(anna)) == (0, [])
    await story.night("claims")
    assert await story.owed(anna) == kr(555)


async def test_given_the_night_of_the_change_to_summer_time_when_it_runs_at_half_past_midnight_then_it_is_the_new_day(
    story: Story,
) -> None:
    """M6, *Semantics* (time): the deadline was Saturday 28 March; at 00.30 on Sunday it has passed."""
    ib = story.house.borrower()
    story.at(2026, 3, 20)
    await story.reserving.ready(ib)
    assert story.reserving.state(ib)[2] == date(2026, 3, 28)
    story.at(2026, 3, 28, 23, 30)
    assert (await story.night("shelf"))["not_fetched"] == 0
    story.at(2026, 3, 29, 0, 30)
    assert (await story.night("shelf"))["not_fetched"] == 1
