"""A dialog for each detail (D). Each gives the detail as a value, or nothing, and does no work."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date

from textual import on, work
from textual.widgets import Input

from desk.borrowers.details import (
    MOST_TELEPHONES,
    Absence,
    Address,
    BirthDate,
    Cpr,
    Email,
    Group,
    Guardian,
    HomeBranch,
    Language,
    Municipality,
    Name,
    Protection,
    Telephones,
)
from desk.borrowers.municipalities import municipality_name
from desk.borrowers.records import Choices
from desk.counter.codes import LONGEST_CODE, meaning_of
from desk.counter.orders import CODE
from desk.errors import DeskError
from desk.texts import _, pgettext
from screens.borrower.details_rows import language_words
from screens.borrower.form import NOTHING_SAID, CannotBeMeant, ChoiceDialog, FormDialog, Line, Said
from screens.dates import as_typed, typed_birth_date, typed_date
from screens.sentences import sentence
from screens.text import plain

# What is typed for «nothing», where an empty line would be too easily sent.
NOTHING = frozenset({"-", "–"})


class NameDialog(FormDialog[Name]):
    """The name."""

    def __init__(self, detail: Name, said: Said = NOTHING_SAID) -> None:
        super().__init__(_("Name, as it stands on the health card"), (Line("name", _("Name"), detail.name, 400),), said)

    def read(self) -> Name:
        """Give the name."""
        return Name(self.typed("name"))


class BirthDateDialog(FormDialog[BirthDate]):
    """The birth date, with its year."""

    def __init__(self, detail: BirthDate, today: date, said: Said = NOTHING_SAID) -> None:
        super().__init__(
            _("Birth date; empty when it is not known"),
            (Line("birth_date", _("Birth date"), as_typed(detail.born), 20),),
            said,
        )
        self._today = today

    def read(self) -> BirthDate:
        """Give the date.

        Raises:
            CannotBeMeant: it is none, or has no year.
        """
        typed = self.typed("birth_date")
        born = typed_birth_date(typed, self._today)
        if typed and born is None:
            raise CannotBeMeant("birth_date", _("Type a date with its year, for example 17.5.1980."))
        return BirthDate(born)


class CprDialog(FormDialog[Cpr]):
    """The CPR number, typed anew: the one there is stays masked."""

    def __init__(self, typed: str = "", said: Said = NOTHING_SAID) -> None:
        super().__init__(
            _("CPR number; a replacement number has 6 added to its first figure"),
            (Line("cpr", _("CPR number"), typed, 30),),
            said,
            _("Type - when the borrower has none."),
        )

    def read(self) -> Cpr:
        """Give the number as it was typed.

        Raises:
            CannotBeMeant: nothing was typed.
        """
        typed = self.typed("cpr")
        if not typed:
            raise CannotBeMeant("cpr", _("Type ten figures, or - for none."))
        return Cpr(None if typed in NOTHING else typed)


class AddressDialog(FormDialog[Address]):
    """c/o name and address."""

    def __init__(self, detail: Address, said: Said = NOTHING_SAID) -> None:
        super().__init__(
            _("c/o name and address"),
            (
                Line("care_of", _("c/o"), detail.care_of),
                Line("street", _("Street and number"), detail.street),
                Line("postcode", _("Postcode"), detail.postcode, 20),
                Line("city", _("Town"), detail.city),
            ),
            said,
        )

    def read(self) -> Address:
        """Give the address."""
        return Address(*(self.typed(name) for name in ("care_of", "street", "postcode", "city")))


class TelephonesDialog(FormDialog[Telephones]):
    """All telephones, and which of them takes sms."""

    def __init__(self, detail: Telephones, said: Said = NOTHING_SAID) -> None:
        numbers = (*detail.numbers, *[""] * MOST_TELEPHONES)[:MOST_TELEPHONES]
        lines = [
            Line(f"telephone{at}", _("Telephone {n}").format(n=at), number, 40) for at, number in enumerate(numbers, 1)
        ]
        sms = Line("sms", _("Sms to no."), "" if detail.sms is None else str(detail.sms + 1), 1)
        super().__init__(_("Telephones"), (*lines, sms), said, _("Sms to no.: the one that takes sms, or empty."))

    def read(self) -> Telephones:
        """Give the numbers without the empty lines.

        Raises:
            CannotBeMeant: sms goes to a line that is empty.
        """
        typed = [self.typed(f"telephone{at}") for at in range(1, MOST_TELEPHONES + 1)]
        sms = self.typed("sms")
        if not sms:
            return Telephones(tuple(filter(None, typed)))
        chosen = int(sms) if sms.isascii() and sms.isdigit() else 0
        if not 1 <= chosen <= MOST_TELEPHONES or not typed[chosen - 1]:
            raise CannotBeMeant("sms", _("There is no telephone in that line."))
        return Telephones(tuple(filter(None, typed)), sum(bool(number) for number in typed[: chosen - 1]))


class EmailDialog(FormDialog[Email]):
    """The e-mail address."""

    def __init__(self, detail: Email, said: Said = NOTHING_SAID) -> None:
        super().__init__(_("E-mail; empty when there is none"), (Line("email", _("E-mail"), detail.email, 400),), said)

    def read(self) -> Email:
        """Give the address."""
        return Email(self.typed("email"))


class AbsenceDialog(FormDialog[Absence]):
    """The absence period; either end may be open."""

    def __init__(self, detail: Absence, today: date, said: Said = NOTHING_SAID) -> None:
        super().__init__(
            _("Absence period: reservations are paused"),
            (
                Line("absent_from", _("From"), as_typed(detail.absent_from), 20),
                Line("absence", _("Up to and including"), as_typed(detail.until), 20),
            ),
            said,
            _("Either may be empty; both empty: no absence."),
        )
        self._today = today

    def read(self) -> Absence:
        """Give the period.

        Raises:
            CannotBeMeant: a line holds no date.
        """
        return Absence(_date_in(self, "absent_from", self._today), _date_in(self, "absence", self._today))


class MunicipalityDialog(FormDialog[Municipality]):
    """The home municipality, by its code; says the name of those that are known."""

    def __init__(self, detail: Municipality, said: Said = NOTHING_SAID) -> None:
        super().__init__(
            _("Municipality no.; empty when it is not known"),
            (Line("municipality", _("Municipality no."), detail.code, 20),),
            said,
        )

    @on(Input.Changed)
    def say_name(self, event: Input.Changed) -> None:
        """Say the name of the code that is typed."""
        name = municipality_name(event.value)
        if name:
            self.said.update(name)
        elif not self._said.sentence:
            self.said.update("")

    def read(self) -> Municipality:
        """Give the code."""
        return Municipality(self.typed("municipality"))


class ProtectionDialog(FormDialog[Protection]):
    """Name and address protection, and its last day."""

    def __init__(self, detail: Protection, today: date, said: Said = NOTHING_SAID) -> None:
        yes, no = _yes_and_no()
        super().__init__(
            _("Name and address protection"),
            (
                Line("is_protected", _("Protected ({yes}/{no})").format(yes=yes, no=no), "", 1),
                Line("protection", _("Up to and including"), as_typed(detail.until), 20),
            ),
            said,
            _("No last day: until it is taken away."),
        )
        self._today = today
        self._is_protected = detail.is_protected

    def on_mount(self) -> None:
        """Put the letter that holds now."""
        super().on_mount()
        yes, no = _yes_and_no()
        self.field("is_protected").value = yes if self._is_protected else no

    def read(self) -> Protection:
        """Give the protection.

        Raises:
            CannotBeMeant: neither yes nor no, or no date.
        """
        yes, no = _yes_and_no()
        answer = self.typed("is_protected").upper()
        if answer not in {yes, no}:
            raise CannotBeMeant("is_protected", _("Type {yes} or {no}.").format(yes=yes, no=no))
        if answer == no:
            return Protection(is_protected=False)
        return Protection(is_protected=True, until=_date_in(self, "protection", self._today))


@dataclass(frozen=True, slots=True)
class GuardianCode:
    """Whoever is to be responsible, by card, CPR number or lånernummer."""

    code: str = field(repr=False)


class GuardianDialog(FormDialog[Guardian | GuardianCode]):
    """Who is financially responsible.

    A card is scanned, here as at sign-up: the dialog asks for that code and for no other (C3). It takes one, and only
    while the line is empty; it stands there for everybody to see, and presses no button. What turns out to be an item
    goes on to the queue, where it belongs.
    """

    def __init__(self, typed: str = "", said: Said = NOTHING_SAID) -> None:
        super().__init__(
            _("Financially responsible"),
            (Line("guardian", _("Card or number"), typed, 64),),
            said,
            _("Card, CPR number or borrower number; - for nobody else."),
        )

    def take_code(self, code: str) -> bool:
        """Take a scan for the line, if it is asked for now.

        Returns:
            False: it goes to the queue.
        """
        line = self.field("guardian")
        if line.value.strip() or len(code) > LONGEST_CODE or not code.isprintable():
            return False
        line.value = plain(code)
        self.said.update("")
        self.look_at(code)
        return True

    @work(group="look")
    async def look_at(self, code: str) -> None:
        """Send an item that was scanned here to the queue."""
        app = self.desk_app
        try:
            meaning = await app.installation.desk.ask(app.who, meaning_of, code)
        except DeskError as error:
            self.said.update(sentence(error))
            return
        if meaning.is_item_only and self.field("guardian").value == plain(code):
            self.field("guardian").value = ""
            app.at_counter.work.take(CODE, code, app.who, time.monotonic())
            self.said.update(_("That was an item. It waits with the other scans."))

    def read(self) -> Guardian | GuardianCode:
        """Give the code.

        Raises:
            CannotBeMeant: nothing was typed.
        """
        typed = self.typed("guardian")
        if not typed:
            raise CannotBeMeant("guardian", _("Type a card or a number, or - for nobody else."))
        return Guardian(None) if typed in NOTHING else GuardianCode(typed)


def group_dialog(choices: Choices, detail: Group, said: Said = NOTHING_SAID) -> ChoiceDialog[Group]:
    """Ask for a borrower group."""
    answers = tuple((Group(group_id), name) for group_id, _code, name in choices.groups)
    return ChoiceDialog(_("Borrower group"), answers, detail, said)


def home_branch_dialog(choices: Choices, detail: HomeBranch, said: Said = NOTHING_SAID) -> ChoiceDialog[HomeBranch]:
    """Ask for a home branch."""
    answers = tuple((HomeBranch(branch_id), name) for branch_id, name in choices.branches)
    return ChoiceDialog(_("Home branch"), answers, detail, said)


def language_dialog(detail: Language, said: Said = NOTHING_SAID) -> ChoiceDialog[Language]:
    """Ask for the language of messages."""
    answers = tuple((Language(one), language_words(one)) for one in ("da", "en"))
    return ChoiceDialog(_("Language of messages"), answers, detail, said)


def _yes_and_no() -> tuple[str, str]:
    return pgettext("key", "J yes")[0], pgettext("key", "N no")[0]


def _date_in(
    dialog: FormDialog[Absence] | FormDialog[Protection],
    name: str,
    today: date,
) -> date | None:
    typed = dialog.typed(name)
    day = typed_date(typed, today)
    if typed and day is None:
        raise CannotBeMeant(name, _("Type a date, for example 24.12."))
    return day
