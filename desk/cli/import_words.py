"""What an import has to say about lines and records, in words that name no person (T3)."""

from __future__ import annotations

from desk.registry.report import Note, Problem
from desk.texts import _, ngettext
from desk.wording import plain


def problem_text(problem: Problem) -> str:
    """Word why a line or record did not go in."""
    match problem.why:
        case "cells":
            text = _("more or fewer cells than the header has")
        case "encoding":
            text = _("characters that cannot be read")
        case "quotes":
            text = _("quotation marks that do not match")
        case "damaged":
            text = _("damaged record")
        case "truncated":
            text = _("the record is cut off")
        case "title":
            text = _("no title")
        case "barcode":
            text = _("no barcode, or one that cannot be read")
        case "barcode_twice":
            text = _("the barcode {detail} is in the file already; the first one counts")
        case "price":
            text = _("a price that cannot be read")
        case "parts":
            text = _("a number of parts that cannot be read")
        case "branch":
            text = _("unknown branch")
        case "too_long":
            text = _("a text that is too long")
        case _:
            text = person_problem_text(problem.why)
    return text.format(detail=plain(problem.detail))


def person_problem_text(why: str) -> str:
    """Word what is wrong with a borrower's line; what stood there is not repeated."""
    match why:
        case "card":
            return _("no card number, or one that cannot be read")
        case "card_twice":
            return _("the card is in the file already; the first one counts")
        case "name":
            return _("no name")
        case "cpr":
            return _("a CPR number without a real date")
        case "cpr_twice":
            return _("the CPR number is in the file already; the first one counts")
        case "cpr_of_another":
            return _("card and CPR number belong to two different borrowers")
        case "birth_date":
            return _("a birth date that cannot be read")
        case "phone":
            return _("a telephone number that cannot be read")
        case "email":
            return _("an e-mail address that cannot be read")
        case "group":
            return _("unknown borrower group")
        case "municipality":
            return _("a municipality code that is not three figures")
        case "language":
            return _("unknown language; da and en are known")
        case "guardian_card":
            return _("a guardian's card that cannot be read")
        case "note":
            return _("a note longer than 500 characters")
        case _:
            return _("cannot be read")


def note_text(note: Note) -> str:
    """Word what went in and deserves a look."""
    match note.why:
        case "column":
            text = _('the column "{detail}" is unknown and was not read')
        case "material":
            text = ngettext(
                'unknown material type "{detail}": {n} item in the group standard',
                'unknown material type "{detail}": {n} items in the group standard',
                note.count,
            )
        case "no_items":
            text = ngettext("{n} record without field {detail}", "{n} records without field {detail}", note.count)
        case "guardian_unknown":
            text = ngettext(
                "{n} borrower whose guardian's card is unknown",
                "{n} borrowers whose guardian's card is unknown",
                note.count,
            )
        case "guardian_self":
            text = ngettext(
                "{n} borrower with the own card as guardian's",
                "{n} borrowers with the own card as guardian's",
                note.count,
            )
        case _:
            text = _("cannot be read")
    return text.format(detail=plain(note.detail), n=note.count)
