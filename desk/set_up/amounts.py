"""Amounts and periods: the library's own, fee tiers (R3, R4), channels of messages, digital services."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from peewee import fn

from db.models import Fee, FeeTier, Library, LibraryRules, MessageChoice
from db.models.messages import MESSAGE_KINDS
from desk.errors import InvalidInput
from desk.messages.queueing import MAIL_ONLY
from desk.set_up.changes import ChannelsChange, LibraryChange, MunicipalitiesChange, TiersChange
from desk.set_up.kinds import NOTHING_MORE, Kind, Written
from desk.set_up.records import Channels, Effect, LibraryValues, Tier
from desk.set_up.rules import check_library, check_tiers

if TYPE_CHECKING:
    from db.store import Transaction

LIBRARY_COLUMNS = tuple(getattr(LibraryRules, name) for name in LibraryValues.__dataclass_fields__)
MOST_MUNICIPALITIES = 98
BOTH = Channels(sms=True, email=True)


def library_values(transaction: Transaction) -> LibraryValues:
    """Read the amounts and periods."""
    row = transaction.one(LibraryRules.select(*LIBRARY_COLUMNS).where(LibraryRules.id == 1))
    assert row is not None  # noqa: S101  (a library has this row from its beginning)
    return LibraryValues(*row)


def _checked_library(_transaction: Transaction, change: LibraryChange, _today: date) -> LibraryChange:
    check_library(change.after)
    return change


def _write_library(transaction: Transaction, change: LibraryChange, _today: date) -> Written:
    columns = {name: getattr(change.after, name) for name in LibraryValues.__dataclass_fields__}
    transaction.run(LibraryRules.update(**columns).where(LibraryRules.id == 1))
    return NOTHING_MORE


def _effect_of_library(transaction: Transaction, change: LibraryChange, _today: date) -> Effect:
    """Who would come to be blocked by what they owe, or would be no longer (R4: when the limit is reached)."""
    old, new = change.before.debt_limit_ore, change.after.debt_limit_ore
    if old == new:
        return Effect()
    owed = fn.SUM(Fee.amount_ore - Fee.paid_ore)
    low, high = sorted((old, new))
    between = (
        Fee.select(Fee.borrower)
        .where(Fee.settled_on.is_null())
        .group_by(Fee.borrower)
        .having((owed >= low) & (owed < high))
    )
    count = len(transaction.all(between))
    return Effect(blocked=count) if new < old else Effect(freed=count)


LIBRARY = Kind(
    "library",
    lambda _change: (),
    lambda transaction, _change: library_values(transaction),
    _checked_library,
    _write_library,
    _effect_of_library,
)


def tiers(transaction: Transaction) -> tuple[Tier, ...]:
    """Read the fee tiers, in the order of their days."""
    rows = transaction.all(
        FeeTier.select(FeeTier.from_day, FeeTier.adult_ore, FeeTier.child_ore).order_by(FeeTier.from_day)
    )
    return tuple(Tier(*row) for row in rows)


def _checked_tiers(_transaction: Transaction, change: TiersChange, _today: date) -> TiersChange:
    ordered = replace(change, after=tuple(sorted(change.after, key=lambda tier: tier.from_day)))
    check_tiers(ordered.after)
    return ordered


def _write_tiers(transaction: Transaction, change: TiersChange, _today: date) -> Written:
    transaction.run(FeeTier.delete())
    for tier in change.after:
        transaction.run(FeeTier.insert(from_day=tier.from_day, adult_ore=tier.adult_ore, child_ore=tier.child_ore))
    return NOTHING_MORE


TIERS = Kind("tiers", lambda _change: (), lambda transaction, _change: tiers(transaction), _checked_tiers, _write_tiers)


def channels(transaction: Transaction) -> dict[str, Channels]:
    """Read which channels each kind of message takes; a kind nobody has chosen for takes both."""
    rows = transaction.all(MessageChoice.select(MessageChoice.kind, MessageChoice.sms, MessageChoice.email))
    chosen = {kind: Channels(bool(sms), bool(email)) for kind, sms, email in rows}
    return {kind: _possible(kind, chosen.get(kind, BOTH)) for kind in MESSAGE_KINDS}


def _checked_channels(_transaction: Transaction, change: ChannelsChange, _today: date) -> ChannelsChange:
    if change.kind not in MESSAGE_KINDS:
        raise InvalidInput("kind", "unknown")
    return replace(change, after=_possible(change.kind, change.after))


def _possible(kind: str, chosen: Channels) -> Channels:
    """Leave text messages out of a kind that is only ever mailed (C13)."""
    return replace(chosen, sms=chosen.sms and kind not in MAIL_ONLY)


def _write_channels(transaction: Transaction, change: ChannelsChange, _today: date) -> Written:
    transaction.run(MessageChoice.delete().where(MessageChoice.kind == change.kind))
    # Its key is a word, which an INSERT that gives the new row's number cannot give.
    row = (change.kind, change.after.sms, change.after.email)
    transaction.run_many("INSERT INTO message_choice (kind, sms, email) VALUES (?, ?, ?)", [row])
    return NOTHING_MORE


CHANNELS = Kind(
    "channels",
    lambda change: (change.kind,),
    lambda transaction, change: channels(transaction).get(change.kind),
    _checked_channels,
    _write_channels,
)


def municipalities(transaction: Transaction) -> tuple[str, ...]:
    """Read the codes of the municipalities with digital services; none: the library's own."""
    return tuple(str(transaction.value(Library.select(Library.municipalities)) or "").split())


def _checked_municipalities(
    _transaction: Transaction, change: MunicipalitiesChange, _today: date
) -> MunicipalitiesChange:
    codes = []
    for typed in change.after:
        # The CPR register writes four digits, 0671.
        if not re.fullmatch(r"0?[0-9]{3}", typed):
            raise InvalidInput("municipalities", "invalid")
        codes.append(typed[-3:])
    if len(set(codes)) > MOST_MUNICIPALITIES:
        raise InvalidInput("municipalities", "too_many")
    return replace(change, after=tuple(sorted(set(codes))))


def _write_municipalities(transaction: Transaction, change: MunicipalitiesChange, _today: date) -> Written:
    transaction.run(Library.update(municipalities=" ".join(change.after)))
    return NOTHING_MORE


MUNICIPALITIES = Kind(
    "municipalities",
    lambda _change: (),
    lambda transaction, _change: municipalities(transaction),
    _checked_municipalities,
    _write_municipalities,
)
