"""A store made by the first version is brought up to this one, and loses nothing on the way."""

from __future__ import annotations

from importlib import import_module

from playhouse.migrations import Runner

from db.models import Borrower, FeeTier, LibraryRules, Loan, SearchWord
from db.store import MIGRATIONS, Store, Transaction
from desk.borrowers.searching import write_search_words
from desk.privacy.access_log import begin_log, first_break
from desk.registry.upgrading import borrowers_without_words
from tests.builders import House, new_store

FIRST = "0001_first_schema"
CHANGES: tuple[str, ...] = import_module("db.migrations.0004_reservations_money_messages").CHANGES
OLD_ROWS = """
INSERT INTO branch (id, isil, name) VALUES (1, '767100', 'Struer');
INSERT INTO library (id, name, isil, made_up) VALUES (1, 'Struer', 'DK-767100', TRUE);
INSERT INTO borrower_group (id, code, name, loan_limit, fees, notices) VALUES (1, 'voksen', 'v', 15, 'normal', 'all');
INSERT INTO material_group (id, code, name) VALUES (1, 'standard', 's');
INSERT INTO title (id, title, author, source_key) VALUES (1, 'Pelle Erobreren', 'M', 't');
INSERT INTO item (id, barcode, title_id, material_group_id, branch_id, shelf_mark, parts, status)
  VALUES (1, '1', 1, 1, 1, '', 1, 'on_loan');
INSERT INTO borrower (id, number, name, care_of, street, postcode, city, email, borrower_group_id, home_branch_id,
  municipality, language, address_protected, internal_note, note_to_borrower)
  SELECT n, '0000000' || n, 'Ib Hansen', '', 'Ørnevej 3', '', '', '', 1, 1, '', 'da', FALSE, '', ''
  FROM (SELECT 1 AS n UNION SELECT 2) numbers;
INSERT INTO loan_occasion (id, borrower_id, visit, due_on) VALUES (1, 1, 'v', '2026-04-09');
INSERT INTO loan (id, item_id, borrower_id, occasion_id, lent_at, due_on, due_reason, renewals)
  VALUES (1, 1, 1, 1, '2026-03-10 10:00:00', '2026-04-09', '', 0)
"""


def an_old_store(url: str) -> Store:
    store = new_store(url)
    store._connected(may_make_file=True)
    Runner(store._database, str(MIGRATIONS)).up(FIRST)
    for statement in OLD_ROWS.strip().split(";\n"):
        store.write_here(lambda transaction, statement=statement: transaction.run_many(statement, [()]))  # type: ignore[misc]
    return store


def test_everybody_keeps_their_loans_and_gets_a_key_of_their_own(store_url: str) -> None:
    store = an_old_store(store_url)
    assert store.migrate() == [
        "0002_access_log_and_search",
        "0003_listings",
        "0004_reservations_money_messages",
        "0005_deletion_retention_statistics",
        "0006_newsletter",
        "0007_forms",
    ]
    keys = store.read_here(lambda transaction: transaction.all(Borrower.select(Borrower.log_key)))
    assert sorted(len(key) for (key,) in keys) == [32, 32]
    assert keys[0] != keys[1]
    assert store.read_here(lambda transaction: transaction.all(Loan.select(Loan.borrower, Loan.item))) == [(1, 1)]
    assert store.read_here(
        lambda transaction: transaction.all(FeeTier.select(FeeTier.from_day).order_by(FeeTier.from_day))
    ) == [(1,), (8,), (31,)]
    assert (
        store.read_here(lambda transaction: transaction.value(LibraryRules.select(LibraryRules.debt_limit_ore)))
        == 20_000
    )
    assert store.damage() == []
    store.close()


def test_after_it_everybody_is_found_and_the_log_has_begun(store_url: str) -> None:
    store = an_old_store(store_url)
    store.migrate()
    assert store.read_here(borrowers_without_words) == [1, 2]
    store.write_here(begin_log)
    store.write_here(begin_log)
    store.write_here(lambda transaction: write_search_words(transaction, [1, 2]))
    assert store.read_here(borrowers_without_words) == []
    assert store.read_here(first_break) is None
    words = store.read_here(lambda transaction: transaction.all(SearchWord.select(SearchWord.word).distinct()))
    assert ("oernevej",) in words
    store.close()


def test_a_store_that_is_up_to_date_stays_as_it_is(house: House) -> None:
    house.borrower()
    assert house.store.migrate() == []
    assert house.store.read_here(borrowers_without_words) == []


def test_an_address_that_was_searched_though_protected_is_found_anew_after_it(house: House) -> None:
    """The words of before are not known to be without it, so the migration takes them away."""
    protected, other = house.borrower(), house.borrower()
    house.put(Borrower.update(address_protected=True).where(Borrower.id == protected.borrower_id))

    def changes_of_the_migration(transaction: Transaction) -> None:
        for statement in CHANGES:
            if statement.startswith("DELETE"):
                transaction.run_many(statement, [()])

    house.store.write_here(changes_of_the_migration)
    assert house.store.read_here(borrowers_without_words) == [protected.borrower_id]
    assert other.borrower_id not in house.store.read_here(borrowers_without_words)
