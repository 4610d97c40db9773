"""What «Oplysninger» says of each of the policy's items, as pure functions of the page (C12, D)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from desk.borrowers.cpr import MASK, written_cpr
from desk.borrowers.details import Address, Cpr, Email, Telephones
from desk.borrowers.looking import Revealed
from desk.borrowers.municipalities import municipality_name
from desk.borrowers.records import BlockRecord, BorrowerPage, GuardianRecord
from desk.borrowers.rules import is_absent_on
from desk.calendar import local_date
from desk.privacy.data_map import BY_KEY, POLICY, Held
from desk.texts import _, ngettext, pgettext
from desk.wording import date_range, kroner, short_date
from screens.refusals import block_words
from screens.text import paintable

# An adult's fees begin here (R3); below it somebody else answers for what is borrowed.
CHILD_UNTIL = 14
# Items that are changed in a tab of their own.
ELSEWHERE = frozenset(
    {
        "cards",
        "loans",
        "reservations",
        "balance",
        "messages",
        "internal_note",
        "note_to_borrower",
        "blocked_on",
        "block_reason",
    }
)
ORDER: tuple[Held, ...] = (*POLICY, BY_KEY["protection"], BY_KEY["guardian"])


@dataclass(frozen=True, slots=True)
class DetailRow:
    """One item as it is listed.

    Attributes:
        held: the policy's entry.
        value: what there is, or the mask.
        is_masked: there is something behind a mask, which a key reveals.
        needs_look: somebody should look at it once (amber).
    """

    held: Held
    value: str
    is_masked: bool = False
    needs_look: bool = False

    @property
    def key(self) -> str:
        """The item's word in the data map."""
        return self.held.key

    @property
    def is_elsewhere(self) -> bool:
        """Whether it has a tab of its own."""
        return self.key in ELSEWHERE

    @property
    def can_be_changed(self) -> bool:
        """Whether it is changed here."""
        return bool(self.held.changed_by) and not self.is_elsewhere


def rows_of(page: BorrowerPage, today: date) -> tuple[DetailRow, ...]:
    """List the policy's items in the policy's order, then protection and guardian.

    Args:
        page: as the desk gave it.
        today: local date.
    """
    masked = _masked_keys(page)
    return tuple(
        DetailRow(
            held, _VALUES[held.key](page, today), held.key in masked, held.key == "guardian" and lacks_guardian(page)
        )
        for held in ORDER
    )


def lacks_guardian(page: BorrowerPage) -> bool:
    """Tell whether a child has nobody who is financially responsible."""
    age = page.borrower.age
    return age is not None and age < CHILD_UNTIL and not page.has_guardian


def _masked_keys(page: BorrowerPage) -> set[str]:
    there = {
        "cpr": bool(page.masked_cpr),
        "address": page.has_address,
        "telephone": page.telephones > 0,
        "email": page.has_email,
        "guardian": page.has_guardian,
    }
    return {key for key, is_there in there.items() if is_there}


def revealed_words(revealed: Revealed) -> str:
    """Word what a masked item holds, on one line."""
    match revealed:
        case Cpr(cpr=cpr):
            return written_cpr(cpr or "")
        case Address():
            place = f"{revealed.postcode} {revealed.city}".strip()
            care_of = _("c/o {name}").format(name=revealed.care_of) if revealed.care_of else ""
            return paintable(", ".join(filter(None, (care_of, revealed.street, place))))
        case Telephones(numbers=numbers, sms=sms):
            told = [_("{number} (sms)").format(number=one) if at == sms else one for at, one in enumerate(numbers)]
            return paintable(", ".join(told))
        case Email(email=email):
            return paintable(email)
        case GuardianRecord():
            return paintable(f"{revealed.name} · {spaced_number(revealed.number)}")


def spaced_number(number: str) -> str:
    """Give a lånernummer as it is written: ``4829 1173``."""
    return paintable(f"{number[:4]} {number[4:]}" if len(number) == 8 else number)


def absence_words(absent_from: date | None, until: date | None, today: date) -> str:
    """Word an absence period; either end may be open."""
    if absent_from is not None and until is not None:
        return date_range(absent_from, until, today)
    if absent_from is not None:
        return _("from {date}").format(date=short_date(absent_from, today))
    if until is not None:
        return _("up to and including {date}").format(date=short_date(until, today))
    return pgettext("absence", "none")


def digital_words(page: BorrowerPage) -> str:
    """Say whether the home municipality gives access to the digital services."""
    return _("digital services: yes") if page.borrower.digital_services else _("digital services: no")


def language_words(language: str) -> str:
    """Name a language of messages."""
    return {"da": _("Danish"), "en": _("English")}.get(language, paintable(language))


def _unknown() -> str:
    return _("not given")


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _number(page: BorrowerPage, _today: date) -> str:
    return spaced_number(page.borrower.number)


def _cpr(page: BorrowerPage, _today: date) -> str:
    if not page.masked_cpr:
        return _unknown()
    return _joined(page.masked_cpr, _("replacement number") if page.is_replacement else "")


def _absence(page: BorrowerPage, today: date) -> str:
    away = is_absent_on(page.absent_from, page.absent_until, today)
    return _joined(
        absence_words(page.absent_from, page.absent_until, today), _("reservations are paused") if away else ""
    )


def _name(page: BorrowerPage, _today: date) -> str:
    return paintable(page.borrower.name)


def _birth_date(page: BorrowerPage, today: date) -> str:
    if page.birth_date is None:
        return _unknown()
    age = "" if page.borrower.age is None else ngettext("{count} year", "{count} years", page.borrower.age)
    return _joined(short_date(page.birth_date, today), age.format(count=page.borrower.age))


def _address(page: BorrowerPage, today: date) -> str:
    dated = ""
    if page.has_address and page.address_dated is not None:
        dated = _("as of {date}").format(date=short_date(page.address_dated, today))
    protected = ""
    if page.borrower.address_protected:
        protected = (
            _("address protected, without an end")
            if page.protected_until is None
            else _("address protected up to and including {date}").format(date=short_date(page.protected_until, today))
        )
    return _joined(MASK if page.has_address else _unknown(), protected, dated)


def _telephone(page: BorrowerPage, _today: date) -> str:
    if not page.telephones:
        return _unknown()
    count = ngettext("{count} telephone", "{count} telephones", page.telephones).format(count=page.telephones)
    return _joined(MASK, count)


def _email(page: BorrowerPage, _today: date) -> str:
    return MASK if page.has_email else _unknown()


def _in_force(page: BorrowerPage, today: date) -> list[BlockRecord]:
    return [
        block
        for block in page.blocks
        if block.lifted_at is None and (block.ends_on is None or block.ends_on >= today) and block.set_on <= today
    ]


def _blocked_on(page: BorrowerPage, today: date) -> str:
    blocks = _in_force(page, today)
    if not blocks:
        return _("not blocked")
    return ", ".join(short_date(block.set_on, today) for block in blocks)


def _block_reason(page: BorrowerPage, today: date) -> str:
    blocks = _in_force(page, today)
    if not blocks:
        return _("not blocked")
    words = (": ".join(filter(None, (block_words(block.kind), block.reason.strip()))) for block in blocks)
    return paintable(", ".join(words))


def _group(page: BorrowerPage, _today: date) -> str:
    return paintable(page.borrower.group)


def _home_branch(page: BorrowerPage, _today: date) -> str:
    return paintable(page.borrower.home_branch)


def _municipality(page: BorrowerPage, _today: date) -> str:
    code = paintable(page.municipality)
    return _joined(f"{code} {municipality_name(code)}".strip() or _unknown(), digital_words(page))


def _language(page: BorrowerPage, _today: date) -> str:
    return language_words(page.borrower.language)


def _cards(page: BorrowerPage, _today: date) -> str:
    stopped = sum(card.state != "active" for card in page.cards)
    count = len(page.cards)
    return _joined(
        ngettext("{count} card", "{count} cards", count).format(count=count),
        ngettext("{count} stopped", "{count} stopped", stopped).format(count=stopped) if stopped else "",
    )


def _noted(note: str, by: str, at: datetime | None, today: date) -> str:
    if not note:
        return pgettext("note", "none")
    when = "" if at is None else short_date(local_date(at), today)
    signed = " ".join(filter(None, (by, when)))
    return paintable(f"{note} ({signed})" if signed else note)


def _internal_note(page: BorrowerPage, today: date) -> str:
    return _noted(page.borrower.note, page.borrower.note_by, page.borrower.note_at, today)


def _note_to_borrower(page: BorrowerPage, today: date) -> str:
    return _noted(page.note_to_borrower, page.note_to_borrower_by, page.note_to_borrower_at, today)


def _loans(page: BorrowerPage, _today: date) -> str:
    count = page.borrower.open_loans
    return ngettext("{count} loan of {limit}", "{count} loans of {limit}", count).format(
        count=count, limit=page.borrower.limit
    )


def _reservations(page: BorrowerPage, _today: date) -> str:
    if not page.reservations:
        return _("No reservations.")
    return _joined(
        ngettext("{count} reservation", "{count} reservations", page.reservations).format(count=page.reservations),
        ngettext("{count} ready", "{count} ready", page.ready).format(count=page.ready) if page.ready else "",
    )


def _balance(page: BorrowerPage, _today: date) -> str:
    if not page.owed_ore:
        return _("No balance.")
    return _("owes {amount}").format(amount=kroner(page.owed_ore))


def _messages(page: BorrowerPage, _today: date) -> str:
    if not page.messages:
        return _("No messages.")
    return ngettext("{count} message", "{count} messages", page.messages).format(count=page.messages)


def _protection(page: BorrowerPage, today: date) -> str:
    if not page.borrower.address_protected:
        return pgettext("protection", "none")
    if page.protected_until is None:
        return _("in force, without an end")
    return _("up to and including {date}").format(date=short_date(page.protected_until, today))


def _guardian(page: BorrowerPage, _today: date) -> str:
    if page.has_guardian:
        own = MASK
    elif lacks_guardian(page):
        own = _("missing: the borrower is under {age}").format(age=CHILD_UNTIL)
    else:
        own = _("the borrower")
    count = page.responsible_for
    others = ngettext("responsible for {count} borrower", "responsible for {count} borrowers", count)
    return _joined(own, others.format(count=count) if count else "")


_VALUES: dict[str, Callable[[BorrowerPage, date], str]] = {
    "number": _number,
    "cpr": _cpr,
    "absence": _absence,
    "name": _name,
    "birth_date": _birth_date,
    "address": _address,
    "telephone": _telephone,
    "email": _email,
    "blocked_on": _blocked_on,
    "block_reason": _block_reason,
    "group": _group,
    "home_branch": _home_branch,
    "municipality": _municipality,
    "language": _language,
    "cards": _cards,
    "internal_note": _internal_note,
    "note_to_borrower": _note_to_borrower,
    "loans": _loans,
    "reservations": _reservations,
    "balance": _balance,
    "messages": _messages,
    "protection": _protection,
    "guardian": _guardian,
}
