"""From the bytes of a tag to what they say: the one place where the readers meet the data model."""

from __future__ import annotations

from devices.pcsc.apdu import ApduError
from devices.rfid import Tag, TagError, TagField, item_on_tag


class Garbled(ApduError):
    """What is written on a tag cannot be understood, or nothing is.

    Attributes:
        part: of the data model.
    """

    def __init__(self, part: TagField) -> None:
        super().__init__(part.value, "not to be understood")
        self.part = part

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is written there."""
        return self.part is TagField.MEMORY


def tag_in(memory: bytes) -> Tag:
    """Read what is written on a tag.

    Args:
        memory: the tag's first 32 or 36 bytes.

    Raises:
        Garbled: naming the field that cannot be understood.
    """
    try:
        return item_on_tag(memory)
    except TagError as error:
        raise Garbled(error.field) from None
