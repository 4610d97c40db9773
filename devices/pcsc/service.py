"""The part of PC/SC that the readers need, typed: the only place that knows pyscard.

Nothing here is kept over an error. Whoever meets one closes the service and opens another: a context that has
outlived its pcscd answers nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Final

from devices.pcsc.apdu import Transmit

UNAWARE: Final = 0  # the state of a reader that has not been looked at


class Trouble(Enum):
    """What is wrong."""

    NO_LIBRARY = "no_library"
    NO_SERVICE = "no_service"
    NO_ANSWER = "no_answer"
    """The service is there, took a question and says nothing."""
    NO_ACCESS = "no_access"
    NO_READER = "no_reader"
    NO_CARD = "no_card"
    CARD = "card"
    """Something lies there and does not answer, or another program holds it."""


# By the codes of winscard.h. What is not named here is the card's while one is spoken with, else the service's.
_TROUBLES: Final = {
    0x8010006A: Trouble.NO_ACCESS,  # SCARD_W_SECURITY_VIOLATION
    0x80100009: Trouble.NO_READER,  # SCARD_E_UNKNOWN_READER
    0x80100017: Trouble.NO_READER,  # SCARD_E_READER_UNAVAILABLE
    0x8010000C: Trouble.NO_CARD,  # SCARD_E_NO_SMARTCARD
    0x80100067: Trouble.NO_CARD,  # SCARD_W_UNPOWERED_CARD
    0x80100069: Trouble.NO_CARD,  # SCARD_W_REMOVED_CARD
}


class PcscError(Exception):
    """PC/SC did not do what it was asked.

    Attributes:
        trouble: what is wrong.
        code: PC/SC's own code; 0: none.
    """

    def __init__(self, trouble: Trouble, code: int = 0) -> None:
        super().__init__(f"{trouble.value} ({code:08X})")
        self.trouble = trouble
        self.code = code


@dataclass(frozen=True, slots=True)
class ReaderState:
    """How a reader is.

    Attributes:
        known: to be given back when it is waited for the next change.
        has_card: whether something lies on it.
        count: goes up whenever something is laid on or taken off.
        works: whether its driver answers.
        atr: what it made up for the card.
    """

    known: int
    has_card: bool
    count: int
    works: bool
    atr: bytes


class PcscService:
    """A line to pcscd.

    Raises:
        PcscError: the library is missing, pcscd does not answer, or it does not let this user in.
    """

    def __init__(self) -> None:
        try:
            from smartcard import scard  # noqa: PLC0415  (only where a reader is set up; it may be missing)
        except ImportError:
            raise PcscError(Trouble.NO_LIBRARY) from None
        self._scard = scard
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self._expect(result)

    def close(self) -> None:
        """Let go; a pcscd that is gone has nothing to say to it."""
        self._scard.SCardReleaseContext(self._context)

    def readers(self) -> list[str]:
        """Name the readers that are plugged in.

        Raises:
            PcscError: pcscd does not answer.
        """
        result, names = self._scard.SCardListReaders(self._context, [])
        if result == self._scard.SCARD_E_NO_READERS_AVAILABLE:
            return []
        self._expect(result)
        return list(names)

    def changes(self, known: Mapping[str, int], seconds: float) -> dict[str, ReaderState]:
        """Wait until something happens at a reader.

        Args:
            known: the readers, and how each was last.
            seconds: how long at most.

        Returns:
            How all of them are; empty: nothing has happened, or one of them is gone.

        Raises:
            PcscError: pcscd does not answer.
        """
        scard = self._scard
        result, states = scard.SCardGetStatusChange(self._context, int(seconds * 1000), list(known.items()))
        if result in {scard.SCARD_E_TIMEOUT, scard.SCARD_E_UNKNOWN_READER, scard.SCARD_E_READER_UNAVAILABLE}:
            return {}
        self._expect(result)
        return {name: self._state(state, bytes(atr)) for name, state, atr in states}

    def _state(self, state: int, atr: bytes) -> ReaderState:
        scard = self._scard
        return ReaderState(
            known=state & ~scard.SCARD_STATE_CHANGED,
            has_card=bool(state & scard.SCARD_STATE_PRESENT),
            count=state >> 16 & 0xFFFF,
            works=not state & (scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_UNKNOWN),
            atr=atr,
        )

    @contextmanager
    def card_on(self, reader: str) -> Iterator[Transmit]:
        """Speak with what lies on a reader.

        Args:
            reader: its name.

        Yields:
            What sends a command and gives the answer; raises PcscError when the card is pulled meanwhile.

        Raises:
            PcscError: there is nothing, or nothing that answers.
        """
        scard = self._scard
        result, card, protocol = scard.SCardConnect(
            self._context, reader, scard.SCARD_SHARE_SHARED, scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        )
        self._expect(result, Trouble.CARD)
        header = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1

        def transmit(command: bytes) -> bytes:
            result, answer = scard.SCardTransmit(card, header, list(command))
            self._expect(result, Trouble.CARD)
            return bytes(answer)

        try:
            yield transmit
        finally:
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)

    def _expect(self, result: int, otherwise: Trouble = Trouble.NO_SERVICE) -> None:
        if result != self._scard.SCARD_S_SUCCESS:
            code = result & 0xFFFFFFFF
            raise PcscError(_TROUBLES.get(code, otherwise), code)
