"""The card readers: is pcscd there, what does it see, which reader is for whom, how are tags read (V1)."""

from __future__ import annotations

from collections.abc import Iterator

from desk.doctor.records import Check, Verdict
from desk.settings import ReaderSettings

AREA = "readers"
LIMIT = 10.0  # seconds for pcscd; a dozen tags are read in less


def checks(settings: ReaderSettings) -> list[Check]:
    """Look at the readers of this counter.

    Args:
        settings: which readers it should have.
    """
    if settings.kind == "none":
        return [Check(AREA, "not_set_up", Verdict.NOTE)]
    return list(_pcsc(settings))


def _pcsc(settings: ReaderSettings) -> Iterator[Check]:
    from devices.pcsc.probe import look_within  # noqa: PLC0415  (only where a reader is set up)

    seen = look_within(LIMIT)
    if seen.trouble is not None:
        what = seen.trouble.value if seen.trouble.value in {"no_library", "no_access", "no_answer"} else "no_service"
        yield Check(AREA, what, Verdict.WRONG)
        return
    yield Check(AREA, "service", Verdict.OK)
    if not seen.readers:
        yield Check(AREA, "no_reader", Verdict.WRONG)
        return
    yield from _roles(settings, seen.readers)
    for reader in seen.failing:
        yield Check(AREA, "failing", Verdict.WRONG, {"reader": reader})
    for tag in seen.tags:
        ways = [way.value for way in tag.ways]
        values = {"reader": tag.reader, "ways": ", ".join(ways), "field": tag.field, "blocks": settings.blocks}
        if settings.blocks == "none" and tag.field != "uid":
            yield Check(AREA, "tag_not_asked", Verdict.NOTE, values)
        elif not ways:
            yield Check(AREA, "tag_unread", Verdict.WRONG, values)
        elif settings.blocks not in {"auto", *ways}:
            yield Check(AREA, "tag_other_way", Verdict.WRONG, values)
        elif tag.is_understood:
            yield Check(AREA, "tag", Verdict.OK, values)
        elif tag.field != "memory":
            yield Check(AREA, "tag_garbled", Verdict.NOTE, values)
        elif _is_for_items(settings, tag.reader):
            yield Check(AREA, "tag_blank", Verdict.NOTE, values)
        else:
            yield Check(AREA, "tag_of_no_item", Verdict.OK, values)
    if not seen.tags:
        yield Check(AREA, "no_tag", Verdict.NOTE)


def _is_for_items(settings: ReaderSettings, reader: str) -> bool:
    from devices.pcsc.roles import ReaderRules, Role  # noqa: PLC0415  (with the readers)

    return ReaderRules(settings.borrowers, settings.items).role_of(reader) is Role.ITEMS


def _roles(settings: ReaderSettings, readers: tuple[str, ...]) -> Iterator[Check]:
    """Say of each role which readers have it, and of the others that nobody uses them."""
    from devices.pcsc.roles import ReaderRules, Role  # noqa: PLC0415  (with the readers)

    rules = ReaderRules(settings.borrowers, settings.items)
    of = {name: rules.role_of(name) for name in readers}
    for role in rules.roles:
        names = [name for name in readers if of[name] is role]
        part = settings.items if role is Role.ITEMS else settings.borrowers
        values = {"readers": ", ".join(names or readers), "part": part or "–"}
        verdict = Verdict.OK if names else Verdict.WRONG
        yield Check(AREA, role.value if names else f"no_{role.value}", verdict, values)
    for name in readers:
        if of[name] is None:
            yield Check(AREA, "nobodys", Verdict.NOTE, {"reader": name})
