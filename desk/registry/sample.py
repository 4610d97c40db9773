"""A large made-up library: for measuring, for training, for trying an upgrade on (``desk sample``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from db.bulk import ids_in_order, insert_many, update_many
from db.models import Block, Borrower, BorrowerGroup, Branch, Card, Item, MaterialGroup, Telephone, Title
from desk.borrowers.searching import write_search_words
from desk.calendar import local_date
from desk.catalogue.title_words import add_title_words
from desk.circulation.rules import age_on
from desk.errors import InvalidInput
from desk.privacy.access_log import LOG_KEY_BYTES
from desk.registry import demo_town as town
from desk.registry import sample_words as words
from desk.registry.cells import title_key
from desk.registry.lending import Lending, Visit
from desk.registry.made_up import (
    FIRST_BARCODE,
    FIRST_SAMPLE_CARD,
    MEN,
    MUNICIPALITY,
    SURNAMES,
    WOMEN,
    MadeUpPerson,
    distinct_cprs,
    numbers_with_check_digit,
    person,
    telephone,
)
from desk.registry.preparing import NewLibrary, make_installation
from desk.registry.report import Progress
from desk.settings import Settings

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.staff.passwords import Hasher

PIN = "1234"
COPIES_A_TITLE = 1.7
# Everybody below the limit of 15, so that in every sample somebody can be lent something.
MOST_LOANS = 14
LONGEST_AGO = 45
MATERIALS = {"standard": 88, "14dag": 10, "film15": 2}
OFF_THE_SHELF = ("missing", "lost", "discarded", "damaged", "not_for_loan", "claimed_returned")


@dataclass(frozen=True, slots=True)
class SampleSize:
    """How large a sample is."""

    borrowers: int
    items: int
    loans: int

    def check(self) -> None:
        """Refuse what cannot be made.

        Raises:
            InvalidInput: ``loans``: more than the borrowers may have, or than there are items.
        """
        if self.loans > min(self.borrowers * MOST_LOANS, self.items):
            raise InvalidInput("loans", "too_many")


def make_sample(
    home: Path,
    size: SampleSize,
    seed: int,
    at: datetime,
    new_id: Callable[[], str],
    progress: Progress,
    settings: Settings | None = None,
) -> None:
    """Make a home with a sample in it, with the demo's branches and accounts.

    Args:
        home: absolute; not an installation yet.
        size: how many of each.
        seed: the same seed and the same day make the same sample.
        at: the instant (aware UTC) its dates count back from.
        new_id: draws command ids.
        progress: told how many rows are in, of how many.
        settings: of the home; None: as by default.

    Raises:
        InvalidInput: a size that cannot be made.
        HomeError: it is an installation already, and what else :func:`make_installation` raises.
    """
    size.check()
    make_installation(
        home,
        NewLibrary(town.LIBRARY, town.ISIL, (town.STRUER, town.THYHOLM), town.STAFF, made_up=True),
        settings or Settings(),
        at,
        new_id,
        lambda transaction, hasher: fill_with_sample(transaction, hasher, size, seed, at, progress),
    )


def fill_with_sample(
    transaction: Transaction, hasher: Hasher, size: SampleSize, seed: int, at: datetime, progress: Progress
) -> None:
    """Write a sample into a store that has branches, groups and rules, and nobody and nothing else."""
    sample = _Sample(transaction, Random(seed), at)  # noqa: S311  (made-up people, the same ones every time)
    total = size.borrowers + size.items + size.loans
    progress(0, total)
    items = sample.buy(size.items)
    progress(size.items, total)
    borrowers = sample.sign_up(size.borrowers, hasher.pin_hash(PIN))
    progress(size.items + size.borrowers, total)
    sample.lend(size.loans, borrowers, items)
    progress(total, total)


@dataclass(frozen=True, slots=True)
class _Person:
    borrower_id: int
    card_id: int
    group: str
    age: int


class _Sample:
    def __init__(self, transaction: Transaction, random: Random, at: datetime) -> None:
        self._transaction = transaction
        self._random = random
        self._at = at
        self._today = local_date(at)
        self._branches = [row[0] for row in transaction.all(Branch.select(Branch.id).order_by(Branch.id))]
        self._groups = dict(transaction.all(BorrowerGroup.select(BorrowerGroup.code, BorrowerGroup.id)))
        self._materials = dict(transaction.all(MaterialGroup.select(MaterialGroup.code, MaterialGroup.id)))

    def buy(self, count: int) -> dict[str, list[int]]:
        """Write titles and items; gives the ids of those that can be lent, by material group."""
        random = self._random
        titles = list(self._titles(max(1, round(count / COPIES_A_TITLE)) if count else 0))
        insert_many(self._transaction, (Title.title, Title.author, Title.year, Title.source_key), titles)
        title_ids = ids_in_order(self._transaction, Title)
        add_title_words(
            self._transaction,
            (
                (title_id, title, author, key)
                for title_id, (title, author, _year, key) in zip(title_ids, titles, strict=True)
            ),
        )
        materials = random.choices(list(MATERIALS), list(MATERIALS.values()), k=len(title_ids))
        # Each title once, and further copies of some of them.
        places = [*range(len(title_ids)), *random.choices(range(len(title_ids)), k=count - len(title_ids))]
        barcodes = numbers_with_check_digit(FIRST_BARCODE)
        statuses = [random.choice(OFF_THE_SHELF) if random.random() < 0.015 else "available" for _place in places]
        insert_many(
            self._transaction,
            (
                Item.barcode,
                Item.title,
                Item.material_group,
                Item.branch,
                Item.shelf_mark,
                Item.price_ore,
                Item.parts,
                Item.status,
                Item.status_since,
            ),
            (
                (
                    next(barcodes),
                    title_ids[place],
                    self._materials[materials[place]],
                    random.choices(self._branches, (7, 3))[0],
                    titles[place][1].rpartition(" ")[2],
                    random.choice((None, 9995, 14995, 19995, 24995, 29995)),
                    random.randint(2, 6) if random.random() < 0.03 else 1,
                    status,
                    self._at - timedelta(days=random.randint(1, 700)),
                )
                for place, status in zip(places, statuses, strict=True)
            ),
        )
        items: dict[str, list[int]] = {code: [] for code in MATERIALS}
        for item_id, place, status in zip(ids_in_order(self._transaction, Item), places, statuses, strict=True):
            if status == "available":
                items[materials[place]].append(item_id)
        return items

    def _titles(self, count: int) -> Iterator[tuple[str, str, int, str]]:
        volumes: dict[str, int] = {}
        for _number in range(count):
            title = self._title()
            author = f"{self._random.choice(WOMEN + MEN)} {self._random.choice(SURNAMES)}"
            key = title_key(title, author)
            volume = volumes[key] = volumes.get(key, 0) + 1
            if volume > 1:
                title = f"{title}, bind {volume}"
                key = title_key(title, author)
            yield title, author, self._random.randint(1950, self._today.year), key

    def _title(self) -> str:
        random = self._random
        noun, place = random.choice(words.NOUNS), random.choice(words.PLACES)
        match random.randrange(4):
            case 0:
                return f"Den {random.choice(words.ADJECTIVES)} {noun} ved {place}"
            case 1:
                return f"{noun.capitalize()} og {random.choice(words.NOUNS)}"
            case 2:
                return f"{random.choice(words.SUBJECTS)}: en håndbog fra {place}"
            case _:
                return f"{random.choice(WOMEN + MEN)} og den {random.choice(words.ADJECTIVES)} {noun}"

    def sign_up(self, count: int, pin_hash: str) -> list[_Person]:
        """Write borrowers with a card each, telephones, guardians of the children, and some blocks."""
        random, vault = self._random, self._transaction.vault
        numbers = random.sample(range(10**8), count)
        people = [self._person() for _number in numbers]
        cprs = distinct_cprs(random, [born for _group, born, _made_up in people])
        insert_many(
            self._transaction,
            (
                Borrower.number,
                Borrower.cpr_sealed,
                Borrower.cpr_index,
                Borrower.name,
                Borrower.birth_date,
                Borrower.street,
                Borrower.postcode,
                Borrower.city,
                Borrower.address_dated,
                Borrower.email,
                Borrower.borrower_group,
                Borrower.home_branch,
                Borrower.municipality,
                Borrower.language,
                Borrower.address_protected,
                Borrower.internal_note,
                Borrower.internal_note_at,
                Borrower.log_key,
            ),
            (
                (
                    f"{number:08}",
                    vault.seal(cpr),
                    vault.index(cpr),
                    made_up.name,
                    born,
                    made_up.street,
                    made_up.postcode,
                    made_up.city,
                    self._today - timedelta(days=random.randint(1, 1500)),
                    made_up.email if random.random() < 0.8 else "",
                    self._groups[group],
                    random.choices(self._branches, (7, 3))[0],
                    MUNICIPALITY,
                    "en" if random.random() < 0.04 else "da",
                    random.random() < 0.01,
                    *self._note(),
                    random.randbytes(LOG_KEY_BYTES),
                )
                for number, cpr, (group, born, made_up) in zip(numbers, cprs, people, strict=True)
            ),
        )
        ids = ids_in_order(self._transaction, Borrower)
        cards = numbers_with_check_digit(FIRST_SAMPLE_CARD)
        insert_many(
            self._transaction,
            (Card.borrower, Card.number, Card.kind, Card.pin_hash),
            (
                (borrower_id, next(cards), "child" if group == "barn" else "library", pin_hash)
                for borrower_id, (group, _born, _made_up) in zip(ids, people, strict=True)
            ),
        )
        self._give_telephones(ids, people)
        write_search_words(self._transaction, ids)
        self._set_guardians(ids, people)
        self._set_blocks(ids)
        return [
            _Person(borrower_id, card_id, group, age_on(born, self._today))
            for borrower_id, card_id, (group, born, _made_up) in zip(
                ids, ids_in_order(self._transaction, Card), people, strict=True
            )
        ]

    def _person(self) -> tuple[str, date, MadeUpPerson]:
        group = self._random.choices(("voksen", "barn"), (78, 22))[0]
        youngest, oldest = (3, 14) if group == "barn" else (15, 93)
        made_up = person(self._random, self._today, youngest, oldest)
        return group, made_up.born, made_up

    def _note(self) -> tuple[str, datetime | None]:
        if self._random.random() > 0.01:
            return "", None
        return self._random.choice(words.NOTES), self._at - timedelta(days=self._random.randint(1, 400))

    def _give_telephones(self, ids: list[int], people: list[tuple[str, date, MadeUpPerson]]) -> None:
        mobiles = (
            (borrower_id, made_up.phone, True)
            for borrower_id, (_group, _born, made_up) in zip(ids, people, strict=True)
        )
        homes = ((borrower_id, telephone(self._random), False) for borrower_id in ids if self._random.random() < 0.15)
        insert_many(self._transaction, (Telephone.borrower, Telephone.number, Telephone.takes_sms), [*mobiles, *homes])

    def _set_guardians(self, ids: list[int], people: list[tuple[str, date, MadeUpPerson]]) -> None:
        adults = [borrower_id for borrower_id, (group, *_rest) in zip(ids, people, strict=True) if group == "voksen"]
        if not adults:
            return
        update_many(
            self._transaction,
            Borrower.id,
            (Borrower.guardian,),
            (
                (self._random.choice(adults), borrower_id)
                for borrower_id, (group, *_rest) in zip(ids, people, strict=True)
                if group == "barn"
            ),
        )

    def _set_blocks(self, ids: list[int]) -> None:
        random, today = self._random, self._today
        insert_many(
            self._transaction,
            (Block.borrower, Block.kind, Block.set_on, Block.reason, Block.ends_on),
            (
                (
                    borrower_id,
                    random.choice("UUSSWE"),
                    today - timedelta(days=random.randint(1, 90)),
                    "Fra prøvedata",
                    random.choice((None, today + timedelta(days=random.randint(1, 90)))),
                )
                for borrower_id in ids
                if random.random() < 0.015
            ),
        )

    def lend(self, count: int, people: list[_Person], items: dict[str, list[int]]) -> None:
        """Write open loans, some of them overdue, in visits of one to five.

        Raises:
            InvalidInput: ``loans``: what is left may not be lent to those who are left.
        """
        random = self._random
        for shelf in items.values():
            random.shuffle(shelf)
        room = dict.fromkeys(range(len(people)), MOST_LOANS)
        open_to = list(room)
        random.shuffle(open_to)
        lending = Lending(self._transaction, self._today)
        days = [lending.open_day_before(self._today, ago) for ago in range(1, LONGEST_AGO + 1)]
        visits: list[Visit] = []
        while count:
            if not open_to:
                raise InvalidInput("loans", "too_many")
            # Some borrow a lot and many a little.
            place = int(len(open_to) * random.random() ** 2)
            who = people[open_to[place]]
            fitting = [code for code, shelf in items.items() if shelf and (code != "film15" or who.age >= 15)]
            left = room[open_to[place]]
            if not fitting or not left:
                open_to[place] = open_to[-1]
                open_to.pop()
                continue
            code = random.choices(fitting, [MATERIALS[code] for code in fitting])[0]
            taken = items[code][-min(random.randint(1, 5), left, count) :]
            del items[code][-len(taken) :]
            room[open_to[place]] -= len(taken)
            count -= len(taken)
            visits.append(
                Visit(
                    borrower_id=who.borrower_id,
                    card_id=who.card_id,
                    borrower_group_id=self._groups[who.group],
                    material_group_id=self._materials[code],
                    lent_on=days[random.randrange(LONGEST_AGO)],
                    item_ids=tuple(taken),
                )
            )
        lending.lend(visits)
