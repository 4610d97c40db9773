"""What a room wants to change: the fields to ask for, and the change they make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from desk.set_up.changes import Change
from desk.texts import _, pgettext
from screens.borrower.form import NOTHING_SAID, CannotBeMeant, FormDialog, Line, Said
from screens.dates import as_typed, typed_date
from screens.set_up import typed

Form = Literal["whole", "whole_or_none", "ore", "yes_no", "text", "date", "hours"]


@dataclass(frozen=True, slots=True)
class Field:
    """One line of a form: the field's word in commands, its label, how it is read, what stands in it."""

    name: str
    label: str
    form: Form
    value: Any = None
    longest: int = 60

    def as_typed(self) -> str:
        """Give the value as it would be typed."""
        match self.form, self.value:
            case _form, None:
                return ""
            case "ore", amount:
                return typed.as_ore(amount)
            case "yes_no", answer:
                return yes_and_no()[0 if answer else 1]
            case "date", day:
                return as_typed(day)
            case "hours", (opens, closes):
                return f"{typed.as_clock(opens)}–{typed.as_clock(closes)}"
            case _:
                return str(self.value)

    def read(self, text: str, today: date) -> Any:
        """Read what was typed.

        Raises:
            CannotBeMeant: it is none of what is asked for.
        """
        found: Any
        match self.form:
            case "text":
                return text
            case "whole_or_none" | "hours" if not text:
                return None
            case "whole" | "whole_or_none":
                found, wanted = typed.whole(text), _("Type a whole number, for example 14.")
            case "ore":
                found, wanted = typed.ore(text), _("Type an amount, for example 120 or 120,50.")
            case "date":
                found, wanted = typed_date(text, today), _("Type a date, for example 24.12.")
            case "hours":
                found, wanted = typed.span(text), _("Type opening hours, for example 10-18; empty: closed.")
            case _:
                yes, no = yes_and_no()
                found = {yes: True, no: False}.get(text.upper())
                wanted = _("Type {yes} or {no}.").format(yes=yes, no=no)
        if found is None:
            raise CannotBeMeant(self.name, wanted)
        return found


def yes_and_no() -> tuple[str, str]:
    """Give the letters for yes and no."""
    return pgettext("key", "J yes")[0], pgettext("key", "N no")[0]


@dataclass(frozen=True, slots=True)
class Asking:
    """A change to be asked for.

    Attributes:
        title: of the form.
        fields: to be typed; none: there is nothing to type, only to save.
        change: makes the change from the values by their names.
        hint: what the form explains.
    """

    title: str
    fields: tuple[Field, ...]
    change: Callable[[Mapping[str, Any]], Change]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A form that was filled in: the values, and what was typed, to be put right."""

    values: dict[str, Any]
    typed: dict[str, str] = field(repr=False)


class FieldsDialog(FormDialog[Filled]):
    """The form of an asking.

    Args:
        asking: its fields.
        today: local date, for dates typed without a year.
        said: what the desk said to the last try.
        before: what was typed in it.
    """

    CSS_PATH = "../borrower/editing.tcss"

    def __init__(
        self, asking: Asking, today: date, said: Said = NOTHING_SAID, before: Mapping[str, str] | None = None
    ) -> None:
        lines = tuple(
            Line(one.name, one.label, one.as_typed() if before is None else before[one.name], one.longest)
            for one in asking.fields
        )
        super().__init__(asking.title, lines, said, asking.hint)
        self._asking, self._today = asking, today

    def read(self) -> Filled:
        """Give the values.

        Raises:
            CannotBeMeant: one of them is none.
        """
        raw = {one.name: self.typed(one.name) for one in self._asking.fields}
        return Filled({one.name: one.read(raw[one.name], self._today) for one in self._asking.fields}, raw)
