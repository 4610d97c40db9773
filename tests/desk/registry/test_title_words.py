"""Titles are found whichever way they came into the store (C15)."""

from __future__ import annotations

from db.models import Item, TitleWord
from desk.catalogue.finding import found_titles
from desk.catalogue.title_words import titles_without_words, write_title_words
from tests.builders import House
from tests.desk.registry.files import Desk, marc


def names(house: House, text: str) -> list[str]:
    return [one.title for one in house.store.read_here(lambda transaction: found_titles(transaction, text)).titles]


async def test_an_imported_title_is_found_and_a_renamed_one_by_its_new_words_only(desk: Desk) -> None:
    await desk.items("510;Kongens Fal;Jensen;;;;;;")
    assert names(desk.house, "fal jens") == ["Kongens Fal"]
    await desk.items("510;Bukkene Bruse;Asbjørnsen;;;;;;")
    assert names(desk.house, "bruse asbjoern") == ["Bukkene Bruse"]
    assert names(desk.house, "kongens") == []


async def test_a_title_from_marc_is_found_by_its_number(desk: Desk) -> None:
    await desk.raw_items(marc("Kongens Fald", "510", number="28847238"), "one.mrc")
    assert names(desk.house, "2 884 723 8") == ["Kongens Fald"]


async def test_the_same_file_again_doubles_no_word(desk: Desk) -> None:
    rows = [f"{number};Titel {number};Ib;;;;;;" for number in range(20)]
    await desk.items(*rows)
    count = len(desk.house.ids(TitleWord))
    await desk.items(*rows)
    assert len(desk.house.ids(TitleWord)) == count == 60


async def test_titles_from_before_there_were_words_get_theirs(desk: Desk) -> None:
    house = desk.house
    await desk.items("510;Bog;Ib;;;;;;", "511;Ærø;Åse;;;;;;")
    house.put(TitleWord.delete())
    missing = house.store.read_here(titles_without_words)
    assert len(missing) == 2
    house.store.write_here(lambda transaction: write_title_words(transaction, missing))
    assert house.store.read_here(titles_without_words) == []
    assert names(house, "aeroe aase") == ["Ærø"]
    assert len(house.ids(Item)) == 2
