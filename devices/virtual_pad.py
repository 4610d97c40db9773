"""An RFID pad without hardware (V2): tags that are laid down and lifted by lines of text.

The virtual devices' socket hands on every line that begins with «pad» (:mod:`devices.virtual`)::

    lay TAG…         tags are laid down
    lift CODE        that item's tags are lifted
    tags             answers what lies there: CODE=AFI …
    unplug, plug     the pad goes away and comes back
    snatch CODE      the item's tags will be pulled off while they are being written

A TAG is an item's number, and what it says besides, after colons, in any order: ``3000001234:DK718500:2/3:discarded``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from devices.rfid import IN_STOCK, Tag, TagError, Usage, bytes_of, item_on_tag
from devices.tag_pad import PadMissing, TagGone, TagOnPad
from devices.virtual_lines import LineRefused

LONGEST_PART = 9
VERBS = "lay TAG…, lift CODE, tags, unplug, plug or snatch CODE"


@dataclass(slots=True)
class _VirtualTag:
    """A tag and where it is. ``reads``: how many bytes the next looks see of it, then all."""

    uid: str
    code: str = field(repr=False)
    memory: bytes = field(repr=False)
    afi: int = IN_STOCK
    lies: bool = False
    is_snatched: bool = False
    reads: list[int] = field(default_factory=list)


class VirtualPad:
    """The pad. Tags keep their AFI while they are lifted: laid again, they say what was written.

    Its lines come on another thread than the poller's looks.

    Args:
        library: the ISIL without its hyphen that tags have unless a line says another.
    """

    def __init__(self, library: str = "") -> None:
        self._library = library
        self._tags: dict[str, _VirtualTag] = {}
        self._plugged = True
        self._lock = Lock()

    # What a pad can do.

    def inventory(self) -> tuple[TagOnPad, ...]:
        """Read all tags that lie there."""
        with self._lock:
            self._must_be_plugged()
            return tuple(
                TagOnPad(tag.uid, tag.memory[: tag.reads.pop(0)] if tag.reads else tag.memory, tag.afi)
                for tag in self._tags.values()
                if tag.lies
            )

    def write_afi(self, uid: str, afi: int) -> None:
        """Write what a tag tells the gate."""
        with self._lock:
            self._must_be_plugged()
            tag = self._tags.get(uid)
            if tag is None or not tag.lies:
                raise TagGone(uid)
            if tag.is_snatched:
                tag.lies = tag.is_snatched = False
                raise TagGone(uid)
            tag.afi = afi

    def close(self) -> None:
        """Let go of nothing."""

    def _must_be_plugged(self) -> None:
        if not self._plugged:
            raise PadMissing("unplugged")

    # What happens to it.

    def told(self, line: str) -> str:
        """Do what a line says.

        Args:
            line: as in this module's description.

        Returns:
            An answer, empty for most.

        Raises:
            LineRefused: nothing was done.
        """
        verb, *words = line.split() or [""]
        with self._lock:
            if verb == "lay" and words:
                self._lay(words)
            elif verb in {"lift", "snatch"} and len(words) == 1:
                for tag in self._lying(words[0]):
                    tag.lies, tag.is_snatched = verb != "lift", verb == "snatch"
            elif verb == "tags" and not words:
                return " ".join(f"{tag.code}={tag.afi:02X}" for tag in self._tags.values() if tag.lies)
            elif verb in {"unplug", "plug"} and not words:
                self._turn(plugged=verb == "plug")
            else:
                raise LineRefused(f"say pad {VERBS}")
        return ""

    def lay(self, uid: str, memory: bytes, *, afi: int = IN_STOCK, reads: list[int] | None = None) -> None:
        """Lay a tag of any memory down.

        Args:
            uid: 16 hexadecimal digits.
            memory: what is on it.
            afi: what it tells the gate.
            reads: how many bytes the next looks see of it, one after another; then all.
        """
        with self._lock:
            self._tags[uid] = _VirtualTag(uid, uid, memory, afi, lies=True, reads=reads or [])

    def lift(self, uid: str) -> None:
        """Take a tag off."""
        with self._lock:
            self._tags[uid].lies = False

    def snatch(self, uid: str) -> None:
        """Let a tag be pulled off at the next write."""
        with self._lock:
            self._tags[uid].is_snatched = True

    def lying(self) -> list[str]:
        """Give the UIDs of what lies there."""
        with self._lock:
            return [tag.uid for tag in self._tags.values() if tag.lies]

    def afi_of(self, uid: str) -> int:
        """Tell what a tag tells the gate, also while it is lifted."""
        with self._lock:
            return self._tags[uid].afi

    def plug(self, *, plugged: bool) -> None:
        """Pull the plug, or put it back."""
        with self._lock:
            self._plugged = plugged

    def _turn(self, *, plugged: bool) -> None:
        if self._plugged == plugged:
            raise LineRefused(f"the pad is {'plugged in' if plugged else 'unplugged'}")
        self._plugged = plugged

    def _lying(self, code: str) -> list[_VirtualTag]:
        lying = [tag for tag in self._tags.values() if tag.lies and tag.code == code]
        if not lying:
            raise LineRefused(f"{code} does not lie on the pad")
        return lying

    def _lay(self, words: list[str]) -> None:
        tags = [self._tag(word) for word in words]
        for tag in tags:
            kept = self._tags.get(tag.uid)
            if kept is not None and kept.memory == tag.memory:
                kept.lies = True
            else:
                tag.lies = True
                self._tags[tag.uid] = tag

    def _tag(self, word: str) -> _VirtualTag:
        code, *said = word.split(":")
        library, usage, part, parts = self._library, Usage.CIRCULATION, 1, 1
        for one in said:
            if one.upper() in Usage.__members__:
                usage = Usage[one.upper()]
            elif "/" in one:
                part, parts = _part_of(one)
            else:
                library = one
        try:
            memory = bytes_of(Tag(code, library, usage, parts, part), 112)
            item_on_tag(memory)
        except TagError as error:
            raise LineRefused(str(error)) from error
        return _VirtualTag(_uid_for(code, part), code, memory)


def _part_of(word: str) -> tuple[int, int]:
    part, _slash, parts = word.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and len(word) <= LONGEST_PART):
        raise LineRefused(f"{word} is no part, such as 2/3")
    return int(part), int(parts)


def _uid_for(code: str, part: int) -> str:
    """Make up a chip's number: always the same for the same part of an item."""
    return "E004" + sha256(f"{code}/{part}".encode()).hexdigest()[:12].upper()
