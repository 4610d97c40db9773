"""What a label says."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """One label. Of a borrower it says nothing but the card's number: a lost card tells nobody whose it is.

    Attributes:
        code: the card's number or the item's barcode, as the store has it.
        library: whose card or item it is.
        title: an item's; empty on a card.
    """

    code: str = field(repr=False)
    library: str
    title: str = ""
