"""Deletion requests (G1–G4), from the counter to the proof."""

from __future__ import annotations

from peewee import SQL, AutoField, Check, ForeignKeyField, IntegerField, TextField

from db.fields import BytesField, InstantField, LocalDateField
from db.models.base import Table, one_of
from db.models.borrowers import Borrower
from db.models.library import Counter
from db.models.staff import Staff

REQUEST_STATES = ("waiting", "approved", "rejected", "withdrawn", "erased", "proven", "unproven")
IDENTITY_CHECKS = ("card", "photo_id", "known", "letter")
NEWSLETTER_ANSWERS = ("none", "keep", "leave")
NOTICES = ("email", "sms", "print", "none")


class DeletionRequest(Table):
    """Somebody has asked to be deleted. Until the erasure it names the borrower; after it, nobody.

    ``erased``: the rows are gone, the proof is missing; ``proven``: nothing was found; ``unproven``: the proof failed.
    ``decision_reason`` is why it was rejected or withdrawn; ``notice`` how the borrower was told of the approval.
    ``counts`` (JSON) are the rows that went, a table each; ``proof`` (JSON) is where something was found, by table and
    row number or by file, and why a proof is missing. ``tombstone`` is a keyed hash of the lånernummer (G5);
    ``last_backup_on`` the last date on which a back-up may still hold the person.
    """

    id = AutoField()
    borrower = ForeignKeyField(Borrower, null=True, backref="deletion_requests", on_delete="CASCADE")
    state = TextField(default="waiting")
    registered_at = InstantField()
    registered_by = ForeignKeyField(Staff)
    counter = ForeignKeyField(Counter, null=True, index=False)
    identity_check = TextField()
    newsletter = TextField(default="none")
    decided_at = InstantField(null=True)
    decided_by = ForeignKeyField(Staff, null=True)
    decision_reason = TextField(default="")
    notice = TextField(null=True)
    noticed_at = InstantField(null=True)
    erased_at = InstantField(null=True)
    proven_at = InstantField(null=True)
    counts = TextField(default="")
    files_scanned = IntegerField(null=True)
    hits = IntegerField(null=True)
    proof = TextField(default="")
    tombstone = BytesField(null=True, unique=True)
    last_backup_on = LocalDateField(null=True)

    class Meta:
        """Two pairs of eyes (G2); a decision has its time and its staff member; the erased have no borrower."""

        constraints = (
            Check(one_of("state", REQUEST_STATES)),
            Check(one_of("identity_check", IDENTITY_CHECKS)),
            Check(one_of("newsletter", NEWSLETTER_ANSWERS)),
            Check("notice IS NULL OR " + one_of("notice", NOTICES)),
            Check("(notice IS NULL) = (noticed_at IS NULL)"),
            Check("(decided_at IS NULL) = (decided_by_id IS NULL)"),
            Check("(state = 'waiting') = (decided_at IS NULL)"),
            Check("state IN ('waiting', 'rejected', 'withdrawn') OR decided_by_id <> registered_by_id"),
            Check("state <> 'rejected' OR (decided_by_id <> registered_by_id AND decision_reason <> '')"),
            Check("(borrower_id IS NULL) = (state IN ('erased', 'proven', 'unproven'))"),
            Check("(erased_at IS NULL) = (borrower_id IS NOT NULL)"),
            Check("state <> 'proven' OR (proven_at IS NOT NULL AND hits = 0)"),
        )


# One request at a time; who may approve is kept by a trigger, made in the migration.
DeletionRequest.add_index(
    DeletionRequest.index(
        DeletionRequest.borrower,
        unique=True,
        where=SQL("state IN ('waiting', 'approved')"),
        name="deletion_request_one_open",
    )
)
