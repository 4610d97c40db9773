"""Borrower search (C11) against a plain scan over everybody, on both engines."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from peewee import QueryEvent

from db.models import Block, Borrower, Card, SearchWord, Telephone
from desk.borrowers import finding
from desk.borrowers.finding import MOST_FOUND, MOST_RANKED, borrowers_found
from desk.borrowers.records import Found
from desk.borrowers.searching import write_search_words
from tests.builders import VAULT, House, a_house
from tests.engines import Server

TODAY = date(2026, 3, 10)
WORDS = ("Anna", "Åse", "Aase", "Ægidius", "Søren", "O'Brien", "Anne-Marie", "Møller", "Jensen", "de la Cour", "Ib [/]")
STREETS = ("Østergade 12", "Åvej 10-12", "Parkvej 3, 2. tv", "Skt. Hans Gade 12B", "")
# What people write differently; everything else only loses its accents.
SPELLINGS = (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("ä", "ae"), ("ö", "oe"))


@dataclass
class Somebody:
    """A borrower as the reference knows one."""

    borrower_id: int
    name: str
    born: date | None
    street: str = ""
    email: str = ""
    telephones: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    number: str = ""
    cpr: str = ""

    def words(self) -> list[str]:
        """Everything that leads to the borrower, worked out without the program."""
        words = plainly(f"{self.name} {self.street} {' '.join(self.cards)} {self.email.partition('@')[0]}")
        words += plainly(self.name.replace("-", "").replace("'", ""))
        words += [self.number, self.email.lower()]
        words += ["".join(filter(str.isdigit, number))[-8:] for number in self.telephones]
        if self.born is not None:
            words += [self.born.strftime("%d%m%Y"), self.born.strftime("%d%m%y")]
        return words

    def is_named(self, *beginnings: str) -> bool:
        """Whether each is the beginning of a word of the name."""
        words = plainly(self.name) + plainly(self.name.replace("-", "").replace("'", ""))
        return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)

    def fits(self, *beginnings: str) -> bool:
        """Whether each is the beginning of a word."""
        return all(any(word.startswith(beginning) for word in self.words()) for beginning in beginnings)


class Town:
    """A house with many people in it, whom a failing test does not print."""

    def __init__(self, house: House, people: list[Somebody]) -> None:
        self.house, self.people = house, people


def plainly(text: str) -> list[str]:
    """Give the words of a text without Danish letters, accents or signs."""
    text = text.lower()
    for letter, spelling in SPELLINGS:
        text = text.replace(letter, spelling)
    text = unicodedata.normalize("NFD", text)
    return "".join(character if character.isascii() and character.isalnum() else " " for character in text).split()


def sign_up(house: House, **values: Any) -> Somebody:
    """Make a borrower with all that is searched."""
    person = house.borrower(name=values.get("name", "Ib Hansen"), born=values.get("born", date(1980, 5, 17)))
    number = house.value(Borrower.select(Borrower.number).where(Borrower.id == person.borrower_id))
    usual: dict[str, Any] = {"borrower_id": person.borrower_id, "name": "Ib Hansen", "born": date(1980, 5, 17)}
    made = Somebody(**usual | values)
    made.number, made.cards = number, (person.card, *made.cards)
    cpr: dict[Any, Any] = {}
    if made.cpr:
        cpr = {Borrower.cpr_sealed: VAULT.seal(made.cpr), Borrower.cpr_index: VAULT.index(made.cpr)}
    own = Borrower.id == made.borrower_id
    house.put(Borrower.update({Borrower.street: made.street, Borrower.email: made.email, **cpr}).where(own))
    for written in made.telephones:
        house.put(Telephone.insert(borrower=made.borrower_id, number=written))
    for card in made.cards[1:]:
        house.put(Card.insert(borrower=made.borrower_id, number=card))
    house.store.write_here(lambda transaction: write_search_words(transaction, [made.borrower_id]))
    return made


def protect(house: House, somebody: Somebody, *, is_protected: bool = True, until: date | None = None) -> None:
    """Protect somebody's name and address, or end it."""
    columns = {Borrower.address_protected: is_protected, Borrower.protected_until: until}
    house.put(Borrower.update(columns).where(Borrower.id == somebody.borrower_id))
    house.store.write_here(lambda transaction: write_search_words(transaction, [somebody.borrower_id]))


def search(house: House, text: str, today: date = TODAY) -> Found:
    """Search past the desk."""
    return house.store.read_here(lambda transaction: borrowers_found(transaction, text, today))


def ids(found: Found) -> list[int]:
    return [borrower.borrower_id for borrower in found.borrowers]


def finds(house: House, text: str, somebody: Somebody, today: date = TODAY) -> bool:
    return somebody.borrower_id in ids(search(house, text, today))


@contextmanager
def counted(house: House) -> Iterator[list[str]]:
    """Note the statements that read."""
    asked: list[str] = []

    def note(event: QueryEvent) -> None:
        if event.sql.startswith("SELECT"):
            asked.append(event.sql)

    hooks = house.store._database.query_hooks
    hooks.append(note)
    yield asked
    hooks.remove(note)


def in_order(somebody: Somebody) -> tuple[Any, ...]:
    """The alphabet of a Danish list, written down once more."""
    alphabet = " 0123456789abcdefghijklmnopqrstuvwxyzæøå"
    name = somebody.name.lower().replace("aa", "å")
    known = "".join(letter if letter in alphabet else " " for letter in name)
    return (
        [alphabet.index(letter) for letter in " ".join(known.split())],
        somebody.born or date.min,
        somebody.borrower_id,
    )


@pytest.fixture(scope="module", params=["sqlcipher", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town of 300 on each engine: many of the same names, so that answers are full."""
    with a_store(request, tmp_path_factory) as url, a_house(url) as house:
        random = Random(11)
        people = []
        for count in range(300):
            first, last = random.choice(WORDS), random.choice(WORDS)
            people.append(
                sign_up(
                    house,
                    name=f"{first} {last}",
                    born=None if count % 29 == 0 else date(1950, 1, 1) + timedelta(days=random.randrange(26_000)),
                    street=random.choice(STREETS),
                    email=f"{plainly(first)[0]}_{count}@example.dk" if count % 3 else "",
                    telephones=(f"+45 {random.randrange(20_000_000, 99_999_999)}",) if count % 2 else (),
                )
            )
        yield Town(house, people)


@contextmanager
def a_store(request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> Iterator[str]:
    """Give a store's URL for as long as the module's tests last."""
    if request.param == "sqlcipher":
        yield f"sqlcipher://{folders.mktemp('town')}/store.db"
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@st.composite
def beginnings(draw: st.DrawFn) -> list[str]:
    """The beginnings of one to three words, of somebody's or of nobody's."""
    some = [word for text in (*WORDS, *STREETS) for word in plainly(text)]
    numbers = st.integers(0, 99).map(str)
    word = st.one_of(st.sampled_from(some), st.sampled_from("abcdejmsøå"), numbers, st.just("zzz"))
    words = draw(st.lists(word, min_size=1, max_size=3))
    # Two figures in a row are one number: a name goes between.
    if sum(any(map(str.isdigit, one)) for one in words) > 1:
        words = [one for one in words if one.isalpha()] or ["a"]
    return [one[: draw(st.integers(1, len(one)))] for one in words]


@pytest.mark.parametrize("few", [1, 40, 3_000])
@given(typed=beginnings(), capitals=st.booleans())
def test_a_search_finds_whom_a_scan_over_everybody_finds_in_the_same_order(
    town: Town, few: int, typed: list[str], capitals: bool
) -> None:
    house, people = town.house, town.people
    wanted = [word for one in typed for word in plainly(one)]
    fitting = [one for one in sorted(people, key=in_order) if one.fits(*wanted)]
    expected = [one.borrower_id for one in sorted(fitting, key=lambda one: not one.is_named(*wanted))]
    text = " ".join(typed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "FEW_WORDS", (few,))
        found = search(house, text.upper() if capitals else text)
    if len(expected) <= MOST_FOUND or (few > len(people) * 5 and len(expected) <= MOST_RANKED):
        assert ids(found) == expected[:MOST_FOUND]
    else:
        # Not all were read: those that were stand in that order.
        assert ids(found) == [one for one in expected if one in ids(found)]
        assert len(ids(found)) == MOST_FOUND
    assert found.has_more == (len(expected) > MOST_FOUND)


@given(data=st.data())
def test_everybody_is_found_by_the_beginnings_of_own_words_in_any_order(town: Town, data: st.DataObject) -> None:
    house, people = town.house, town.people
    somebody = data.draw(st.sampled_from(people))
    words = [word for word in (somebody.name + " " + somebody.street).split() if word.isalpha()] or ["Ib"]
    chosen = data.draw(st.permutations(words))
    text = " ".join(word[: data.draw(st.integers(1, len(word)))] for word in chosen)
    others = [one for one in people if one.fits(*(beginning for word in text.split() for beginning in plainly(word)))]
    assert finds(house, text, somebody) or len(others) > MOST_FOUND


@given(text=st.text(max_size=60))
def test_whatever_is_typed_is_only_looked_for(town: Town, text: str) -> None:
    assert len(search(town.house, text).borrowers) <= MOST_FOUND


@pytest.mark.parametrize(
    "text",
    [
        "karla", "KARLA", "nørregaard", "noerregaard", "nørregård", "nørre kar", "obrien", "o'brien", "annemarie",
        "anne-marie", "anne marie", "ågade 12", "aagade", "12 åga", "karla.n@ex", "karla.n@example.dk", "n_x@",
        "17.5.1980", "17-05-80", "170580", "1980-05-17", "17.5.", "12345678", "12 34 56 78", "+45 12 34", "+4512345678",
        "4512345678", "0045 12 34 56 78", "nyt-kort", "610590-1234", "6105901234", "karla 610590 1234",
    ],
)  # fmt: skip
def test_one_borrower_is_found_in_all_these_ways(house: House, text: str) -> None:
    karla = sign_up(
        house,
        name="Karla Anne-Marie O'Brien Nørregaard",
        street="Ågade 12",
        email="karla.n_x@example.dk" if text == "n_x@" else "Karla.N@example.dk",
        telephones=("+45 12 34 56 78",),
        cards=("NYT-KORT",),
        cpr="6105901234",
    )
    sign_up(house, name="Ib Hansen", born=date(1990, 1, 1), email="x@example.dk", telephones=("87 65 43 21",))
    if text == "n_x@":
        # The whole address from its beginning, not from the middle.
        assert ids(search(house, text)) == []
        assert ids(search(house, "karla.n_x@ karla")) == [karla.borrower_id]
        assert ids(search(house, "karla.nxx@ karla")) == []
    else:
        assert ids(search(house, text)) == [karla.borrower_id]


def test_a_cpr_number_is_found_by_its_index_alone(house: House) -> None:
    anna = sign_up(house, name="Anna Lund", cpr="6105901234")
    number = sign_up(house, name="Bo Lund", cards=("0101901234",))
    assert ids(search(house, "610590-1234")) == [anna.borrower_id]
    assert ids(search(house, "bo 610590-1234")) == []
    assert ids(search(house, "010190-1234")) == []
    assert ids(search(house, "610590-123")) == []
    assert ids(search(house, f"bo {number.number}")) == [number.borrower_id]


def test_an_underscore_stands_for_itself_beside_another_word(house: House) -> None:
    anna = sign_up(house, name="Anna Lund", email="a_b@example.dk")
    sign_up(house, name="Anna Lund", email="axb@example.dk")
    assert ids(search(house, "anna a_b@")) == [anna.borrower_id]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finding, "FEW_WORDS", (1,))
        assert ids(search(house, "anna a_b@")) == [anna.borrower_id]


def test_two_of_the_same_name_are_told_apart_by_birth_year_and_street(house: House) -> None:
    younger = sign_up(house, name="Anna Lund", born=date(1990, 1, 1), street="Ågade 1")
    older = sign_up(house, name="Anna Lund", born=date(1950, 1, 1), street="Parkvej 2")
    unknown = sign_up(house, name="Anna Lund", born=None)
    found = search(house, "anna lund").borrowers
    assert [(one.birth_year, one.street) for one in found] == [(None, ""), (1950, "Parkvej 2"), (1990, "Ågade 1")]
    assert [one.borrower_id for one in found] == [unknown.borrower_id, older.borrower_id, younger.borrower_id]


def test_a_name_stands_before_an_email_or_a_street_that_begins_so(house: House) -> None:
    email = sign_up(house, name="Abel Lund", email="karla@example.dk")
    street = sign_up(house, name="Bo Lund", street="Karlavej 3")
    both = sign_up(house, name="Dan Karlsen", street="Lundevej 1")
    named = sign_up(house, name="Karla Lund")
    assert ids(search(house, "karl")) == [both.borrower_id, named.borrower_id, email.borrower_id, street.borrower_id]
    assert ids(search(house, "karl lund")) == [
        named.borrower_id,
        email.borrower_id,
        street.borrower_id,
        both.borrower_id,
    ]


def test_more_names_than_are_shown_leave_no_room_for_an_email(house: House) -> None:
    email = sign_up(house, name="Abel Lund", email="karla@example.dk")
    for _number in range(MOST_FOUND):
        sign_up(house, name="Karla Lund")
    assert not finds(house, "karla", email)


@pytest.mark.parametrize(("text", "most"), [("k", 2), ("karla", 2), ("karla lund", 3)])
def test_whose_name_fits_is_found_out_without_another_statement(house: House, text: str, most: int) -> None:
    sign_up(house, name="Karla Lund")
    with counted(house) as asked:
        assert len(search(house, text).borrowers) == 1
    assert len(asked) == most


def test_the_danish_letters_come_last_and_aa_is_one_of_them(house: House) -> None:
    names = ("Zita X", "Aage X", "Ægir X", "Øjvind X", "Åse X", "Abel X")
    for name in names:
        sign_up(house, name=name)
    assert [one.name for one in search(house, "x").borrowers] == [
        "Abel X",
        "Zita X",
        "Ægir X",
        "Øjvind X",
        "Aage X",
        "Åse X",
    ]


@pytest.mark.parametrize("few", [6_000, 1])
def test_a_protected_street_leads_to_nobody_until_the_day_after_the_last(
    house: House, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Nobody writes on the day it ends; who knew the street would else learn from a hit that it is right."""
    monkeypatch.setattr(finding, "FEW_WORDS", (few,))
    anna = sign_up(house, name="Anna Lund", street="Ågade 98", cpr="6105901234")
    sign_up(house, name="Ib Hansen", street="Åvej 98")
    protect(house, anna, until=TODAY)
    for typed in ("ågade", "anna 98", "åg lund", "610590-1234 ågade"):
        assert not finds(house, typed, anna)
        assert not finds(house, typed, anna, TODAY - timedelta(days=400))
        assert finds(house, typed, anna, TODAY + timedelta(days=1))
    (found,) = search(house, "anna", TODAY).borrowers
    assert found.street == ""
    (found,) = search(house, "ågade", TODAY + timedelta(days=1)).borrowers
    assert found.street == "Ågade 98"


def test_a_street_that_is_protected_without_an_end_lies_among_no_words(house: House) -> None:
    anna = sign_up(house, name="Anna Lund", street="Ågade 98")
    protect(house, anna, until=None)
    assert not finds(house, "ågade", anna, TODAY + timedelta(days=40_000))
    assert house.rows(SearchWord.select().where(SearchWord.word == "aagade")) == []
    assert finds(house, "anna", anna)
    protect(house, anna, is_protected=False)
    assert finds(house, "ågade", anna)


@pytest.mark.parametrize(
    ("columns", "is_blocked"),
    [
        ({}, True),
        ({"ends_on": TODAY}, True),
        ({"ends_on": date(2026, 3, 9)}, False),
        ({"set_on": date(2026, 3, 11)}, False),
    ],
)
def test_a_block_of_the_person_shows_while_it_is_in_force(
    house: House, columns: dict[str, date], is_blocked: bool
) -> None:
    somebody = sign_up(house)
    house.put(Block.insert(**{"borrower": somebody.borrower_id, "kind": "U", "set_on": date(2026, 1, 1)} | columns))
    assert search(house, "ib").borrowers[0].is_blocked is is_blocked


def test_a_block_of_a_card_is_not_the_persons(house: House) -> None:
    person = house.borrower()
    house.block(person, "O", of_card=True)
    assert not search(house, "ib").borrowers[0].is_blocked


def test_a_changed_name_is_found_and_the_old_one_is_not(house: House) -> None:
    somebody = sign_up(house, name="Anna Lund")
    house.put(Borrower.update(name="Anna Holm"))
    house.store.write_here(lambda transaction: write_search_words(transaction, [somebody.borrower_id]))
    assert finds(house, "holm", somebody)
    assert not finds(house, "lund", somebody)


def test_more_than_fifty_are_told_of_and_not_shown(house: House) -> None:
    for _ in range(MOST_FOUND):
        sign_up(house)
    assert not search(house, "i").has_more
    sign_up(house)
    found = search(house, "i")
    assert (len(found.borrowers), found.has_more) == (MOST_FOUND, True)


def test_what_a_search_prints_of_itself_names_nobody(house: House) -> None:
    somebody = sign_up(house, name="Karla Nørregaard", street="Ågade 1")
    printed = repr(search(house, "karla"))
    assert not any(text in printed for text in ("Karla", "1980", "Ågade", somebody.number))


def test_the_servers_collation_changes_nothing(postgres_server: Server) -> None:
    """Under a Danish collation aa stands behind z, and a range of words would not hold what it should."""
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as admin:
        admin.execute("CREATE DATABASE danish TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'da' LOCALE 'C'")
    try:
        with a_house(postgres_server.url("danish")) as house:
            assert house.store.read_here(lambda t: t._database.execute_sql("SELECT 'aase' < 'b'").fetchone()) == (
                False,
            )
            people = [sign_up(house, name=name) for name in ("Aase", "Bo", "Zita", "aage")]
            assert ids(search(house, "a")) == [people[3].borrower_id, people[0].borrower_id]
            assert finds(house, "å", people[0])
            assert finds(house, "z", people[2])
    finally:
        postgres_server.drop("danish")
