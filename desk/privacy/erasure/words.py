"""An erasure in words, for the certificate, the command line and the front screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.texts import NP_, _, ngettext, pgettext
from desk.wording import number

if TYPE_CHECKING:
    from desk.privacy.erasure.records import WithoutProof

STATES = {
    "erased": NP_("erasure", "deleted, proof missing"),
    "proven": NP_("erasure", "deleted and proven"),
    "unproven": NP_("erasure", "deleted, proof failed"),
}
WHY_MISSING = {
    "held": NP_(
        "erasure",
        "Another program is reading the store, so the old pages cannot be cleared away. Close it; the proof is taken up"
        " again when the program starts, or with desk erasure prove.",
    ),
    "full": NP_(
        "erasure",
        "The disk is full or read-only, so the files cannot be rewritten. Make room; the proof is taken up again when"
        " the program starts, or with desk erasure prove.",
    ),
    "unread": NP_(
        "erasure",
        "A file cannot be read, so nobody knows what is in it. See desk check; the proof is taken up again when the"
        " program starts, or with desk erasure prove.",
    ),
    "store": NP_(
        "erasure",
        "The store does not answer. The proof is taken up again when the program starts, or with desk erasure prove.",
    ),
}
# Of a proof that had failed before: no start takes it up.
WHY_NOT_AGAIN = {
    "held": NP_("erasure", "Another program is reading the store. Close it, and try the proof again."),
    "full": NP_("erasure", "The disk is full or read-only. Make room, and try the proof again."),
    "unread": NP_("erasure", "A file cannot be read, so nobody knows what is in it. See desk check."),
    "store": NP_("erasure", "The store does not answer. Try the proof again later."),
}
TABLES = {
    "borrower": NP_("erased", "borrower"),
    "card": NP_("erased", "cards"),
    "telephone": NP_("erased", "telephones"),
    "block": NP_("erased", "blocks"),
    "loan": NP_("erased", "loans"),
    "loan_occasion": NP_("erased", "loan occasions"),
    "reservation": NP_("erased", "reservations"),
    "fee": NP_("erased", "fees"),
    "fee_loan": NP_("erased", "links between fee and loan"),
    "payment": NP_("erased", "payments"),
    "payment_part": NP_("erased", "parts of payments"),
    "message": NP_("erased", "messages"),
    "override": NP_("erased", "overrides"),
    "search_word": NP_("erased", "search words"),
    "form": NP_("erased", "forms"),
    "listing": NP_("erased", "lines in lists"),
    "deletion_request": NP_("erased", "earlier deletion requests"),
    "command_record": NP_("erased", "records of work done"),
    "item": NP_("erased", "items let go of"),
    "subscriber": NP_("erased", "newsletter"),
    "guardian": NP_("erased", "children let go of"),
}


def state_words(state: str) -> str:
    """Name where an erasure ended."""
    return pgettext("erasure", STATES[state])


def why_words(why: str, state: str = "erased") -> str:
    """Say why a proof is missing, or why one that had failed is not made yet; of another version's, nothing."""
    words = WHY_NOT_AGAIN if state == "unproven" else WHY_MISSING
    return pgettext("erasure", words[why]) if why in words else ""


def table_words(table: str) -> str:
    """Name what was counted; a table of another version stays as it is."""
    return pgettext("erased", TABLES[table]) if table in TABLES else table


def warning_words(without: WithoutProof) -> str:
    """Say on the front screen that a proof failed or is missing; empty when every erasure is proven."""
    said = []
    if without.failed:
        said.append(
            ngettext(
                "{n} deletion: deleted, proof failed. A supervisor must see F6.",
                "{n} deletions: deleted, proof failed. A supervisor must see F6.",
                len(without.failed),
            ).format(n=number(len(without.failed)))
        )
    if without.missing:
        said.append(
            ngettext(
                "{n} deletion: deleted, proof missing. It is taken up again at the next start.",
                "{n} deletions: deleted, proof missing. They are taken up again at the next start.",
                len(without.missing),
            ).format(n=number(len(without.missing)))
        )
    return "\n".join(said)


def stage_words(stage: str) -> str:
    """Say what an erasure that is taken up again is doing."""
    return {
        "rewriting": _("Finishing a deletion: the files are rewritten"),
        "scanning": _("Finishing a deletion: the files are looked through"),
    }.get(stage, _("Finishing a deletion"))
