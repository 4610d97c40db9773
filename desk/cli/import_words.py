"""What an import has to say about lines and records, in words that name no person (T3)."""

from __future__ import annotations

from desk.registry.report import Note, Problem
from desk.texts import N_, _, ngettext
from desk.wording import number, plain

UNREADABLE = N_("cannot be read")
# What stood in a borrower's line is never repeated.
PROBLEMS = {
    "cells": N_("more or fewer cells than the header has"),
    "encoding": N_("characters that cannot be read"),
    "quotes": N_("quotation marks that do not match"),
    "damaged": N_("damaged record"),
    "truncated": N_("the record is cut off"),
    "title": N_("no title"),
    "barcode": N_("no barcode, or one that cannot be read"),
    "barcode_twice": N_("the barcode {detail} is in the file already; the first one counts"),
    "price": N_("a price that cannot be read"),
    "parts": N_("a number of parts that cannot be read"),
    "branch": N_("unknown branch"),
    "too_long": N_("a text that is too long"),
    "card": N_("no card number, or one that cannot be read"),
    "card_twice": N_("the card is in the file already; the first one counts"),
    "name": N_("no name"),
    "cpr": N_("a CPR number without a real date"),
    "cpr_twice": N_("the CPR number is in the file already; the first one counts"),
    "cpr_of_another": N_("card and CPR number belong to two different borrowers"),
    "birth_date": N_("a birth date that cannot be read"),
    "phone": N_("a telephone number that cannot be read"),
    "email": N_("an e-mail address that cannot be read"),
    "group": N_("unknown borrower group"),
    "municipality": N_("a municipality code that is not three figures"),
    "language": N_("unknown language; da and en are known"),
    "guardian_card": N_("a guardian's card that cannot be read"),
    "note": N_("a note longer than 500 characters"),
}


def problem_text(problem: Problem) -> str:
    """Word why a line or record did not go in."""
    return _(PROBLEMS.get(problem.why, UNREADABLE)).format(detail=plain(problem.detail))


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
            text = _(UNREADABLE)
    return text.format(detail=plain(note.detail), n=number(note.count))
