"""What PC/SC shows right now, for whoever sets a counter up: one look, without a thread."""

from __future__ import annotations

from dataclasses import dataclass
from threading import Thread

from devices.pcsc.apdu import Addressing, ApduError, Transmit, is_tag, read_uid
from devices.pcsc.card import read_memory
from devices.pcsc.content import Garbled, tag_in
from devices.pcsc.service import UNAWARE, PcscError, PcscService, ReaderState, Trouble
from devices.rfid import TagField


@dataclass(frozen=True, slots=True)
class TagSeen:
    """A tag on a reader, without its number.

    Attributes:
        reader: the reader's name.
        ways: how its blocks can be asked for; when one way gives what can be understood, that one alone.
        is_understood: whether an item's number is written on it.
        field: what cannot be read, when nothing can: ``block 0``; ``card`` when it does not answer. Of blocks that
            can: what in them cannot be understood; ``memory`` when nothing is written there.
    """

    reader: str
    ways: tuple[Addressing, ...] = ()
    is_understood: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class PcscSeen:
    """What a look found.

    Attributes:
        trouble: why there is nothing to see; None: PC/SC answers.
        readers: their names.
        failing: those whose driver does not answer.
        tags: what lies on them and is a tag, or cannot be told.
    """

    trouble: Trouble | None = None
    readers: tuple[str, ...] = ()
    failing: tuple[str, ...] = ()
    tags: tuple[TagSeen, ...] = ()


def look_within(seconds: float) -> PcscSeen:
    """Look once, and give up after a while.

    A question to a pcscd that hangs cannot be taken back: the thread that put it ends with the program.

    Args:
        seconds: how long at most.
    """
    seen: list[PcscSeen] = []
    looking = Thread(target=lambda: seen.append(look()), name="pcsc-probe", daemon=True)
    looking.start()
    looking.join(seconds)
    return seen[0] if seen else PcscSeen(Trouble.NO_ANSWER)


def look() -> PcscSeen:
    """Look once, and read the tags that lie there."""
    try:
        service = PcscService()
    except PcscError as error:
        return PcscSeen(error.trouble)
    try:
        readers = service.readers()
        states = service.changes(dict.fromkeys(readers, UNAWARE), 0) if readers else {}
        tags = [_tag_on(service, name, state) for name, state in states.items() if state.has_card]
        failing = tuple(name for name, state in states.items() if not state.works)
    except PcscError as error:
        return PcscSeen(error.trouble)
    finally:
        service.close()
    return PcscSeen(None, tuple(readers), failing, tuple(tag for tag in tags if tag is not None))


def _tag_on(service: PcscService, reader: str, state: ReaderState) -> TagSeen | None:
    try:
        with service.card_on(reader) as transmit:
            if not is_tag(state.atr, read_uid(transmit)):
                return None
            return _ways_of(reader, transmit)
    except ApduError as error:
        return TagSeen(reader, field=error.field)
    except PcscError:
        return TagSeen(reader, field="card")


def _ways_of(reader: str, transmit: Transmit) -> TagSeen:
    readable, field, garbled = [], "", ""
    for way in Addressing:
        try:
            memory = read_memory(transmit, way)
        except ApduError as error:
            field = field or error.field
            continue
        try:
            tag_in(memory)
        except Garbled as error:
            readable.append(way)
            garbled = garbled if garbled not in {"", TagField.MEMORY.value} else error.field
        else:
            return TagSeen(reader, (way,), is_understood=True)
    return TagSeen(reader, tuple(readable), field=garbled if readable else field)
