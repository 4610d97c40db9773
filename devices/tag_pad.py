"""An RFID pad: several tags at once, read again and again by a thread that tells what is new (V1, V3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, Protocol, TypeAlias

from devices.messages import DeviceChanged
from devices.pad_messages import AfiNotWritten, AfiWritten, PadMessage, TagLaid, TagTaken, TagUnread
from devices.rfid import TagError, Usage, item_on_tag

POLL_SECONDS: Final = 0.15
MISSED: Final = 2
"""How many times in a row a tag is not seen before it counts as taken off: books shade one another."""
TRIES: Final = 3
"""How many looks it takes until it is said that a tag cannot be read, or written."""

Heard: TypeAlias = PadMessage | DeviceChanged


class PadMissing(Exception):
    """The pad does not answer; the text says what happened."""


class TagGone(Exception):
    """A tag was not there, or not long enough, for what was to be done."""


@dataclass(frozen=True, slots=True)
class TagOnPad:
    """A tag as a pad sees it.

    Attributes:
        uid: 16 hexadecimal digits, E0 first (:func:`devices.rfid.uid_of`).
        memory: what was read of its memory, from the first block; less than all when it was on the move.
        afi: None: the pad cannot read it.
    """

    uid: str
    memory: bytes = field(repr=False)
    afi: int | None = None


class TagPad(Protocol):
    """What every pad can do. Called on one thread only."""

    def inventory(self) -> tuple[TagOnPad, ...]:
        """Read all tags that lie there.

        Raises:
            PadMissing: the pad does not answer.
        """

    def write_afi(self, uid: str, afi: int) -> None:
        """Write what a tag tells the gate, and make sure that it does.

        Args:
            uid: of a tag that the last inventory saw.
            afi: the byte.

        Raises:
            PadMissing: the pad does not answer.
            TagGone: the tag is not there, or left while it was written; nobody knows what it tells now.
        """

    def close(self) -> None:
        """Let go of the pad; it may be asked again, and is then opened anew."""


@dataclass(slots=True)
class _Seen:
    """A tag that lies there. ``is_told``: it has been read, or it has been said that it cannot be."""

    missed: int = 0
    tries: int = 0
    is_told: bool = False


@dataclass(slots=True)
class _Owed:
    """What a tag is still to tell the gate."""

    afi: int
    tries: int = 0


class PadPoller:
    """Reads a pad in a thread of its own until closed.

    A tag that is seen again is no news; one that was taken off and laid back is. What lies on a pad that goes away is
    not taken off by that: when the pad is back, only what has changed is told.

    What could not be written is said once, and written as soon as the tag is seen again.

    Args:
        pad: the pad; from :meth:`start` on only the thread touches it.
        poll_seconds: between two looks.
    """

    def __init__(self, pad: TagPad, poll_seconds: float = POLL_SECONDS) -> None:
        self._pad = pad
        self._poll_seconds = poll_seconds
        self._orders: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._seen: dict[str, _Seen] = {}
        self._owed: dict[str, _Owed] = {}
        self._is_there: bool | None = None
        self._thread: Thread | None = None

    def start(self, callback: Callable[[Heard], object]) -> None:
        """Begin to look.

        Args:
            callback: called in the thread, once for each thing that happens.
        """
        self._callback = callback
        self._thread = Thread(target=self._work, name="tag-pad", daemon=True)
        self._thread.start()

    def write_afi(self, uid: str, afi: int) -> None:
        """Let a tag tell the gate something else, without waiting; the callback is told what became of it."""
        self._orders.put(lambda: self._owed.update({uid: _Owed(afi)}))

    def forget(self, uid: str) -> None:
        """Let a tag be as it is, if it has not been written yet."""
        self._orders.put(lambda: self._owed.pop(uid, None))

    def close(self) -> None:
        """End the thread. Afterwards the callback is not called again."""
        if self._thread is not None:
            self._orders.put(None)
            self._thread.join()
            self._thread = None

    def _work(self) -> None:
        is_closing = False
        try:
            while not is_closing:
                self._look()
                is_closing = self._is_closing()
            self._pad.close()
        finally:
            if not is_closing:
                # Not closed but ended: a bug. The counter has to be able to say that nobody looks at the pad.
                self._changed(is_there=False)

    def _is_closing(self) -> bool:
        """Do what was ordered until it is time to look again; tells whether it is the end."""
        try:
            order = self._orders.get(timeout=self._poll_seconds)
            while order is not None:
                order()
                order = self._orders.get_nowait()
        except Empty:
            return False
        return True

    def _look(self) -> None:
        there: set[str] = set()
        try:
            tags = self._pad.inventory()
            there = {tag.uid for tag in tags}
            self._changed(is_there=True)
            for message in (*self._taken(there), *self._laid(tags)):
                self._callback(message)
        except PadMissing:
            self._changed(is_there=False)
        for uid, owed in list(self._owed.items()):
            self._write(uid, owed, is_there=uid in there)

    def _changed(self, *, is_there: bool) -> None:
        if is_there != self._is_there:
            self._is_there = is_there
            self._callback(DeviceChanged("pad", "ok" if is_there else "missing"))
        if not is_there:
            # It may have been pulled out: what was open leads nowhere any more.
            self._pad.close()

    def _taken(self, there: set[str]) -> Iterator[PadMessage]:
        for uid, seen in list(self._seen.items()):
            seen.missed = 0 if uid in there else seen.missed + 1
            if seen.missed >= MISSED:
                del self._seen[uid]
                if seen.is_told:
                    yield TagTaken(uid)

    def _laid(self, tags: tuple[TagOnPad, ...]) -> list[PadMessage]:
        """Give what is new; a borrower's card comes before the books that were laid down with it."""
        told = [message for tag in tags if (message := self._read(tag)) is not None]
        return sorted(told, key=lambda one: not (isinstance(one, TagLaid) and one.tag.usage is Usage.PATRON_CARD))

    def _read(self, tag: TagOnPad) -> PadMessage | None:
        seen = self._seen.setdefault(tag.uid, _Seen())
        if seen.is_told:
            return None
        try:
            read = item_on_tag(tag.memory)
        except TagError as error:
            seen.tries += 1
            seen.is_told = seen.tries >= TRIES
            return TagUnread(tag.uid, error.field) if seen.is_told else None
        seen.is_told = True
        return TagLaid(tag.uid, read, tag.afi)

    def _write(self, uid: str, owed: _Owed, *, is_there: bool) -> None:
        try:
            if not is_there:
                raise TagGone(uid)
            self._pad.write_afi(uid, owed.afi)
        except (PadMissing, TagGone):
            # Whether the pad itself is there is told by the next look.
            owed.tries += 1
        else:
            del self._owed[uid]
            self._callback(AfiWritten(uid, owed.afi))
            return
        if owed.tries == TRIES:
            self._callback(AfiNotWritten(uid, owed.afi))
