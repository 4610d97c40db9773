"""What stands out about tags on the pad, in words for a line's note."""

from __future__ import annotations

from typing import assert_never

from desk.texts import pgettext
from screens.lending.tags import Remark, TagRemark


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


def is_of_the_item(tag: TagRemark) -> bool:
    """Tell whether a remark is one that the store may have made too: what the item is for."""
    return tag.remark in {Remark.DISCARDED, Remark.NOT_FOR_CIRCULATION}
