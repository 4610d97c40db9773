"""Deletion requests with their four eyes, what the retention clock has done, and figures without persons.

The four eyes (G2) are kept by the schema, whoever writes: whoever decides is an active supervisor, has a person number,
and another one than whoever registered the request. No two active accounts have the same person number.

On SQLite the number of a borrower who has been erased is never another's (PostgreSQL draws from a sequence anyway): a
decision or a visit that some program still holds by it leads to nobody. What lies in the table stays as it is, so its
definition is changed where it stands (sqlite.org/lang_altertable.html, «other kinds of table schema changes»).
"""

from __future__ import annotations

from typing import Any

from peewee import (
    SQL,
    AutoField,
    BlobField,
    Check,
    CompositeKey,
    Database,
    DateField,
    DateTimeField,
    ForeignKeyField,
    IntegerField,
    Model,
    SmallIntegerField,
    SqliteDatabase,
    TextField,
)

REQUEST_STATES = ("waiting", "approved", "rejected", "withdrawn", "erased", "proven", "unproven")
IDENTITY_CHECKS = ("card", "photo_id", "known", "letter")
NEWSLETTER_ANSWERS = ("none", "keep", "leave")
NOTICES = ("email", "sms", "print", "none")
RUN_STATES = ("running", "done", "failed")
COUNTED = ("loan", "renewal", "return")


def one_of(column: str, words: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{word}'" for word in words)
    return f"{column} IN ({listed})"


class Table(Model):
    class Meta:
        legacy_table_names = False


class Branch(Table):
    id = AutoField()


class Counter(Table):
    id = AutoField()


class Staff(Table):
    id = AutoField()


class Borrower(Table):
    id = AutoField()


class DeletionRequest(Table):
    id = AutoField()
    borrower = ForeignKeyField(Borrower, null=True, on_delete="CASCADE")
    state = TextField(default="waiting")
    registered_at = DateTimeField()
    registered_by = ForeignKeyField(Staff)
    counter = ForeignKeyField(Counter, null=True, index=False)
    identity_check = TextField()
    newsletter = TextField(default="none")
    decided_at = DateTimeField(null=True)
    decided_by = ForeignKeyField(Staff, null=True)
    decision_reason = TextField(default="")
    notice = TextField(null=True)
    noticed_at = DateTimeField(null=True)
    erased_at = DateTimeField(null=True)
    proven_at = DateTimeField(null=True)
    counts = TextField(default="")
    files_scanned = IntegerField(null=True)
    hits = IntegerField(null=True)
    proof = TextField(default="")
    tombstone = BlobField(null=True, unique=True)
    last_backup_on = DateField(null=True)

    class Meta:
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


DeletionRequest.add_index(
    DeletionRequest.index(
        DeletionRequest.borrower,
        unique=True,
        where=SQL("state IN ('waiting', 'approved')"),
        name="deletion_request_one_open",
    )
)


class RetentionRun(Table):
    id = AutoField()
    day = DateField(index=True)
    started_at = DateTimeField()
    finished_at = DateTimeField(null=True)
    state = TextField(default="running")
    problem = TextField(default="")
    counts = TextField(default="{}")

    class Meta:
        constraints = (Check(one_of("state", RUN_STATES)), Check("(state = 'running') = (finished_at IS NULL)"))


class StatisticsCount(Table):
    day = DateField()
    hour = SmallIntegerField()
    branch = ForeignKeyField(Branch, index=False)
    what = TextField()
    borrower_group = TextField(default="")
    municipality = TextField(default="")
    material_group = TextField(default="")
    count = IntegerField()

    class Meta:
        primary_key = CompositeKey("day", "hour", "branch", "what", "borrower_group", "municipality", "material_group")
        constraints = (
            Check(one_of("what", COUNTED)),
            Check("hour BETWEEN 0 AND 23"),
            Check("count >= 0"),
        )


NUMBERS_ARE_NOT_REUSED = (
    # SQLite makes its table of sequences with the first table that needs one.
    "CREATE TABLE sequenced (id INTEGER PRIMARY KEY AUTOINCREMENT)",
    "DROP TABLE sequenced",
    "PRAGMA writable_schema = ON",
    """
    UPDATE sqlite_master SET sql = replace(sql, '"id" INTEGER NOT NULL PRIMARY KEY',
        '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT')
    WHERE type = 'table' AND name = 'borrower'
    """,
    "PRAGMA writable_schema = RESET",
    "INSERT INTO sqlite_sequence (name, seq) SELECT 'borrower', coalesce(max(id), 0) FROM borrower",
)

THERE_ALREADY = (Branch, Counter, Staff, Borrower)
NEW_TABLES = (DeletionRequest, RetentionRun, StatisticsCount)

ONE_PERSON_ONE_ACCOUNT = (
    "CREATE UNIQUE INDEX staff_one_active_account ON staff (person_number) WHERE active AND person_number IS NOT NULL"
)
# What the retention clock looks for every night; neither is written when something is lent.
LOOKED_FOR = (
    "CREATE INDEX loan_closed ON loan (closed_on) WHERE closed_on IS NOT NULL",
    "CREATE INDEX message_with_content ON message (created_at)"
    " WHERE (facts IS NOT NULL OR subject IS NOT NULL OR body IS NOT NULL)",
)
FOUR_EYES = """
    SELECT 1 FROM staff AS approver, staff AS registrant
    WHERE approver.id = NEW.decided_by_id AND registrant.id = NEW.registered_by_id
    AND approver.active AND approver.role = 'supervisor'
    AND approver.person_number IS NOT NULL AND registrant.person_number IS NOT NULL
    AND approver.person_number <> registrant.person_number
"""
DECIDED = "NEW.state NOT IN ('waiting', 'withdrawn')"
# What has been decided by four eyes stays so when one of them leaves the library; who took part never changes.
DECIDED_NOW = "(OLD.state IN ('waiting', 'withdrawn', 'rejected') OR OLD.decided_by_id <> NEW.decided_by_id)"
REGISTRANT_CHANGED = "OLD.registered_by_id <> NEW.registered_by_id"

ON_SQLITE = (
    f"""
    CREATE TRIGGER deletion_request_four_eyes_insert BEFORE INSERT ON deletion_request
    WHEN {DECIDED} AND NOT EXISTS ({FOUR_EYES})
    BEGIN SELECT RAISE(ABORT, 'four eyes'); END
    """,
    f"""
    CREATE TRIGGER deletion_request_four_eyes_update BEFORE UPDATE ON deletion_request
    WHEN {REGISTRANT_CHANGED} OR ({DECIDED} AND {DECIDED_NOW} AND NOT EXISTS ({FOUR_EYES}))
    BEGIN SELECT RAISE(ABORT, 'four eyes'); END
    """,
)
ON_POSTGRESQL = (
    f"""
    CREATE FUNCTION four_eyes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF {DECIDED} AND NOT EXISTS ({FOUR_EYES}) THEN
                RAISE EXCEPTION 'four eyes' USING ERRCODE = 'check_violation';
            END IF;
        ELSIF {REGISTRANT_CHANGED} OR ({DECIDED} AND {DECIDED_NOW} AND NOT EXISTS ({FOUR_EYES})) THEN
            RAISE EXCEPTION 'four eyes' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    "CREATE TRIGGER deletion_request_four_eyes BEFORE INSERT OR UPDATE ON deletion_request"
    " FOR EACH ROW EXECUTE FUNCTION four_eyes()",
)


def up(_migrator: Any, database: Database) -> None:
    """Make the tables, and what keeps the four eyes."""
    is_sqlite = isinstance(database, SqliteDatabase)
    StatisticsCount._meta.without_rowid = is_sqlite
    with database.bind_ctx((*THERE_ALREADY, *NEW_TABLES), bind_refs=False, bind_backrefs=False):
        database.create_tables(NEW_TABLES)
    for statement in (ONE_PERSON_ONE_ACCOUNT, *LOOKED_FOR, *(ON_SQLITE if is_sqlite else ON_POSTGRESQL)):
        database.execute_sql(statement)
    for statement in NUMBERS_ARE_NOT_REUSED if is_sqlite else ():
        database.execute_sql(statement)
