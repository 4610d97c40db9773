"""The panel of the demo's devices: lay a card, put books on the pad, pull a plug, take the paper out (V2).

It tells the virtual devices over their socket, as any other program could; what comes of it comes the way of every
device. It names made-up people, and is there in the demo only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ClassVar

from textual import events, getters, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from desk.errors import DeskError
from desk.registry.demo_hands import AtHand, at_hand
from desk.texts import _
from devices.virtual import VirtualElsewhere, VirtualError
from screens.base import DeskScreen
from screens.dialogs.help import HelpDialog
from screens.sentences import sentence
from screens.twins.words import offered_words, twins_help

# What a key does to a device that may be plugged in or not: the line for the one, and for the other.
PLUGS = {
    "r": ("unplug", "plug"),
    "p": ("pad unplug", "pad plug"),
    "u": ("printer unplug", "printer plug"),
    "m": ("printer paper out", "printer paper in"),
}


class TwinsPanel(DeskScreen[None]):
    """A few rows below the counter, which goes on above them. Esc closes.

    Args:
        tell: says a line to the virtual devices and gives the answer; it may wait, so it is called in a thread.
    """

    CSS_PATH = "twins.tcss"
    KEPT: ClassVar[bool] = True

    offered = getters.query_one("#offered", Static)
    said = getters.query_one("#said", Static)

    def __init__(self, tell: Callable[[str], str]) -> None:
        super().__init__()
        self._tell = tell
        self._hand = AtHand((), ())
        self._on_pad: frozenset[str] = frozenset()

    def compose(self) -> ComposeResult:
        """Cards, books, plugs."""
        with Vertical(id="panel"):
            yield Static("", id="offered", markup=False)
            yield Static(
                _("T card off · B books on the pad · L lift them · S scan the first book"),
                markup=False,
            )
            yield Static(
                _("R reader's plug · P pad's plug · U printer's plug · M paper"),
                markup=False,
            )
            yield Static("", id="said", markup=False)
            yield Static(_("Esc closes · F1 help"), classes="keys", markup=False)

    def on_mount(self) -> None:
        """Say what is at hand, and at once if these are another program's devices."""
        self.look()
        self.find_out()

    @work(group="load")
    async def look(self) -> None:
        """Ask for cards and books; those that lie on the pad are taken already."""
        app = self.desk_app
        try:
            hand = await app.installation.desk.ask(app.who, at_hand, app.counter_place.branch_id, self._on_pad)
        except DeskError as error:
            self._say(sentence(error))
            return
        if not self.is_gone:
            self._hand = hand
            self.offered.update(offered_words(hand))

    def on_key(self, event: events.Key) -> None:
        """A letter or figure does what stands beside it; the key goes no further."""
        event.stop()
        event.prevent_default()
        pressed = (event.character or event.key).casefold()
        cards, books = self._hand.cards, self._hand.books
        if event.key == "escape":
            self.dismiss(None)
        elif event.key == "f1":
            self.app.push_screen(HelpDialog(*twins_help()))
        elif pressed in PLUGS:
            self.turn(*PLUGS[pressed])
        elif pressed == "t":
            self.tell("remove")
        elif pressed == "l":
            self.lift()
        elif pressed == "b" and books:
            self.lay(tuple(barcode for barcode, _title in books))
        elif pressed == "s" and books:
            self.tell(f"scan {books[0][0]}")
        elif pressed.isdecimal() and 0 < int(pressed) <= len(cards):
            self.tell(f"card {cards[int(pressed) - 1][0]}")

    @work(group="twins")
    async def find_out(self) -> None:
        """Ask something that changes nothing."""
        await self._told("pad tags", is_tried=True)

    @work(group="twins")
    async def tell(self, line: str) -> None:
        """Let one thing happen."""
        await self._told(line)
        self.look()

    @work(group="twins")
    async def turn(self, line: str, other: str) -> None:
        """Pull a plug; one that is pulled is put back."""
        if await self._told(line, is_tried=True) is None:
            await self._told(other)

    @work(group="twins")
    async def lay(self, barcodes: tuple[str, ...]) -> None:
        """Put books on the pad, all at once."""
        if await self._told(" ".join(("pad lay", *barcodes))) is not None:
            self._on_pad |= set(barcodes)
            self.look()

    @work(group="twins")
    async def lift(self) -> None:
        """Lift whatever lies on the pad."""
        lying = await self._told("pad tags")
        for one in (lying or "").split():
            await self._told(f"pad lift {one.partition('=')[0]}")
        self._on_pad = frozenset()
        self.look()

    async def _told(self, line: str, *, is_tried: bool = False) -> str | None:
        """Tell the devices; None: they would not, which is said unless something else is tried then."""
        try:
            answer = await asyncio.to_thread(self._tell, line)
        except VirtualElsewhere:
            # Whoever pulls a plug here would pull it there (V2).
            self._say(_("Another open demo has the devices. Use F12 there, or close it."))
            return None
        except VirtualError:
            if not is_tried:
                self._say(_("That cannot be done now. The status line shows how the devices are."))
            return None
        self._say("")
        return answer

    def _say(self, text: str) -> None:
        if not self.is_gone:
            self.said.update(text)
