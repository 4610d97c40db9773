"""The RFID pad: is there one, does it answer, what lies on it (V1). Of a tag no number is told (T3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.doctor.records import Check, Verdict
from desk.settings import PadSettings

if TYPE_CHECKING:
    from devices.tag_pad import TagOnPad

AREA = "pad"


def checks(settings: PadSettings) -> list[Check]:
    """Look at the pad of this counter.

    Args:
        settings: how it is reached. What they refuse by themselves is not looked at again.
    """
    if settings.kind in {"none", "virtual"}:
        return [Check(AREA, f"{settings.kind}_pad", Verdict.NOTE)]
    from devices.feig_pad import FeigPad  # noqa: PLC0415  (only where there is a pad)
    from devices.tag_pad import PadMissing  # noqa: PLC0415  (with it)

    pad = FeigPad(settings.port)
    try:
        tags = pad.inventory()
    except PadMissing:
        return [Check(AREA, "pad_away", Verdict.WRONG, {"port": settings.port})]
    finally:
        pad.close()
    return [Check(AREA, "pad", Verdict.OK), *(map(_tag, tags) if tags else [Check(AREA, "no_pad_tag", Verdict.NOTE)])]


def _tag(seen: TagOnPad) -> Check:
    """Say what a tag is of and what it tells the gate; neither is the counter's fault."""
    from devices.rfid import IN_STOCK, ON_LOAN, TagError, item_on_tag  # noqa: PLC0415  (with the pad)

    afi = "" if seen.afi is None else f"{seen.afi:02X}"
    try:
        tag = item_on_tag(seen.memory)
    except TagError as error:
        return Check(AREA, "pad_tag_garbled", Verdict.NOTE, {"field": error.field.value, "afi": afi})
    verdict = Verdict.OK if seen.afi in {IN_STOCK, ON_LOAN} else Verdict.NOTE
    return Check(AREA, "pad_tag", verdict, {"kind": tag.usage.name.lower(), "afi": afi})
