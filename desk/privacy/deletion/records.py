"""What is told about deletion requests. The list names nobody: a lånernummer as long as there is one, and dates."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from desk.privacy.deletion.rules import stage_of


@dataclass(frozen=True, slots=True)
class Checklist:
    """What stands in the way of a deletion now (G1), and what goes with it.

    Attributes:
        open_loans: to be returned.
        unsettled_fees: to be paid or waived.
        owed_ore: what is left to pay of them, in øre; 0 does not make them settled.
        credit_ore: to be paid out, in øre.
        responsible_for: borrowers under 18, or of an age that nobody knows, that this one answers for.
        reservations: no obstacle: they are deleted as well.
        set_aside: items that lie on a shelf for the borrower: they become work, «sættes på plads».
        on_their_way: items in transit to one: they stay on F5's list of what is in transit, and go home.
        forms: that came in from the borrower's e-mail address or telephone: no obstacle, they are deleted as well.
    """

    open_loans: int = 0
    unsettled_fees: int = 0
    owed_ore: int = 0
    credit_ore: int = 0
    responsible_for: int = 0
    reservations: int = 0
    set_aside: int = 0
    on_their_way: int = 0
    forms: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether nothing stands in the way."""
        return not (self.open_loans or self.unsettled_fees or self.credit_ore or self.responsible_for)


@dataclass(frozen=True, slots=True)
class Registered:
    """Who registered a request, and whether two persons can be told apart by the account."""

    staff_id: int
    name: str
    has_person_number: bool


@dataclass(frozen=True, slots=True)
class Erased:
    """What stays of a request that was carried out: figures and dates, nobody.

    Attributes:
        counts: JSON, rows a table.
        last_backup_on: the last day on which a back-up may still hold the person.
    """

    erased_at: datetime
    proven_at: datetime | None
    counts: str
    files_scanned: int | None
    hits: int | None
    last_backup_on: date | None


@dataclass(frozen=True, slots=True)
class DeletionRecord:
    """A deletion request.

    Attributes:
        number: lånernummer; empty once the borrower is erased.
        state: one of ``REQUEST_STATES``.
        decided_by: who decided; empty: nobody has.
        notice: how the borrower was told of the approval; None: not yet.
        checklist: as it is now; None once the borrower is erased.
        erased: None: the borrower is still there.
    """

    request_id: int
    borrower_id: int | None
    number: str = field(repr=False)
    state: str
    registered_at: datetime
    registered: Registered
    identity_check: str
    newsletter: str
    decided_at: datetime | None
    decided_by: str
    notice: str | None
    noticed_at: datetime | None
    checklist: Checklist | None
    erased: Erased | None

    @property
    def lacks_proof(self) -> bool:
        """Whether the borrower is gone, and nobody can say that nothing is left."""
        return self.state in {"erased", "unproven"}

    @property
    def stage(self) -> str:
        """Where it stands: one of ``STAGES``."""
        return stage_of(self.state, is_clear=self.checklist is None or self.checklist.is_clear)


@dataclass(frozen=True, slots=True)
class NoticeRoute:
    """How a borrower can be told that the request is approved.

    Attributes:
        is_wanted: the library sends this kind of message at all (R8).
        channels: those that the library has chosen and the borrower can be reached by, the best first.
        is_uncertain: it was being handed over once before, and nobody knows whether it arrived.
        notice: how the borrower has been told; None: not yet.
    """

    language: str
    is_wanted: bool
    channels: tuple[str, ...]
    is_uncertain: bool
    notice: str | None


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A letter to somebody who cannot be reached otherwise."""

    number: str = field(repr=False)
    name: str = field(repr=False)
    address: tuple[str, ...] = field(repr=False)
    language: str
    library: str
    made_at: datetime
