"""What is heard at the counter, and where it goes: the queue, or whoever asked for a staff card (C1, C3)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeAlias

from desk.counter.orders import CODE
from desk.texts import _
from devices.messages import DeviceChanged, Scanned
from devices.stripe import cpr_in_stripe, is_stripe
from screens.base import DeskScreen
from screens.sign_in.sign_in import SignInScreen

if TYPE_CHECKING:
    from devices.card_messages import CardPresented, CardRemoved, CardUnreadable
    from devices.pad_messages import PadMessage
    from devices.printer_messages import Printed
    from screens.app import DeskApp
    from screens.lending.pad import PadAtCounter

    CardMessage: TypeAlias = CardPresented | CardRemoved | CardUnreadable
    DeviceMessage: TypeAlias = Scanned | DeviceChanged | CardMessage | PadMessage | Printed


class Hearing:
    """Routes what devices and the keyboard bring. Called on the event loop."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self.devices: dict[str, str] = {}
        # Only where tags are read.
        self.pad: PadAtCounter | None = None
        self._said_unread = False

    def hear(self, message: DeviceMessage) -> None:
        """Take what a device says."""
        # Devices begin to speak behind the first page: until then these are not needed (Q5).
        from devices.card_messages import CardPresented, CardRemoved, CardUnreadable  # noqa: PLC0415
        from devices.printer_messages import Printed  # noqa: PLC0415

        match message:
            case Scanned():
                self.heard(message)
            case CardPresented(code=code):
                self._card_laid(code)
            case CardRemoved():
                self._card_taken_off()
            case CardUnreadable():
                self._say_unread(_("The card or tag could not be read. Lay it on the reader again."))
            case DeviceChanged(device=device, state=state):
                self.devices[device] = state
                if device == "printer":
                    self._app.at_counter.printer_changed(state)
                self._app.show_state()
            case Printed(job_id=job_id):
                self._app.at_counter.printed(job_id)
            case _ if self.pad is not None:
                self.pad.hear(message)

    def _card_laid(self, code: str) -> None:
        """A card on the reader is a scan; the one that was taken off brings its session back (C7)."""
        app = self._app
        if app.at_counter.work.on_reader.is_back(cpr_in_stripe(code) or code, app.at_counter.place.visit):
            app.privacy.raise_curtain()
        self.heard(Scanned(code, "reader", time.monotonic()))

    def _card_taken_off(self) -> None:
        """The curtain, if the card opened the visit (C7). A dialog with a secret is not left half done."""
        app, work = self._app, self._app.at_counter.work
        if work.on_reader.taken_off(work.place.visit):
            app.held_back.then(self.draw_if_away)

    def draw_if_away(self) -> None:
        """Draw the curtain if the card of the open visit does not lie on the reader any more."""
        work = self._app.at_counter.work
        if work.on_reader.is_away(work.place.visit):
            self._app.privacy.draw_curtain()

    def heard_typed(self, code: str) -> None:
        """A code was typed in the scan line."""
        self.heard(Scanned(code, "keyboard", time.monotonic()))

    def heard(self, scanned: Scanned) -> None:
        """Send a code to the queue, whatever dialog is open; a staff card goes to whoever asked for one (C3)."""
        app = self._app
        app.privacy.touched()
        cpr = cpr_in_stripe(scanned.code)
        if cpr is None and is_stripe(scanned.code):
            # Somebody's name and address, and no number to find them by: none of it is kept.
            self._say_unread(_("The health card could not be read. Swipe it again."))
            return
        if self._said_unread:
            # It was about the card before, perhaps somebody else's.
            self._said_unread = False
            app.hint_counter("")
        code = cpr or scanned.code
        if app.installation.is_staff_card(code):
            self._staff_card(code)
        elif app.operator is None:
            if isinstance(app.screen, SignInScreen):
                app.screen.refuse_scan()
        elif not self._is_asked_for(scanned, cpr):
            is_laid = scanned.source == "reader"
            if is_laid:
                app.at_counter.work.on_reader.laid(code)
            app.at_counter.work.take(CODE, code, app.who, scanned.at, is_laid=is_laid)
            if isinstance(app.screen, DeskScreen) and app.screen.GOES_AT_A_SCAN:
                app.screen.dismiss(None)

    def _say_unread(self, text: str) -> None:
        """Say that something could not be read, until something is."""
        self._app.hint_counter(text)
        self._said_unread = True

    def _is_asked_for(self, scanned: Scanned, cpr: str | None) -> bool:
        """Offer a code to what is open: a password at the lock, the number of a card that is handed out.

        An item on the pad or on its reader is neither.
        """
        if scanned.source in {"pad", "tag"}:
            return False
        screen = self._app.screen
        take_as_password = getattr(screen, "take_as_password", None)
        if take_as_password is not None:
            return cpr is None and bool(take_as_password(scanned))
        take = getattr(screen, "take_code", None)
        return take is not None and bool(take(cpr or scanned.code))

    def _staff_card(self, code: str) -> None:
        take = getattr(self._app.screen, "take_staff_card", None)
        if take is not None:
            take(code)
        else:
            self._app.hint_counter(_("Staff cards: only to sign in, or when a supervisor is asked for."))
