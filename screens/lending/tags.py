"""Tags on pad and reader, and their items: which is scanned, what each should tell the gate, what stands out (V1).

What a tag tells the gate is an effect outside the store: it follows what was settled, and stops nothing. It is asked
anew of every outcome, so that a tag that a crash left wrong is put right when its item is next on the pad.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from desk.counter.codes import clean_code
from desk.counter.records import Lent, NotUnderstood, Outcome, Renewed, Returned
from devices.pad_messages import TagLaid
from devices.rfid import IN_STOCK, ON_LOAN, Usage
from screens.outcomes import item_of

if TYPE_CHECKING:
    from screens.lending.piles import Row


class Remark(Enum):
    """What stands out about a tag, the worst first."""

    NOT_SWITCHED = "not_switched"
    PARTS = "parts"
    FOREIGN = "foreign"
    DISCARDED = "discarded"
    NOT_FOR_CIRCULATION = "not_for_circulation"


@dataclass(frozen=True, slots=True)
class TagRemark:
    """What stands out about the tags of an item.

    Attributes:
        library: whose it is, as an ISIL.
        there, parts: how many of its parts lie there, of how many.
        is_for_loan: it should have been switched off, for lending; else on.
    """

    remark: Remark
    library: str = ""
    there: int = 0
    parts: int = 0
    is_for_loan: bool = False


class Writer(Protocol):
    """Whoever writes tags: :class:`devices.tag_pad.PadPoller`."""

    def write_afi(self, uid: str, afi: int) -> None:
        """Let a tag tell the gate something else, without waiting."""

    def forget(self, uid: str) -> None:
        """Let a tag be as it is, if it has not been written yet."""


@dataclass(slots=True)
class _Seen:
    """A tag of this session.

    Attributes:
        afi: what it tells the gate, as far as is known.
        asked: what it is being told to tell; None: nothing is being written.
        has_failed: that could not be done so far.
    """

    laid: TagLaid
    code: str
    is_there: bool
    afi: int | None
    asked: int | None = None
    has_failed: bool = False


class TagsAtCounter:
    """Which tags lie on the pad, or did in this session.

    Args:
        isils: the library's own, of all its branches, with or without hyphen.
        writer: writes tags; None: nobody does.
    """

    def __init__(self, isils: Iterable[str], writer: Writer | None = None) -> None:
        self._own = {_without_hyphen(isil) for isil in isils}
        self._writer = writer
        self._seen: dict[str, _Seen] = {}

    def laid(self, message: TagLaid) -> bool:
        """Take note of a tag; gives whether its item is scanned by that.

        Parts of an item are scanned once, and a tag that was asked to be laid down again not at all. Where tags lie
        one at a time, another part is laid down when the first has been taken off.
        """
        code = clean_code(message.tag.item_id)
        before, others = self._seen.get(message.uid), self._of(code)
        is_first = not any(seen.is_there for seen in others)
        if message.is_single:
            is_first = before is not None or not others
        self._seen[message.uid] = seen = _Seen(message, code, is_there=True, afi=message.afi)
        if before is not None and before.code == code and before.asked is not None:
            seen.asked, seen.has_failed = before.asked, before.has_failed
            return False
        return is_first and message.is_scan

    def taken(self, uid: str) -> None:
        """A tag was taken off."""
        if uid in self._seen:
            self._seen[uid].is_there = False

    def written(self, uid: str, afi: int, *, has_worked: bool) -> str:
        """Take note of what became of a write; gives the code it concerns, empty when that is nobody's any more."""
        seen = self._seen.get(uid)
        if seen is None:
            return ""
        if has_worked:
            seen.afi = afi
        if seen.asked != afi:
            # Something else has been asked for since.
            return ""
        seen.has_failed = not has_worked
        if has_worked:
            seen.asked = None
        return seen.code

    def settled(self, outcome: Outcome) -> None:
        """Let the tags of the item that something was settled about tell the gate what is so."""
        item = item_of(outcome)
        if item is None:
            return
        match outcome:
            case Lent() | Renewed():
                afi = ON_LOAN
            case Returned():
                afi = IN_STOCK
            case _:
                afi = ON_LOAN if item.status == "on_loan" else IN_STOCK
        for seen in self._of(clean_code(item.barcode)):
            if self._writer is None or seen.laid.is_single:
                continue
            if afi != (seen.afi if seen.asked is None else seen.asked):
                seen.asked, seen.has_failed = afi, False
                self._writer.write_afi(seen.laid.uid, afi)

    def session_ended(self) -> None:
        """Forget what was taken off: laid down again it is scanned, and what was not written stays so."""
        for uid, seen in list(self._seen.items()):
            if not seen.is_there:
                if self._writer is not None:
                    self._writer.forget(uid)
                del self._seen[uid]
            elif seen.asked is not None:
                # Still written if it can be, but no reason any more not to scan it.
                seen.asked, seen.has_failed, seen.afi = None, False, None

    def remarks_on(self, outcome: Outcome) -> tuple[TagRemark, ...]:
        """Give all that stands out about the tags of an outcome's item, the worst first (C5)."""
        return tuple(self._remarks(self._of(code_of(outcome))))

    def _remarks(self, seen: list[_Seen]) -> Iterator[TagRemark]:
        failed = [one for one in seen if one.has_failed]
        if failed:
            yield TagRemark(Remark.NOT_SWITCHED, is_for_loan=failed[0].asked == ON_LOAN)
        # Also what has been lifted: parts may come one after another, and the first be put in the bag meanwhile.
        tags = [one.laid.tag for one in seen]
        if not tags:
            return
        parts, there = max(tag.parts for tag in tags), len({tag.part for tag in tags})
        if there < parts:
            yield TagRemark(Remark.PARTS, there=there, parts=parts)
        for library in dict.fromkeys(tag.library for tag in tags):
            if self._own and library and _without_hyphen(library) not in self._own:
                yield TagRemark(Remark.FOREIGN, library=_isil(library))
        uses = {tag.usage for tag in tags}
        if Usage.DISCARDED in uses:
            yield TagRemark(Remark.DISCARDED)
        elif Usage.NOT_FOR_CIRCULATION in uses:
            yield TagRemark(Remark.NOT_FOR_CIRCULATION)

    def changed(self, rows: Iterable[Row]) -> list[Row]:
        """Give lines whose remarks are others now, with those; of an item's several lines only the newest.

        What was seen stays said when the tag is lifted; only that it was not switched is no longer so.
        """
        newest = {code: row for row in rows if (code := code_of(row.outcome))}
        changed = []
        for row in newest.values():
            if row.outcome is not None and self._of(code_of(row.outcome)):
                remarks = self.remarks_on(row.outcome)
            else:
                remarks = tuple(tag for tag in row.tags if tag.remark is not Remark.NOT_SWITCHED)
            if remarks != row.tags:
                row.tags = remarks
                changed.append(row)
        return changed

    def _of(self, code: str) -> list[_Seen]:
        return [seen for seen in self._seen.values() if seen.code == code] if code else []


def code_of(outcome: Outcome | None) -> str:
    """Give the code of the item an outcome is about, or of what was not understood; empty: it has none."""
    if outcome is None:
        return ""
    if isinstance(outcome, NotUnderstood):
        return outcome.shown
    item = item_of(outcome)
    return "" if item is None else clean_code(item.barcode)


def _without_hyphen(isil: str) -> str:
    return isil.replace("-", "", 1).upper()


def _isil(library: str) -> str:
    """Write an ISIL as people do: its country's two letters stand before a hyphen."""
    return f"{library[:2]}-{library[2:]}" if library[:2].isalpha() and library[2:] else library
