"""What goes on which day (P1–P6, G6), and not the day before; on both engines."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from db.models import (
    AccessLog,
    AccessLogEnds,
    CommandRecord,
    DeletionRequest,
    Fee,
    FeeLoan,
    Loan,
    LoanOccasion,
    Message,
    Override,
    Payment,
    PaymentPart,
    Reservation,
    Staff,
)
from desk.privacy.access_log import first_break
from desk.privacy.access_report.expiry import FOLDER
from desk.privacy.retention.run import run_retention
from desk.spool.sealed import Print, spool_key
from desk.spool.spool import Paper, Spool
from tests.builders import QUEUE_KEY, House
from tests.forgetting import DAY, Forgetting, day, on
from tests.owing import Owing
from tests.reserving import Reserving


async def left_after(forgetting: Forgetting, last_kept: int) -> None:
    """Run on the last day on which everything is kept, then look that it is."""
    before = forgetting.everything()
    await forgetting.run(last_kept)
    assert forgetting.everything() == before
    await forgetting.run(last_kept + 1)


async def test_a_returned_loan_goes_thirty_days_later_with_its_occasion_and_not_the_day_before(
    forgetting: Forgetting,
) -> None:
    forgetting.loan(0)
    await left_after(forgetting, 29)
    assert forgetting.there(Loan) == forgetting.there(LoanOccasion) == set()


async def test_an_open_loan_stays_however_old_it_is(forgetting: Forgetting) -> None:
    loan = forgetting.loan(None)
    await forgetting.run(700)
    assert forgetting.there(Loan) == {loan}


async def test_an_unsettled_fee_stops_the_loans_clock(forgetting: Forgetting) -> None:
    loan = forgetting.loan(0)
    forgetting.fee(loan, settled=None)
    await forgetting.run(400)
    assert forgetting.there(Loan) == {loan}


async def test_the_loans_clock_runs_from_the_day_its_last_fee_was_settled(forgetting: Forgetting) -> None:
    loan = forgetting.loan(0)
    forgetting.fee(loan, settled=3)
    forgetting.fee(loan, settled=50, outcome="waived")
    await forgetting.run(79)
    assert forgetting.there(Loan) == {loan}
    await forgetting.run(80)
    assert forgetting.there(Loan) == set()


async def test_a_fee_that_was_settled_before_the_return_does_not_hurry_the_loan(forgetting: Forgetting) -> None:
    forgetting.fee(forgetting.loan(20), settled=0)
    await left_after(forgetting, 29)
    assert forgetting.there(Fee) == set()
    await forgetting.run(49)
    assert len(forgetting.there(Loan)) == 1
    await forgetting.run(50)
    assert forgetting.there(Loan) == set()


async def test_a_part_payment_does_not_start_the_clock(forgetting: Forgetting) -> None:
    loan = forgetting.loan(0)
    fee = forgetting.fee(loan, settled=None, paid_ore=1000)
    payment = forgetting.payment(1, fee)
    await forgetting.run(400)
    assert (forgetting.there(Loan), forgetting.there(Fee), forgetting.there(Payment)) == ({loan}, {fee}, {payment})


async def test_an_occasion_stays_as_long_as_one_of_its_loans(forgetting: Forgetting) -> None:
    occasion = forgetting.occasion(due=0)
    forgetting.loan(0, occasion=occasion)
    forgetting.loan(5, occasion=occasion)
    await forgetting.run(30)
    assert forgetting.there(LoanOccasion) == {occasion}
    await forgetting.run(35)
    assert forgetting.there(LoanOccasion) == set()


async def test_an_occasion_that_a_renewal_left_empty_goes_thirty_days_after_it_was_due(forgetting: Forgetting) -> None:
    forgetting.occasion(due=0)
    await left_after(forgetting, 29)
    assert forgetting.there(LoanOccasion) == set()


async def test_an_override_goes_with_the_last_loan_of_its_visit(forgetting: Forgetting) -> None:
    alone = forgetting.override(0, "nothing was lent")
    of_loan = forgetting.override(0, "lent")
    forgetting.loan(10, occasion=forgetting.occasion(visit="lent"))
    await forgetting.run(29)
    assert forgetting.there(Override) == {alone, of_loan}
    await forgetting.run(30)
    assert forgetting.there(Override) == {of_loan}
    await forgetting.run(40)
    assert forgetting.there(Override) == set()


@pytest.mark.parametrize("outcome", ["paid", "waived", "cancelled"])
async def test_a_settled_fee_goes_thirty_days_later_with_its_payment_and_their_links(
    forgetting: Forgetting, outcome: str
) -> None:
    forgetting.payment(-3, forgetting.fee(forgetting.loan(-10), outcome=outcome))
    await left_after(forgetting, 29)
    for table in (Fee, FeeLoan, Payment, PaymentPart):
        assert forgetting.there(table) == set()


async def test_credit_that_is_owed_to_the_borrower_keeps_the_fee_and_its_payment_but_not_the_loan(
    forgetting: Forgetting,
) -> None:
    loan = forgetting.loan(0)
    fee = forgetting.fee(loan, outcome="cancelled", paid_ore=1000, reason="claim", claimed_loan=loan)
    payment = forgetting.payment(-3, fee)
    await forgetting.run(400)
    assert (forgetting.there(Loan), forgetting.there(Fee), forgetting.there(Payment)) == (set(), {fee}, {payment})


async def test_a_fee_whose_credit_was_paid_out_goes_thirty_days_after_that(forgetting: Forgetting) -> None:
    fee = forgetting.fee(outcome="cancelled", paid_ore=1000, refunded_ore=1000)
    forgetting.payment(-3, fee)
    forgetting.payment(10, fee, kind="payout")
    await left_after(forgetting, 39)
    assert forgetting.there(Fee) == forgetting.there(Payment) == set()


async def test_a_payment_stays_until_the_last_fee_it_was_for_has_gone(forgetting: Forgetting) -> None:
    first, last = forgetting.fee(settled=0), forgetting.fee(settled=20, outcome="waived", paid_ore=1000)
    payment = forgetting.payment(0, first, last)
    await forgetting.run(49)
    assert (forgetting.there(Fee), forgetting.there(Payment)) == ({last}, {payment})
    await forgetting.run(50)
    assert forgetting.there(Payment) == set()


async def test_the_accounts_keep_their_line(house: House, forgetting: Forgetting) -> None:
    owing = Owing(house)
    house.clock.now = on(0)
    await owing.owes(forgetting.person, 2000)
    await owing.paid(forgetting.person)
    ledger = owing.ledger()
    await left_after(forgetting, 29)
    assert forgetting.there(Fee) == forgetting.there(Payment) == set()
    assert owing.ledger() == ledger != []


async def test_a_messages_content_goes_and_its_line_stays_with_its_times(forgetting: Forgetting) -> None:
    kept = (Message.id, Message.kind, Message.channel, Message.state, Message.created_at, Message.sent_at)
    sent, queued = forgetting.message(-5, sent=0), forgetting.message(0)
    forgetting.message(-29, sent=1)
    lines = forgetting.house.rows(Message.select(*kept).order_by(Message.id))
    await forgetting.run(29)
    assert {sent, queued} <= forgetting.there(Message)
    await forgetting.run(30)
    assert not {sent, queued} & forgetting.there(Message)
    assert forgetting.house.rows(Message.select(*kept).order_by(Message.id)) == lines
    gone = Message.select(Message.facts, Message.subject, Message.body).where(Message.id == sent)
    assert forgetting.house.rows(gone) == [(None, None, None)]


async def test_what_was_sent_a_minute_to_midnight_is_that_days(forgetting: Forgetting) -> None:
    late = forgetting.message(0, sent=0, sent_at=on(0, 23, 59))
    early = forgetting.message(0, sent=0, sent_at=on(1, 0, 0))
    await forgetting.run(30)
    assert forgetting.there(Message) == {early}
    assert late != early


async def test_the_log_is_cut_after_183_days_and_is_still_one_chain(forgetting: Forgetting) -> None:
    store = forgetting.house.store
    numbers = [forgetting.look(on(number)) for number in range(5)]
    newest = forgetting.look(on(400))
    seal = forgetting.house.value(AccessLogEnds.select(AccessLogEnds.newest_seal))
    for cut in (183, 184):
        await forgetting.run(cut)
        assert store.read_here(lambda transaction: first_break(transaction, (newest, seal))) is None
    assert forgetting.there(AccessLog) == {*numbers[2:], newest}
    again = forgetting.look(on(401))
    assert again == newest + 1
    assert store.read_here(first_break) is None


async def test_a_log_that_was_cut_whole_goes_on_where_it_was(forgetting: Forgetting) -> None:
    last = [forgetting.look(on(0)) for _look in range(3)][-1]
    seal = forgetting.house.value(AccessLogEnds.select(AccessLogEnds.newest_seal))
    await forgetting.run(183)
    assert forgetting.there(AccessLog) == set()
    store = forgetting.house.store
    assert store.read_here(lambda transaction: first_break(transaction, (last, seal))) is None
    assert forgetting.look(on(184)) == last + 1
    assert store.read_here(lambda transaction: first_break(transaction, (last, seal))) is None


async def test_how_long_the_log_is_kept_is_a_setting(forgetting: Forgetting) -> None:
    forgetting.look(on(0))
    await forgetting.run(89, log_days=90)
    assert len(forgetting.there(AccessLog)) == 1
    await forgetting.run(90, log_days=90)
    assert forgetting.there(AccessLog) == set()


async def test_a_row_with_a_wrong_time_never_lets_a_gap_into_the_log(forgetting: Forgetting) -> None:
    kept = [forgetting.look(on(0)), forgetting.look(on(50)), forgetting.look(on(0))][1:]
    await forgetting.run(183)
    assert forgetting.there(AccessLog) == set(kept)
    assert forgetting.house.store.read_here(first_break) is None


async def test_command_ids_are_known_for_a_day(forgetting: Forgetting) -> None:
    house = forgetting.house
    for number, at in enumerate((on(0, 1, 59), on(0, 2, 0), on(0, 2, 1))):
        house.put(CommandRecord.insert(command_id=f"done-{number}", kind="CheckOut", done_at=at))
    await forgetting.run(1)
    kept = {row[0] for row in house.rows(CommandRecord.select(CommandRecord.command_id))}
    assert {name for name in kept if name.startswith("done")} == {"done-2"}


@pytest.mark.parametrize("state", ["withdrawn", "rejected"])
async def test_a_deletion_request_that_came_to_nothing_goes_as_the_log_does(forgetting: Forgetting, state: str) -> None:
    if state == "rejected":
        people = {name: forgetting.house.staff[name] for name in ("staff", "supervisor")}
        for number, staff_id in enumerate(people.values()):
            forgetting.house.put(Staff.update(person_number=f"P{number}").where(Staff.id == staff_id))
        request = forgetting.request(0)
        forgetting.house.put(
            DeletionRequest.update(state="rejected", decided_by=people["supervisor"]).where(
                DeletionRequest.id == request
            )
        )
    else:
        forgetting.request(0)
    waiting = forgetting.request(None)
    await forgetting.run(182)
    assert len(forgetting.there(DeletionRequest)) == 2
    await forgetting.run(183)
    assert forgetting.there(DeletionRequest) == {waiting}


async def test_prints_go_after_seven_days(forgetting: Forgetting) -> None:
    folder = forgetting.home / FOLDER
    folder.mkdir()
    for number in (0, 1):
        (folder / f"indsigt-{day(number).isoformat()}.pdf").write_bytes(b"%PDF")
    report = await forgetting.run(7)
    assert report.counts["exports"] == 1
    assert [path.name for path in folder.iterdir()] == [f"indsigt-{day(1).isoformat()}.pdf"]


async def test_slips_and_receipts_go_after_three_days_and_a_dry_run_says_how_many(forgetting: Forgetting) -> None:
    spool = Spool(forgetting.home, spool_key(QUEUE_KEY), Paper())
    kept = [spool.add(on(number, 10), f"c-{number}", Print("pickup", "", ())) for number in (0, 1)][1]
    assert (await forgetting.dry(4)).counts["spool"] == 1
    report = await forgetting.run(4)
    assert report.counts["spool"] == 1
    assert [job.job_id for job in spool.jobs()] == [kept]


async def test_a_reservation_leaves_no_archive_for_the_clock_to_empty(house: House) -> None:
    reserving = Reserving(house)
    person, thing = house.borrower(), house.item()
    await reserving.reserve(thing, person)
    await house.lend(thing, person)
    assert house.rows(Reservation.select()) == []


async def test_a_late_run_does_what_the_missed_days_would_have(forgetting: Forgetting) -> None:
    for number in range(10):
        forgetting.fee(forgetting.loan(number), settled=number)
    await forgetting.run(36)
    kept = forgetting.house.rows(Loan.select(Loan.closed_on).order_by(Loan.closed_on))
    assert [row[0] for row in kept] == [DAY + timedelta(days=number) for number in (7, 8, 9)]


async def test_summer_time_takes_no_hour_from_anybody(forgetting: Forgetting) -> None:
    before = forgetting.message(0, created_at=on(date(2026, 10, 24), 23, 59))
    after = forgetting.message(0, created_at=on(date(2026, 10, 25), 0, 0))
    forgetting.house.clock.now = on(date(2026, 11, 23), 2)
    await run_retention(forgetting.clockwork())
    assert forgetting.there(Message) == {after}
    assert before != after


async def test_a_new_fee_with_the_number_of_a_deleted_one_is_told_all_the_same(
    house: House, forgetting: Forgetting
) -> None:
    owing = Owing(house)
    for number in (0, 40):
        house.clock.now = on(number)
        await owing.owes(forgetting.person, 30_000)
        await owing.paid(forgetting.person)
        await forgetting.run(number + 30)
    assert forgetting.there(Fee) == set()
    assert len(owing.told("block")) == 2
