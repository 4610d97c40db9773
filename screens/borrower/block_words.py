"""Blocks of a borrower's record in words: what it is, whom it follows, and until when (R5)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from desk.borrowers.records import BlockRecord, CardRecord
from desk.calendar import local_date
from desk.texts import _
from desk.wording import short_date
from screens.borrower.card_words import tail
from screens.refusals import block_words


def is_in_force(block: BlockRecord, today: date) -> bool:
    """Tell whether a block holds today: its end is inclusive."""
    return block.lifted_at is None and (block.ends_on is None or block.ends_on >= today)


def what(block: BlockRecord, cards: Sequence[CardRecord]) -> str:
    """Name a block, with the card it follows when it does not follow the person."""
    number = _number(block, cards)
    if not number:
        return block_words(block.kind)
    return _("{block}, card {tail}").format(block=block_words(block.kind), tail=tail(number))


def what_short(block: BlockRecord, cards: Sequence[CardRecord]) -> str:
    """Name a block for a list: «spærret af automat …4711»."""
    number = _number(block, cards)
    return f"{block_words(block.kind)} {tail(number)}" if number else block_words(block.kind)


def _number(block: BlockRecord, cards: Sequence[CardRecord]) -> str:
    return next((card.number for card in cards if card.card_id == block.card_id), "")


def until(block: BlockRecord, today: date) -> str:
    """Word how long a block holds, or that it does no more."""
    if block.lifted_at is not None:
        return _("lifted {date}").format(date=short_date(local_date(block.lifted_at), today))
    if block.ends_on is None:
        return _("until lifted")
    if block.ends_on < today:
        return _("ended {date}").format(date=short_date(block.ends_on, today))
    return _("up to and including {date}").format(date=short_date(block.ends_on, today))


def in_full(block: BlockRecord, cards: Sequence[CardRecord], today: date) -> str:
    """Word all there is to know of a block: what, when, by whom, why, and how it ended."""
    set_on = short_date(block.set_on, today)
    parts = [
        what(block, cards),
        _("set {date} by {who}").format(date=set_on, who=block.set_by)
        if block.set_by
        else _("set {date}").format(date=set_on),
    ]
    if block.reason:
        parts.append(_("reason: {reason}").format(reason=block.reason))
    if block.lifted_at is None:
        parts.append(until(block, today))
    else:
        lifted_on = short_date(local_date(block.lifted_at), today)
        parts.append(
            _("lifted {date} by {who}: {reason}").format(date=lifted_on, who=block.lifted_by, reason=block.lift_reason)
            if block.lifted_by
            else _("lifted {date}: {reason}").format(date=lifted_on, reason=block.lift_reason)
        )
    return " · ".join(parts)
