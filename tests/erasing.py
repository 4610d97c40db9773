"""Somebody with a whole life at the library, whose deletion has been approved by four eyes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from db.models import (
    TABLES,
    Block,
    Borrower,
    Card,
    DeletionRequest,
    Message,
    Staff,
    Subscriber,
    Telephone,
)
from desk.borrowers.commands import OpenPage, Reveal
from desk.borrowers.searching import write_search_words
from desk.forms.commands import ReceiveForm
from desk.forms.records import FormContent
from desk.installation import Installation
from desk.privacy.erasure import commands
from desk.privacy.erasure.commands import EraseBorrower
from desk.privacy.erasure.eraser import erase_borrower
from desk.privacy.erasure.identity import identity_of
from desk.privacy.erasure.records import Erased
from desk.privacy.erasure.steps import STEPS, Step
from desk.privacy.witness import LogWitness
from desk.secrets import Secrets
from desk.settings import Settings, StoreSettings, write
from tests import canary
from tests.builders import HASHER, KEY, QUEUE_KEY, VAULT, House, Person, Thing
from tests.owing import Owing
from tests.reserving import Reserving

# Those of the tests' stores, so that a program opens what a house was built in.
KEYS = {"store": KEY, "queue": QUEUE_KEY, "cpr": b"c" * 32, "cpr-index": b"i" * 32, "pin-pepper": b"pepper"}

Rows = dict[str, list[tuple[Any, ...]]]

NUMBER = "47164716"
SURNAME = "Fjerholm-Qvist"
REFERENCE = "mobilepay kanarie 4716"
FEE_NOTE = "fuglefrø i bogryggen"
WAIVED = "fuglen var syg i marts"
ALLOWED = "må låne under opsyn af ugle"
SUBJECT = "Besked til kanariefuglen"
BODY = "Hej Kanarina Fjerholm-Qvist\nDin reservering er klar på hylde 34.\nVenlig hilsen"
WITHDRAWN = "ville alligevel blive i buret"
MAIL_ID = "<kanarie4716@struer.example>"
PIN_HASH = "$argon2id$kanariepin"
NEWS_NAME = "Nyhedskanarina"

# What lies in the store as it is written, by where it lies.
LIES_IN_STORE = (
    *canary.HELD_AS_TYPED,
    NUMBER,
    REFERENCE,
    FEE_NOTE,
    WAIVED,
    ALLOWED,
    SUBJECT,
    BODY,
    WITHDRAWN,
    MAIL_ID,
    PIN_HASH,
    NEWS_NAME,
    "kanarina",
)

# What goes, a step each: written by hand from what `a_life` does.
EXPECTED = {
    "command_record": 11,
    "reservation": 2,
    "payment_part": 2,
    "payment": 2,
    "fee_loan": 1,
    "fee": 2,
    "override": 1,
    "item": 0,
    "loan": 2,
    "loan_occasion": 2,
    "message": 3,
    "block": 1,
    "card": 2,
    "telephone": 2,
    "search_word": 14,
    "form": 1,
    "listing": 1,
    "deletion_request": 1,
    "subscriber": 1,
    "guardian": 0,
    "borrower": 1,
}


@dataclass(frozen=True, slots=True)
class Life:
    """Whoever is to be erased, who stands beside them, and what lies on the shelf for them."""

    person: Person
    request_id: int
    on_shelf: Thing
    neighbour: Person


async def a_life(house: House) -> Life:
    """Let somebody live at the library until everything is returned and paid, and let their deletion be approved."""
    mother = house.borrower(name="Måge Havblik", card="MAAGE-1")
    neighbour = house.borrower(name=f"Ib {SURNAME}", card="K-NABO")
    person = house.borrower(name=canary.NAME, card=canary.CARD, cpr=canary.CPR)
    house.card(person.borrower_id, f"{canary.CARD}-2")
    _describe(house, person, mother)
    _live_beside(house, neighbour)
    owing, reserving = Owing(house), Reserving(house)
    late, _loan = owing.lent(person)
    house.put(Card.update(pin_hash=PIN_HASH).where(Card.id == person.card_id))
    await owing.returned(late, 5)
    await owing.paid(person, 2_000, method="mobilepay", reference=REFERENCE)
    by_hand = await owing.written(person, 5_000, reason=FEE_NOTE)
    await owing.paid(person, 1_500)
    await owing.waived(person, int(by_hand.row_id), reason=WAIVED)
    loan = await house.lend(house.item(), person)
    await house.set_aside(person, house.item(), "limit", reason=ALLOWED)
    await house.take_back_item(loan)
    await owing.returned(owing.lent(neighbour)[0], 3)
    await owing.paid(neighbour)
    on_shelf = await reserving.ready(person)
    wanted = house.item(status="on_loan")
    await reserving.reserve(wanted, neighbour)
    await reserving.reserve(wanted, person)
    await reserving.reserve(wanted)
    _write(house, person)
    await house.desk.do(form_command(house, phone=canary.MOBILE))
    await house.desk.do(form_command(house, email="nabo@fugl.example", name="Ib Nabo"))
    usual: dict[str, Any] = {"who": house.who(), "at": house.clock(), "borrower_id": person.borrower_id}
    await house.desk.do(OpenPage(command_id=house.new_id(), **usual))
    await house.desk.do(Reveal(command_id=house.new_id(), **usual, key="cpr"))
    return Life(person, approved(house, person), on_shelf, neighbour)


def form_command(house: House, **sender: str) -> ReceiveForm:
    """Word the coming in of a form that wishes for what only the canary wishes for."""
    values: dict[str, str | int] = {"ages": "4", "wishes": canary.WISH, "name": canary.NAME, **sender}
    return ReceiveForm(
        command_id=house.new_id(),
        who=house.who(),
        at=house.clock(),
        content=FormContent("holiday_bag", house.clock(), "", values),
    )


def _describe(house: House, person: Person, mother: Person) -> None:
    house.put(
        Borrower.update(
            number=NUMBER,
            care_of=canary.CARE_OF,
            street=canary.STREET,
            postcode="7600",
            city=canary.CITY,
            email=canary.EMAIL,
            guardian=mother.borrower_id,
            internal_note=canary.INTERNAL_NOTE,
            note_to_borrower=canary.NOTE_TO_BORROWER,
            log_key=bytes(range(100, 132)),
        ).where(Borrower.id == person.borrower_id)
    )
    for number, sms in ((canary.HOME_PHONE, False), (canary.MOBILE, True)):
        house.put(Telephone.insert(borrower=person.borrower_id, number=number, takes_sms=sms))
    house.put(
        Block.insert(
            borrower=person.borrower_id,
            kind="S",
            set_on=date(2026, 1, 5),
            reason=canary.BLOCK_REASON,
            lifted_at=datetime(2026, 1, 8, 9, tzinfo=UTC),
            lift_reason=canary.LIFT_REASON,
        )
    )
    house.store.write_here(lambda transaction: write_search_words(transaction, [person.borrower_id]))


def _live_beside(house: House, neighbour: Person) -> None:
    """Let a neighbour have the same surname, street and telephone, and things of their own."""
    house.put(Borrower.update(street=canary.STREET, city=canary.CITY).where(Borrower.id == neighbour.borrower_id))
    house.put(Telephone.insert(borrower=neighbour.borrower_id, number=canary.HOME_PHONE))
    house.store.write_here(lambda transaction: write_search_words(transaction, [neighbour.borrower_id]))


def _write(house: House, person: Person) -> None:
    house.put(
        Message.insert(
            borrower=person.borrower_id,
            kind="reminder",
            channel="email",
            cause="reminder:kanarie",
            language="da",
            facts='{"loans": 1}',
            subject=SUBJECT,
            body=BODY,
            created_at=house.clock(),
            state="failed",
            problem="refused",
            message_id=MAIL_ID,
        )
    )
    house.put(subscription(canary.EMAIL, NEWS_NAME, SURNAME))
    house.put(subscription("ib@reden.example", "Ib", SURNAME))
    house.put(
        DeletionRequest.insert(
            borrower=person.borrower_id,
            state="withdrawn",
            registered_at=house.clock(),
            registered_by=house.staff["staff"],
            identity_check="letter",
            decided_at=house.clock(),
            decided_by=house.staff["staff"],
            decision_reason=WITHDRAWN,
        )
    )


def subscription(email: str, first_name: str, last_name: str) -> Any:
    """Put an address on the newsletter's list."""
    return Subscriber.insert(email=email, first_name=first_name, last_name=last_name, consented_on=date(2026, 1, 5))


def approved(house: House, person: Person) -> int:
    """Let one register and another approve that a borrower is deleted; gives the request."""
    for role, number in (("staff", "SKR-1"), ("supervisor", "SKR-2")):
        house.put(Staff.update(person_number=number).where(Staff.id == house.staff[role]))
    return house.put(
        DeletionRequest.insert(
            borrower=person.borrower_id,
            state="approved",
            registered_at=house.clock() - timedelta(days=2),
            registered_by=house.staff["staff"],
            counter=house.counter,
            identity_check="card",
            newsletter="leave",
            decided_at=house.clock() - timedelta(days=1),
            decided_by=house.staff["supervisor"],
        )
    )


def erase_command(house: House, request_id: int, person: Person, **more: Any) -> EraseBorrower:
    """Word an erasure, with what is known of the person now."""
    known = house.store.read_here(lambda transaction: identity_of(transaction, person.borrower_id)).fingerprint
    values: dict[str, Any] = {
        "command_id": house.new_id(),
        "who": house.who("supervisor"),
        "at": house.clock(),
        "request_id": request_id,
        "known": known,
    }
    return EraseBorrower(**(values | more))


async def erase(house: House, request_id: int, person: Person) -> Erased:
    """Erase somebody, the transaction alone."""
    return await house.desk.do(erase_command(house, request_id, person))


def take_out(patch: Any, step: Step) -> Sequence[Step]:
    """Let the eraser leave a step out; gives the steps that are left."""
    left = tuple(one for one in STEPS if one is not step)
    patch.setattr(commands, "erase_borrower", partial(erase_borrower, steps=left))
    return left


def everything(house: House) -> Rows:
    """Give every row of every table."""
    return {
        table._meta.table_name: sorted(house.rows(table.select(*table._meta.sorted_fields)), key=repr)
        for table in TABLES
    }


def installation_at(house: House, home: Path) -> Installation:
    """Open a house as a program opens its home: with keys in files, and the files of a program beside them."""
    home.mkdir(mode=0o700, exist_ok=True)
    secrets = Secrets(home, "folder")
    for name, key in KEYS.items():
        secrets.keep(name, key)
    settings = Settings(store=StoreSettings(house.store.url))
    write(home, settings)
    witness = LogWitness(home)
    house.store.witness = witness
    return Installation(home, settings, secrets, VAULT, house.store, house.desk, HASHER, witness)
