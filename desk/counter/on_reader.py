"""The card on the reader, and whether the visit that is open is its own (C7: taking it off draws the curtain).

A visit that a scanner or a hand opened is not its own: that card was never on the reader, or only beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from desk.counter.records import Visit


@dataclass(slots=True)
class CardOnReader:
    """The last card that was laid down. Held in memory only, and never shown."""

    _code: str = field(default="", repr=False)
    # The command ids of its scans: a visit is known by that of the scan that opened it.
    _scans: set[str] = field(default_factory=set)
    _lies: bool = False
    _left_early: bool = False

    def laid(self, code: str) -> None:
        """A card was laid down whose code goes to the queue: no staff card, and none that a dialog asked for."""
        if code != self._code:
            self._code = code
            self._scans.clear()
        self._lies, self._left_early = True, False

    def queued(self, code: str, command_id: str) -> None:
        """Note under which command id a card's scan is handled."""
        if code == self._code:
            self._scans.add(command_id)

    def opened(self, visit: Visit | None) -> bool:
        """Tell whether this card opened a visit."""
        return visit is not None and visit.visit in self._scans

    def is_back(self, code: str, visit: Visit | None) -> bool:
        """Tell whether a card that is laid down is the one that opened the visit and was taken off."""
        return code == self._code and not self._lies and self.opened(visit)

    def taken_off(self, visit: Visit | None) -> bool:
        """Take what lies there off.

        Args:
            visit: that is open.

        Returns:
            Whether it was the card of that visit.
        """
        if not self._lies:
            return False
        self._lies = False
        self._left_early = not self.opened(visit)
        return not self._left_early

    def left_before(self, visit: Visit | None) -> bool:
        """Tell, once, whether the visit that has just opened is that of a card which was taken off too soon."""
        if not (self._left_early and self.opened(visit)):
            return False
        self._left_early = False
        return True

    def is_away(self, visit: Visit | None) -> bool:
        """Tell whether the card that opened a visit does not lie there any more."""
        return self.opened(visit) and not self._lies
