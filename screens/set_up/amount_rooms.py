"""The rooms of amounts and periods: the library's own, fee tiers (R3), channels of messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from desk.borrowers.municipalities import municipality_name
from desk.messages.queueing import MAIL_ONLY
from desk.set_up.changes import Change, ChannelsChange, LibraryChange, MunicipalitiesChange, TiersChange
from desk.set_up.records import Channels, LibraryValues, SetUpRecord, Tier
from desk.texts import N_, _
from desk.wording import whole_kroner
from screens.set_up.asking import Asking, Field
from screens.set_up.room import TableRoom
from screens.set_up.value_words import kind_words, label, value

MUNICIPALITIES = "municipalities"
WHAT_FOR = {
    "debt_limit_ore": N_("blocks when it is reached"),
    "child_until_age": N_("the first age that pays as an adult, on the due date"),
    "claim_from_day": N_("days overdue, from which a replacement is claimed"),
    "unknown_price_ore": N_("claimed when the item has no price"),
    "handling_ore": N_("on top of every replacement"),
    "shelf_days": N_("open days that a reservation waits on the shelf"),
    "reservation_limit": N_("of one borrower at a time"),
    "interest_days": N_("days until a reservation runs out by itself"),
    "reminder_days": N_("before the due date"),
}


class AmountsRoom(TableRoom):
    """The amounts and periods of the whole library, and the municipalities of its digital services."""

    TAB: ClassVar[tuple[str, str]] = ("4", N_("Amounts and periods"))
    HEADINGS: ClassVar[tuple[str, ...]] = (N_("Amount or period"), N_("Now"), N_("What for"))
    GIVES_WAY: ClassVar[tuple[int, ...]] = (2, 1)

    def lines(self, decided: SetUpRecord) -> list[tuple[str, Sequence[str]]]:
        """Give a row for each."""
        rows: list[tuple[str, Sequence[str]]] = [
            (name, (label(name), value(name, getattr(decided.library, name)), _(WHAT_FOR[name])))
            for name in LibraryValues.__dataclass_fields__
        ]
        codes = decided.municipalities or ((decided.own_municipality,) if decided.own_municipality else ())
        named = ", ".join(f"{code} {municipality_name(code)}".strip() for code in codes)
        rows.append((MUNICIPALITIES, (label(MUNICIPALITIES), named or "–", _("whose citizens have them"))))
        return rows

    def edit(self, thing: str) -> Asking | None:
        """Ask for one of them."""
        if self.decided is None:
            return None
        if thing == MUNICIPALITIES:
            return _municipalities(self.decided.municipalities)
        now = self.decided.library

        def change(values: Mapping[str, Any]) -> Change:
            return LibraryChange(now, replace(now, **values))

        form = "ore" if thing.endswith("_ore") else "whole"
        field = Field(thing, label(thing), "ore" if form == "ore" else "whole", getattr(now, thing), 15)
        return Asking(f"{label(thing)}: {_(WHAT_FOR[thing])}", (field,), change)


def _municipalities(now: tuple[str, ...]) -> Asking:
    def change(values: Mapping[str, Any]) -> Change:
        return MunicipalitiesChange(now, tuple(values[MUNICIPALITIES].replace(",", " ").split()))

    field = Field(MUNICIPALITIES, label(MUNICIPALITIES), "text", " ".join(now), 400)
    hint = _("Municipality numbers, parted by spaces; empty: the library's own.")
    return Asking(_("Municipalities with digital services"), (field,), change, hint)


class TiersRoom(TableRoom):
    """Fees for returning late."""

    TAB: ClassVar[tuple[str, str]] = ("5", N_("Fees"))
    HEADINGS: ClassVar[tuple[str, ...]] = (N_("From day"), N_("Adults"), N_("Children"))
    ADDS: ClassVar[bool] = True
    REMOVES: ClassVar[bool] = True

    def explained(self) -> str:
        """Say what is decided here."""
        return _("One fee for what was lent together and is returned together; the highest step reached counts.")

    def lines(self, decided: SetUpRecord) -> list[tuple[Tier, Sequence[str]]]:
        """Give a row for each step."""
        return [
            (tier, (str(tier.from_day), whole_kroner(tier.adult_ore), whole_kroner(tier.child_ore)))
            for tier in decided.tiers
        ]

    def edit(self, thing: Tier) -> Asking:
        """Ask for a step."""
        others = tuple(tier for tier in self._tiers if tier != thing)
        return self._asking(_("A step of the fee"), _tier_fields(thing), others)

    def add(self, thing: Tier | None) -> Asking:
        """Ask for another step."""
        empty = tuple(replace(field, value=None) for field in _tier_fields(Tier(1, 0, 0)))
        return self._asking(_("Another step of the fee"), empty, self._tiers)

    def take_away(self, thing: Tier) -> Asking:
        """Ask for a step to be taken away."""
        now = self._tiers
        return Asking("", (), lambda _values: TiersChange(now, tuple(tier for tier in now if tier != thing)))

    @property
    def _tiers(self) -> tuple[Tier, ...]:
        return () if self.decided is None else self.decided.tiers

    def _asking(self, title: str, fields: tuple[Field, ...], others: tuple[Tier, ...]) -> Asking:
        now = self._tiers

        def change(values: Mapping[str, Any]) -> Change:
            return TiersChange(now, tuple(sorted((*others, Tier(**values)), key=lambda tier: tier.from_day)))

        return Asking(title, fields, change)


def _tier_fields(tier: Tier) -> tuple[Field, ...]:
    return (
        Field("from_day", label("from_day"), "whole", tier.from_day, 7),
        Field("adult_ore", label("adult_ore"), "ore", tier.adult_ore, 15),
        Field("child_ore", label("child_ore"), "ore", tier.child_ore, 15),
    )


class ChannelsRoom(TableRoom):
    """Which channels each kind of message takes (R8)."""

    TAB: ClassVar[tuple[str, str]] = ("8", N_("Messages"))
    HEADINGS: ClassVar[tuple[str, ...]] = (N_("Message"), N_("Text message"), N_("E-mail"))

    def explained(self) -> str:
        """Say what is decided here."""
        return _("Neither: that message is not sent at all.")

    def lines(self, decided: SetUpRecord) -> list[tuple[tuple[str, Channels], Sequence[str]]]:
        """Give a row for each kind."""
        return [
            ((kind, now), (kind_words(kind), value("sms", now.sms), value("email", now.email)))
            for kind, now in decided.channels.items()
        ]

    def edit(self, thing: tuple[str, Channels]) -> Asking:
        """Ask for a kind's channels."""
        kind, now = thing

        def change(values: Mapping[str, Any]) -> Change:
            return ChannelsChange(kind, now, replace(now, **values))

        names = ("email",) if kind in MAIL_ONLY else ("sms", "email")
        fields = tuple(Field(name, label(name), "yes_no", getattr(now, name), 1) for name in names)
        return Asking(kind_words(kind), fields, change)
