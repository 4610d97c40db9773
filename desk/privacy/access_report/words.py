"""The words of the right-of-access print: plain words to the borrower, the policy's own where it has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from desk.borrowers.cpr import written_cpr
from desk.calendar import local_date
from desk.labels.rules import grouped
from desk.privacy.access_report.records import Value
from desk.privacy.data_map import BY_KEY, Goes
from desk.texts import NP_, pgettext
from desk.wording import NO_BREAK, clock, kroner, on_day, short_date

# A year in which nothing was lent: a print is read in other years than the one it was made in, so dates name theirs.
NO_YEAR = date.min

DELETED = {
    Goes.WITH_BORROWER: NP_("report", "Deleted when you are deleted as a borrower."),
    Goes.LOAN_HISTORY: NP_("report", "Deleted 30 days after return or payment."),
    Goes.WHEN_CHANGED: NP_("report", "Deleted when the note is cleared, or when you are deleted as a borrower."),
    Goes.AFTER_LOG_PERIOD: NP_(
        "report",
        "Deleted after 183 days. Once you are deleted as a borrower, the lines can no longer be traced to you.",
    ),
    Goes.AFTER_A_DAY: NP_("report", "Deleted after 24 hours."),
    Goes.WHEN_HANDLED: NP_("report", "Deleted as soon as the scan has been handled."),
    Goes.AFTER_A_WEEK: NP_("report", "Deleted after 7 days."),
    Goes.AFTER_SOME_DAYS: NP_("report", "Deleted after some days, 3 unless the library has set another number."),
    Goes.WHEN_LENT_OR_CANCELLED: NP_("report", "Deleted when it is lent to you, or when you cancel it."),
    Goes.AFTER_SETTLEMENT: NP_("report", "Deleted 30 days after it is settled."),
    Goes.WHEN_UNSUBSCRIBED: NP_("report", "Deleted at once when you unsubscribe."),
    Goes.CONTENT_FIRST: NP_(
        "report",
        "The content is deleted after 30 days; that a message was sent, when you are deleted as a borrower.",
    ),
    Goes.WHEN_PROVEN: NP_("report", "Deleted as soon as the deletion has been proven."),
    Goes.WITH_BACKUP: NP_(
        "report", "Deleted after 30 days. Who has been deleted since is deleted again when one is restored."
    ),
    Goes.NEVER: NP_("report", "Kept: it names nobody, and keeps a back-up from bringing anybody back."),
    Goes.WHEN_FORM_HANDLED: NP_(
        "report", "Deleted as soon as the form has been handled, or when you are deleted as a borrower."
    ),
}

# What is said where the rows cannot be told apart by person.
NOT_BY_PERSON = {
    "commands": NP_("report", "Not kept by borrower, so not printed here. What was done is in the log above."),
    "scans": NP_("report", "They lie encrypted in the counter's queue and are not kept by borrower."),
    "exports": NP_("report", "When a print was made is in the log above."),
    "erasures": NP_("report", "Nothing is there about you: you have not been deleted."),
    "certificates": NP_("report", "Nothing is there about you: you have not been deleted."),
    "backups": NP_("report", "They hold what is printed here, as it was on the day they were made."),
    "tombstones": NP_("report", "You are not on it: you have not been deleted."),
    "spool": NP_("report", "They lie encrypted at the counter. What they say is in your loans and reservations above."),
}

# The name of every value that is handed out, by the data map's key.
FIELDS: Mapping[str, Mapping[str, str]] = {
    "number": {"number": NP_("report", "Number")},
    "cpr": {"cpr": NP_("report", "Number"), "is_replacement": NP_("report", "Replacement number")},
    "absence": {"absent_from": NP_("report", "From"), "absent_until": NP_("report", "Up to and including")},
    "name": {"name": NP_("report", "Name")},
    "birth_date": {"birth_date": NP_("report", "Date")},
    "address": {
        "care_of": NP_("report", "c/o name"),
        "street": NP_("report", "Street"),
        "postcode": NP_("report", "Postcode"),
        "city": NP_("report", "City"),
        "dated": NP_("report", "Dated"),
        "register_dated": NP_("report", "Last told by the CPR register"),
    },
    "telephone": {"number": NP_("report", "Number"), "takes_sms": NP_("report", "Gets text messages")},
    "email": {"email": NP_("report", "Address")},
    "blocked_on": {
        "set_on": NP_("report", "Blocked"),
        "ends_on": NP_("report", "Up to and including"),
        "lifted_at": NP_("report", "Lifted"),
    },
    "block_reason": {
        "set_on": NP_("report", "Blocked"),
        "kind": NP_("report", "Kind"),
        "card": NP_("report", "Card"),
        "reason": NP_("report", "Reason"),
        "lift_reason": NP_("report", "Lifted because"),
    },
    "group": {"group": NP_("report", "Group")},
    "home_branch": {"home_branch": NP_("report", "Branch")},
    "municipality": {
        "municipality": NP_("report", "Number"),
        "digital_services": NP_("report", "Access to the digital services"),
    },
    "language": {"language": NP_("report", "Language")},
    "cards": {
        "number": NP_("report", "Number"),
        "kind": NP_("report", "Kind"),
        "state": NP_("report", "State"),
        "state_since": NP_("report", "Since"),
        "pin_is_set": NP_("report", "PIN"),
        "wrong_pins": NP_("report", "Wrong PINs in a row"),
    },
    "internal_note": {"note": NP_("report", "Note"), "written_at": NP_("report", "Written")},
    "note_to_borrower": {"note": NP_("report", "Note"), "written_at": NP_("report", "Written")},
    "loans": {
        "title": NP_("report", "Title"),
        "author": NP_("report", "Author"),
        "barcode": NP_("report", "Item number"),
        "card": NP_("report", "Card"),
        "lent_at": NP_("report", "Lent"),
        "lent_where": NP_("report", "Lent at"),
        "due_on": NP_("report", "Due"),
        "due_reason": NP_("report", "Date changed because"),
        "renewals": NP_("report", "Renewed"),
        "returned_at": NP_("report", "Returned"),
        "counts_as_returned_on": NP_("report", "Counts as returned"),
    },
    "reservations": {
        "title": NP_("report", "Title"),
        "author": NP_("report", "Author"),
        "barcode": NP_("report", "Item number"),
        "pickup_branch": NP_("report", "Pickup at"),
        "reserved_at": NP_("report", "Reserved"),
        "expires_on": NP_("report", "Kept until"),
        "state": NP_("report", "State"),
        "shelf": NP_("report", "Shelf"),
        "ready_at": NP_("report", "Ready"),
        "deadline": NP_("report", "Pick up by"),
    },
    "balance": {
        "created_at": NP_("report", "When"),
        "charged_on": NP_("report", "Counts from"),
        "type": NP_("report", "Kind"),
        "reason": NP_("report", "Reason"),
        "note": NP_("report", "Note"),
        "amount": NP_("report", "Amount"),
        "paid": NP_("report", "Paid"),
        "paid_back": NP_("report", "Paid back"),
        "settled_on": NP_("report", "Settled"),
        "outcome": NP_("report", "Outcome"),
        "settle_reason": NP_("report", "Because"),
        "titles": NP_("report", "Titles"),
    },
    "messages": {
        "created_at": NP_("report", "When"),
        "kind": NP_("report", "What"),
        "channel": NP_("report", "How"),
        "language": NP_("report", "Language"),
        "state": NP_("report", "State"),
        "sent_at": NP_("report", "Sent"),
        "problem": NP_("report", "Problem"),
        "subject": NP_("report", "Subject"),
        "body": NP_("report", "Text"),
    },
    "payments": {
        "paid_at": NP_("report", "When"),
        "kind": NP_("report", "Kind"),
        "method": NP_("report", "How"),
        "reference": NP_("report", "Reference"),
        "amount": NP_("report", "Amount"),
        "reason": NP_("report", "Because"),
        "voucher": NP_("report", "Voucher no."),
    },
    "protection": {"in_force": NP_("report", "In force"), "until": NP_("report", "Up to and including")},
    "guardian": {"role": NP_("report", "Who answers for whom"), "name": NP_("report", "Name")},
    "search_words": {"count": NP_("report", "Count")},
    "overrides": {
        "given_at": NP_("report", "When"),
        "refusal": NP_("report", "What"),
        "title": NP_("report", "Title"),
        "reason": NP_("report", "Reason"),
    },
    "log": {
        "at": NP_("report", "When"),
        "action": NP_("report", "What"),
        "purpose": NP_("report", "Purpose"),
        "revealed": NP_("report", "Shown or changed"),
        "outcome": NP_("report", "Outcome"),
    },
    "deletion_requests": {
        "registered_at": NP_("report", "When"),
        "identity_check": NP_("report", "How we knew it was you"),
        "newsletter": NP_("report", "Newsletter"),
        "state": NP_("report", "State"),
        "decided_at": NP_("report", "Decided"),
        "decision_reason": NP_("report", "Because"),
        "notice": NP_("report", "You were told by"),
        "noticed_at": NP_("report", "Told"),
    },
    "newsletter": {
        "email": NP_("report", "E-mail"),
        "first_name": NP_("report", "First name"),
        "last_name": NP_("report", "Last name"),
        "consented_on": NP_("report", "Subscribed"),
    },
    "forms": {
        "sent_at": NP_("report", "Sent"),
        "kind": NP_("report", "Form"),
        "says": NP_("report", "What it says"),
    },
    "commands": {},
    "scans": {},
    "exports": {},
    "erasures": {},
    "certificates": {},
    "backups": {},
    "tombstones": {},
    "spool": {},
}

BLOCKS = {
    "O": NP_("report", "card stopped"),
    "U": NP_("report", "excluded"),
    "F": NP_("report", "extended exclusion"),
    "S": NP_("report", "stopped by self-service"),
    "W": NP_("report", "self-registered on the web"),
    "E": NP_("report", "fee limit reached"),
    "D": NP_("report", "registered as deceased"),
}
# Values in øre.
AMOUNTS = frozenset({"amount", "paid", "paid_back"})
# Values that are codes, in words.
CODES: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("language", "language"): {"da": NP_("report", "Danish"), "en": NP_("report", "English")},
    ("block_reason", "kind"): BLOCKS,
    ("cards", "kind"): {
        "library": NP_("report", "library card"),
        "child": NP_("report", "child's library card"),
        "health": NP_("report", "health card"),
        "other": NP_("report", "other card"),
    },
    ("cards", "state"): {
        "active": NP_("report", "in use"),
        "stolen": NP_("report", "reported stolen"),
        "stopped": NP_("report", "stopped"),
    },
    ("guardian", "role"): {
        "answers_for_the_borrower": NP_("report", "Answers for you"),
        "the_borrower_answers_for": NP_("report", "You answer for"),
    },
    ("overrides", "refusal"): {
        "limit": NP_("report", "the loan limit was reached"),
        "age": NP_("report", "age limit"),
        "reserved_for_another": NP_("report", "reserved by somebody else"),
    }
    | {f"block_{kind}": words for kind, words in BLOCKS.items()},
    ("reservations", "state"): {
        "reserved": NP_("report", "in the queue"),
        "inTransit": NP_("report", "on its way to the pickup branch"),
        "readyForPickup": NP_("report", "ready for you"),
        "interLibraryReservation": NP_("report", "interlibrary loan"),
        "other": NP_("report", "other"),
    },
    ("balance", "type"): {
        "fee": NP_("report", "fee"),
        "compensation": NP_("report", "replacement"),
        "other": NP_("report", "other"),
    },
    ("balance", "reason"): {
        "overdue": NP_("report", "returned late"),
        "claim": NP_("report", "not returned"),
        "by_hand": NP_("report", "written at the counter"),
    },
    ("balance", "outcome"): {
        "paid": NP_("report", "paid"),
        "waived": NP_("report", "waived"),
        "cancelled": NP_("report", "cancelled"),
    },
    ("payments", "kind"): {
        "payment": NP_("report", "payment"),
        "refund": NP_("report", "paid back"),
        "payout": NP_("report", "paid out"),
    },
    ("payments", "method"): {
        "cash": NP_("report", "cash"),
        "card": NP_("report", "payment card"),
        "mobilepay": NP_("report", "MobilePay"),
    },
    ("deletion_requests", "identity_check"): {
        "card": NP_("report", "your card and PIN"),
        "photo_id": NP_("report", "photo ID"),
        "known": NP_("report", "the staff know you"),
        "letter": NP_("report", "a signed letter"),
    },
    ("deletion_requests", "newsletter"): {
        "none": NP_("report", "not asked"),
        "keep": NP_("report", "you keep it"),
        "leave": NP_("report", "you leave it"),
    },
    ("deletion_requests", "state"): {
        "waiting": NP_("report", "waiting"),
        "approved": NP_("report", "approved"),
        "rejected": NP_("report", "rejected"),
        "withdrawn": NP_("report", "withdrawn"),
    },
    ("deletion_requests", "notice"): {
        "email": NP_("report", "e-mail"),
        "sms": NP_("report", "text message"),
        "print": NP_("report", "a printed letter"),
        "none": NP_("report", "none"),
    },
    ("messages", "kind"): {
        "reservation_ready": NP_("report", "reservation ready"),
        "reminder": NP_("report", "reminder"),
        "recall": NP_("report", "recall"),
        "bill": NP_("report", "bill"),
        "block": NP_("report", "notice of a block"),
        "receipt": NP_("report", "receipt"),
        "deletion_approved": NP_("report", "deletion approved"),
    },
    ("messages", "channel"): {
        "sms": NP_("report", "text message"),
        "email": NP_("report", "e-mail"),
        "none": NP_("report", "none"),
    },
    ("messages", "language"): {"da": NP_("report", "Danish"), "en": NP_("report", "English")},
    ("messages", "state"): {
        "waiting": NP_("report", "waiting"),
        "sending": NP_("report", "being sent"),
        "sent": NP_("report", "sent"),
        "failed": NP_("report", "not sent"),
        "no_contact": NP_("report", "no contact details"),
    },
    ("log", "action"): {
        "visit": NP_("report", "your card was used at the counter"),
        "page": NP_("report", "your page was opened"),
        "search": NP_("report", "a search was made"),
        "reveal": NP_("report", "hidden details were shown"),
        "lend": NP_("report", "something was lent"),
        "renew": NP_("report", "a loan was renewed"),
        "undo": NP_("report", "a loan or a renewal was taken back"),
        "override": NP_("report", "a refusal was overridden"),
        "create": NP_("report", "you were registered"),
        "change": NP_("report", "details were changed"),
        "log": NP_("report", "this log was read"),
        "export": NP_("report", "access was given"),
        "charge": NP_("report", "a fee was charged"),
        "pay": NP_("report", "a fee was paid, waived or paid back"),
        "statement": NP_("report", "a statement of what you owe was made"),
        "erase": NP_("report", "somebody's details were deleted"),
        "trust_clock": NP_("report", "a supervisor answered for the clock"),
        "restore": NP_("report", "a back-up was restored without a whole list of those who were deleted"),
    },
    ("forms", "kind"): {
        "appointment": NP_("report", "book a time"),
        "reading_group": NP_("report", "books for a reading group"),
        "purchase_suggestion": NP_("report", "suggestion for purchase"),
        "holiday_bag": NP_("report", "holiday bag"),
    },
    ("log", "purpose"): {
        "lending": NP_("report", "lending"),
        "borrower_asks": NP_("report", "you asked"),
        "follow_up": NP_("report", "follow-up"),
        "correction": NP_("report", "correction"),
        "sign_up": NP_("report", "registration"),
        "access": NP_("report", "right of access"),
        "supervision": NP_("report", "supervision"),
        "register": NP_("report", "update from the CPR register"),
        "import": NP_("report", "transfer from another system"),
        "deletion": NP_("report", "deletion request"),
    },
    ("log", "outcome"): {
        "done": NP_("report", "done"),
        "not_found": NP_("report", "not found"),
        "refused": NP_("report", "refused"),
    },
}


def field_words(key: str, name: str) -> str:
    """Name one value of an item."""
    return pgettext("report", FIELDS[key][name])


def deleted_words(goes: Goes) -> str:
    """Say when an item's data go, to the borrower."""
    return pgettext("report", DELETED[goes])


def code_words(key: str, name: str, code: str) -> str:
    """Word a code; one that another version wrote stays as it is."""
    words = CODES[key, name].get(code)
    return code if words is None else pgettext("report", words)


def words_of(key: str, name: str, value: Value) -> str:
    """Word one value of an item; empty when there is none.

    Args:
        key: the item, as the data map has it.
        name: which of its values.
        value: as it was gathered.
    """
    match value:
        case None | "":
            return ""
        case bool():
            return _yes_or_set(name, value)
        case datetime():
            return moment(value)
        case date():
            return full_date(value)
        case tuple():
            return ", ".join(BY_KEY[one].label if one in BY_KEY else one for one in value)
        case str() if (key, name) in CODES:
            return code_words(key, name, value)
        case int() if name in AMOUNTS:
            return kroner(value)
        case str() if (key, name) == ("cpr", "cpr"):
            return written_cpr(value)
        case str() if name in {"number", "card"} and key in {"number", "cards", "loans", "block_reason"}:
            return grouped(value)
        case _:
            return str(value)


def _yes_or_set(name: str, value: bool) -> str:
    if name == "pin_is_set":
        return pgettext("report", "set") if value else pgettext("report", "not set")
    return pgettext("report", "yes") if value else pgettext("report", "no")


def moment(instant: datetime) -> str:
    """Give an instant with its year: ``10. mar. 2026 kl. 11.00``."""
    return on_day(full_date(local_date(instant)), instant)


def at_time(instant: datetime) -> str:
    """Give a time of day in a sentence: ``kl. 11.00``."""
    return pgettext("report", "at {time}").format(time=clock(instant)).replace(" ", NO_BREAK)


def full_date(day: date) -> str:
    """Give a date with its year: ``10. mar. 2026``."""
    return short_date(day, NO_YEAR)
