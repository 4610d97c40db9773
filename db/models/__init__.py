"""Every table of the store, in the order in which they can be made."""

from __future__ import annotations

from peewee import Model

from db.models.access_log import AccessLog, AccessLogEnds
from db.models.borrowers import Block, Borrower, Card, Listing, Override, SearchWord, Telephone
from db.models.circulation import CommandRecord, Loan, LoanOccasion
from db.models.deletion import DeletionRequest
from db.models.forms import Form, PurchaseWish
from db.models.items import Item, Title, TitleWord
from db.models.library import CalendarDay, Counter, Library, OpeningHours, SetUpChange
from db.models.messages import Message, MessageChoice
from db.models.money import Fee, FeeLoan, LedgerLine, Payment, PaymentPart, TillClosing
from db.models.newsletter import Mailing, MailingRecipient, Subscriber
from db.models.places import Branch
from db.models.reservations import PutBack, Reservation
from db.models.retention import RetentionRun
from db.models.rules import BorrowerGroup, FeeTier, LendingRule, LibraryRules, MaterialGroup
from db.models.staff import Staff
from db.models.statistics import StatisticsCount

TABLES: tuple[type[Model], ...] = (
    Library,
    Branch,
    Counter,
    OpeningHours,
    CalendarDay,
    Staff,
    SetUpChange,
    BorrowerGroup,
    MaterialGroup,
    LendingRule,
    LibraryRules,
    FeeTier,
    MessageChoice,
    Title,
    TitleWord,
    Item,
    Borrower,
    Telephone,
    SearchWord,
    Listing,
    Card,
    Block,
    Override,
    LoanOccasion,
    Loan,
    Reservation,
    PutBack,
    Fee,
    FeeLoan,
    Payment,
    PaymentPart,
    LedgerLine,
    TillClosing,
    Message,
    Subscriber,
    Mailing,
    MailingRecipient,
    DeletionRequest,
    RetentionRun,
    StatisticsCount,
    Form,
    PurchaseWish,
    CommandRecord,
    AccessLog,
    AccessLogEnds,
)

__all__ = [
    "TABLES",
    "AccessLog",
    "AccessLogEnds",
    "Block",
    "Borrower",
    "BorrowerGroup",
    "Branch",
    "CalendarDay",
    "Card",
    "CommandRecord",
    "Counter",
    "DeletionRequest",
    "Fee",
    "FeeLoan",
    "FeeTier",
    "Form",
    "Item",
    "LedgerLine",
    "LendingRule",
    "Library",
    "LibraryRules",
    "Listing",
    "Loan",
    "LoanOccasion",
    "Mailing",
    "MailingRecipient",
    "MaterialGroup",
    "Message",
    "MessageChoice",
    "OpeningHours",
    "Override",
    "Payment",
    "PaymentPart",
    "PurchaseWish",
    "PutBack",
    "Reservation",
    "RetentionRun",
    "SearchWord",
    "SetUpChange",
    "Staff",
    "StatisticsCount",
    "Subscriber",
    "Telephone",
    "TillClosing",
    "Title",
    "TitleWord",
]
