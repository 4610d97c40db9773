"""Borrowers as the register knows them: known ones updated, missing ones added on demand (at most 200 a command).

The register outranks what staff typed, in everything it knows: name, birth date, address and its date, municipality,
protection of name and address. What it does not know stays: group, branch, language, notes, telephones, e-mail, cards,
guardian. The newest word holds: what an extract says that was made before the last one taken in is not taken in, person
by person. What each status leads to:

===========  =======================================================================================================
01 03 05 07  updated, or added; on a special road (03, 07) it is lawful to have no address
20 30        nothing: a number for tax only, or one that was annulled, says nothing about a borrower
50 60        the borrower gets the number that holds now; the rest comes with that number's own records. Without such
             a number: nothing. When both numbers are borrowers: nothing is merged, somebody has to look at it
70           missing: no address and no municipality any more; nobody is blocked for it
80           emigrated: no address and no municipality any more, so no digital services
90           dead: block D, once; address and municipality as the register has them, which is empty
===========  =======================================================================================================
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import Field

from db.bulk import by_name, insert_many, update_many
from db.models import Block, Borrower, BorrowerGroup
from desk.borrowers.cpr import born_with
from desk.borrowers.searching import write_search_words
from desk.calendar import local_date
from desk.circulation.rules import age_on
from desk.command import Command, carries_out
from desk.errors import InvalidInput
from desk.privacy.purposes import Purpose
from desk.registry.changes import Changes
from desk.registry.import_borrowers import ADULT, CHILD, free_numbers
from desk.registry.person_register import AT_AN_ADDRESS, MOVED_ON, RegisteredPerson, Status
from desk.registry.report import BatchResult, Problem
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

ADULT_FROM_YEARS = 14
DEAD_BLOCK = "D"
NOTHING_KNOWN = {Status.TAX_ONLY: "tax_only", Status.ANNULLED: "annulled"}
GONE = {Status.MISSING: "missing_person", Status.EMIGRATED: "emigrated"}


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateFromRegister(Command[BatchResult]):
    """Take in what a register says of persons.

    Attributes:
        rows: no CPR number twice; old and new number of one person in any order. When the two come in different
            commands with ``create``, the old one must have been followed first.
        create: add those who are no borrowers yet.
        branch_id: the home branch of those who are added.
        numbers: drawn at random for lånernumre; more than there are rows, since some may be taken.
        log_keys: 32 random bytes for each row.
        block_reason: what stands as the reason of a block D.
    """

    right: ClassVar[Right] = Right.IMPORT

    rows: tuple[RegisteredPerson, ...] = field(repr=False)
    create: bool
    branch_id: int
    numbers: tuple[str, ...] = field(repr=False)
    log_keys: tuple[bytes, ...] = field(repr=False)
    block_reason: str


class _Plan:
    """What is to be done for the rows of one command, decided before anything is written.

    Attributes:
        renumbered: borrowers whose number was changed, by id.
        known: borrowers who are updated, by id.
        added: those who are new.
        updated: how many rows were about somebody who is a borrower already.

    Args:
        with_cpr: the borrowers there are, by number.
        told_on: the day of the register's last word about each of them, as far as there is one.
        create: whether those who are none become borrowers.
    """

    def __init__(self, with_cpr: dict[str, int], told_on: Mapping[int, date], *, create: bool) -> None:
        self._with_cpr = with_cpr
        self._told_on = told_on
        self._create = create
        self._new: set[str] = set()
        self.renumbered: list[tuple[RegisteredPerson, int]] = []
        self.known: list[tuple[RegisteredPerson, int]] = []
        self.added: list[RegisteredPerson] = []
        self.updated = 0
        self.skipped: list[Problem] = []
        self.remarks: list[Problem] = []

    def decide(self, rows: Iterable[RegisteredPerson]) -> None:
        """Decide for every row: new numbers first, and whoever is added is added from the number that holds."""
        rows = sorted(rows, key=lambda row: row.status in MOVED_ON)
        for row in rows:
            self._renumber(row)
        for row in rows:
            why = self._refusal(row)
            if why:
                self.skipped.append(Problem(row.record, why))

    def _renumber(self, row: RegisteredPerson) -> None:
        if self._is_outdated(row):
            return
        if row.current_cpr and row.cpr in self._with_cpr and row.current_cpr not in self._with_cpr:
            borrower_id = self._with_cpr.pop(row.cpr)
            self._with_cpr[row.current_cpr] = borrower_id
            self.renumbered.append((row, borrower_id))

    def _is_outdated(self, row: RegisteredPerson) -> bool:
        """Tell whether the store has a newer word of the register about whoever has the number."""
        told_on = self._told_on.get(self._with_cpr.get(row.cpr, 0))
        return told_on is not None and (row.given_on is None or row.given_on < told_on)

    def _refusal(self, row: RegisteredPerson) -> str:
        """Plan what a row leads to, or say why it leads to nothing."""
        if row.status in NOTHING_KNOWN:
            return NOTHING_KNOWN[row.status]
        if self._is_outdated(row):
            return "outdated"
        if row.status in MOVED_ON:
            if not row.current_cpr:
                return "no_current_number"
            if row.cpr in self._with_cpr:
                return "two_borrowers"
            if row.current_cpr in self._with_cpr or row.current_cpr in self._new:
                self.updated += 1
                return ""
        elif row.cpr in self._with_cpr:
            self.known.append((row, self._with_cpr[row.cpr]))
            self.updated += 1
            self._remark(row)
            return ""
        if not row.name:
            # Whoever has none is not added in any case: it is no use to advise it.
            return "no_name_yet"
        if not self._create:
            return "not_a_borrower"
        self._new.add(row.current_cpr or row.cpr)
        self.added.append(row)
        self._remark(row)
        return ""

    def _remark(self, row: RegisteredPerson) -> None:
        if row.status in GONE:
            self.remarks.append(Problem(row.record, GONE[row.status]))
        elif row.status in AT_AN_ADDRESS and not row.street:
            self.remarks.append(Problem(row.record, "no_address"))
        if not row.name:
            self.remarks.append(Problem(row.record, "name_kept"))


@carries_out(UpdateFromRegister)
def update_from_register(transaction: Transaction, command: UpdateFromRegister) -> BatchResult:
    """Update, renumber, add and block.

    Raises:
        InvalidInput: somebody is to be added, and the store lacks the group of adults or of children, or the numbers
            ran out.
    """
    plan = _Plan(*_borrowers_with(transaction, command.rows), create=command.create)
    plan.decide(command.rows)
    changes = Changes(transaction, [borrower_id for _row, borrower_id in plan.known + plan.renumbered])
    added = _add(transaction, command, plan.added)
    people = plan.known + added
    vault = transaction.vault
    update_many(
        transaction,
        Borrower.id,
        (Borrower.cpr_sealed, Borrower.cpr_index, Borrower.birth_date, Borrower.register_dated),
        (
            (vault.seal(row.current_cpr), vault.index(row.current_cpr), _birth_date(row), row.given_on, borrower_id)
            for row, borrower_id in plan.renumbered
        ),
    )
    update_many(
        transaction,
        Borrower.id,
        (Borrower.name,),
        # Who has no name in the register yet keeps the one given here: a borrower without one is never found.
        ((row.name, borrower_id) for row, borrower_id in plan.known if row.name),
    )
    update_many(
        transaction,
        Borrower.id,
        REGISTERED,
        ((*_registered(row), borrower_id) for row, borrower_id in plan.known),
    )
    write_search_words(transaction, [borrower_id for _row, borrower_id in people + plan.renumbered])
    remarks = plan.remarks + _block_the_dead(transaction, command, people)
    created = [borrower_id for _row, borrower_id in added]
    changes.note(command.who, command.at, Purpose.REGISTER, created)
    return BatchResult(len(plan.added), plan.updated, tuple(plan.skipped), tuple(remarks))


def _borrowers_with(
    transaction: Transaction, rows: Iterable[RegisteredPerson]
) -> tuple[dict[str, int], dict[int, date]]:
    """Find the borrowers who have one of the numbers, old or new; and when the register last told of each."""
    numbers = {transaction.vault.index(cpr): cpr for row in rows for cpr in (row.cpr, row.current_cpr) if cpr}
    found = transaction.all(
        Borrower.select(Borrower.cpr_index, Borrower.id, Borrower.register_dated).where(
            Borrower.cpr_index.in_(list(numbers))
        )
    )
    return (
        {numbers[cpr_index]: borrower_id for cpr_index, borrower_id, _told_on in found},
        {borrower_id: told_on for _cpr_index, borrower_id, told_on in found if told_on is not None},
    )


# Beside the name: what the register knows and therefore replaces.
REGISTERED: tuple[Field, ...] = (
    Borrower.birth_date,
    Borrower.care_of,
    Borrower.street,
    Borrower.postcode,
    Borrower.city,
    Borrower.municipality,
    Borrower.address_dated,
    Borrower.address_protected,
    Borrower.protected_until,
    Borrower.register_dated,
)


def _registered(row: RegisteredPerson) -> tuple[Any, ...]:
    """Give the values of :data:`REGISTERED`."""
    address = (row.care_of, row.street, row.postcode, row.city, row.municipality)
    return (
        _birth_date(row),
        *(("",) * len(address) if row.status in GONE else address),
        row.address_dated,
        row.is_protected,
        row.protected_until,
        row.given_on,
    )


def _birth_date(row: RegisteredPerson) -> date | None:
    """Give the birth date. Numbers are changed when the one in them was wrong; then the new number says it right."""
    return born_with(row.current_cpr) if row.current_cpr else row.birth_date


def _add(
    transaction: Transaction, command: UpdateFromRegister, rows: list[RegisteredPerson]
) -> list[tuple[RegisteredPerson, int]]:
    """Write those who are new; gives each with the id it got. A health card has no row: it is found by the number."""
    if not rows:
        return []
    groups = by_name(transaction, BorrowerGroup.id, BorrowerGroup.code)
    if ADULT not in groups or CHILD not in groups:
        raise InvalidInput("borrower_group", "missing")
    numbers = free_numbers(transaction, command.numbers, len(rows))
    vault, today = transaction.vault, local_date(command.at)
    insert_many(
        transaction,
        (
            Borrower.number,
            Borrower.cpr_sealed,
            Borrower.cpr_index,
            Borrower.borrower_group,
            Borrower.home_branch,
            Borrower.name,
            Borrower.log_key,
            *REGISTERED,
        ),
        (
            (
                number,
                vault.seal(row.current_cpr or row.cpr),
                vault.index(row.current_cpr or row.cpr),
                groups[_group(row, today)],
                command.branch_id,
                row.name,
                log_key,
                *_registered(row),
            )
            for number, row, log_key in zip(numbers, rows, command.log_keys[: len(rows)], strict=True)
        ),
    )
    ids = dict(transaction.all(Borrower.select(Borrower.number, Borrower.id).where(Borrower.number.in_(numbers))))
    return [(row, ids[number]) for number, row in zip(numbers, rows, strict=True)]


def _group(row: RegisteredPerson, today: date) -> str:
    born = _birth_date(row)
    return CHILD if born is not None and age_on(born, today) < ADULT_FROM_YEARS else ADULT


def _block_the_dead(
    transaction: Transaction, command: UpdateFromRegister, people: list[tuple[RegisteredPerson, int]]
) -> list[Problem]:
    """Set block D for those who have died, and remark on whoever's block and status do not agree.

    It is set once: a supervisor who has lifted it has seen something that the register has not.
    """
    today = local_date(command.at)
    blocks = transaction.all(
        Block.select(Block.borrower, Block.lifted_at).where(
            (Block.kind == DEAD_BLOCK) & Block.borrower.in_([borrower_id for _row, borrower_id in people])
        )
    )
    blocked = {borrower_id for borrower_id, _lifted_at in blocks}
    blocked_now = {borrower_id for borrower_id, lifted_at in blocks if lifted_at is None}
    remarks, deaths = [], []
    for row, borrower_id in people:
        is_dead = row.status is Status.DEAD
        if is_dead and borrower_id not in blocked:
            deaths.append((borrower_id, DEAD_BLOCK, min(row.status_since or today, today), command.block_reason))
            remarks.append(Problem(row.record, "dead"))
        elif is_dead and borrower_id not in blocked_now:
            remarks.append(Problem(row.record, "dead_without_block"))
        elif not is_dead and borrower_id in blocked_now:
            remarks.append(Problem(row.record, "blocked_but_not_dead"))
    insert_many(transaction, (Block.borrower, Block.kind, Block.set_on, Block.reason), deaths)
    return remarks
