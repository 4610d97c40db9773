"""Scenarios of what a borrower takes home on paper or as a message: the statement and the receipt."""

from __future__ import annotations

from pathlib import Path

from desk.borrowers.commands import WriteInternalNote, WriteNoteToBorrower
from desk.counter.orders import END, TO_RETURN
from desk.money.commands import MakeStatement
from desk.money.statement_file import statement_pdf
from tests.desk.counter.at_work import at_work
from tests.desk.scenarios.telling import Story, kr
from tests.messaging import mail_server
from tests.pdfs import barcodes_of, text_of


async def test_given_a_late_book_a_part_payment_and_a_note_when_a_statement_is_made_then_it_says_all_three(
    story: Story,
) -> None:
    """M3: what is out, what is owed, the note to the borrower, barcodes; never the internal note."""
    house, anna = story.house, story.house.borrower(name="Anna Møller")
    late, still_out = await house.lend(house.item(title="Kongens Fald"), anna), house.item(title="Ditte Menneskebarn")
    story.late(late, 9)
    await house.take_back_item(late)
    await house.lend(still_out, anna)
    await story.owing.paid(anna, kr(50))
    await house.desk.do(WriteNoteToBorrower(**story.about(anna), note="Husk din paraply"))
    await house.desk.do(WriteInternalNote(**story.about(anna), note="kanarienote"))
    pdf = statement_pdf(await house.desk.do(MakeStatement(**story.about(anna))))
    text = " ".join(text_of(pdf).split())
    for said in ("Anna Møller", "Ditte Menneskebarn", "Kongens Fald", "70,00", "Husk din paraply"):
        assert said in text
    assert "kanarienote" not in text
    assert barcodes_of(pdf) == [still_out.barcode]


async def test_given_everything_back_and_paid_when_a_statement_is_made_then_nothing_is_out_and_nothing_owed(
    story: Story,
) -> None:
    """M3, R4: computed at that moment."""
    house, anna = story.house, story.house.borrower()
    loan = await house.lend(house.item(), anna)
    story.late(loan, 1)
    await house.take_back_item(loan)
    owes = await house.desk.do(MakeStatement(**story.about(anna)))
    await story.owing.paid(anna)
    is_even = await house.desk.do(MakeStatement(**story.about(anna)))
    assert [(one.loans, one.owed_ore, len(one.fees)) for one in (owes, is_even)] == [((), kr(20), 1), ((), 0, 0)]


async def test_given_receipts_by_mail_when_the_next_card_is_shown_then_the_first_borrower_has_one_of_what_is_at_home(
    story: Story, tmp_path: Path
) -> None:
    """C13, M1, *Semantics*: counts and dates, no title; what was handed back at once is not on it."""
    house, office = story.house, story.office
    anna, ib = office.borrower(email="anna@example.dk"), office.borrower(email="ib@example.dk")
    things = [house.item() for _number in range(3)]
    async with at_work(house, tmp_path, sends_receipts=True) as counter:
        await counter.scan(anna.card, *things)
        await counter.order(TO_RETURN)
        await counter.scan(things[0])
        await counter.scan(ib.card)
        await counter.order(END)
        await counter.settled()
    assert story.told(ib) == []
    with mail_server() as post:
        office.sends_mail_to(post)
        await story.night("messages")
    (mail,) = post.mails
    assert mail["To"] == "anna@example.dk"
    assert "9. apr." in mail.get_content()
    assert "Pelle" not in mail.get_content()
