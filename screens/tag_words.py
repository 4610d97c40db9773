"""What stands out about tags, in words: for a line's note, and for the lane."""

from __future__ import annotations

from typing import assert_never

from desk.counter.records import ToDecide
from desk.texts import _, pgettext
from screens.lending.piles import Row
from screens.lending.tags import Remark, TagRemark, code_of
from screens.outcomes import item_of


def tag_note(tag: TagRemark) -> str:
    """Word what stands out about an item's tags, in a line's room."""
    match tag.remark:
        case Remark.NOT_SWITCHED if tag.is_for_loan:
            return pgettext("pile", "chip not switched off")
        case Remark.NOT_SWITCHED:
            return pgettext("pile", "chip not switched on")
        case Remark.PARTS:
            return pgettext("pile", "{there} of {parts} parts").format(there=tag.there, parts=tag.parts)
        case Remark.FOREIGN:
            return pgettext("pile", "belongs to {library}").format(library=tag.library)
        case Remark.DISCARDED:
            return pgettext("pile", "chip says discarded")
        case Remark.NOT_FOR_CIRCULATION:
            return pgettext("pile", "chip says not for loan")
        case _ as never:
            assert_never(never)


def tag_sentence(tag: TagRemark) -> str:
    """Word the same where there is room for it."""
    match tag.remark:
        case Remark.NOT_SWITCHED if tag.is_for_loan:
            return _("The chip was not switched off. Lay the item down again.")
        case Remark.NOT_SWITCHED:
            return _("The chip was not switched on. Lay the item down again.")
        case Remark.PARTS:
            return _("{there} of {parts} parts lie here.").format(there=tag.there, parts=tag.parts)
        case Remark.FOREIGN:
            return _("By its chip the item belongs to {library}.").format(library=tag.library)
        case Remark.DISCARDED:
            return _("By its chip the item is discarded.")
        case Remark.NOT_FOR_CIRCULATION:
            return _("By its chip the item is not for loan.")
        case _ as never:
            assert_never(never)


def said_of_line(row: Row) -> str:
    """Word whole, beside the pile, what stands out in several ways; empty: the line or the lane has room for it."""
    if len(row.tags) < 2 or row.outcome is None or isinstance(row.outcome, ToDecide):
        return ""
    item = item_of(row.outcome)
    title = item.title if item is not None else code_of(row.outcome)
    return _("»{title}«: {notes}").format(title=title, notes=" · ".join(map(tag_note, row.tags)))


def is_anothers(tag: TagRemark) -> bool:
    """Tell whether a remark is that the item is another library's."""
    return tag.remark is Remark.FOREIGN


def is_of_the_item(tag: TagRemark) -> bool:
    """Tell whether a remark is one that the store may have made too: what the item is for."""
    return tag.remark in {Remark.DISCARDED, Remark.NOT_FOR_CIRCULATION}
