"""The sign-up page's fields: what stands in them, what is proposed, and where a fault is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from textual import getters, on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from desk.borrowers.cpr import MASK
from desk.borrowers.doubles import KnownBorrower
from desk.borrowers.proposing import Proposals
from desk.borrowers.rules import CHILD, proposed_group
from desk.circulation.rules import age_on
from desk.counter.codes import LONGEST_CODE
from desk.texts import _
from desk.wording import plain
from screens.dates import typed_birth_date, typed_date
from screens.sign_up.fields import Choice, Field, Push, show_line
from screens.sign_up.typed import Typed
from screens.sign_up.words import FIELD_OF, doubles_sentence, fault_sentence
from screens.widgets.line_field import LineField

TYPED_BY_HAND = ("care_of", "street", "postcode", "mobile", "email", "guardian", "card")


class SignUpForm(VerticalScroll, can_focus=False):
    """Fields from top to bottom, in the order in which they are asked.

    Args:
        today: gives the local date.
        cpr: ten digits, as they were scanned; empty: none were.
        name: what was searched for and not found.

    Attributes:
        cpr: the number that stands masked in its field; empty: none.
        born_of_cpr: the birth date that came with the last number, as it was put into its field.
        without_cpr: the field was left empty.
        holder: who has that number already.
        guardian: whoever was found for the field.
        doubles: who may be the same person.
        pin_hash: of the card's PIN.
    """

    doubles_line = getters.query_one("#doubles", Static)
    group = getters.query_one("#group", Choice)
    branch = getters.query_one("#branch", Choice)
    language = getters.query_one("#language", Choice)
    protected = getters.query_one("#protected", Choice)

    def __init__(self, today: Callable[[], date], *, cpr: str, name: str) -> None:
        super().__init__()
        self._today, self._given_cpr, self._given_name = today, cpr, name
        self._group_codes: dict[str, str] = {}
        self.cpr = ""
        self.born_of_cpr = ""
        self.without_cpr = False
        self.holder: KnownBorrower | None = None
        self.guardian: KnownBorrower | None = None
        self.doubles: tuple[KnownBorrower, ...] = ()
        self.pin_hash: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out the fields."""
        yield Field(_("CPR number"), _input("cpr", 20, _("empty: without a CPR number")))
        yield Field(_("Birth date"), _input("born", 12))
        yield Field(_("Name"), _input("name", 400))
        yield Static("", id="doubles", markup=False)
        yield Field(_("c/o"), _input("care_of", 400))
        yield Field(_("Street and number"), _input("street", 400))
        yield Field(_("Postcode and city"), _input("postcode", 20), _input("city", 400))
        yield Field(_("Mobile (sms)"), _input("mobile", 40))
        yield Field(_("E-mail"), _input("email", 400))
        yield Field(_("Borrower group"), Choice(id="group"))
        yield Field(_("Home branch"), Choice(id="branch"))
        yield Field(_("Municipality"), _input("municipality", 10))
        yield Field(_("Language"), Choice((("da", _("Danish")), ("en", _("English"))), id="language"))
        yield Field(_("Address protection"), Choice((("", _("no")), ("yes", _("yes"))), id="protected"))
        yield Field(_("Protected until"), _input("until", 12, _("empty: until it is taken away")))
        yield Field(_("Responsible"), _input("guardian", LONGEST_CODE * 4, _("card, CPR number or borrower number")))
        yield Field(_("Library card"), _input("card", LONGEST_CODE * 4, _("empty: the health card is the card")))
        yield Field(_("PIN"), Push(_("none – Space: the borrower chooses one"), id="pin"))
        yield Field("", Push(_("Create borrower"), id="create", is_last=True))

    def on_mount(self) -> None:
        """Begin with what was searched for; the last day of a protection is asked when there is one."""
        self.field("until").display = False
        self.put("name", self._given_name)

    def offer(self, offered: Proposals, branch_id: int) -> None:
        """Offer what there is to choose from, and propose this counter's branch and the library's municipality."""
        choices = offered.choices
        self._group_codes = {code: str(group_id) for group_id, code, _name in choices.groups}
        self.group.offer(tuple((str(group_id), name) for group_id, _code, name in choices.groups))
        self.branch.offer(tuple((str(known_id), name) for known_id, name in choices.branches))
        self.branch.propose(str(branch_id))
        if not self.text("municipality"):
            self.put("municipality", offered.municipality)
        self.propose_group()

    def field(self, name: str) -> Field:
        """Give the field an input lies in."""
        return next(one for one in self.query_one(f"#{name}").ancestors if isinstance(one, Field))

    def text(self, name: str) -> str:
        """Give what stands in an input."""
        return self.query_one(f"#{name}", Input).value.strip()

    def put(self, name: str, text: str) -> None:
        """Write into an input for the clerk."""
        with self.prevent(Input.Changed):
            self.query_one(f"#{name}", Input).value = text

    @property
    def born(self) -> date | None:
        """The birth date as it stands there, None: none."""
        return typed_birth_date(self.text("born"), self._today())

    @property
    def is_child(self) -> bool:
        """Whether the group is that of children."""
        return self.group.value != "" and self.group.value == self._group_codes.get(CHILD)

    def propose_group(self) -> None:
        """Propose the group that the age asks for."""
        born, today = self.born, self._today()
        if born is not None or self.without_cpr:
            code = proposed_group(None if born is None else age_on(born, today))
            self.group.propose(self._group_codes.get(code, ""))
        self.remind_of_guardian()

    def remind_of_guardian(self) -> None:
        """A child without anybody responsible is something to look at, and not refused."""
        field = self.field("guardian")
        if not field.has_fault:
            is_missing = self.is_child and self.guardian is None
            field.note(_("A child usually has somebody financially responsible.") if is_missing else "")

    def show_doubles(self, doubles: tuple[KnownBorrower, ...]) -> None:
        """Show who may be here already."""
        self.doubles = doubles
        show_line(self.doubles_line, doubles_sentence(doubles) if doubles else "")

    @on(Input.Changed)
    def changed(self, event: Input.Changed) -> None:
        """What was refused may be mended; a masked number is typed anew, never mended."""
        name = event.input.id or ""
        if plain(event.value) != event.value:
            # Pasted, perhaps with what turns or hides text.
            self.put(name, plain(event.value))
        self.field(name).fault("")
        if name == "cpr":
            self.cpr, self.holder = "", None
            self.field(name).remark("")
            if MASK[0] in event.value:
                self.put("cpr", "")
        if name == "guardian":
            self.guardian = None
            self.field(name).remark("")
            self.remind_of_guardian()

    @on(Choice.Chosen)
    def chosen(self, event: Choice.Chosen) -> None:
        """A group or a protection was chosen by hand."""
        self.field(event.choice.id or "").fault("")
        self.field("until").display = bool(self.protected.value)
        self.remind_of_guardian()

    def typed(self) -> Typed:
        """Give all of it as values."""
        return Typed(
            cpr=self.cpr or None,
            birth_date=self.born,
            **{name: self.text(name) for name in ("name", "care_of", "street", "postcode", "city", "mobile", "email")},
            group_id=int(self.group.value or 0),
            branch_id=int(self.branch.value or 0),
            municipality=self.text("municipality"),
            language=self.language.value,
            is_protected=bool(self.protected.value),
            protected_until=typed_date(self.text("until"), self._today()),
            guardian_id=None if self.guardian is None else self.guardian.borrower_id,
            card=self.text("card"),
            card_kind="child" if self.is_child else "library",
            pin_hash=self.pin_hash,
        )

    def show_faults(self, faults: Iterable[tuple[str, str]]) -> None:
        """Say what the desk refuses, each at its field.

        Args:
            faults: field and why, as ``InvalidInput`` has them.
        """
        for name, why in faults:
            at = FIELD_OF.get(name, name)
            self.field(at if self.query(f"#{at}") else "create").fault(fault_sentence(name, why))

    def clear_faults(self) -> None:
        """Take back every fault: all of it is looked at anew."""
        for field in self.query(Field):
            field.fault("")
        self.remind_of_guardian()

    def point_at_fault(self) -> bool:
        """Go to the first field that is refused; tells whether there is one."""
        for field in self.query(Field):
            if field.has_fault:
                next(one for one in field.query("Input, Choice, Push") if one.can_focus).focus()
                return True
        return False

    @property
    def has_typed(self) -> bool:
        """Whether anything would be lost."""
        typed = [self.text(name) for name in TYPED_BY_HAND]
        own_cpr = bool(self.text("cpr")) and not (self.cpr and self.cpr == self._given_cpr)
        return any(typed) or own_cpr or self.text("name") != self._given_name.strip()


def _input(name: str, longest: int, placeholder: str = "") -> Input:
    return LineField(id=name, compact=True, max_length=longest, placeholder=placeholder)
