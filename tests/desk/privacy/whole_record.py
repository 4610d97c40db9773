"""A borrower about whom everything is held that can be: each field with a string of its own, to be found again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from db.models import (
    Block,
    Borrower,
    BorrowerGroup,
    Branch,
    Card,
    DeletionRequest,
    Fee,
    FeeLoan,
    Item,
    Library,
    Loan,
    LoanOccasion,
    Message,
    Override,
    Payment,
    PaymentPart,
    Reservation,
    Staff,
    Subscriber,
    Telephone,
)
from desk.borrowers.commands import OpenPage, Reveal
from desk.command import Who
from desk.forms.commands import ReceiveForm
from desk.forms.records import FormContent
from desk.privacy.access_log import REFUSED, note
from desk.privacy.access_report.commands import MakeAccessReport
from desk.privacy.access_report.records import AccessReport
from desk.privacy.purposes import Action, Purpose
from tests.builders import House, Person

CPR = "7705804321"
SECRET_NAMES = ("Stafnavn Personalesen", "Vagtnavn Lederby")
PIN_HASH = "$argon2id$kanariepin"

# What the tests put into a column → how a borrower reads it in the PDF. Whitespace is not compared.
SEEN = {
    "borrower.number": "4829 1173",
    "borrower.cpr_sealed": "770580-4321",
    "borrower.name": "Åse Kanarienavn Østergård-Ærø",
    "borrower.birth_date": "17. maj 1980",
    "borrower.care_of": "c/o Kanariepost",
    "borrower.street": "Kanarievej 5, 2. tv.",
    "borrower.postcode": "7600",
    "borrower.city": "Kanarieby",
    "borrower.address_dated": "2. feb. 2021",
    "borrower.register_dated": "3. feb. 2021",
    "telephone.number": "97 11 22 33",
    "telephone.takes_sms": "20 44 55 66 (modtager sms)",
    "borrower.email": "kanarie@eksempel.dk",
    "borrower.absent_from": "1. jul. 2026",
    "borrower.absent_until": "31. aug. 2026",
    "block.set_on": "5. jan. 2026",
    "block.ends_on": "6. jun. 2027",
    "block.lifted_at": "11. jan. 2026",
    "block.kind": "udelukket",
    "block.reason": "kanarieårsag",
    "block.lift_reason": "kanarieophævelse",
    "block.card_id": "kanarie-kort-1".upper(),
    "borrower.borrower_group_id": "kanariegruppe",
    "borrower.home_branch_id": "Kanariefilial",
    "borrower.municipality": "671",
    "borrower.language": "engelsk",
    "card.number": "KANARIE-KORT-2",
    "card.kind": "børnelånerkort",
    "card.state": "meldt stjålet",
    "card.state_since": "3. mar. 2024",
    "card.wrong_pins": "Forkerte pinkoder i træk 2",
    "borrower.internal_note": "kanarienote, kun for personalet",
    "borrower.internal_note_at": "10. mar. 2026 kl. 08.05",
    "borrower.note_to_borrower": "kanariebemærkning",
    "borrower.note_to_borrower_at": "10. mar. 2026 kl. 09.06",
    "loan.item_id": "Kanarietitel",
    "loan.lent_at": "2. mar. 2026",
    "loan.branch_id": "lånt på Kanariefilial",
    "loan.due_on": "8. apr. 2026",
    "loan.due_reason": "kanarieferie",
    "loan.renewals": "2 gange",
    "loan.returned_at": "7. mar. 2026",
    "loan.closed_on": "kl. 12.00, tæller som afleveret 6. mar. 2026",
    "loan_occasion.card_id": "kort KANARIE-KORT-1",
    "reservation.title_id": "Kanariereservering",
    "reservation.item_id": "materialenummer 5237124059",
    "reservation.trapped_item_id": "materialenummer 5237124059",
    "reservation.pickup_branch_id": "Kanariefilial",
    "reservation.reserved_at": "3. mar. 2026 kl. 10.30",
    "reservation.expires_on": "opbevares til 30. aug. 2026",
    "reservation.state": "klar til dig",
    "reservation.pickup_number": "hylde 34",
    "reservation.ready_at": "9. mar. 2026 kl. 10.30",
    "reservation.pickup_deadline": "18. mar. 2026",
    "fee.type": "gebyr, afleveret for sent",
    "fee.reason": "gebyr, afleveret for sent",
    "fee.note": "kanariegebyr",
    "fee.amount_ore": "120,00 kr.",
    "fee.paid_ore": "77,50 kr.",
    "fee.refunded_ore": "tilbagebetalt 12,25 kr.",
    "fee.charged_on": "tæller fra 6. mar. 2026",
    "fee.created_at": "7. mar. 2026 kl. 12.10",
    "fee.settled_on": "8. mar. 2026",
    "fee.outcome": "eftergivet: kanarieeftergivelse",
    "fee.settle_reason": "eftergivet: kanarieeftergivelse",
    "fee_loan.loan_id": "Kanarietitel",
    "payment.kind": "betaling",
    "payment.method": "MobilePay",
    "payment.reference": "kanarieref 991",
    "payment.amount_ore": "77,51 kr.",
    "payment.paid_at": "7. mar. 2026 kl. 12.20",
    "payment.reason": "kanariebetaling",
    "payment.voucher": "770077",
    "message.kind": "reservering klar",
    "message.channel": "sms · engelsk",
    "message.language": "sms · engelsk",
    "message.subject": "Kanarieemne",
    "message.body": "Kanarietekst på hylde 34",
    "message.created_at": "9. mar. 2026 kl. 10.31",
    "message.state": "sendt",
    "message.sent_at": "9. mar. 2026 kl. 10.32",
    "message.problem": "kanarieproblem",
    "borrower.address_protected": "Gælder nu ja",
    "borrower.protected_until": "9. sep. 2026",
    "borrower.guardian_id": "Kanariemor Møller",
    "search_word.word": "søgeord, afledt af navn, adresse og numre",
    "override.refusal": "aldersgrænse",
    "override.item_id": "Kanariefilm",
    "override.given_at": "4. mar. 2026",
    "override.reason": "kanarietilladelse",
    "deletion_request.state": "trukket tilbage",
    "deletion_request.registered_at": "4. mar. 2026 kl. 10.40",
    "deletion_request.identity_check": "billedlegitimation",
    "deletion_request.newsletter": "Nyhedsbrev: du bliver afmeldt",
    "deletion_request.decided_at": "5. mar. 2026 kl. 10.41",
    "deletion_request.decision_reason": "kanariefortrydelse",
    "deletion_request.notice": "e-mail",
    "deletion_request.noticed_at": "5. mar. 2026 kl. 10.42",
    "subscriber.email": "E-mail kanarie@eksempel.dk",
    "subscriber.first_name": "Fornavn Kanarina",
    "subscriber.last_name": "Efternavn Nyhedslund",
    "subscriber.consented_on": "Tilmeldt 6. jan. 2026",
    "form.sent_at": "1. mar. 2026 kl. 10.00",
    "form.kind": "læsekreds",
    "form.sealed": "Kanarieroman",
    "access_log.at": "10. mar. 2026 kl. 11.00",
    "access_log.action": "skjulte oplysninger blev vist",
    "access_log.purpose": "du bad om det",
    "access_log.revealed": "CPR-nummer",
    "access_log.outcome": "afvist",
}

# Columns whose values are handed out to nobody, and why.
WITHHELD = {
    "row numbers": """telephone.id telephone.borrower_id block.id block.borrower_id card.id card.borrower_id loan.id
        loan.borrower_id loan.occasion_id loan_occasion.id loan_occasion.borrower_id search_word.id
        search_word.borrower_id listing.borrower_id override.id override.borrower_id access_log.number
        reservation.id reservation.borrower_id fee.id fee.borrower_id fee.occasion_id fee.claimed_loan_id fee_loan.id
        fee_loan.fee_id payment.id payment.borrower_id payment.refund_of_id payment_part.id payment_part.payment_id
        payment_part.fee_id
        message.id message.borrower_id deletion_request.id deletion_request.borrower_id
        subscriber.id mailing_recipient.id mailing_recipient.mailing_id mailing_recipient.subscriber_id
        form.id""",
    "the search words once more, for lists in order": """listing.place listing.words
        listing.later_words listing.later_from""",
    "whose work it was (G8)": """block.set_by_id block.lifted_by_id borrower.internal_note_by_id
        borrower.note_to_borrower_by_id override.supervisor_id override.asked_by_id override.counter_id
        access_log.staff_id access_log.counter_id fee.settled_by_id payment.staff_id payment.counter_id
        deletion_request.registered_by_id deletion_request.decided_by_id deletion_request.counter_id""",
    "keys, hashes and seals": """borrower.cpr_index card.pin_hash borrower.log_key access_log.subject
        access_log.seal form.mark""",
    "a word drawn for the visit, and its due date, which is the loan's": """loan_occasion.visit override.visit
        loan_occasion.due_on""",
    "which part of a payment went to which fee: the fee says what was paid of it": "payment_part.amount_ore",
    "when it came in, which is minutes after it was sent": "form.received_at",
    "what sending takes": """message.cause message.facts message.tries message.try_at message.message_id
        mailing_recipient.state mailing_recipient.tries""",
    "not kept by borrower": """command_record.id command_record.command_id command_record.kind command_record.row_id
        command_record.refusals command_record.done_at queue.entry.code queue.entry.context queue.place.context
        file:exports/*.pdf file:exports/*.json file:spool/*""",
    "about nobody who is here": """file:erasures/*.pending file:exports/sletteattest-*.pdf
        file:exports/sletteattest-*.json file:tombstones beside:*.tombstones""",
    "the same once more, as it was": "beside:*.backup",
}


async def make_person(house: House) -> Person:
    """Write the borrower into the store, and let somebody look, find nothing, and set something aside."""
    hired = [house.hire(role) for role in ("staff", "supervisor")]
    for staff_id, name in zip(hired, SECRET_NAMES, strict=True):
        house.put(Staff.update(name=name).where(Staff.id == staff_id))
    staff, supervisor = hired
    house.put(Library.update(name="Struer Bibliotek"))
    house.put(Branch.update(name="Kanariefilial").where(Branch.id == house.other_branch))
    house.put(BorrowerGroup.update(name="kanariegruppe").where(BorrowerGroup.code == "barn"))
    mother = house.borrower(name="Kanariemor Møller", card="MORS-KORT", cpr="7705801234")
    person = house.borrower(group="barn", name=SEEN["borrower.name"], card="KANARIE-KORT-1", cpr=CPR)
    house.put(
        Borrower.update(
            number="48291173",
            care_of=SEEN["borrower.care_of"],
            street=SEEN["borrower.street"],
            postcode=SEEN["borrower.postcode"],
            city=SEEN["borrower.city"],
            address_dated=date(2021, 2, 2),
            register_dated=date(2021, 2, 3),
            email=SEEN["borrower.email"],
            absent_from=date(2026, 7, 1),
            absent_until=date(2026, 8, 31),
            home_branch=house.other_branch,
            municipality="671",
            language="en",
            address_protected=True,
            protected_until=date(2026, 9, 9),
            guardian=mother.borrower_id,
            internal_note=SEEN["borrower.internal_note"],
            internal_note_by=staff,
            internal_note_at=datetime(2026, 3, 10, 7, 5, tzinfo=UTC),
            note_to_borrower=SEEN["borrower.note_to_borrower"],
            note_to_borrower_by=supervisor,
            note_to_borrower_at=datetime(2026, 3, 10, 8, 6, tzinfo=UTC),
        ).where(Borrower.id == person.borrower_id)
    )
    for number, sms in ((SEEN["telephone.number"], False), ("20 44 55 66", True)):
        house.put(Telephone.insert(borrower=person.borrower_id, number=number, takes_sms=sms))
    house.put(Card.update(pin_hash=PIN_HASH).where(Card.id == person.card_id))
    stolen = house.card(person.borrower_id, "KANARIE-KORT-2", "stolen")
    columns = {Card.kind: "child", Card.state_since: date(2024, 3, 3), Card.wrong_pins: 2}
    house.put(Card.update(columns).where(Card.id == stolen.card_id))
    _block(house, person, staff, supervisor)
    await _lend(house, person, staff, supervisor)
    _reserve_owe_and_write(house, person, staff, supervisor)
    _ask_to_be_deleted(house, person, staff)
    await write_form(house, SEEN["borrower.email"])
    who, at = Who(staff, house.counter), house.clock()
    await house.desk.do(OpenPage(command_id="look", who=who, at=at, borrower_id=person.borrower_id))
    await house.desk.do(Reveal(command_id="reveal", who=who, at=at, borrower_id=person.borrower_id, key="cpr"))
    house.store.write_here(
        lambda transaction: note(
            transaction, who, at, Action.EXPORT, Purpose.ACCESS, person.borrower_id, outcome=REFUSED
        )
    )
    return person


async def write_form(house: House, email: str) -> None:
    """Send a form from an e-mail address, in other letters than the borrower's."""
    values: dict[str, str | int] = {"title": "Kanarieroman", "copies": 6, "name": "Kanarie", "email": email.upper()}
    content = FormContent("reading_group", datetime(2026, 3, 1, 9, tzinfo=UTC), "", values)
    await house.desk.do(ReceiveForm(command_id=f"form {email}", who=house.who(), at=house.clock(), content=content))


def _block(house: House, person: Person, staff: int, supervisor: int) -> None:
    block_id = house.block(person, "U", until=date(2027, 6, 6), of_card=True)
    house.put(
        Block.update(
            reason=SEEN["block.reason"],
            set_by=staff,
            lifted_at=datetime(2026, 1, 11, 9, tzinfo=UTC),
            lifted_by=supervisor,
            lift_reason=SEEN["block.lift_reason"],
        ).where(Block.id == block_id)
    )


async def _lend(house: House, person: Person, staff: int, supervisor: int) -> None:
    lent = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    for title, due, back in (("Kanarietitel", date(2026, 4, 8), None), ("Pelle", date(2026, 4, 1), lent)):
        occasion = house.put(
            LoanOccasion.insert(borrower=person.borrower_id, card=person.card_id, visit="besøgsord", due_on=due)
        )
        house.put(
            Loan.insert(
                item=house.item(title=title).item_id,
                borrower=person.borrower_id,
                occasion=occasion,
                lent_at=lent,
                due_on=due,
                due_reason=SEEN["loan.due_reason"] if back is None else "",
                renewals=2,
                branch=house.other_branch,
                returned_at=back and datetime(2026, 3, 7, 11, tzinfo=UTC),
                closed_on=back and date(2026, 3, 6),
            )
        )
    house.put(
        Override.insert(
            borrower=person.borrower_id,
            visit="besøgsord",
            refusal="age",
            item=house.item(title="Kanariefilm").item_id,
            supervisor=supervisor,
            asked_by=staff,
            counter=house.counter,
            given_at=lent + timedelta(days=2),
            reason=SEEN["override.reason"],
        )
    )


def _reserve_owe_and_write(house: House, person: Person, staff: int, supervisor: int) -> None:
    reserved = house.item(barcode="5237124059", title="Kanariereservering")
    house.put(
        Reservation.insert(
            borrower=person.borrower_id,
            title=house.value(Item.select(Item.title).where(Item.id == reserved.item_id)),
            item=reserved.item_id,
            pickup_branch=house.other_branch,
            reserved_at=datetime(2026, 3, 3, 9, 30, tzinfo=UTC),
            expires_on=date(2026, 8, 30),
            state="readyForPickup",
            trapped_item=reserved.item_id,
            pickup_number=34,
            ready_at=datetime(2026, 3, 9, 9, 30, tzinfo=UTC),
            pickup_deadline=date(2026, 3, 18),
        )
    )
    loan_id, occasion = house.rows(Loan.select(Loan.id, Loan.occasion).where(Loan.returned_at.is_null()))[0]
    fee = house.put(
        Fee.insert(
            borrower=person.borrower_id,
            type="fee",
            reason="overdue",
            note=SEEN["fee.note"],
            amount_ore=12_000,
            paid_ore=7_750,
            refunded_ore=1_225,
            occasion=occasion,
            charged_on=date(2026, 3, 6),
            created_at=datetime(2026, 3, 7, 11, 10, tzinfo=UTC),
            settled_on=date(2026, 3, 8),
            outcome="waived",
            settled_by=supervisor,
            settle_reason="kanarieeftergivelse",
        )
    )
    house.put(FeeLoan.insert(fee=fee, loan=loan_id))
    payment = house.put(
        Payment.insert(
            borrower=person.borrower_id,
            kind="payment",
            method="mobilepay",
            reference=SEEN["payment.reference"],
            amount_ore=7_751,
            paid_at=datetime(2026, 3, 7, 11, 20, tzinfo=UTC),
            counter=house.counter,
            staff=staff,
            reason=SEEN["payment.reason"],
            voucher=770_077,
        )
    )
    house.put(PaymentPart.insert(payment=payment, fee=fee, amount_ore=7_750))
    house.put(
        Message.insert(
            borrower=person.borrower_id,
            kind="reservation_ready",
            channel="sms",
            cause="reservation_ready:1",
            language="en",
            facts="{}",
            subject=SEEN["message.subject"],
            body=SEEN["message.body"],
            created_at=datetime(2026, 3, 9, 9, 31, tzinfo=UTC),
            state="sent",
            sent_at=datetime(2026, 3, 9, 9, 32, tzinfo=UTC),
            problem=SEEN["message.problem"],
            message_id="kanarie@struer",
        )
    )
    house.put(
        Subscriber.insert(
            email="kanarie@eksempel.dk",
            first_name="Kanarina",
            last_name="Nyhedslund",
            consented_on=date(2026, 1, 6),
        )
    )


def _ask_to_be_deleted(house: House, person: Person, staff: int) -> None:
    """Ask, and think better of it."""
    house.put(
        DeletionRequest.insert(
            borrower=person.borrower_id,
            state="withdrawn",
            registered_at=datetime(2026, 3, 4, 9, 40, tzinfo=UTC),
            registered_by=staff,
            counter=house.counter,
            identity_check="photo_id",
            newsletter="leave",
            decided_at=datetime(2026, 3, 5, 9, 41, tzinfo=UTC),
            decided_by=staff,
            decision_reason=SEEN["deletion_request.decision_reason"],
            notice="email",
            noticed_at=datetime(2026, 3, 5, 9, 42, tzinfo=UTC),
        )
    )


async def report_of(house: House, person: Person, reason: str = "") -> AccessReport:
    """Let a supervisor gather the record."""
    return await house.desk.do(
        MakeAccessReport(
            command_id=house.new_id(),
            who=house.who("supervisor"),
            at=house.clock(),
            borrower_id=person.borrower_id,
            reason=reason,
        )
    )


def squeezed(text: str) -> str:
    """Give a text without what lays it out: a line may break anywhere, and dates carry no-break spaces."""
    return "".join(text.split())
