"""What a reader says of the card on it (V1); of the codes the same holds as in :mod:`devices.messages`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was laid on a reader.

    Attributes:
        code: what the card says it is.
        reader: the reader's name.
    """

    code: str = field(repr=False)
    reader: str


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """The card was taken off a reader (C7: that draws the curtain).

    Attributes:
        reader: the reader's name.
    """

    reader: str


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """Something lies on a reader and cannot be read.

    Attributes:
        reader: the reader's name.
        field: what could not be: ``uid``, ``block 3``, or ``card`` when it does not answer at all.
    """

    reader: str
    field: str
