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
    "not_xml": N_("from line {detail} the file is not XML as it should be; what came before is imported"),
    "entities": N_("an entity in line {detail}, which no MARC file needs; what came before is imported"),
    "title": N_("no title"),
    "barcode": N_("no barcode, or one that cannot be read"),
    "barcode_twice": N_("the barcode {detail} is in the file already; the first one counts"),
    "price": N_("a price that cannot be read"),
    "parts": N_("a number of parts that cannot be read"),
    "branch": N_("unknown branch"),
    "too_long": N_("a text that is too long"),
    "card": N_("no card number, or one that cannot be read"),
    "card_no_bars": N_("the card's number has letters that a barcode lacks, such as Æ, Ø or Å"),
    "card_looks_like_cpr": N_("the card's number may be a CPR number, which no card has"),
    "card_item": N_("the card's number is an item's"),
    "card_staff_card": N_("the card is a staff card"),
    "card_borrower_number": N_("the card's number is somebody's borrower number"),
    "barcode_card": N_("the barcode is a borrower's card: scanned, it would mean two things"),
    "barcode_staff_card": N_("the barcode is a staff card: scanned, it would mean two things"),
    "card_twice": N_("the card is in the file already; the first one counts"),
    "name": N_("no name"),
    "cpr": N_("a CPR number without a real date"),
    "cpr_twice": N_("the CPR number is in the file already; the first one counts"),
    "cpr_of_another": N_("card and CPR number belong to two different borrowers"),
    "birth_date": N_("a birth date that cannot be read"),
    "birth_date_not_of_cpr": N_("the birth date is not the one the CPR number begins with"),
    "postcode": N_("a postcode that is neither 4 figures nor a foreign one"),
    "phone": N_("a telephone number that cannot be read"),
    "email": N_("an e-mail address that cannot be read"),
    "number_in_name": N_("a number where a name should be"),
    "left_newsletter": N_("somebody who has unsubscribed since"),
    "email_twice": N_("the e-mail address is in the file already; the first one counts"),
    "consent": N_("no date of consent, or one that cannot be read or has not come yet"),
    "group": N_("unknown borrower group"),
    "municipality": N_("a municipality code that is not three figures"),
    "language": N_("unknown language; da and en are known"),
    "guardian_card": N_("a guardian's card that cannot be read"),
    "note": N_("a note longer than 500 characters"),
    "record_twice": N_("record {detail} is there twice for the same person"),
    "record_missing": N_("record {detail} is missing for the person"),
    "status": N_("unknown status"),
    "not_a_borrower": N_("not a borrower; --create adds those who are missing"),
    "no_name_yet": N_("has no name in the register yet, and was not added"),
    "tax_only": N_("the CPR number is for tax only; nothing was changed"),
    "annulled": N_("the CPR number has been annulled; nothing was changed"),
    "outdated": N_("the store has newer word from the register; nothing was changed"),
    "no_current_number": N_("the CPR number does not hold any more, and the new one is missing; nothing was changed"),
    "two_borrowers": N_(
        "the old and the new CPR number are two borrowers; nothing was merged. Return and settle what the old one has, "
        "and delete it"
    ),
}
# What the register says of a CPR number (domain.md 7.2).
STATUSES = {
    "01": N_("01 resident in Denmark"),
    "03": N_("03 special road code in Denmark (no fixed abode)"),
    "05": N_("05 resident in Greenland"),
    "07": N_("07 special road code in Greenland"),
    "20": N_("20 number for tax only"),
    "30": N_("30 number annulled"),
    "50": N_("50 double number, deleted"),
    "60": N_("60 number changed"),
    "70": N_("70 missing"),
    "80": N_("80 emigrated"),
    "90": N_("90 dead"),
}


def status_text(status: str) -> str:
    """Word a status of the CPR register."""
    return _(STATUSES[status])


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
            text = _register_text(note)
    return text.format(detail=plain(note.detail), n=number(note.count))


def _register_text(note: Note) -> str:
    """Word a remark of an import from the CPR register, places not filled in."""
    match note.why:
        case "record_type":
            text = ngettext(
                "unknown record type {detail}: {n} record was not read",
                "unknown record type {detail}: {n} records were not read",
                note.count,
            )
        case "register_error":
            text = ngettext(
                "{n} error record (910) from the register, error no. {detail}; the file has its text",
                "{n} error records (910) from the register, error no. {detail}; the file has their text",
                note.count,
            )
        case "dead":
            text = ngettext(
                "{n} borrower is dead: block D was set", "{n} borrowers are dead: block D was set", note.count
            )
        case "dead_without_block":
            text = ngettext(
                "{n} borrower is dead in the register, but block D has been lifted: look into it",
                "{n} borrowers are dead in the register, but block D has been lifted: look into it",
                note.count,
            )
        case "blocked_but_not_dead":
            text = ngettext(
                "{n} borrower has block D and is not dead in the register: look into it",
                "{n} borrowers have block D and are not dead in the register: look into it",
                note.count,
            )
        case "missing_person":
            text = ngettext(
                "{n} borrower is missing: the address was removed, nothing was blocked",
                "{n} borrowers are missing: the address was removed, nothing was blocked",
                note.count,
            )
        case "emigrated":
            text = ngettext(
                "{n} borrower has emigrated: address and municipality were removed, so no digital services",
                "{n} borrowers have emigrated: address and municipality were removed, so no digital services",
                note.count,
            )
        case "no_address":
            text = ngettext(
                "{n} borrower has no address in the register: it was removed",
                "{n} borrowers have no address in the register: it was removed",
                note.count,
            )
        case "name_kept":
            text = ngettext(
                "{n} borrower has no name in the register yet: the one in the store stays",
                "{n} borrowers have no name in the register yet: the ones in the store stay",
                note.count,
            )
        case _:
            text = _(UNREADABLE)
    return text
