"""Every table of the store, in the order in which they can be made."""

from __future__ import annotations

from peewee import Model

from db.models.access_log import AccessLog, AccessLogEnds
from db.models.borrowers import Block, Borrower, Card, Listing, Override, SearchWord, Telephone
from db.models.circulation import CommandRecord, Loan, LoanOccasion
from db.models.items import Item, Title
from db.models.library import CalendarDay, Counter, Library, OpeningHours
from db.models.places import Branch
from db.models.rules import BorrowerGroup, LendingRule, MaterialGroup
from db.models.staff import Staff

TABLES: tuple[type[Model], ...] = (
    Library,
    Branch,
    Counter,
    OpeningHours,
    CalendarDay,
    Staff,
    BorrowerGroup,
    MaterialGroup,
    LendingRule,
    Title,
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
    "Item",
    "LendingRule",
    "Library",
    "Listing",
    "Loan",
    "LoanOccasion",
    "MaterialGroup",
    "OpeningHours",
    "Override",
    "SearchWord",
    "Staff",
    "Telephone",
    "Title",
]
