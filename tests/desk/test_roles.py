"""Who may do what: every command and every query as every role (*Semantics*, rule 5 of the architecture)."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

import desk
from desk.backups.checking import erased_and_back, erased_without_tombstone
from desk.borrowers.card_numbers import card_fault
from desk.borrowers.commands import (
    AddCard,
    ChangeDetail,
    CreateBorrower,
    LiftBlock,
    NotePinTry,
    OpenCard,
    OpenPage,
    OpenVisit,
    Reveal,
    SetBlock,
    SetPin,
    StopCard,
    WriteInternalNote,
    WriteNoteToBorrower,
)
from desk.borrowers.details import Language
from desk.borrowers.doubles import FindDoubles, FindGuardian, FindHolder
from desk.borrowers.finding import borrowers_found
from desk.borrowers.pins import credentials_of_borrower_card
from desk.borrowers.proposing import city_of, faults_in, proposals
from desk.borrowers.queries import (
    blocks_of,
    borrower_at_counter,
    borrower_page,
    borrower_with_code,
    cards_of,
    choices,
)
from desk.borrowers.signing_up import NewCard
from desk.catalogue.commands import SetItemStatus, ShowItemHolder
from desk.catalogue.finding import found_titles
from desk.catalogue.queries import title_page
from desk.circulation.check_out import CheckOut, SetDueDate, check_out_assessment
from desk.circulation.overriding import SetAside
from desk.circulation.queries import item_with_id, open_loan_id
from desk.circulation.receipts import QueueReceipt
from desk.circulation.renewal import Renew, open_loans_of
from desk.circulation.returned import returned_loans_of
from desk.circulation.returning import Return
from desk.circulation.undoing import Undo
from desk.command import HANDLERS, INSTALLATION, NOBODY, QUERY_RIGHTS, Who
from desk.counter.codes import meaning_of
from desk.errors import DeskError, NotAllowed
from desk.forms.commands import HandleForm, OpenForm, PassSuggestionOn, ReceiveForm, ReserveForGroup, TakeOffPurchases
from desk.forms.queries import count_of_forms, purchase_list, waiting_forms
from desk.forms.records import FormContent
from desk.labels.queries import card_label, item_label
from desk.messages.at_counter import (
    CancelMessage,
    ReadMessage,
    RetryMessage,
    SeeRecipient,
    messages_not_sent,
    messages_of,
)
from desk.messages.handing_over import (
    BeginSending,
    MarkUncertain,
    SettleSending,
    count_left_behind,
    counts_due,
    letterhead,
    messages_due,
)
from desk.messages.reminding import QueueRecalls, QueueReminders, recalls_to_queue, reminders_to_queue
from desk.money.claiming import ClaimLoans, loans_to_claim
from desk.money.paying import Pay
from desk.money.paying_back import PayOut, Refund
from desk.money.queries import balance_of
from desk.money.settling import Waive, WriteFee
from desk.money.statement import MakeStatement
from desk.money.till import CloseTill, open_till_days, till_of
from desk.newsletter.commands import (
    ExportSubscribers,
    FindSubscriber,
    ImportSubscribers,
    Subscribe,
    Unsubscribe,
    UnsubscribeWithToken,
)
from desk.newsletter.leaving import subscribes
from desk.newsletter.mailing import (
    AnswerUncertain,
    BeginMailing,
    EndMailing,
    OfferRecipients,
    SettleRecipients,
    TakeRecipients,
)
from desk.newsletter.queries import latest_mailing, recipients_waiting, subscriber_count, uncertain_mails
from desk.privacy.access_report.commands import MakeAccessReport, borrower_with_number
from desk.privacy.commands import NoteSearch, NoteUnknownCpr, ReadLogOfBorrower, ReadLogOfStaff
from desk.privacy.deletion.commands import (
    ApproveDeletion,
    BeginNotice,
    MakeLetter,
    NoteNotice,
    RegisterDeletion,
    RejectDeletion,
    SettleNotice,
    WithdrawDeletion,
)
from desk.privacy.deletion.noted import notes_in_stretch
from desk.privacy.deletion.notices import notice_route
from desk.privacy.deletion.queries import (
    deletion_request,
    deletion_requests,
    deletions_to_decide,
    open_deletion_of,
)
from desk.privacy.erasure.commands import EraseBorrower, NoteMissingProof, SettleProof
from desk.privacy.erasure.in_notes import Stretch
from desk.privacy.erasure.queries import certificate_of, erasures_without_proof
from desk.privacy.purposes import Purpose
from desk.privacy.retention.commands import BeginRetention, DeleteDue, EndRetention
from desk.privacy.retention.queries import doomed_by, going_tonight, next_due, retention_status
from desk.privacy.retention.rules import Due
from desk.privacy.retention.trusting import TrustClock
from desk.registry.checking import store_check
from desk.registry.demo_hands import at_hand
from desk.registry.import_borrowers import ImportBorrowers, SetGuardians
from desk.registry.import_items import ImportItems
from desk.registry.update_from_register import UpdateFromRegister
from desk.reservations.commands import (
    CancelReservation,
    ChangePickupBranch,
    ExpireReservations,
    ExpireShelf,
    PlaceReservation,
    SeeWhoWaits,
)
from desk.reservations.expiring import reservations_to_expire, shelf_to_expire
from desk.reservations.lists import in_transit, pickup_shelf, pull_list, put_back_list, without_copy
from desk.reservations.queries import reservations_of, titles_to_reserve
from desk.set_up.catching_up import CatchUpDueDates, due_on_closed_days
from desk.set_up.changes import ChannelsChange
from desk.set_up.changing import ChangeSetUp, MoveDueDates
from desk.set_up.queries import calendar_days, effect_of, past_changes, what_is_decided
from desk.set_up.records import Channels
from desk.slips.queries import heading_of, receipt_of_visit, slip_of_item
from desk.staff.commands import AddStaff, ChangePassword, DisableStaff, NoteSignIn, UnlockStaff
from desk.staff.person_numbers import SetPersonNumber
from desk.staff.queries import (
    all_staff,
    counter_places,
    credentials_of_card,
    credentials_of_login,
    library_isils,
    library_name,
    staff_card_indexes,
)
from desk.statistics.queries import counts_between, names_in_figures, removed_between
from desk.statistics.records import By
from tests.builders import TUESDAY, House

COUNTER = frozenset({"staff", "supervisor"})
SUPERVISOR = frozenset({"supervisor"})
INSTALLERS = frozenset({"it", "installation"})
ACCOUNTS = frozenset({"supervisor", "it", "installation"})
SIGNED_IN = frozenset({"staff", "supervisor", "it", "installation"})
ERASERS = frozenset({"supervisor", "installation"})
A_FORM = FormContent("holiday_bag", TUESDAY, "", {"ages": "3", "name": "Ib", "email": "ib@fugl.example"})
EVERYBODY = SIGNED_IN | {"disabled", "nobody"}

DUE = Due(date(2026, 3, 10), TUESDAY, 183)
A_CHANGE = ChannelsChange("recall", Channels(True, True), Channels(True, False))

# Written out by hand from product.md: command → values that make it one, and who may.
COMMANDS: dict[type[Any], tuple[dict[str, Any], frozenset[str]]] = {
    CheckOut: ({"item_id": 1, "borrower_id": 1, "card_id": None, "visit": "v"}, COUNTER),
    SetDueDate: ({"loan_id": 1, "due_on": date(2026, 4, 1), "reason": "ferie"}, COUNTER),
    Return: ({"item_id": 1}, COUNTER),
    Undo: ({"trail": (), "done_at": TUESDAY, "item_id": 1}, COUNTER),
    Renew: ({"loan_id": 1, "borrower_id": 1, "card_id": None, "visit": "v"}, COUNTER),
    SetAside: (
        {"borrower_id": 1, "visit": "v", "refusals": ("limit",), "item_id": 1, "asked_by": None, "reason": "aftalt"},
        SUPERVISOR,
    ),
    Pay: ({"borrower_id": 1, "method": "cash"}, COUNTER),
    WriteFee: ({"borrower_id": 1, "amount_ore": 2_000, "reason": "våd bog"}, COUNTER),
    Waive: ({"borrower_id": 1, "fee_ids": (1,), "reason": "sygdom"}, SUPERVISOR),
    Refund: ({"borrower_id": 1, "payment_id": 1, "reason": "fejl"}, SUPERVISOR),
    PayOut: ({"borrower_id": 1}, SUPERVISOR),
    CloseTill: ({"day": date(2026, 3, 10), "counted_ore": 0}, COUNTER),
    MakeStatement: ({"borrower_id": 1}, COUNTER),
    EraseBorrower: ({"request_id": 1, "known": ""}, ERASERS),
    NoteMissingProof: ({"request_id": 1, "why": "held"}, ERASERS),
    SettleProof: ({"request_id": 1, "files_scanned": 1, "hits": 0}, ERASERS),
    ClaimLoans: ({"loan_ids": (1,)}, INSTALLERS),
    SetBlock: ({"borrower_id": 1, "kind": "U", "reason": "støj", "ends_on": None}, COUNTER),
    LiftBlock: ({"borrower_id": 1, "block_id": 1, "reason": "aftalt"}, COUNTER),
    WriteInternalNote: ({"borrower_id": 1, "note": "glemte en hue"}, COUNTER),
    WriteNoteToBorrower: ({"borrower_id": 1, "note": "dvd uden omslag"}, COUNTER),
    StopCard: ({"borrower_id": 1, "card_id": 1}, COUNTER),
    OpenCard: ({"borrower_id": 1, "card_id": 1}, COUNTER),
    AddCard: ({"borrower_id": 1, "card": NewCard("K-1")}, COUNTER),
    SetPin: ({"borrower_id": 1, "card_id": 1, "pin_hash": "-"}, COUNTER),
    # The kiosk and the self-check machines ask for a PIN before anybody is signed in.
    NotePinTry: ({"card_id": 1, "was_right": False, "tries_allowed": 5}, EVERYBODY),
    ChangeDetail: ({"borrower_id": 1, "detail": Language("en")}, COUNTER),
    CreateBorrower: (
        {"name": "Ib", "cpr": None, "group_id": 1, "branch_id": 1, "numbers": ("1",), "log_key": bytes(32)},
        COUNTER,
    ),
    PlaceReservation: ({"borrower_id": 1, "title_id": 1}, COUNTER),
    CancelReservation: ({"borrower_id": 1, "reservation_id": 1}, COUNTER),
    ChangePickupBranch: ({"borrower_id": 1, "reservation_id": 1, "branch_id": 1}, COUNTER),
    SeeWhoWaits: ({"reservation_id": 1}, COUNTER),
    ExpireShelf: ({}, INSTALLERS),
    ExpireReservations: ({}, INSTALLERS),
    FindDoubles: ({"name": "Ib", "birth_date": None}, COUNTER),
    FindHolder: ({"cpr": "6101905004"}, COUNTER),
    FindGuardian: ({"code": "K-1"}, COUNTER),
    OpenVisit: ({"borrower_id": 1, "card_id": None}, COUNTER),
    OpenPage: ({"borrower_id": 1}, COUNTER),
    Reveal: ({"borrower_id": 1, "key": "cpr"}, COUNTER),
    NoteSearch: ({"found": False}, COUNTER),
    NoteUnknownCpr: ({}, COUNTER),
    ReadLogOfBorrower: ({"borrower_id": 1}, SUPERVISOR),
    MakeAccessReport: ({"borrower_id": 1}, SUPERVISOR),
    ReadLogOfStaff: ({"staff_id": 1}, SUPERVISOR),
    AddStaff: ({"login": "ny", "name": "Ny", "role": "staff", "password_hash": "-"}, ACCOUNTS),
    DisableStaff: ({"login": "ingen"}, ACCOUNTS),
    UnlockStaff: ({"login": "ingen"}, ACCOUNTS),
    # Signing in is done by somebody who is not signed in yet.
    NoteSignIn: ({"staff_id": 1, "was_right": False, "tries_allowed": 5, "delay": timedelta(seconds=1)}, EVERYBODY),
    ImportBorrowers: ({"rows": (), "columns": frozenset(), "branch_id": 1, "numbers": (), "log_keys": ()}, INSTALLERS),
    ImportItems: ({"rows": (), "columns": frozenset(), "branch_id": 1}, INSTALLERS),
    SetGuardians: ({"rows": ()}, INSTALLERS),
    UpdateFromRegister: (
        {"rows": (), "create": True, "branch_id": 1, "numbers": (), "log_keys": (), "block_reason": "CPR-registret"},
        INSTALLERS,
    ),
    SetItemStatus: ({"item_id": 1, "status": "missing", "reason": "ikke på plads"}, COUNTER),
    ShowItemHolder: ({"item_id": 1, "purpose": Purpose.FOLLOW_UP}, COUNTER),
    ChangePassword: ({"staff_id": 1, "password_hash": "-"}, SIGNED_IN),
    ReadMessage: ({"borrower_id": 1, "row_id": 1}, COUNTER),
    RetryMessage: ({"borrower_id": 1, "row_id": 1}, COUNTER),
    CancelMessage: ({"borrower_id": 1, "row_id": 1}, COUNTER),
    SeeRecipient: ({"row_id": 1, "purpose": Purpose.FOLLOW_UP}, COUNTER),
    MarkUncertain: ({}, INSTALLERS),
    BeginSending: ({"texts": ()}, INSTALLERS),
    SettleSending: ({"outcomes": ()}, INSTALLERS),
    QueueReminders: ({}, INSTALLERS),
    QueueRecalls: ({}, INSTALLERS),
    QueueReceipt: ({"borrower_id": 1, "visit": "v"}, COUNTER),
    ChangeSetUp: ({"change": A_CHANGE}, SUPERVISOR),
    MoveDueDates: ({"branch_id": 1}, SUPERVISOR),
    RegisterDeletion: ({"borrower_id": 1, "identity_check": "card"}, COUNTER),
    WithdrawDeletion: ({"borrower_id": 1, "request_id": 1, "reason": "fortryder"}, COUNTER),
    ApproveDeletion: ({"request_id": 1}, SUPERVISOR),
    RejectDeletion: ({"request_id": 1, "reason": "forkert person"}, SUPERVISOR),
    BeginNotice: ({"request_id": 1, "channel": "email", "subject": "", "body": ""}, SUPERVISOR),
    SettleNotice: ({"request_id": 1, "row_id": 1, "channel": "email"}, SUPERVISOR),
    NoteNotice: ({"request_id": 1, "notice": "none"}, SUPERVISOR),
    MakeLetter: ({"request_id": 1}, SUPERVISOR),
    FindSubscriber: ({"email": "anna@example.dk"}, SIGNED_IN),
    Subscribe: ({"email": "anna@example.dk"}, SIGNED_IN),
    Unsubscribe: ({"email": "anna@example.dk"}, SIGNED_IN),
    UnsubscribeWithToken: ({"token": "x"}, SIGNED_IN),
    ImportSubscribers: ({"rows": ()}, INSTALLERS),
    ExportSubscribers: ({}, SUPERVISOR),
    BeginMailing: ({"digest": "x"}, INSTALLERS),
    TakeRecipients: ({"mailing_id": 1, "row_ids": ()}, INSTALLERS),
    SettleRecipients: ({"mailing_id": 1, "outcomes": ()}, INSTALLERS),
    OfferRecipients: ({"row_ids": ()}, INSTALLERS),
    AnswerUncertain: ({"row_ids": (), "arrived": True}, INSTALLERS),
    EndMailing: ({"mailing_id": 1}, INSTALLERS),
    SetPersonNumber: ({"login": "ingen", "person_number": "P9"}, ACCOUNTS),
    BeginRetention: ({}, INSTALLERS),
    # Whoever runs the timers does not answer for what they delete.
    TrustClock: ({}, SUPERVISOR),
    DeleteDue: ({"run_id": 1, "kind": "loan", "ids": (), "due": DUE}, INSTALLERS),
    EndRetention: ({"run_id": 1}, INSTALLERS),
    CatchUpDueDates: ({"branch_id": 1}, INSTALLERS),
    ReceiveForm: ({"content": A_FORM}, SIGNED_IN),
    OpenForm: ({"form_id": 1}, COUNTER),
    HandleForm: ({"form_id": 1}, COUNTER),
    ReserveForGroup: ({"form_id": 1, "borrower_ids": (1,), "title_id": 1}, COUNTER),
    PassSuggestionOn: ({"form_id": 1}, COUNTER),
    TakeOffPurchases: ({"wish_ids": ()}, SIGNED_IN),
}

# Query → what it is asked with, and who may ask.
QUERIES: dict[Callable[..., Any], tuple[tuple[Any, ...], frozenset[str]]] = {
    meaning_of: (("3000000001",), COUNTER),
    item_with_id: ((1,), COUNTER),
    slip_of_item: ((1, 1), COUNTER),
    receipt_of_visit: ((1, "v", 1, TUESDAY), COUNTER),
    heading_of: ((1,), COUNTER),
    open_loan_id: ((1, 1), COUNTER),
    check_out_assessment: ((1, 1, None, "v", 1, TUESDAY), COUNTER),
    borrower_at_counter: ((1, None, date(2026, 3, 10)), COUNTER),
    borrower_page: ((1, None, date(2026, 3, 10)), COUNTER),
    cards_of: ((1,), COUNTER),
    choices: ((), COUNTER),
    credentials_of_borrower_card: (("K-1",), EVERYBODY),
    erasures_without_proof: ((), EVERYBODY),
    certificate_of: ((1,), ERASERS),
    card_fault: (("K-1",), COUNTER),
    proposals: ((), COUNTER),
    city_of: (("7600",), COUNTER),
    faults_in: (((), date(2026, 3, 10)), COUNTER),
    borrower_with_code: (("3000000001",), COUNTER),
    borrowers_found: (("anna", date(2026, 3, 10)), COUNTER),
    found_titles: (("kongens",), COUNTER),
    title_page: ((1,), COUNTER),
    blocks_of: ((1,), COUNTER),
    open_loans_of: ((1, 1, date(2026, 3, 10)), COUNTER),
    returned_loans_of: ((1,), COUNTER),
    reservations_of: ((1, date(2026, 3, 10)), COUNTER),
    titles_to_reserve: (("kongens",), COUNTER),
    pull_list: ((1, date(2026, 3, 10)), COUNTER),
    pickup_shelf: ((1,), COUNTER),
    without_copy: ((1, date(2026, 3, 10)), COUNTER),
    put_back_list: ((1,), COUNTER),
    in_transit: ((1,), COUNTER),
    shelf_to_expire: ((date(2026, 3, 10),), INSTALLERS),
    reservations_to_expire: ((date(2026, 3, 10),), INSTALLERS),
    store_check: ((date(2026, 3, 10),), INSTALLERS),
    erased_and_back: ((frozenset(),), INSTALLERS),
    erased_without_tombstone: ((frozenset(),), INSTALLERS),
    card_label: (("K0000001",), SIGNED_IN),
    item_label: (("3000000001",), SIGNED_IN),
    borrower_with_number: (("10000001",), SUPERVISOR),
    balance_of: ((1,), COUNTER),
    till_of: ((1, date(2026, 3, 10)), COUNTER),
    open_till_days: ((1, date(2026, 3, 10)), COUNTER),
    due_on_closed_days: ((date(2026, 3, 10),), INSTALLERS),
    loans_to_claim: ((date(2026, 3, 10), 0, 9), INSTALLERS),
    all_staff: ((), ACCOUNTS),
    messages_of: ((1,), COUNTER),
    messages_not_sent: ((TUESDAY,), COUNTER),
    messages_due: ((TUESDAY, ("sms",), frozenset(), 1), INSTALLERS),
    counts_due: ((TUESDAY,), INSTALLERS),
    count_left_behind: ((), INSTALLERS),
    # What every message says at its head: the library's name, its branches and its fees.
    letterhead: (("", ""), EVERYBODY),
    reminders_to_queue: ((date(2026, 3, 10),), INSTALLERS),
    recalls_to_queue: ((date(2026, 3, 10),), INSTALLERS),
    credentials_of_login: (("mette",), EVERYBODY),
    credentials_of_card: (("S-1",), EVERYBODY),
    staff_card_indexes: ((), EVERYBODY),
    library_name: ((), EVERYBODY),
    library_isils: ((), EVERYBODY),
    # Of people who are made up, in a demo only.
    at_hand: ((1, frozenset()), COUNTER),
    counter_places: ((), EVERYBODY),
    what_is_decided: ((), SUPERVISOR),
    calendar_days: ((1, date(2026, 4, 1), date(2026, 4, 30)), SUPERVISOR),
    effect_of: ((A_CHANGE, date(2026, 3, 10)), SUPERVISOR),
    past_changes: ((), SUPERVISOR),
    counts_between: ((date(2026, 3, 1), date(2026, 3, 31), By.DAY), SIGNED_IN),
    removed_between: ((date(2026, 3, 1), date(2026, 3, 31)), SIGNED_IN),
    names_in_figures: ((), SIGNED_IN),
    deletion_requests: ((TUESDAY, date(2026, 3, 10)), COUNTER),
    deletion_request: ((1, date(2026, 3, 10)), COUNTER),
    open_deletion_of: ((1, date(2026, 3, 10)), COUNTER),
    deletions_to_decide: ((date(2026, 3, 10),), SUPERVISOR),
    notes_in_stretch: ((1, Stretch()), COUNTER),
    notice_route: ((1,), SUPERVISOR),
    subscriber_count: ((), SIGNED_IN),
    latest_mailing: (("x",), INSTALLERS),
    recipients_waiting: ((1, 0, 8), INSTALLERS),
    uncertain_mails: ((), INSTALLERS),
    subscribes: (("x",), SIGNED_IN),
    next_due: (("loan", DUE, None), INSTALLERS),
    doomed_by: ((DUE,), INSTALLERS),
    # Dates and a figure, for whoever stands before the sign-in screen.
    retention_status: ((TUESDAY, 183), EVERYBODY),
    going_tonight: ((TUESDAY, 183), COUNTER),
    waiting_forms: ((date(2026, 3, 10),), COUNTER),
    count_of_forms: ((), COUNTER),
    purchase_list: ((), SIGNED_IN),
}


def load_all_of_desk() -> None:
    """Import every module of the desk, so that no command can hide in one that nothing imports."""
    for module in pkgutil.walk_packages(desk.__path__, "desk."):
        if module.name != "desk.__main__":
            importlib.import_module(module.name)


load_all_of_desk()


def everybody(house: House) -> dict[str, Who]:
    """One of each: the roles, an account that was closed, nobody, and the installation itself."""
    return {
        **{role: house.who(role) for role in ("staff", "supervisor", "it")},
        "disabled": Who(house.hire("supervisor", active=False), house.counter),
        "nobody": NOBODY,
        "installation": INSTALLATION,
    }


def test_every_command_and_query_stands_in_the_table() -> None:
    assert set(HANDLERS) == set(COMMANDS)
    assert set(QUERY_RIGHTS) == set(QUERIES)


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
async def test_a_command_is_carried_out_for_those_who_may_and_nobody_else(house: House, kind: type[Any]) -> None:
    values, expected = COMMANDS[kind]
    allowed = set()
    for role, who in everybody(house).items():
        own = {"staff_id": who.staff_id} if kind is ChangePassword and who.staff_id else {}
        command = kind(command_id=house.new_id(), who=who, at=house.clock(), **(values | own))
        try:
            await house.desk.do(command)
        except NotAllowed:
            continue
        except DeskError:
            pass
        allowed.add(role)
    assert allowed == expected


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.__name__)
async def test_a_query_answers_those_who_may_and_nobody_else(house: House, query: Callable[..., Any]) -> None:
    arguments, expected = QUERIES[query]
    allowed = set()
    for role, who in everybody(house).items():
        try:
            await house.desk.ask(who, query, *arguments)
        except NotAllowed:
            continue
        except DeskError:
            pass
        allowed.add(role)
    assert allowed == expected


async def test_a_command_that_is_not_allowed_leaves_nothing_behind(house: House) -> None:
    person = house.borrower()
    command = SetBlock(
        command_id="x",
        who=house.who("it"),
        at=house.clock(),
        borrower_id=person.borrower_id,
        kind="U",
        reason="støj",
        ends_on=None,
    )
    with pytest.raises(NotAllowed):
        await house.desk.do(command)
    assert house.records() == []
    assert await house.desk.ask(house.who(), blocks_of, person.borrower_id) == ()


async def test_an_answer_given_again_is_given_only_to_who_may_have_it(house: House) -> None:
    person, thing = house.borrower(), house.item()
    command = house.check_out_command(thing, person)
    await house.desk.do(command)
    with pytest.raises(NotAllowed):
        await house.lend(thing, person, command_id=command.command_id, who=house.who("it"))
