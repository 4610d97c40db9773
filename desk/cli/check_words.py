"""What ``desk check`` found, in words; never anything of a person (T3)."""

from __future__ import annotations

from desk.registry.checking import Finding
from desk.texts import _, ngettext
from desk.wording import number


def finding_text(finding: Finding) -> str:
    """Word what was found."""
    n = finding.count
    of_its_own = OF_THEIR_OWN.get(finding.what.partition("_")[0])
    if of_its_own is not None:
        return of_its_own(finding).format(n=number(n))
    match finding.what:
        case "lent_twice":
            text = ngettext("{n} item is lent twice.", "{n} items are lent twice.", n)
        case "lent_not_marked":
            text = ngettext(
                "{n} open loan of an item not marked as lent.", "{n} open loans of items not marked as lent.", n
            )
        case "marked_not_lent":
            text = ngettext(
                "{n} item is marked as lent without a loan.", "{n} items are marked as lent without a loan.", n
            )
        case "occasion":
            text = ngettext("{n} loan does not fit its occasion.", "{n} loans do not fit their occasions.", n)
        case "closed_on":
            text = ngettext(
                "{n} loan has return dates that do not fit.", "{n} loans have return dates that do not fit.", n
            )
        case "command_twice":
            text = ngettext("{n} command is recorded twice.", "{n} commands are recorded twice.", n)
        case "no_search_words":
            text = ngettext(
                "{n} borrower cannot be searched for. Run: desk upgrade",
                "{n} borrowers cannot be searched for. Run: desk upgrade",
                n,
            )
        case "due_on_closed_day":
            text = ngettext("{n} loan is due on a closed day.", "{n} loans are due on closed days.", n)
        case "no_supervisor":
            text = _("There is no supervisor who can sign in.")
        case _:
            text = _("The store is not one library's.")
    return text.format(n=number(n))


def _money_text(finding: Finding) -> str:
    n = finding.count
    match finding.what:
        case "money_fee":
            return ngettext(
                "{n} fee is not paid as its payments say.", "{n} fees are not paid as their payments say.", n
            )
        case "money_payment":
            return ngettext("{n} payment is not what the ledger says.", "{n} payments are not what the ledger says.", n)
        case "money_parts":
            return ngettext(
                "{n} payment is spread over more than it is.", "{n} payments are spread over more than they are.", n
            )
        case "money_claim":
            return ngettext(
                "{n} loan is open though its claim is settled.",
                "{n} loans are open though their claims are settled.",
                n,
            )
        case _:
            return ngettext("{n} voucher number is missing.", "{n} voucher numbers are missing.", n)


def erased_text(finding: Finding) -> str:
    """Word that the erased are back, or not known any more."""
    n = finding.count
    if finding.what == "erased_and_back":
        text = ngettext(
            "{n} borrower who was erased is back. Run: desk restore --erase-again",
            "{n} borrowers who were erased are back. Run: desk restore --erase-again",
            n,
        )
    else:
        text = ngettext(
            "The list of those who were erased lacks {n} person. Put it back from beside a back-up.",
            "The list of those who were erased lacks {n} persons. Put it back from beside a back-up.",
            n,
        )
    return text.format(n=number(n))


def _erasure_text(finding: Finding) -> str:
    if finding.what == "erasure_failed":
        return ngettext(
            "{n} borrower is deleted, but the proof failed. The certificate says where; then run: desk erasure prove",
            "{n} borrowers are deleted, but the proof failed. The certificate says where; then run: desk erasure prove",
            finding.count,
        )
    return ngettext(
        "{n} borrower is deleted, but the proof is missing. Run: desk erasure prove",
        "{n} borrowers are deleted, but the proof is missing. Run: desk erasure prove",
        finding.count,
    )


def _log_text(finding: Finding) -> str:
    match finding.what:
        case "log_changed":
            return _("The access log was changed at row {row}.").format(row=number(finding.rows[0]))
        case "log_missing":
            return _("Rows of the access log are missing before row {row}.").format(row=number(finding.rows[0]))
        case "log_shortened":
            return _("The access log has been shortened: row {row} and what came after are gone.").format(
                row=number(finding.rows[0])
            )
        case _:
            return _("What seals the ends of the access log was changed, or is gone.")


# Kinds that are worded apart, by the first word of their codes.
OF_THEIR_OWN = {"log": _log_text, "money": _money_text, "erasure": _erasure_text}
