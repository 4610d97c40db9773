"""The data map (P9, D): everything that is held about a person, once.

Each entry has the Danish name and explanation of the library's policy, why it is held, who may see and change it, when
it goes, and the columns it lies in. The borrower's page, the right-of-access export and the column test read it; so
will retention and erasure. A column that is in no entry and in no list below fails the test.

One list, and long on purpose: whoever adds a column reads it from top to bottom.

The English texts are the code's; the catalogue ``da`` holds the policy's own words under the context ``policy``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from desk.texts import NP_, pgettext

STAFF = frozenset({"staff", "supervisor"})
SUPERVISOR = frozenset({"supervisor"})
NOBODY: frozenset[str] = frozenset()


class Goes(Enum):
    """When an entry's data go."""

    WITH_BORROWER = "with_borrower"
    LOAN_HISTORY = "loan_history"
    WHEN_CHANGED = "when_changed"
    AFTER_LOG_PERIOD = "after_log_period"
    AFTER_A_DAY = "after_a_day"
    WHEN_HANDLED = "when_handled"
    AFTER_A_WEEK = "after_a_week"
    AFTER_SOME_DAYS = "after_some_days"
    WHEN_LENT_OR_CANCELLED = "when_lent_or_cancelled"
    AFTER_SETTLEMENT = "after_settlement"
    CONTENT_FIRST = "content_first"
    WHEN_PROVEN = "when_proven"
    WITH_BACKUP = "with_backup"
    NEVER = "never"
    WHEN_UNSUBSCRIBED = "when_unsubscribed"
    WHEN_FORM_HANDLED = "when_form_handled"


GOES_WORDS = {
    Goes.WITH_BORROWER: NP_("goes", "goes with the borrower"),
    Goes.LOAN_HISTORY: NP_("goes", "30 days after return, or after the fee is paid"),
    Goes.WHEN_CHANGED: NP_("goes", "when it is cleared or changed, and with the borrower"),
    Goes.AFTER_LOG_PERIOD: NP_("goes", "after 183 days; no longer the borrower's once the borrower is deleted"),
    Goes.AFTER_A_DAY: NP_("goes", "after 24 hours"),
    Goes.WHEN_HANDLED: NP_("goes", "as soon as the scan has been handled"),
    Goes.AFTER_A_WEEK: NP_("goes", "after 7 days"),
    Goes.AFTER_SOME_DAYS: NP_("goes", "after 3 days, or as many as the library has set, and with the borrower"),
    Goes.WHEN_LENT_OR_CANCELLED: NP_("goes", "when it is lent to the borrower, or cancelled"),
    Goes.AFTER_SETTLEMENT: NP_("goes", "30 days after it is settled"),
    Goes.CONTENT_FIRST: NP_("goes", "the content after 30 days; that a message was sent, with the borrower"),
    Goes.WHEN_PROVEN: NP_("goes", "as soon as the deletion has been proven"),
    Goes.WITH_BACKUP: NP_("goes", "after 30 days, with the back-up; a restore deletes again who was deleted since"),
    Goes.NEVER: NP_("goes", "stays: it names nobody, and keeps a back-up from bringing anybody back"),
    Goes.WHEN_UNSUBSCRIBED: NP_("goes", "at once when it is unsubscribed"),
    Goes.WHEN_FORM_HANDLED: NP_("goes", "as soon as the form has been handled, and with the borrower"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """One kind of data about a borrower.

    Attributes:
        key: its word in commands and in the access log.
        name: as the policy calls it (context ``policy``).
        explanation: what it is and what it is used for, in the policy's words (context ``policy``).
        columns: ``table.column`` of the store, ``queue.table.column``, ``file:`` and a pattern in the home folder, or
            ``beside:`` and one in the folders that IT puts back-ups into.
        goes: when it goes.
        seen_by: roles that may see it.
        changed_by: roles that may change it at the counter; nobody: it is drawn, computed or comes from elsewhere.
        masked: shown only on a key, which is logged (C12).
        in_policy: whether the policy lists it; the rest is what running it needs.
    """

    key: str
    name: str
    explanation: str
    columns: tuple[str, ...]
    goes: Goes = Goes.WITH_BORROWER
    seen_by: frozenset[str] = STAFF
    changed_by: frozenset[str] = STAFF
    masked: bool = False
    in_policy: bool = True

    @property
    def label(self) -> str:
        """The policy's name, in the language spoken now."""
        return pgettext("policy", self.name)

    @property
    def used_for(self) -> str:
        """The policy's explanation, in the language spoken now."""
        return pgettext("policy", self.explanation)

    @property
    def deleted(self) -> str:
        """When it goes, in the language spoken now."""
        return pgettext("goes", GOES_WORDS[self.goes])


# In the policy's order.
POLICY: tuple[Held, ...] = (
    Held(
        "number",
        NP_("policy", "Borrower number"),
        NP_("policy", "a number drawn at random, which the system knows the borrower by."),
        ("borrower.number",),
        changed_by=NOBODY,
    ),
    Held(
        "cpr",
        NP_("policy", "CPR number"),
        NP_("policy", "fetches the address from the CPR register, and can be used to borrow with."),
        ("borrower.cpr_sealed", "borrower.cpr_index"),
        masked=True,
    ),
    Held(
        "absence",
        NP_("policy", "Absence period"),
        NP_("policy", "a period in which the borrower does not want reservations fulfilled, a holiday for instance."),
        ("borrower.absent_from", "borrower.absent_until"),
    ),
    Held(
        "name",
        NP_("policy", "Name"),
        NP_("policy", "as it stands on the health card."),
        ("borrower.name",),
    ),
    Held(
        "birth_date",
        NP_("policy", "Birth date"),
        NP_("policy", "used to work out the size of fees."),
        ("borrower.birth_date",),
    ),
    Held(
        "address",
        NP_("policy", "c/o name and address"),
        NP_("policy", "the current contact address."),
        (
            "borrower.care_of",
            "borrower.street",
            "borrower.postcode",
            "borrower.city",
            "borrower.address_dated",
            "borrower.register_dated",
        ),
        masked=True,
    ),
    Held(
        "telephone",
        NP_("policy", "Telephone"),
        NP_("policy", "several can be given; the mobile gets text messages about reservations and due dates."),
        ("telephone.id", "telephone.borrower_id", "telephone.number", "telephone.takes_sms"),
        masked=True,
    ),
    Held(
        "email",
        NP_("policy", "E-mail"),
        NP_("policy", "used to send mail about reservations and due dates."),
        ("borrower.email",),
        masked=True,
    ),
    Held(
        "blocked_on",
        NP_("policy", "Blocked since"),
        NP_("policy", "the date a block was set."),
        ("block.set_on", "block.ends_on", "block.lifted_at"),
    ),
    Held(
        "block_reason",
        NP_("policy", "Reason of the block"),
        NP_("policy", "why the library cannot be used: mostly fees, or a stolen card."),
        (
            "block.id",
            "block.borrower_id",
            "block.card_id",
            "block.kind",
            "block.reason",
            "block.set_by_id",
            "block.lifted_by_id",
            "block.lift_reason",
        ),
    ),
    Held(
        "group",
        NP_("policy", "Borrower group"),
        NP_("policy", "decides how long materials can be borrowed, and whether reminders are sent and fees charged."),
        ("borrower.borrower_group_id",),
    ),
    Held(
        "home_branch",
        NP_("policy", "Home branch"),
        NP_("policy", "where reserved materials are picked up."),
        ("borrower.home_branch_id",),
    ),
    Held(
        "municipality",
        NP_("policy", "Municipality no."),
        NP_("policy", "the home municipality: for statistics, and to check access to the digital services."),
        ("borrower.municipality",),
    ),
    Held(
        "language",
        NP_("policy", "Language"),
        NP_("policy", "of the messages we send: Danish, or English if that is preferred."),
        ("borrower.language",),
    ),
    Held(
        "cards",
        NP_("policy", "Card id"),
        NP_("policy", "the cards that can be used to borrow with. The PIN can be seen by nobody."),
        (
            "card.id",
            "card.borrower_id",
            "card.number",
            "card.kind",
            "card.state",
            "card.state_since",
            "card.pin_hash",
            "card.wrong_pins",
        ),
    ),
    Held(
        "internal_note",
        NP_("policy", "Internal note"),
        NP_("policy", "seen by staff only; used about blocks, or about what has been agreed with the borrower."),
        ("borrower.internal_note", "borrower.internal_note_by_id", "borrower.internal_note_at"),
        goes=Goes.WHEN_CHANGED,
    ),
    Held(
        "note_to_borrower",
        NP_("policy", "Note to borrower"),
        NP_("policy", "printed on the statement of what is owed and out."),
        ("borrower.note_to_borrower", "borrower.note_to_borrower_by_id", "borrower.note_to_borrower_at"),
        goes=Goes.WHEN_CHANGED,
    ),
    Held(
        "loans",
        NP_("policy", "Loans"),
        NP_("policy", "what is on loan now. The history is deleted 30 days after return or payment."),
        (
            "loan.id",
            "loan.item_id",
            "loan.borrower_id",
            "loan.occasion_id",
            "loan.lent_at",
            "loan.due_on",
            "loan.due_reason",
            "loan.renewals",
            "loan.branch_id",
            "loan.returned_at",
            "loan.closed_on",
            "loan_occasion.id",
            "loan_occasion.borrower_id",
            "loan_occasion.card_id",
            "loan_occasion.visit",
            "loan_occasion.due_on",
        ),
        goes=Goes.LOAN_HISTORY,
    ),
    Held(
        "reservations",
        NP_("policy", "Reservations"),
        NP_("policy", "what is reserved now. Deleted when it is lent to the borrower, or the reservation is deleted."),
        (
            "reservation.id",
            "reservation.borrower_id",
            "reservation.title_id",
            "reservation.item_id",
            "reservation.pickup_branch_id",
            "reservation.reserved_at",
            "reservation.expires_on",
            "reservation.state",
            "reservation.trapped_item_id",
            "reservation.pickup_number",
            "reservation.ready_at",
            "reservation.pickup_deadline",
        ),
        goes=Goes.WHEN_LENT_OR_CANCELLED,
    ),
    Held(
        "balance",
        NP_("policy", "Balance"),
        NP_("policy", "fees and bills that are not paid. Deleted 30 days after they are settled."),
        (
            "fee.id",
            "fee.borrower_id",
            "fee.type",
            "fee.reason",
            "fee.note",
            "fee.amount_ore",
            "fee.paid_ore",
            "fee.refunded_ore",
            "fee.occasion_id",
            "fee.charged_on",
            "fee.claimed_loan_id",
            "fee.created_at",
            "fee.settled_on",
            "fee.outcome",
            "fee.settled_by_id",
            "fee.settle_reason",
            "fee_loan.id",
            "fee_loan.fee_id",
            "fee_loan.loan_id",
        ),
        goes=Goes.AFTER_SETTLEMENT,
    ),
    Held(
        "messages",
        NP_("policy", "Messages"),
        NP_(
            "policy",
            "text messages and mails sent. The content is deleted after 30 days, the overview that a message was sent"
            " is kept.",
        ),
        (
            "message.id",
            "message.borrower_id",
            "message.kind",
            "message.channel",
            "message.cause",
            "message.language",
            "message.facts",
            "message.subject",
            "message.body",
            "message.created_at",
            "message.state",
            "message.tries",
            "message.try_at",
            "message.problem",
            "message.sent_at",
            "message.message_id",
        ),
        goes=Goes.CONTENT_FIRST,
    ),
)

# What running it needs, and the policy implies (product.md, D).
NEEDED: tuple[Held, ...] = (
    # The policy's too, in a part of its own: it is nothing of a borrower's.
    Held(
        "newsletter",
        NP_("policy", "Newsletter"),
        NP_(
            "policy",
            "sent to those who have subscribed. Mail address, first name and last name, and when it was subscribed: a"
            " list of its own, found here by the e-mail address alone.",
        ),
        (
            "subscriber.id",
            "subscriber.email",
            "subscriber.first_name",
            "subscriber.last_name",
            "subscriber.consented_on",
            "mailing_recipient.id",
            "mailing_recipient.mailing_id",
            "mailing_recipient.subscriber_id",
            "mailing_recipient.state",
            "mailing_recipient.tries",
        ),
        goes=Goes.WHEN_UNSUBSCRIBED,
    ),
    Held(
        "protection",
        NP_("policy", "Name and address protection"),
        NP_("policy", "keeps the address off screens, slips and lists; comes from the CPR register, with its end."),
        ("borrower.address_protected", "borrower.protected_until"),
        in_policy=False,
    ),
    Held(
        "guardian",
        NP_("policy", "Financially responsible"),
        NP_("policy", "who answers for a child's loans, fees and replacements."),
        ("borrower.guardian_id",),
        in_policy=False,
    ),
    Held(
        "payments",
        NP_("policy", "Payments"),
        NP_("policy", "what was paid, paid back or paid out, when and how. An anonymous line stays for the accounts."),
        (
            "payment.id",
            "payment.borrower_id",
            "payment.kind",
            "payment.method",
            "payment.reference",
            "payment.amount_ore",
            "payment.paid_at",
            "payment.counter_id",
            "payment.staff_id",
            "payment.reason",
            "payment.voucher",
            "payment.refund_of_id",
            "payment_part.id",
            "payment_part.payment_id",
            "payment_part.fee_id",
            "payment_part.amount_ore",
        ),
        goes=Goes.AFTER_SETTLEMENT,
        in_policy=False,
    ),
    Held(
        "search_words",
        NP_("policy", "Search words"),
        NP_("policy", "the words of name, address and numbers by which the borrower is found."),
        (
            "search_word.id",
            "search_word.borrower_id",
            "search_word.word",
            "listing.place",
            "listing.borrower_id",
            "listing.words",
            "listing.later_words",
            "listing.later_from",
        ),
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "overrides",
        NP_("policy", "Overrides"),
        NP_("policy", "that a supervisor let a loan through during a visit, and why."),
        (
            "override.id",
            "override.borrower_id",
            "override.visit",
            "override.refusal",
            "override.item_id",
            "override.supervisor_id",
            "override.asked_by_id",
            "override.counter_id",
            "override.given_at",
            "override.reason",
        ),
        goes=Goes.LOAN_HISTORY,
        seen_by=SUPERVISOR,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "log",
        NP_("policy", "Log"),
        NP_("policy", "when the record was looked at or changed, and for what purpose."),
        (
            "borrower.log_key",
            "access_log.number",
            "access_log.at",
            "access_log.staff_id",
            "access_log.counter_id",
            "access_log.subject",
            "access_log.action",
            "access_log.purpose",
            "access_log.revealed",
            "access_log.outcome",
            "access_log.seal",
        ),
        goes=Goes.AFTER_LOG_PERIOD,
        seen_by=SUPERVISOR,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "deletion_requests",
        NP_("policy", "Deletion requests"),
        NP_("policy", "that the borrower has asked to be deleted, and what was answered."),
        (
            "deletion_request.id",
            "deletion_request.borrower_id",
            "deletion_request.state",
            "deletion_request.registered_at",
            "deletion_request.registered_by_id",
            "deletion_request.counter_id",
            "deletion_request.identity_check",
            "deletion_request.newsletter",
            "deletion_request.decided_at",
            "deletion_request.decided_by_id",
            "deletion_request.decision_reason",
            "deletion_request.notice",
            "deletion_request.noticed_at",
        ),
        goes=Goes.AFTER_LOG_PERIOD,
        in_policy=False,
    ),
    Held(
        "forms",
        NP_("policy", "Forms"),
        NP_("policy", "what was sent from the website's forms, to handle what was asked for. Deleted afterwards."),
        ("form.id", "form.mark", "form.kind", "form.sent_at", "form.received_at", "form.sealed"),
        goes=Goes.WHEN_FORM_HANDLED,
        changed_by=NOBODY,
        masked=True,
        in_policy=False,
    ),
    Held(
        "commands",
        NP_("policy", "Work done"),
        NP_("policy", "that a piece of work was done, without a name or a title, so that it is not done twice."),
        (
            "command_record.id",
            "command_record.command_id",
            "command_record.kind",
            "command_record.row_id",
            "command_record.refusals",
            "command_record.done_at",
        ),
        goes=Goes.AFTER_A_DAY,
        seen_by=NOBODY,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "scans",
        NP_("policy", "Scans"),
        NP_("policy", "a scanned card or CPR number, encrypted, until it has been handled."),
        ("queue.entry.code", "queue.entry.context", "queue.place.context"),
        goes=Goes.WHEN_HANDLED,
        seen_by=NOBODY,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "exports",
        NP_("policy", "Right-of-access prints"),
        NP_("policy", "the files of a print like this one, made at the counter, until they have been handed over."),
        ("file:exports/*.pdf", "file:exports/*.json"),
        goes=Goes.AFTER_A_WEEK,
        seen_by=SUPERVISOR,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "erasures",
        NP_("policy", "Deletions being proven"),
        NP_("policy", "what is looked for after a deletion, encrypted under a key of its own."),
        ("file:erasures/*.pending",),
        goes=Goes.WHEN_PROVEN,
        seen_by=NOBODY,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "certificates",
        NP_("policy", "Certificates of deletion"),
        NP_("policy", "that a deletion was carried out and proven: dates and figures, and no name."),
        ("file:exports/sletteattest-*.pdf", "file:exports/sletteattest-*.json"),
        goes=Goes.AFTER_A_WEEK,
        seen_by=SUPERVISOR,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "backups",
        NP_("policy", "Back-ups"),
        NP_("policy", "encrypted copies of everything on this list, to go on with when a machine breaks."),
        ("beside:*.backup",),
        goes=Goes.WITH_BACKUP,
        seen_by=NOBODY,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "tombstones",
        NP_("policy", "The list of those who were deleted"),
        NP_("policy", "a code of each deleted borrower's number, which nobody can read the number out of."),
        ("file:tombstones", "beside:*.tombstones"),
        goes=Goes.NEVER,
        seen_by=NOBODY,
        changed_by=NOBODY,
        in_policy=False,
    ),
    Held(
        "spool",
        NP_("policy", "Slips and receipts"),
        NP_("policy", "what is to be printed or has been, for a few days, so that it can be printed again."),
        ("file:spool/*",),
        goes=Goes.AFTER_SOME_DAYS,
        seen_by=NOBODY,
        changed_by=NOBODY,
        in_policy=False,
    ),
)

MAP: tuple[Held, ...] = (*POLICY, *NEEDED)
BY_KEY: dict[str, Held] = {held.key: held for held in MAP}

# Staff are people too, held because they work here: the municipality's own rules, not the policy's.
ABOUT_STAFF: frozenset[str] = frozenset(
    {
        "staff.id",
        "staff.login",
        "staff.name",
        "staff.role",
        "staff.password_hash",
        "staff.card_index",
        "staff.pin_hash",
        "staff.person_number",
        "staff.active",
        "staff.wrong_tries",
        "staff.try_again_at",
        "staff.locked_at",
        "till_closing.closed_by_id",
        # Who changed what the library has decided (R8): the work of staff, and no borrower.
        "set_up_change.id",
        "set_up_change.at",
        "set_up_change.staff_id",
        "set_up_change.what",
        "set_up_change.about",
        "set_up_change.before",
        "set_up_change.after",
        "set_up_change.moved",
    }
)

# Columns that can hold no person, a table a line. A new column is added here only by somebody who has thought about it.
_FREE = {
    "library": "id name isil made_up municipalities",
    "branch": "id isil name",
    "counter": "id branch_id name",
    "opening_hours": "id branch_id weekday opens_minute closes_minute",
    "calendar_day": "id branch_id day is_open reason",
    "borrower_group": "id code name loan_limit fees notices",
    "material_group": "id code name age_limit",
    "lending_rule": "id borrower_group_id material_group_id loan_days renewals renewable reservable loan_limit",
    "library_rules": "id debt_limit_ore child_until_age claim_from_day unknown_price_ore handling_ore shelf_days"
    " reservation_limit interest_days reminder_days",
    "fee_tier": "from_day adult_ore child_ore",
    "message_choice": "kind sms email",
    "title": "id title author year source_key",
    "title_word": "id title_id word",
    # Of a suggestion that was passed on: the book alone.
    "purchase_wish": "id title author year listed_on",
    "put_back": "id item_id branch_id pickup_number since",
    "ledger_line": "voucher day counter_id kind method amount_ore",
    # What stays of a request once its borrower is gone names nobody: figures, dates and a keyed hash.
    "deletion_request": "erased_at proven_at counts files_scanned hits proof tombstone last_backup_on",
    "retention_run": "id day started_at finished_at state problem counts",
    "mailing": "id digest state started_at finished_at due sent failed uncertain",
    "statistics_count": "day hour branch_id what borrower_group municipality material_group count",
    "till_closing": "id counter_id day expected_ore counted_ore closed_at remark",
    "item": "id barcode title_id material_group_id branch_id shelf_mark price_ore parts status status_since"
    # Why a status was set: the prompt says «no names», and the reason goes when the item comes over the counter.
    " status_reason",
    "borrower": "id",
    "access_log_ends": "id cut_number cut_seal newest_number newest_seal seal",
    "schema_migration": "id name applied",
    "queue.entry": "id command_id kind staff_id counter_id heard_at state",
    "queue.place": "id",
}
FREE_OF_PERSONS: frozenset[str] = frozenset(
    f"{table}.{column}" for table, columns in _FREE.items() for column in columns.split()
)


def unmapped(columns: Iterable[str]) -> list[str]:
    """Give the columns that nobody has thought about: in no entry of the map, and declared free of persons nowhere."""
    known = {column for held in MAP for column in held.columns} | ABOUT_STAFF | FREE_OF_PERSONS
    return sorted(set(columns) - known)
