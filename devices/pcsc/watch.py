"""The readers of a counter, watched in a thread of our own.

pyscard's own monitor dies silently with pcscd. Here the thread owns the context, opens another after every error and
says how the readers are each time that changes, so that a reader or a service that comes back is there by itself (V3).

A question to a pcscd that hangs cannot be taken back. A second thread looks at when the first last got an answer, and
tells that the readers do not answer; the first says how they are when it comes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Lock, Thread
from typing import Final, TypeAlias

from devices.card_messages import CardPresented, CardRemoved, CardUnreadable
from devices.messages import Device, DeviceChanged, DeviceState, Scanned
from devices.pad_messages import TagLaid, TagTaken, TagUnread
from devices.pcsc.apdu import Addressing, ApduError, Transmit
from devices.pcsc.card import Card, read_card
from devices.pcsc.content import Garbled
from devices.pcsc.roles import ReaderRules, Role
from devices.pcsc.service import UNAWARE, PcscError, PcscService, ReaderState, Trouble
from devices.rfid import Tag, Usage

_WAIT = 0.25  # seconds between looks at what is plugged in; also what closing takes at most
_AGAIN = 0.5  # seconds until pcscd is asked anew
# Seconds without an answer after which pcscd hangs. Closing waits so long; the thread then goes with the program.
_PATIENCE = 2.0
# Readings of one card, a moment apart: it may still be sliding into place.
_TRIES = 3
_BETWEEN_TRIES = 0.1
# After a card that answers nothing at all: pcscd looks every 0.4 s, and then says that it has been pulled.
_UNTIL_NOTICED = 0.5
# Seconds after a reader is back in which the item that lay there may still lie there; later it was laid on anew.
_SETTLING = 5.0

DEVICES: Final[dict[Role, Device]] = {Role.BORROWERS: "reader", Role.ITEMS: "item_reader"}

PcscMessage: TypeAlias = (
    Scanned | CardPresented | CardRemoved | CardUnreadable | TagLaid | TagUnread | TagTaken | DeviceChanged
)


@dataclass(slots=True)
class _Reader:
    """What is known of a reader.

    Attributes:
        since: when it was plugged in, in seconds of the monotonic clock.
        known: its state when it was looked at last.
        has_card: whether something lay on it then.
        count: how often something had been laid on or taken off.
        tries_left: readings that may still be made of what lies there.
        try_at: when the next may be made, in seconds of the monotonic clock.
        is_told: whether a card on it was told, so that its removal must be.
        uid: of the item that was read there last and has not been taken off.
        laid: the number of the tag whose content was told, so that its removal must be; empty: none was.
    """

    role: Role
    since: float
    known: int = UNAWARE
    works: bool = True
    has_card: bool = False
    count: int = 0
    tries_left: int = 0
    try_at: float = 0.0
    atr: bytes = b""
    is_told: bool = False
    uid: str = ""
    laid: str = ""


class PcscReaders:
    """The card readers of one running counter.

    Args:
        rules: which of them are for whom.
    """

    def __init__(self, rules: ReaderRules) -> None:
        self._rules = rules
        self._stopping = Event()
        self._thread: Thread | None = None
        self._guard: Thread | None = None
        # When the thread last got an answer, in seconds of the monotonic clock.
        self._answered = 0.0
        self._saying = Lock()
        self._readers: dict[str, _Reader] = {}
        self._states: dict[Role, DeviceState] = {}
        # How the blocks of tags are asked for at a reader, once one was understood.
        self._ways: dict[str, Addressing] = {}
        # The tags that lay on readers for items when these went away: the same one afterwards is no new scan.
        self._lay: dict[str, str] = {}

    def start(self, callback: Callable[[PcscMessage], object]) -> None:
        """Watch, in threads of its own, until closed. How the readers are is told at once.

        Args:
            callback: called in those threads, once for each thing that happens.
        """
        self._callback = callback
        self._answered = time.monotonic()
        self._thread = Thread(target=self._run, name="pcsc-readers", daemon=True)
        self._guard = Thread(target=self._watch_over, args=(self._thread,), name="pcsc-guard", daemon=True)
        self._thread.start()
        self._guard.start()

    def close(self) -> None:
        """Let the readers go. Afterwards the callback is not called again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(_PATIENCE)
            self._thread = None
        if self._guard is not None:
            self._guard.join()
            self._guard = None

    def _tell(self, message: PcscMessage) -> None:
        if not self._stopping.is_set():
            self._callback(message)

    def _watch_over(self, watching: Thread) -> None:
        while not self._stopping.wait(_WAIT):
            if watching.is_alive() and time.monotonic() - self._answered > _PATIENCE:
                self._say_all("error")

    def _is_answered(self) -> None:
        self._answered = time.monotonic()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._is_answered()
            try:
                with _service() as service:
                    while not self._stopping.is_set():
                        self._is_answered()
                        self._look(service)
            except PcscError as error:
                self._lose_all()
                if error.trouble is Trouble.NO_LIBRARY:
                    return
            self._stopping.wait(_AGAIN)

    def _lose_all(self) -> None:
        """The service is gone, and with it all that was known."""
        for name in list(self._readers):
            self._lose(name)
        self._say_all("no_service")

    def _look(self, service: PcscService) -> None:
        """Find out what is plugged in and how it is, then wait a little for something to happen."""
        plugged = service.readers()
        for name in self._readers.keys() - plugged:
            self._lose(name)
        for name in plugged:
            role = self._rules.role_of(name)
            if role is not None and name not in self._readers:
                self._readers[name] = _Reader(role, time.monotonic())
        if self._readers:
            known = {name: reader.known for name, reader in self._readers.items()}
            wants_reading = any(reader.tries_left for reader in self._readers.values())
            for name, state in service.changes(known, _BETWEEN_TRIES if wants_reading else _WAIT).items():
                self._notice(name, state)
        self._say_states()
        for name, reader in self._readers.items():
            if reader.tries_left and time.monotonic() >= reader.try_at:
                self._read(service, name, reader)
        if not self._readers:
            self._stopping.wait(_WAIT)

    def _notice(self, name: str, state: ReaderState) -> None:
        """Take in how a reader is. One card for another in a moment is a removal too: the count tells."""
        reader = self._readers[name]
        is_other = state.count != reader.count
        if reader.has_card and (is_other or not state.has_card):
            self._take_off(name, reader)
        if state.has_card and (is_other or not reader.has_card):
            reader.tries_left, reader.try_at, reader.atr = _TRIES, 0.0, state.atr
        reader.known, reader.works, reader.has_card, reader.count = (
            state.known,
            state.works,
            state.has_card,
            state.count,
        )

    def _take_off(self, name: str, reader: _Reader) -> None:
        if reader.laid:
            self._tell(TagTaken(reader.laid))
        if reader.is_told:
            self._tell(CardRemoved(name))
        reader.is_told, reader.uid, reader.laid, reader.tries_left = False, "", "", 0
        self._lay.pop(name, None)

    def _lose(self, name: str) -> None:
        reader = self._readers.pop(name)
        uid = reader.uid if reader.role is Role.ITEMS else ""
        self._take_off(name, reader)
        if uid:
            self._lay[name] = uid

    def _read(self, service: PcscService, name: str, reader: _Reader) -> None:
        reader.tries_left -= 1
        reader.try_at = time.monotonic() + _BETWEEN_TRIES
        is_last = not reader.tries_left
        ways = (self._ways[name],) if name in self._ways else self._rules.ways
        try:
            with service.card_on(name) as transmit:
                card = read_card(self._timed(transmit), reader.atr, ways)
        except ApduError as error:
            if is_last:
                self._tell(CardUnreadable(name, error.field))
            return
        except PcscError as error:
            reader.try_at += _UNTIL_NOTICED
            if is_last and error.trouble is Trouble.CARD:
                self._tell(CardUnreadable(name, "card"))
            return
        if card.trouble is not None and not is_last:
            return
        if card.addressing is not None and len(ways) > 1:
            self._ways[name] = card.addressing
        self._take_in(name, reader, card)

    def _timed(self, transmit: Transmit) -> Transmit:
        """A tag is asked a dozen times and more: each answer is one."""

        def transmit_and_note(command: bytes) -> bytes:
            answer = transmit(command)
            self._is_answered()
            return answer

        return transmit_and_note

    def _take_in(self, name: str, reader: _Reader, card: Card) -> None:
        """Tell what was read."""
        reader.tries_left = 0
        if reader.role is Role.BORROWERS:
            self._take_in_card(name, reader, card)
        else:
            self._take_in_item(name, reader, card)

    def _take_in_card(self, name: str, reader: _Reader, card: Card) -> None:
        """A tag that borrowers have may be blank, or keep its blocks to itself: its own number counts then."""
        if isinstance(card.trouble, Garbled) and not card.trouble.is_blank:
            self._tell(CardUnreadable(name, card.trouble.field))
            return
        reader.is_told = True
        if card.tag is not None and card.tag.usage is not Usage.PATRON_CARD:
            # A book: what its tag says is told as the pad would; its number comes as a card's does here.
            self._lay_down(reader, card.uid, card.tag, is_scan=False)
        self._tell(CardPresented(card.code, name))

    def _take_in_item(self, name: str, reader: _Reader, card: Card) -> None:
        """An item's tag counts by what is written on it, or not at all: its own number would be another book's."""
        lay_already = self._lay.pop(name, "") == card.uid and time.monotonic() - reader.since < _SETTLING
        if isinstance(card.trouble, Garbled):
            self._tell(TagUnread(card.uid, card.trouble.part))
            return
        if card.trouble is not None:
            self._tell(CardUnreadable(name, card.trouble.field))
            return
        reader.uid = card.uid
        if card.tag is not None:
            self._lay_down(reader, card.uid, card.tag, is_scan=not lay_already)
        elif not lay_already:
            self._tell(Scanned(card.code, "tag", time.monotonic()))

    def _lay_down(self, reader: _Reader, uid: str, tag: Tag, *, is_scan: bool) -> None:
        reader.laid = uid
        self._tell(TagLaid(uid, tag, is_single=True, is_scan=is_scan))

    def _say_states(self) -> None:
        for role in self._rules.roles:
            works = [reader.works for reader in self._readers.values() if reader.role is role]
            self._say_state(role, "ok" if any(works) else "error" if works else "missing")

    def _say_all(self, state: DeviceState) -> None:
        for role in self._rules.roles:
            self._say_state(role, state)

    def _say_state(self, role: Role, state: DeviceState) -> None:
        # Said by both threads: what is told last is what is known.
        with self._saying:
            if self._states.get(role) != state:
                self._states[role] = state
                self._tell(DeviceChanged(DEVICES[role], state))


@contextmanager
def _service() -> Iterator[PcscService]:
    service = PcscService()
    try:
        yield service
    finally:
        service.close()
