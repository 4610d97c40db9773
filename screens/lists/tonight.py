"""«Slettes i nat» (G7): what the next run deletes. Rows name nobody; the log and the like are told as figures.

Command ids are left out: they go by the hour, and say nothing of anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.messages.words import kind_words
from desk.privacy.retention.queries import going_tonight
from desk.privacy.retention.records import GoingRow
from desk.privacy.retention.words import COMMANDS, TABLES
from desk.texts import N_, NP_, _, pgettext
from desk.wording import kroner, number, short_date
from screens.borrower.balance_words import KINDS, REASONS
from screens.lists.listing import Counted, Listing, Rows

if TYPE_CHECKING:
    from screens.app import DeskApp

ONE = {
    "loan": NP_("going", "loan"),
    "fee": NP_("going", "fee"),
    "payment": NP_("going", "payment"),
    "message": NP_("going", "message's content"),
    "override": NP_("going", "override"),
    "deletion_request": NP_("going", "deletion request"),
}
STATES = {"rejected": NP_("going", "rejected"), "withdrawn": NP_("going", "withdrawn")}


async def _read(app: DeskApp) -> Rows:
    today = app.today()
    days = app.installation.settings.retention.log_days
    tonight = await app.installation.desk.ask(app.who, going_tonight, app.now(), days)
    rows = [(pgettext("going", ONE[row.table]), _what(row), short_date(row.since, today)) for row in tonight.rows]
    for table in (table for table in TABLES if table != COMMANDS):
        told_singly = sum(row.table == table for row in tonight.rows)
        more = tonight.counts.get(table, 0) - told_singly
        if more:
            count = _("{n} more").format(n=number(more)) if told_singly else number(more)
            rows.append((pgettext("retention", TABLES[table]), count, ""))
    told = sum(n for table, n in tonight.counts.items() if table in TABLES and table != COMMANDS)
    return Counted(enumerate(rows, 1), told)


def _what(row: GoingRow) -> str:
    match row.table:
        case "loan":
            return row.what
        case "fee":
            return _("{kind}, {amount}").format(kind=pgettext("fee", REASONS[row.what]), amount=kroner(row.amount_ore))
        case "payment":
            return _("{kind}, {amount}").format(kind=pgettext("fee", KINDS[row.what]), amount=kroner(row.amount_ore))
        case "message":
            return kind_words(row.what)
        case "deletion_request":
            return pgettext("going", STATES[row.what])
        case _:
            return ""


TONIGHT = Listing(
    label=N_("Deleted tonight"),
    headings=(N_("Kind"), N_("About"), N_("Since")),
    gives_way=(1, 0),
    empty=N_("Nothing is deleted tonight."),
    read=_read,
)
