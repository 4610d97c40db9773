"""From the bytes of a tag to the item's number: the one place where the readers meet the data model."""

from __future__ import annotations

from devices.pcsc.apdu import ApduError
from devices.rfid import TagError, item_on_tag


def item_in(memory: bytes) -> str:
    """Read the item's number.

    Args:
        memory: the tag's first 32 or 36 bytes.

    Raises:
        ApduError: naming the field that cannot be understood.
    """
    try:
        return item_on_tag(memory).item_id
    except TagError as error:
        raise ApduError(error.field.value, "not to be understood") from None
