"""Renewal (C10): a result for each loan, with every reason and the date it becomes possible."""

from __future__ import annotations

from datetime import date

import pytest

from db.models import Item, LendingRule, Loan, OpeningHours
from desk.circulation.records import LoanRecord
from desk.circulation.refusals import DeniedLoanerIsBlocked, DeniedMaxRenewalsReached, DeniedNoLaterDate, LiftedBy
from desk.circulation.renewal import open_loans_of
from desk.errors import NotFound, Refused
from tests.builders import House, Person


async def denied(house: House, loan: LoanRecord, person: Person) -> Refused:
    """Renew what must be refused."""
    before = house.value(Loan.select(Loan.due_on).where(Loan.id == loan.loan_id))
    with pytest.raises(Refused) as caught:
        await house.renew(loan, person)
    assert house.value(Loan.select(Loan.due_on).where(Loan.id == loan.loan_id)) == before
    return caught.value


async def lent(house: House, material: str = "standard") -> tuple[LoanRecord, Person]:
    """Somebody with a loan."""
    person = house.borrower()
    return await house.lend(house.item(group=material), person), person


async def test_a_renewal_counts_from_today(house: House) -> None:
    loan, person = await lent(house)
    house.clock.forward(days=20)
    renewed = await house.renew(loan, person)
    assert (renewed.due_on, renewed.renewals, renewed.allowed) == (date(2026, 4, 29), 1, 2)
    assert house.rows(Loan.select(Loan.due_on, Loan.renewals)) == [(date(2026, 4, 29), 1)]


async def test_a_renewal_never_gives_a_closed_day(house: House) -> None:
    loan, person = await lent(house)
    house.clock.forward(days=27)
    renewed = await house.renew(loan, person)
    assert (renewed.due_on, renewed.closed_from) == (date(2026, 5, 6), None)
    house.clock.forward(days=30)
    renewed = await house.renew(loan, person)
    assert (renewed.due_on, renewed.closed_from) == (date(2026, 6, 6), date(2026, 6, 5))


async def test_an_overdue_loan_is_renewed_from_today(house: House) -> None:
    loan, person = await lent(house)
    house.clock.forward(days=40)
    assert (await house.renew(loan, person)).due_on == date(2026, 5, 19)


async def test_a_renewal_that_moves_nothing_says_when_it_would(house: House) -> None:
    loan, person = await lent(house)
    assert (await denied(house, loan, person)).reasons == (DeniedNoLaterDate(date(2026, 3, 11)),)
    house.clock.forward(days=1)
    assert (await house.renew(loan, person)).due_on == date(2026, 4, 10)


async def test_twice_and_no_more(house: House) -> None:
    loan, person = await lent(house)
    for _ in range(2):
        house.clock.forward(days=10)
        await house.renew(loan, person)
    house.clock.forward(days=10)
    assert (await denied(house, loan, person)).reasons == (DeniedMaxRenewalsReached(2, 2),)


async def test_a_fourteen_day_loan_is_not_renewable(house: House) -> None:
    loan, person = await lent(house, "14dag")
    house.clock.forward(days=10)
    assert (await denied(house, loan, person)).codes == ("deniedMaterialIsNotLoanable",)


async def test_a_blocked_borrower_renews_nothing_and_hears_everything(house: House) -> None:
    loan, person = await lent(house, "14dag")
    house.block(person, "U")
    reasons = (await denied(house, loan, person)).reasons
    assert isinstance(reasons[0], DeniedLoanerIsBlocked)
    assert {reason.code for reason in reasons} == {
        "deniedLoanerIsBlocked",
        "deniedMaterialIsNotLoanable",
        "deniedOtherReason",
    }


async def test_an_override_of_the_block_holds_for_renewing_too(house: House) -> None:
    loan, person = await lent(house)
    house.block(person, "U")
    house.clock.forward(days=10)
    await house.set_aside(person, house.item(), "block_U")
    assert (await house.renew(loan, person)).renewals == 1


@pytest.mark.parametrize(("kind", "lifted_by"), [("U", LiftedBy.SUPERVISOR), ("D", LiftedBy.NOBODY)])
async def test_a_block_that_stops_a_renewal_says_who_may_override_it(
    house: House, kind: str, lifted_by: LiftedBy
) -> None:
    loan, person = await lent(house)
    house.block(person, kind)
    house.clock.forward(days=10)
    assert [reason.may_override for reason in (await denied(house, loan, person)).reasons] == [lifted_by]


async def test_no_rule_any_more_is_told(house: House) -> None:
    loan, person = await lent(house)
    house.put(LendingRule.delete())
    assert (await denied(house, loan, person)).codes == ("deniedLoaningProfileNotFound",)


async def test_no_open_day_is_a_refusal(house: House) -> None:
    loan, person = await lent(house)
    house.clock.forward(days=10)
    house.put(OpeningHours.delete())
    assert (await denied(house, loan, person)).codes == ("deniedOtherReason",)


async def test_an_item_that_may_not_go_out_is_not_renewed(house: House) -> None:
    loan, person = await lent(house)
    house.clock.forward(days=10)
    house.put(Item.update(status="discarded"))
    assert (await denied(house, loan, person)).codes == ("deniedMaterialIsNotLoanable",)


async def test_a_returned_loan_or_somebody_elses_is_not_found(house: House) -> None:
    loan, person = await lent(house)
    with pytest.raises(NotFound):
        await house.renew(loan, house.borrower())
    await house.take_back_item(loan)
    with pytest.raises(NotFound):
        await house.renew(loan, person)


async def test_a_renewal_starts_a_new_occasion(house: House) -> None:
    person = house.borrower()
    first = await house.lend(house.item(), person)
    await house.lend(house.item(), person)
    house.clock.forward(days=10)
    await house.renew(first, person)
    occasions = [row[0] for row in house.rows(Loan.select(Loan.occasion))]
    assert len(set(occasions)) == 2


async def test_the_same_renewal_again_does_not_renew_twice(house: House) -> None:
    loan, person = await lent(house)
    house.clock.forward(days=10)
    renewed = await house.renew(loan, person, command_id="once")
    again = await house.renew(loan, person, command_id="once")
    assert (again.due_on, again.renewals) == (renewed.due_on, 1)
    assert house.rows(Loan.select(Loan.renewals)) == [(1,)]


async def test_a_list_of_loans_says_what_renewing_each_would_give(house: House) -> None:
    person = house.borrower()
    short = await house.lend(house.item(group="14dag"), person)
    ordinary = await house.lend(house.item(), person)
    house.clock.forward(days=20)
    today = date(2026, 3, 30)
    loans = await house.desk.ask(house.who(), open_loans_of, person.borrower_id, house.branch, today)
    assert [loan.loan_id for loan in loans] == [short.loan_id, ordinary.loan_id]
    assert [loan.days_overdue for loan in loans] == [6, 0]
    assert [loan.renewed_until for loan in loans] == [None, date(2026, 4, 29)]
    assert [reason.code for reason in loans[0].denied] == ["deniedMaterialIsNotLoanable"]
    assert (await house.renew(ordinary, person)).due_on == loans[1].renewed_until
