"""The receipt as a message (C13): counts and due dates of what a visit took home, once, and no title."""

from __future__ import annotations

import json
from pathlib import Path

from db.models import Borrower, Message, Telephone
from desk.counter.orders import END, LAST_BORROWER
from tests.builders import House, Person
from tests.desk.counter.at_work import AtWork, at_work


def reachable(house: House) -> Person:
    """A borrower with an e-mail address and an internal note."""
    person = house.borrower()
    columns = {"email": "ib@example.dk", "internal_note": "husk nøglen"}
    house.put(Borrower.update(**columns).where(Borrower.id == person.borrower_id))
    return person


def receipts(house: House) -> list[tuple[int, dict[str, object]]]:
    """Who was told what."""
    rows = house.rows(
        Message.select(Message.borrower, Message.facts).where(Message.kind == "receipt").order_by(Message.id)
    )
    return [(borrower_id, json.loads(facts)) for borrower_id, facts in rows]


async def visit(counter: AtWork, person: Person, count: int) -> None:
    """Let somebody borrow."""
    await counter.scan(person.card, *(counter.house.item() for _number in range(count)))


async def test_the_end_of_a_visit_queues_its_receipt(house: House, tmp_path: Path) -> None:
    person = reachable(house)
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await visit(counter, person, 2)
        await counter.order(END)
        await counter.settled()
    assert receipts(house) == [(person.borrower_id, {"loans": 2, "due_on": ["2026-04-09"]})]


async def test_the_next_borrowers_card_ends_it_too_and_each_gets_their_own(house: House, tmp_path: Path) -> None:
    one, other = reachable(house), reachable(house)
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await visit(counter, one, 1)
        await visit(counter, other, 3)
        await counter.order(END)
        await counter.settled()
    assert [(who, facts["loans"]) for who, facts in receipts(house)] == [(one.borrower_id, 1), (other.borrower_id, 3)]


async def test_a_visit_without_loans_has_none(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await visit(counter, reachable(house), 0)
        await counter.order(END)
        await counter.settled()
    assert receipts(house) == []


async def test_a_visit_that_is_brought_back_is_told_again_only_of_more(house: House, tmp_path: Path) -> None:
    person = reachable(house)
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await visit(counter, person, 1)
        for order in (END, LAST_BORROWER, END, LAST_BORROWER):
            await counter.order(order)
        await counter.settled()
        assert len(receipts(house)) == 1
        await counter.scan(house.item())
        await counter.order(END)
        await counter.settled()
    assert [facts["loans"] for _who, facts in receipts(house)] == [1, 2]


async def test_a_visit_that_ends_behind_the_curtain_has_its_receipt(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await visit(counter, reachable(house), 1)
        await counter.settled()
        await counter.work.drop_visit(counter.who)
        await counter.settled()
    assert len(receipts(house)) == 1


async def test_where_it_is_not_chosen_nothing_is_queued(house: House, tmp_path: Path) -> None:
    async with at_work(house, tmp_path) as counter:
        await visit(counter, reachable(house), 1)
        await counter.order(END)
        await counter.settled()
    assert receipts(house) == []


async def test_a_receipt_is_a_mail_and_never_a_text_message(house: House, tmp_path: Path) -> None:
    person, texted = reachable(house), house.borrower()
    for borrower_id in (person.borrower_id, texted.borrower_id):
        house.put(Telephone.insert(borrower=borrower_id, number="20304050", takes_sms=True))
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await visit(counter, person, 1)
        await visit(counter, texted, 1)
        await counter.order(END)
        await counter.settled()
    sent = house.rows(Message.select(Message.borrower, Message.channel).where(Message.kind == "receipt"))
    assert sent == [(person.borrower_id, "email")]
