"""A library whose staff have numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from db.models import Staff
from desk.installation import open_installation
from desk.staff.records import indexed_staff_card
from tests.screens.borrower_page import write
from tests.screens.deletions.deleting import (
    LONES_CARD,
)


@pytest.fixture
def home(home: Path) -> Path:
    """A library in which everybody has a number but one: two more supervisors, and IT."""
    with open_installation(home) as installation:
        card = installation.vault.index(indexed_staff_card(LONES_CARD))
    password = Staff.select(Staff.password_hash).where(Staff.login == "lone")
    accounts = (
        ("jonas", "Jonas H.", "supervisor", "P3"),
        ("nina", "Nina", "supervisor", None),
        ("it", "It", "it", "P5"),
    )
    write(
        home,
        Staff.update(person_number=Staff.login),
        Staff.update(card_index=card).where(Staff.login == "lone"),
        *(
            Staff.insert(login=login, name=name, role=role, password_hash=password, person_number=number)
            for login, name, role, number in accounts
        ),
    )
    return home
