"""The readers' thread, and what it said."""

from __future__ import annotations

from queue import Empty, SimpleQueue

from devices.messages import DeviceChanged, DeviceState
from devices.pcsc.roles import ReaderRules
from devices.pcsc.watch import PcscMessage, PcscReaders
from tests.hardware.pcscd import FIRST, SECOND

BOTH = ReaderRules(borrowers=FIRST, items=SECOND)


class Watch:
    """Readers at work."""

    def __init__(self, rules: ReaderRules = BOTH) -> None:
        self.readers = PcscReaders(rules)
        self.messages: SimpleQueue[PcscMessage] = SimpleQueue()
        self.readers.start(self.messages.put)

    def next(self) -> PcscMessage:
        """What is said next."""
        return self.messages.get(timeout=20)

    def expect_states(self, borrowers: DeviceState, items: DeviceState) -> None:
        """Both readers say how they are; either may be first."""
        said = {self.next(), self.next()}
        assert said == {DeviceChanged("reader", borrowers), DeviceChanged("item_reader", items)}

    def says_nothing(self, seconds: float = 1.2) -> bool:
        """Listen for some looks of pcscd, 0.4 s each."""
        try:
            self.messages.get(timeout=seconds)
        except Empty:
            return True
        return False

    def close(self) -> None:
        """Let go."""
        self.readers.close()
