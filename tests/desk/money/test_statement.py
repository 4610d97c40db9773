"""The statement (M3): what is out, what is owed, the note to the borrower, barcodes; never the internal note (P8)."""

from __future__ import annotations

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from db.models import AccessLog, Borrower
from desk.errors import FileNotWritten
from desk.money.commands import MakeStatement
from desk.money.statement import StatementRecord
from desk.money.statement_file import statement_pdf, write_statement
from tests.builders import Person
from tests.owing import DUE, Owing, at_noon
from tests.pdfs import barcodes_of, text_of


async def statement_of(owing: Owing, person: Person) -> StatementRecord:
    """Make somebody's statement."""
    house = owing.house
    return await house.desk.do(
        MakeStatement(command_id=house.new_id(), who=house.who(), at=house.clock(), borrower_id=person.borrower_id)
    )


async def with_much(owing: Owing) -> Person:
    """Let somebody have two things, one of them late, owe something, and have both notes."""
    house = owing.house
    person = house.borrower(name="Anna [/] Møller #strong[x]")
    house.put(
        Borrower.update(
            note_to_borrower="Husk den våde bog",
            internal_note="kanarienote",
            street="Kanariegade 7",
            postcode="7600",
            city="Struer",
        ).where(Borrower.id == person.borrower_id)
    )
    owing.lent(person)
    owing.lent(person, due_on=DUE + timedelta(days=30))
    house.clock.now = at_noon(DUE + timedelta(days=12))
    await owing.owes(person, 12_000)
    await owing.paid(person, 2_000)
    return person


async def test_it_says_what_is_out_and_what_is_owed_and_the_note(owing: Owing) -> None:
    person = await with_much(owing)
    text = " ".join(text_of(statement_pdf(await statement_of(owing, person))).split())
    for said in (
        "Opgørelse af mellemværende",
        "Pelle Erobreren",
        "12 dage over fristen",
        "100,00",
        "120,00",
        "våd bog",
    ):
        assert said in text
    assert "Husk den våde bog" in text
    assert "Anna [/] Møller #strong[x]" in text
    assert "Kanariegade 7" in text
    assert "kanarienote" not in text


async def test_a_scanner_reads_the_barcodes_on_it(owing: Owing) -> None:
    person = owing.house.borrower()
    things = [owing.lent(person, due_on=DUE + timedelta(days=days))[0] for days in range(4)]
    pdf = statement_pdf(await statement_of(owing, person))
    assert barcodes_of(pdf) == [thing.barcode for thing in things]


async def test_a_protected_address_is_not_printed(owing: Owing) -> None:
    person = await with_much(owing)
    owing.house.put(Borrower.update(address_protected=True).where(Borrower.id == person.borrower_id))
    text = text_of(statement_pdf(await statement_of(owing, person)))
    assert "Kanariegade" not in text


async def test_somebody_who_owes_nothing_and_has_nothing_gets_one_too(owing: Owing) -> None:
    text = text_of(statement_pdf(await statement_of(owing, owing.house.borrower())))
    assert "Intet er udlånt." in text


async def test_it_is_written_for_its_owner_alone_and_never_over_another(owing: Owing, tmp_path: Path) -> None:
    statement = await statement_of(owing, owing.house.borrower())
    first, second = (write_statement(statement, tmp_path / "exports") for _ in range(2))
    assert first != second
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    (tmp_path / "file").write_text("")
    with pytest.raises(FileNotWritten):
        write_statement(statement, tmp_path / "file")


async def test_that_it_was_made_stands_in_the_access_log(owing: Owing) -> None:
    await statement_of(owing, owing.house.borrower())
    assert owing.house.rows(AccessLog.select(AccessLog.action, AccessLog.revealed)) == [
        ("statement", "loans balance note_to_borrower")
    ]
