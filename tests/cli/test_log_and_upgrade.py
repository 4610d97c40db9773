"""``desk check`` names the first broken row of the access log; ``desk upgrade`` mends what an older store lacks."""

from __future__ import annotations

import asyncio

import pytest

from db.models import AccessLog, Borrower, BorrowerGroup, Branch, SearchWord
from db.store import Transaction
from desk.borrowers.commands import CreateBorrower, OpenPage
from desk.command import Who
from desk.installation import new_id, now, open_installation
from desk.privacy.witness import FILE
from tests.cli.conftest import Shell

LOOKS = 5


@pytest.fixture
def looked_at(desk: Shell) -> Shell:
    """A library where a borrower was created and looked at four times: five rows."""

    async def look() -> None:
        with open_installation(desk.home) as installation:
            group, branch = installation.store.read_here(
                lambda transaction: (
                    transaction.value(BorrowerGroup.select(BorrowerGroup.id)),
                    transaction.value(Branch.select(Branch.id)),
                )
            )
            created = await installation.desk.do(
                CreateBorrower(
                    command_id=new_id(),
                    who=Who(1),
                    at=now(),
                    name="Karla Nørregaard",
                    cpr=None,
                    group_id=group,
                    branch_id=branch,
                    numbers=("12345678",),
                    log_key=b"k" * 32,
                )
            )
            for _ in range(LOOKS - 1):
                await installation.desk.do(
                    OpenPage(command_id=new_id(), who=Who(1), at=now(), borrower_id=created.borrower_id)
                )

    asyncio.run(look())
    return desk


def tamper(desk: Shell, *statements: str) -> None:
    """Change the log past the program."""

    def write(transaction: Transaction) -> None:
        for statement in statements:
            transaction.run_many(statement, [()])

    with open_installation(desk.home) as installation:
        installation.store.write_here(write)


TAMPERED = {
    "a row edited": (["UPDATE access_log SET purpose = 'supervision' WHERE number = 3"], "ændret ved linje 3"),
    "one deleted in the middle": (["DELETE FROM access_log WHERE number = 3"], "mangler linjer i loggen før linje 4"),
    "the last one deleted": (["DELETE FROM access_log WHERE number = 5"], "afkortet: linje 5"),
    "two swapped": (
        [
            "UPDATE access_log SET number = CASE number WHEN 2 THEN -3 WHEN 3 THEN -2 ELSE number END",
            "UPDATE access_log SET number = -number WHERE number < 0",
        ],
        "ændret ved linje 2",
    ),
    "the end's seal": (["UPDATE access_log_ends SET newest_number = 4"], "Forseglingen"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_check_names_where_the_log_was_changed(looked_at: Shell, what: str) -> None:
    assert looked_at("check") == 0, looked_at.said
    statements, sentence = TAMPERED[what]
    tamper(looked_at, *statements)
    assert looked_at("check") == 1
    assert sentence in looked_at.err
    assert "Karla" not in looked_at.said


def test_check_remembers_how_far_the_log_had_come(looked_at: Shell) -> None:
    store = looked_at.home / "store.db"
    an_hour_ago = store.read_bytes()

    async def look() -> None:
        with open_installation(looked_at.home) as installation:
            await installation.desk.do(OpenPage(command_id=new_id(), who=Who(1), at=now(), borrower_id=1))

    asyncio.run(look())
    assert looked_at("check") == 0
    store.write_bytes(an_hour_ago)
    assert looked_at("check") == 1
    assert "afkortet: linje 6" in looked_at.err


def test_what_is_remembered_names_nobody(looked_at: Shell) -> None:
    remembered = looked_at.home / FILE
    assert remembered.stat().st_size == 40
    assert remembered.stat().st_mode & 0o077 == 0


def test_upgrading_lets_everybody_be_found_again(looked_at: Shell) -> None:
    with open_installation(looked_at.home) as installation:
        installation.store.write_here(lambda transaction: transaction.run(SearchWord.delete()))
    assert looked_at("check") == 1
    assert "desk upgrade" in looked_at.err
    assert looked_at("upgrade", "--json") == 0
    assert looked_at.json == {"ok": True, "migrations": []}
    assert looked_at("check") == 0
    assert looked_at("upgrade") == 0
    assert looked_at.out == "Basen er opdateret.\n"


def test_upgrading_an_empty_folder_says_what_to_do(shell: Shell) -> None:
    assert shell("upgrade") == 1
    assert "desk init" in shell.err


def test_no_row_of_the_log_says_what_the_borrower_is_called(looked_at: Shell) -> None:
    with open_installation(looked_at.home) as installation:
        rows = installation.store.read_here(
            lambda transaction: transaction.all(AccessLog.select(*AccessLog._meta.sorted_fields))
        )
        number = installation.store.read_here(lambda transaction: transaction.value(Borrower.select(Borrower.number)))
    assert len(rows) == LOOKS
    assert "Karla" not in str(rows)
    assert number not in str(rows)
