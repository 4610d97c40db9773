"""What the demo's store holds: the town of :mod:`desk.registry.demo_town`, written into an empty store."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from db.models import Block, Borrower, BorrowerGroup, Branch, Card, Fee, Item, MaterialGroup, Staff, Telephone, Title
from desk.borrowers.searching import write_search_words
from desk.calendar import local_date
from desk.catalogue.title_words import write_title_words
from desk.circulation.rules import birthday_in
from desk.privacy.access_log import LOG_KEY_BYTES
from desk.registry import demo_town as town
from desk.registry.cells import ore, title_key
from desk.registry.demo_figures import count_a_year
from desk.registry.demo_from_outside import write_what_came_in
from desk.registry.demo_reserving import reserve
from desk.registry.lending import Lending, Visit
from desk.registry.made_up import (
    FIRST_BARCODE,
    FIRST_CARD,
    MUNICIPALITY,
    TOWNS,
    numbers_with_check_digit,
    person,
    replacement_cpr,
)

if TYPE_CHECKING:
    from db.store import Transaction
    from desk.staff.passwords import Hasher

TITLES = Path(__file__).with_name("data") / "demo_titles.csv"
CARDS_APART = 1_000
BARCODES_APART = 40


@dataclass(frozen=True, slots=True)
class _Copy:
    item_id: int
    title: str
    material: str
    status: str
    parts: int


class DemoFilling:
    """Writes the demo; the same random numbers make the same one.

    Args:
        random: seeded.
        at: the instant the demo is made; its dates count back from it.
    """

    def __init__(self, random: Random, at: datetime) -> None:
        self._random = random
        self._at = at
        self._today = local_date(at)
        self._cards = self._numbers(FIRST_CARD, CARDS_APART)
        self._barcodes = self._numbers(FIRST_BARCODE, BARCODES_APART)
        self.pins: dict[str, str] = {}

    def _numbers(self, first: int, apart: int) -> Iterator[str]:
        while True:
            first += self._random.randint(1, apart)
            number = next(numbers_with_check_digit(first))
            # Two neighbours without a check digit give the same next number.
            first = int(number[:9])
            yield number

    def fill(self, transaction: Transaction, hasher: Hasher) -> None:
        """Write titles, items, borrowers, blocks and loans."""
        self._transaction = transaction
        self._hasher = hasher
        self._branches = dict(transaction.all(Branch.select(Branch.name, Branch.id)))
        self._groups = dict(transaction.all(BorrowerGroup.select(BorrowerGroup.code, BorrowerGroup.id)))
        self._materials = dict(transaction.all(MaterialGroup.select(MaterialGroup.code, MaterialGroup.id)))
        self._staff = dict(transaction.all(Staff.select(Staff.login, Staff.id)))
        self._lending = Lending(transaction, self._today)
        shelf = self._buy()
        borrowers = {citizen.name: self._sign_up(citizen) for citizen in town.CITIZENS}
        for citizen in town.CITIZENS:
            if citizen.guardian:
                guardian_id, _card = borrowers[citizen.guardian]
                transaction.run(Borrower.update(guardian=guardian_id).where(Borrower.id == borrowers[citizen.name][0]))
        write_search_words(transaction, [borrower_id for borrower_id, _card in borrowers.values()])
        self._lend(borrowers, shelf)
        self._charge(borrowers)
        reserve(transaction, self._at, next(self._barcodes), {name: ids[0] for name, ids in borrowers.items()})
        write_what_came_in(transaction, self._at)
        count_a_year(transaction, self._random, self._today, self._branches.values())

    def _buy(self) -> list[_Copy]:
        """Write every title and its copies: first all first copies, so that the first items are of different titles."""
        with TITLES.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        title_ids = [
            self._transaction.run(
                Title.insert(
                    title=row["title"],
                    author=row["author"],
                    year=int(row["year"]) if row["year"] else None,
                    source_key=title_key(row["title"], row["author"]),
                )
            )
            for row in rows
        ]
        write_title_words(self._transaction, title_ids)
        copies = [
            (number, row, title_id)
            for number in range(1, 4)
            for row, title_id in zip(rows, title_ids, strict=True)
            if number <= int(row["copies"])
        ]
        return [self._buy_copy(number, row, title_id, place) for place, (number, row, title_id) in enumerate(copies)]

    def _buy_copy(self, number: int, row: dict[str, str], title_id: int, place: int) -> _Copy:
        is_last = number == int(row["copies"])
        status = town.STATUSES.get(row["title"], "available") if is_last else "available"
        at_thyholm = number == 3 or (number == 2 and place % 3 == 0)
        item_id = self._transaction.run(
            Item.insert(
                barcode=next(self._barcodes),
                title=title_id,
                material_group=self._materials[row["material_group"]],
                branch=self._branches[(town.THYHOLM if at_thyholm else town.STRUER).name],
                shelf_mark=row["shelf_mark"],
                price_ore=ore(row["price"]),
                parts=int(row["parts"]),
                status=status,
                status_since=None if status == "available" else self._at - timedelta(days=12),
            )
        )
        return _Copy(item_id, row["title"], row["material_group"], status, int(row["parts"]))

    def _sign_up(self, citizen: town.Citizen) -> tuple[int, int]:
        """Write a borrower; gives the ids of the borrower and of the card in use."""
        made_up = person(self._random, self._today, 20, 60)
        is_person = citizen.group != "institution"
        born = self._born(citizen.age) if is_person else None
        cpr = None if born is None else replacement_cpr(self._random, born)
        vault = self._transaction.vault
        postcode, city = TOWNS[2] if citizen.at_thyholm else TOWNS[0]
        noted_at = self._at - timedelta(days=20, hours=3)
        borrower_id = self._transaction.run(
            Borrower.insert(
                number=f"{self._random.randrange(10**8):08}",
                cpr_sealed=None if cpr is None else vault.seal(cpr),
                cpr_index=None if cpr is None else vault.index(cpr),
                name=citizen.name,
                birth_date=born,
                street=made_up.street,
                postcode=postcode,
                city=city,
                address_dated=self._today - timedelta(days=self._random.randint(30, 900)),
                email=made_up.email if citizen.age >= 15 else "",
                borrower_group=self._groups[citizen.group],
                home_branch=self._branches[(town.THYHOLM if citizen.at_thyholm else town.STRUER).name],
                municipality=MUNICIPALITY,
                language=citizen.language,
                address_protected=citizen.protected_days is not None,
                protected_until=self._in_days(citizen.protected_days),
                internal_note=citizen.internal_note,
                internal_note_by=self._staff["mette"] if citizen.internal_note else None,
                internal_note_at=noted_at if citizen.internal_note else None,
                note_to_borrower=citizen.note_to_borrower,
                note_to_borrower_by=self._staff["mette"] if citizen.note_to_borrower else None,
                note_to_borrower_at=noted_at if citizen.note_to_borrower else None,
                log_key=self._random.randbytes(LOG_KEY_BYTES),
            )
        )
        if citizen.age >= 10:
            self._transaction.run(
                Telephone.insert(borrower=borrower_id, number=made_up.phone, takes_sms=citizen.age >= 15)
            )
        card_id = self._give_card(borrower_id, citizen, citizen.card_state)
        if citizen.card_state != "active":
            card_id = self._give_card(borrower_id, citizen, "active")
        for block in citizen.blocks:
            self._block(borrower_id, block)
        return borrower_id, card_id

    def _born(self, age: int) -> date:
        birthday = self._today - timedelta(days=self._random.randint(1, 360))
        return birthday_in(birthday, birthday.year - age)

    def _in_days(self, days: int | None) -> date | None:
        return None if days is None else self._today + timedelta(days=days)

    def _give_card(self, borrower_id: int, citizen: town.Citizen, state: str) -> int:
        number, pin = next(self._cards), f"{self._random.randrange(10_000):04}"
        self.pins[number] = pin
        return self._transaction.run(
            Card.insert(
                borrower=borrower_id,
                number=number,
                kind="child" if citizen.group == "barn" else "library",
                state=state,
                state_since=None if state == "active" else self._today - timedelta(days=15),
                pin_hash=self._hasher.pin_hash(pin),
            )
        )

    def _block(self, borrower_id: int, block: town.Blocked) -> None:
        self._transaction.run(
            Block.insert(
                borrower=borrower_id,
                kind=block.kind,
                set_on=self._in_days(-block.days_ago),
                reason=block.reason,
                ends_on=self._in_days(block.ends_in),
                set_by=self._staff["lone"],
            )
        )

    def _lend(self, borrowers: dict[str, tuple[int, int]], copies: list[_Copy]) -> None:
        """Lend what the town says, from behind those that stay on the shelf."""
        shelf = copies[town.KEPT_AT_HOME :]
        self._random.shuffle(shelf)
        visits = []
        for citizen in town.CITIZENS:
            borrower_id, card_id = borrowers[citizen.name]
            for lent in citizen.lent:
                fitting = [copy for copy in shelf if _can_go(copy, lent.material)][: lent.count]
                shelf = [copy for copy in shelf if copy not in fitting]
                visits.append(
                    Visit(
                        borrower_id=borrower_id,
                        card_id=card_id,
                        borrower_group_id=self._groups[citizen.group],
                        material_group_id=self._materials[lent.material],
                        lent_on=self._lending.open_day_before(self._today, lent.days_ago),
                        item_ids=tuple(copy.item_id for copy in fitting),
                    )
                )
        self._lending.lend(visits)

    def _charge(self, borrowers: dict[str, tuple[int, int]]) -> None:
        """Write the fees of those who owe something."""
        for name, owed in town.OWES.items():
            for fee in owed:
                self._transaction.run(
                    Fee.insert(
                        borrower=borrowers[name][0],
                        type="other" if fee.note else "fee",
                        reason="by_hand" if fee.note else "overdue",
                        note=fee.note,
                        amount_ore=fee.kroner * 100,
                        charged_on=self._in_days(-fee.days_ago),
                        created_at=self._at - timedelta(days=fee.days_ago),
                    )
                )


def _can_go(copy: _Copy, material: str) -> bool:
    return copy.status == "available" and copy.material == material and copy.parts == 1
