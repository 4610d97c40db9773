"""Borrowers from elsewhere: new ones added, known ones updated by their card or CPR number (at most 200 a command)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from peewee import Field

from db.bulk import by_name, folded, insert_many, update_many
from db.models import Borrower, BorrowerGroup, Branch, Card, Telephone
from desk.borrowers.card_numbers import card_faults
from desk.borrowers.searching import write_search_words
from desk.command import Command, carries_out
from desk.errors import InvalidInput
from desk.privacy.purposes import Purpose
from desk.registry.borrower_rows import BorrowerRow
from desk.registry.changes import Changes
from desk.registry.report import BatchResult, Problem
from desk.staff.rights import Right

if TYPE_CHECKING:
    from db.store import Transaction

ADULT, CHILD = "voksen", "barn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBorrowers(Command[BatchResult]):
    """Add borrowers, or update those whose card or CPR number is known. Blocks and loans stay as they are.

    Attributes:
        rows: of one file, no card and no CPR number twice.
        columns: which optional columns the file has; the others stay as they are in a borrower who is updated.
        branch_id: the home branch of those who have none.
        numbers: drawn at random for lånernumre; more than there are rows, since some may be taken.
        log_keys: 32 random bytes for each row.
    """

    right: ClassVar[Right] = Right.IMPORT

    rows: tuple[BorrowerRow, ...] = field(repr=False)
    columns: frozenset[str]
    branch_id: int
    numbers: tuple[str, ...] = field(repr=False)
    log_keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGuardians(Command[BatchResult]):
    """Say who is financially responsible, once everybody in a file is in the store.

    Attributes:
        rows: with a ``guardian_card``: a card or a CPR number.
    """

    right: ClassVar[Right] = Right.IMPORT

    rows: tuple[BorrowerRow, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row whose group and branch were found; ``borrower_id`` None: somebody new."""

    row: BorrowerRow
    borrower_id: int | None
    group_id: int | None
    branch_id: int | None


class _Found:
    """Who is in the store already, by card and by CPR number."""

    def __init__(self, transaction: Transaction, cards: list[str], cprs: list[str]) -> None:
        self._index = {cpr: transaction.vault.index(cpr) for cpr in cprs}
        self.by_card: dict[str, int] = dict(
            transaction.all(Card.select(Card.number, Card.borrower).where(Card.number.in_(cards)))
        )
        self._by_cpr: dict[bytes, int] = dict(
            transaction.all(
                Borrower.select(Borrower.cpr_index, Borrower.id).where(
                    Borrower.cpr_index.in_(list(self._index.values()))
                )
            )
        )

    def with_cpr(self, cpr: str | None) -> int | None:
        return None if cpr is None else self._by_cpr.get(self._index[cpr])

    def index(self, cpr: str | None) -> bytes | None:
        return None if cpr is None else self._index[cpr]


@carries_out(ImportBorrowers)
def import_borrowers(transaction: Transaction, command: ImportBorrowers) -> BatchResult:
    """Add and update borrowers.

    Raises:
        InvalidInput: the store lacks the group of adults or of children, or the numbers ran out.
    """
    groups = by_name(transaction, BorrowerGroup.id, BorrowerGroup.code, BorrowerGroup.name)
    branches = by_name(transaction, Branch.id, Branch.isil, Branch.name)
    if ADULT not in groups or CHILD not in groups:
        raise InvalidInput("borrower_group", "missing")
    found = _Found(
        transaction,
        [row.card for row in command.rows if row.card],
        [row.cpr for row in command.rows if row.cpr is not None],
    )
    # A card that is known is as it is; a new one has to be one (C1).
    faults = card_faults(transaction, [row.card for row in command.rows if row.card and row.card not in found.by_card])
    skipped: list[Problem] = []
    placed: list[_Placed] = []
    for row in command.rows:
        with_card, with_cpr = found.by_card.get(row.card), found.with_cpr(row.cpr)
        if row.group and folded(row.group) not in groups:
            skipped.append(Problem(row.record, "group"))
        elif row.branch and folded(row.branch) not in branches:
            skipped.append(Problem(row.record, "branch"))
        elif with_card is not None and with_cpr is not None and with_card != with_cpr:
            skipped.append(Problem(row.record, "cpr_of_another"))
        elif row.card in faults:
            skipped.append(Problem(row.record, f"card_{faults[row.card]}"))
        else:
            borrower_id = with_cpr if with_card is None else with_card
            placed.append(_Placed(row, borrower_id, groups.get(folded(row.group)), branches.get(folded(row.branch))))
    new = [one for one in placed if one.borrower_id is None]
    old = [one for one in placed if one.borrower_id is not None]
    changes = Changes(transaction, [one.borrower_id for one in old if one.borrower_id is not None])
    ids = _add(transaction, command, new, found, groups)
    created = list(ids.values())
    ids |= {one.row.record: one.borrower_id for one in old if one.borrower_id is not None}
    _update(transaction, command, old, found)
    _give_cards(transaction, [one.row for one in placed if one.row.card not in found.by_card], ids)
    _give_telephones(transaction, command.columns, placed, ids)
    write_search_words(transaction, list(ids.values()))
    changes.note(command.who, command.at, Purpose.IMPORT, created)
    return BatchResult(added=len(new), updated=len(old), skipped=tuple(skipped))


def _add(
    transaction: Transaction,
    command: ImportBorrowers,
    new: list[_Placed],
    found: _Found,
    groups: Mapping[str, int],
) -> dict[int, int]:
    """Write those who are new; gives their ids by line."""
    if not new:
        return {}
    free = free_numbers(transaction, command.numbers, len(new))
    vault = transaction.vault
    insert_many(
        transaction,
        (
            Borrower.number,
            Borrower.cpr_sealed,
            Borrower.cpr_index,
            Borrower.name,
            Borrower.birth_date,
            Borrower.care_of,
            Borrower.street,
            Borrower.postcode,
            Borrower.city,
            Borrower.email,
            Borrower.borrower_group,
            Borrower.home_branch,
            Borrower.municipality,
            Borrower.language,
            Borrower.internal_note,
            Borrower.internal_note_at,
            Borrower.note_to_borrower,
            Borrower.note_to_borrower_at,
            Borrower.log_key,
        ),
        (
            (
                number,
                None if one.row.cpr is None else vault.seal(one.row.cpr),
                found.index(one.row.cpr),
                one.row.name,
                one.row.birth_date,
                one.row.care_of,
                one.row.street,
                one.row.postcode,
                one.row.city,
                one.row.email,
                one.group_id or groups[CHILD if one.row.guardian_card else ADULT],
                one.branch_id or command.branch_id,
                one.row.municipality,
                one.row.language or "da",
                one.row.internal_note,
                command.at if one.row.internal_note else None,
                one.row.note_to_borrower,
                command.at if one.row.note_to_borrower else None,
                log_key,
            )
            for number, one, log_key in zip(free, new, command.log_keys[: len(new)], strict=True)
        ),
    )
    by_number = dict(transaction.all(Borrower.select(Borrower.number, Borrower.id).where(Borrower.number.in_(free))))
    return {one.row.record: by_number[number] for number, one in zip(free, new, strict=True)}


def free_numbers(transaction: Transaction, numbers: Sequence[str], wanted: int) -> list[str]:
    """Give so many of the lånernumre that were drawn as nobody has.

    Raises:
        InvalidInput: they do not suffice; more must be drawn.
    """
    taken = {
        row[0] for row in transaction.all(Borrower.select(Borrower.number).where(Borrower.number.in_(list(numbers))))
    }
    free = [number for number in dict.fromkeys(numbers) if number not in taken][:wanted]
    if len(free) < wanted:
        raise InvalidInput("number", "taken")
    return free


def _update(transaction: Transaction, command: ImportBorrowers, old: list[_Placed], found: _Found) -> None:
    """Update those who are known by the columns the file has."""
    columns, vault, at = command.columns, transaction.vault, command.at
    optional: tuple[tuple[str, Field, Any], ...] = (
        ("co", Borrower.care_of, lambda row: row.care_of),
        ("street", Borrower.street, lambda row: row.street),
        ("postcode", Borrower.postcode, lambda row: row.postcode),
        ("city", Borrower.city, lambda row: row.city),
        ("email", Borrower.email, lambda row: row.email),
        ("municipality", Borrower.municipality, lambda row: row.municipality),
    )
    given = [(column, value) for name, column, value in optional if name in columns]
    update_many(
        transaction,
        Borrower.id,
        [Borrower.name, *(column for column, _value in given)],
        ((one.row.name, *(value(one.row) for _column, value in given), one.borrower_id) for one in old),
    )
    # An empty cell does not take these away: nobody is without a group, a branch or a language, and a birth date
    # or CPR number that was once known is not forgotten because another system lacks it.
    kept: tuple[tuple[tuple[Field, ...], Any], ...] = (
        ((Borrower.borrower_group,), lambda one: one.group_id and (one.group_id,)),
        ((Borrower.home_branch,), lambda one: one.branch_id and (one.branch_id,)),
        ((Borrower.language,), lambda one: one.row.language and (one.row.language,)),
        ((Borrower.birth_date,), lambda one: one.row.birth_date and (one.row.birth_date,)),
        (
            (Borrower.cpr_sealed, Borrower.cpr_index),
            lambda one: one.row.cpr and (vault.seal(one.row.cpr), found.index(one.row.cpr)),
        ),
    )
    for fields, values in kept:
        update_many(
            transaction,
            Borrower.id,
            fields,
            ((*values(one), one.borrower_id) for one in old if values(one)),
        )
    if "guardian_card" in columns:
        without = ((None, one.borrower_id) for one in old if not one.row.guardian_card)
        update_many(transaction, Borrower.id, (Borrower.guardian,), without)
    _update_notes(transaction, columns, old, at)


def _update_notes(transaction: Transaction, columns: frozenset[str], old: list[_Placed], at: datetime) -> None:
    """Write notes that differ, and only those: the others keep who wrote them and when."""
    notes: tuple[tuple[str, Field, Field, Field, Any], ...] = (
        (
            "internal_note",
            Borrower.internal_note,
            Borrower.internal_note_by,
            Borrower.internal_note_at,
            lambda row: row.internal_note,
        ),
        (
            "note_to_borrower",
            Borrower.note_to_borrower,
            Borrower.note_to_borrower_by,
            Borrower.note_to_borrower_at,
            lambda row: row.note_to_borrower,
        ),
    )
    for name, note, note_by, note_at, value in notes:
        if name not in columns or not old:
            continue
        now = dict(
            transaction.all(Borrower.select(Borrower.id, note).where(Borrower.id.in_([one.borrower_id for one in old])))
        )
        update_many(
            transaction,
            Borrower.id,
            (note, note_by, note_at),
            (
                (value(one.row), None, at if value(one.row) else None, one.borrower_id)
                for one in old
                if value(one.row) != now[one.borrower_id]
            ),
        )


def _give_cards(transaction: Transaction, rows: list[BorrowerRow], ids: Mapping[int, int]) -> None:
    insert_many(transaction, (Card.borrower, Card.number), ((ids[row.record], row.card) for row in rows if row.card))


def _give_telephones(
    transaction: Transaction, columns: frozenset[str], placed: list[_Placed], ids: Mapping[int, int]
) -> None:
    """Write the telephones the file has; of those who are known, only the kinds it has a column for."""
    for name, takes_sms in (("phone", False), ("mobile", True)):
        if name not in columns:
            continue
        known = [one.borrower_id for one in placed if one.borrower_id is not None]
        if known:
            transaction.run(
                Telephone.delete().where(Telephone.borrower.in_(known) & (Telephone.takes_sms == takes_sms))
            )
        insert_many(
            transaction,
            (Telephone.borrower, Telephone.number, Telephone.takes_sms),
            ((ids[one.row.record], getattr(one.row, name), takes_sms) for one in placed if getattr(one.row, name)),
        )


@carries_out(SetGuardians)
def set_guardians(transaction: Transaction, command: SetGuardians) -> BatchResult:
    """Set guardians; a card nobody has, or the borrower's own, is remarked on and nothing is changed."""
    codes = {row.guardian_card for row in command.rows} | {row.card for row in command.rows if row.card}
    cprs = {row.cpr for row in command.rows if row.cpr is not None}
    found = _Found(transaction, sorted(codes), sorted(cprs | {code.replace("-", "") for code in codes}))
    remarks: list[Problem] = []
    pairs: list[tuple[int, int]] = []
    for row in command.rows:
        child = found.by_card.get(row.card) if row.card else found.with_cpr(row.cpr)
        guardian = found.by_card.get(row.guardian_card)
        if guardian is None:
            guardian = found.with_cpr(row.guardian_card.replace("-", ""))
        if guardian is None:
            remarks.append(Problem(row.record, "guardian_unknown"))
        elif guardian == child:
            remarks.append(Problem(row.record, "guardian_self"))
        elif child is not None:
            pairs.append((guardian, child))
    changes = Changes(transaction, [child for _guardian, child in pairs])
    update_many(transaction, Borrower.id, (Borrower.guardian,), pairs)
    changes.note(command.who, command.at, Purpose.IMPORT)
    return BatchResult(added=0, updated=0, remarks=tuple(remarks))
