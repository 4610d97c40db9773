"""Search for titles (C15) against a plain scan over all of them, on both engines."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.models import Item, Title, TitleWord
from desk.catalogue import finding
from desk.catalogue.finding import LONGEST_SEARCH, MOST_FOUND
from tests.catalogue_builders import Shelves

SPELLINGS = (("æ", "ae"), ("ø", "oe"), ("å", "aa"), ("ä", "ae"), ("ö", "oe"))
TITLES = (
    ("Kongens Fald", "Johannes V. Jensen"),
    ("Ærø rundt: en håndbog", "Åse Møller"),
    ("Science-fiction før og nu", "José O'Brien"),
    ("1984", "George Orwell"),
    ("Ib [/] Hansen", "[@click=app.exit]x"),
    ("\x1b[2J a\u202eb", "ÆØÅ 🦉"),
    ("Война и мир", "Лев Толстой"),
)


def plainly(text: str) -> list[str]:
    """Give the words of a text without Danish letters, accents or signs, worked out without the program."""
    text = text.casefold()
    for letter, spelling in SPELLINGS:
        text = text.replace(letter, spelling)
    text = "".join(one for one in unicodedata.normalize("NFD", text) if not unicodedata.combining(one))
    return "".join(one if one.isalnum() else " " for one in text).split()


def words_of(title: str, author: str) -> list[str]:
    """Give the words of a title and its author, also without hyphen and apostrophe."""
    said = f"{title} {author}"
    return plainly(said) + plainly(said.replace("-", "").replace("'", ""))


@pytest.fixture
def stocked(shelves: Shelves) -> Shelves:
    for title, author in TITLES:
        shelves.title(title, author)
    return shelves


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("k", "Kongens Fald"),
        ("jen fal kong", "Kongens Fald"),
        ("KONGENS, FALD!", "Kongens Fald"),
        ("aeroe haand", "Ærø rundt: en håndbog"),
        ("æ møl", "Ærø rundt: en håndbog"),
        ("aase", "Ærø rundt: en håndbog"),
        ("sciencefiction", "Science-fiction før og nu"),
        ("fiction science", "Science-fiction før og nu"),
        ("jose obrien", "Science-fiction før og nu"),
        ("19", "1984"),
        ("мир", "Война и мир"),
        ("hansen", "Ib [/] Hansen"),
    ],
)
def test_the_beginnings_of_words_of_title_and_author_find_in_any_order(stocked: Shelves, text: str, title: str) -> None:
    assert stocked.names(text) == [title]


@pytest.mark.parametrize("text", ["", "  ", "---", "kongens slot", "\x1b\u202e", "%", "_", "[/]", "'", "0" * 500])
def test_what_no_title_has_finds_nothing(stocked: Shelves, text: str) -> None:
    assert stocked.found(text).titles == ()
    assert stocked.found(text).has_more is False


@given(st.lists(st.sampled_from(["k", "en", "aa", "fal", "å", "o", "1", "j", "mi", "x", "'", "ø-r"]), max_size=4))
def test_any_beginnings_find_what_a_plain_scan_finds(stocked: Shelves, beginnings: list[str]) -> None:
    wanted = [word for beginning in beginnings for word in plainly(beginning)]
    expected = {
        title
        for title, author in TITLES
        if wanted and all(any(word.startswith(one) for word in words_of(title, author)) for one in wanted)
    }
    assert set(stocked.names(" ".join(beginnings))) == expected


def test_titles_stand_in_the_order_of_the_danish_alphabet(shelves: Shelves) -> None:
    for title in ("Øen", "Åen", "Zoo og en", "Ælling og en", "Aalborg og en", "Anden"):
        shelves.title(title, "En")
    assert shelves.names("en") == ["Anden", "Zoo og en", "Ælling og en", "Øen", "Åen", "Aalborg og en"]


def test_a_barcode_finds_its_title_first_and_says_which_copy(shelves: Shelves) -> None:
    (_first, second) = shelves.title("Kongens Fald", copies=2)
    shelves.title("Aaa", number=second.barcode)
    found = shelves.found(f" {second.barcode} ")
    assert [one.title for one in found.titles] == ["Kongens Fald", "Aaa"]
    assert found.item_id == second.item_id
    assert shelves.found(second.barcode + "0").titles == ()


@pytest.mark.parametrize("typed", ["28847238", "2 884 723 8", "2884-7238"])
def test_a_faust_number_finds_its_title_first(shelves: Shelves, typed: str) -> None:
    shelves.title("Abe 28847238x")
    shelves.title("Kongens Fald", number="28847238")
    assert shelves.names(typed)[0] == "Kongens Fald"


def test_copies_are_counted_without_the_discarded_ones(shelves: Shelves) -> None:
    (one, *_others) = shelves.title("Kongens Fald", copies=3)
    shelves.copy(shelves.title_of(one), "1", status="discarded")
    shelves.copy(shelves.title_of(one), "2", status="missing")
    (found,) = shelves.found("kongens").titles
    assert (found.copies, found.available) == (4, 3)


def test_more_than_fifty_are_said_to_be_more(shelves: Shelves) -> None:
    for number in range(MOST_FOUND):
        shelves.title(f"Bog {number}")
    assert (len(shelves.found("bog").titles), shelves.found("bog").has_more) == (MOST_FOUND, False)
    shelves.title("Bog 50")
    assert (len(shelves.found("bog").titles), shelves.found("bog").has_more) == (MOST_FOUND, True)


def test_no_search_looks_beyond_its_bound_and_none_hides_that(
    shelves: Shelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LOOKED_AT", 5)
    for number in range(8):
        shelves.title(f"Bog {number}", "Anna" if number == 7 else "Ib")
    assert shelves.found("bog").has_more is True
    assert shelves.names("bog anna") == ["Bog 7"]
    assert shelves.found("bog anna").has_more is False
    # Both are wide here, and the one that fits lies beyond the bound.
    monkeypatch.setattr(finding, "LOOKED_AT", 1)
    assert shelves.found("bog i").has_more is True


@pytest.mark.parametrize(("text", "most"), [("b", 4), ("bog ib", 5), ("b i 3", 6), ("28847238", 5), ("zzz bog", 3)])
def test_the_statements_of_a_search_do_not_grow_with_what_there_is(shelves: Shelves, text: str, most: int) -> None:
    counts = []
    for _round in range(2):
        for number in range(30):
            shelves.title(f"Bog {number} {_round}", "Ib")
        with shelves.statements() as ran:
            shelves.found(text)
        counts.append(sum(sql.lstrip("(").startswith("SELECT") for sql in ran))
    assert counts[0] == counts[1] <= most


def test_a_very_long_text_is_cut(stocked: Shelves) -> None:
    assert stocked.names("kongens " + " " * LONGEST_SEARCH + "slot") == ["Kongens Fald"]
    words = " ".join(f"k{'ongens'[:end]}" for end in range(7))
    assert stocked.names(words) == ["Kongens Fald"]


def test_a_title_that_goes_takes_its_words_with_it(shelves: Shelves) -> None:
    (thing,) = shelves.title("Kongens Fald")
    title_id = shelves.title_of(thing)
    shelves.house.put(Item.delete().where(Item.id == thing.item_id))
    shelves.house.put(Title.delete().where(Title.id == title_id))
    assert shelves.house.rows(TitleWord.select(TitleWord.id)) == []
