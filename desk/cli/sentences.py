"""Expected failures in words, for whoever runs a command: what is so, and what to do."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from db.queue import QUEUE_NAME
from desk import errors as wrong
from desk.system_words import driver_words, system_words
from desk.texts import N_, _
from desk.wording import plain

UNDONE = N_("It could not be done. Nothing was changed.")
# Field and code of a value that cannot be meant; an empty code stands for all others of that field.
INPUTS = {
    ("login", "taken"): N_("The user name is taken. Nothing was changed."),
    ("login", "last_supervisor"): N_(
        "This is the last supervisor: without one nothing can be approved. Nothing was changed."
    ),
    ("login", "closed"): N_("The account is closed. Nothing was changed. Add another one for the same person."),
    ("login", ""): N_("A user name is 1 to 40 characters without blanks. Nothing was changed."),
    ("card", "taken"): N_("The card is another's. Nothing was changed."),
    ("password", "missing"): N_("The password is empty. Nothing was changed."),
    ("password", "differs"): N_("The two passwords differ. Nothing was changed."),
    ("passphrase", "missing"): N_("The passphrase is empty. Nothing was written."),
    ("passphrase", "differs"): N_("The two passphrases differ. Nothing was written."),
    ("passphrase", ""): N_("A passphrase is at least 12 characters. Nothing was written."),
    ("pin", "differs"): N_("The two PINs differ. Nothing was changed."),
    ("pin", ""): N_("A PIN is 4 to 8 figures. Nothing was changed."),
    ("person_number", "taken"): N_(
        "Somebody with this staff number has an open account already. Nothing was changed. Close that one first."
    ),
    ("person_number", "cpr"): N_(
        "This could be a CPR number, which is not kept here. Nothing was changed. Give the employee's number."
    ),
    ("person_number", ""): N_("A staff number is 1 to 20 letters and figures. Nothing was changed."),
    ("isil", ""): N_("An ISIL is 1 to 16 characters, such as DK-767100. Nothing was changed."),
    ("library", ""): N_("The library has no name. Nothing was changed."),
    ("branch", "unknown"): N_("There is no such branch. Nothing was changed."),
    ("branch", ""): N_("The branch has no name. Nothing was changed."),
    ("card_number", "cpr"): N_(
        "This could be a CPR number, and no card shows one. Nothing was written. Give the borrower another card."
    ),
    ("card_number", "not_ascii"): N_(
        "The card's number has letters that a barcode lacks, such as Æ, Ø or Å. Nothing was written."
    ),
    ("card_number", ""): N_("A card's number is 1 to 64 visible characters. Nothing was written."),
    ("barcode", "not_ascii"): N_(
        "The item's number has letters that a barcode lacks, such as Æ, Ø or Å. Nothing was written."
    ),
    ("barcode", ""): N_("An item's number is 1 to 64 visible characters. Nothing was written."),
    ("out", "ending"): N_("A label is a file that ends in .svg or .png. Nothing was written."),
    ("out", "several"): N_("Several labels go into a folder; this names a file. Nothing was written."),
    ("loans", ""): N_("So many loans are more than the borrowers may have or the items allow. Nothing was made."),
    ("material_group", ""): N_(
        "The store lacks the groups that imports need: standard, voksen, barn. Nothing was imported."
    ),
    ("borrower_group", ""): N_(
        "The store lacks the groups that imports need: standard, voksen, barn. Nothing was imported."
    ),
    ("newsletter_email", "missing"): N_("The e-mail address is missing. Nothing was changed."),
    ("newsletter_email", ""): N_("That is no e-mail address that mail can be sent to. Nothing was changed."),
    ("newsletter_name", "number"): N_("There is a number in the name. Nothing was changed."),
    ("newsletter_name", ""): N_("A name is 100 characters at most. Nothing was changed."),
    ("newsletter", "no_subject"): N_(
        "The file has no heading, and the first heading is the subject. Nothing was sent. "
        "Begin it with # and a subject."
    ),
    ("newsletter", "subject_too_long"): N_("The first heading is the subject, and too long. Nothing was sent."),
    ("newsletter", "empty"): N_("There is nothing in the file but a subject. Nothing was sent."),
    ("newsletter", "unreadable"): N_("There is no such file, or it cannot be read. Nothing was sent."),
    ("newsletter", "not_utf8"): N_("The file is not UTF-8. Nothing was sent."),
    ("newsletter", "no_server"): N_("The mail server is not set up in desk.toml. Nothing was sent."),
    ("newsletter", "no_way_out"): N_(
        "Nobody could unsubscribe: set newsletter.unsubscribe_url or newsletter.unsubscribe_mail in desk.toml. "
        "Nothing was sent."
    ),
    ("period", "order"): N_("The first day comes after the last one. Nothing was counted."),
    ("period", "too_long"): N_("Those are more than ten years. Nothing was counted."),
}
# What a command named and is not there.
MISSING = {
    "staff": N_("There is no such user name. Nothing was changed. desk staff list names them all."),
    "card": N_("There is no such card. Nothing was written."),
    "item": N_("There is no such item. Nothing was written."),
    "borrower": N_("There is no borrower with this number. Nothing was written. The look-up is in the log."),
    "subscriber": N_("Nobody subscribes so, or not any more. Nothing was changed."),
    "mail": N_("One of these Message-IDs is none of the uncertain ones. Nothing was changed."),
    "deletion_request": N_("Nobody has been deleted for a request with this number. Nothing was written."),
}
# Why a file as a whole cannot be imported.
FILES = {
    "missing": N_("There is no file {file}. Nothing was imported."),
    "forbidden": N_("{file} may not be read. Nothing was imported."),
    "folder": N_("{file} is a folder. Nothing was imported."),
    "columns": N_("{file} lacks columns: {detail}. Nothing was imported."),
    "column_twice": N_("{file} has columns twice: {detail}. Nothing was imported."),
    "encoding": N_("{file} is UTF-16. Save it as UTF-8. Nothing was imported."),
    "empty": N_("{file} is empty. Nothing was imported."),
    "not_marc": N_("{file} is not MARC (ISO 2709 or MARCXML). Nothing was imported."),
    "not_xml": N_("{file} is not XML as it should be: line {detail}. Nothing was imported."),
    "truncated": N_("{file} is cut off: it ends in line {detail}. Nothing was imported."),
    "entities": N_("{file} declares or uses entities: line {detail}. No MARC file needs them. Nothing was imported."),
    "not_cpr": N_("{file} is not an extract of the CPR register (U12170). Nothing was imported."),
    "not_iso_8859_1": N_(
        "{file} is not ISO-8859-1, as extracts of the CPR register are. Nothing was imported. Fetch the extract again."
    ),
    "several_extracts": N_(
        "{file} holds more than one extract. Nothing was imported. Import them one by one, the oldest first."
    ),
    "cut": N_(
        "{file} is cut off: the end record (999) is missing after line {detail}. Nothing was imported. "
        "Fetch the extract again."
    ),
    "count": N_(
        "{file} is not whole: the end record and the file differ in the number of records ({detail}). "
        "Nothing was imported. Fetch the extract again."
    ),
}
# What a restore finds in its way, or is in the way of.
HELD_HOMES = {
    "restoring": N_("A back-up is being restored in {home}. Nothing can be opened until that is done."),
    "held": N_("A program is running on {home}: a counter, or a command. Nothing was changed. End it first."),
    "store_there": N_(
        "There is a store already: {home}. Nothing was changed. --replace puts the back-up in its place; "
        "what has been written since the back-up is lost then."
    ),
}
# Why a back-up is not made, or not restored; an empty code stands for all others.
BACKUPS = {
    "server": N_(
        "The store is on a server ({file}), and no back-up of it is made here. Back it up with pg_dump, and the home's "
        "keys and its list of the erased (the file tombstones) with it. After a restore run: desk restore --erase-again"
    ),
    "server_here": N_(
        "{file} holds a store that is a file, and the store of this home is on a server. Nothing was changed. "
        "Restore into another folder."
    ),
    "register": N_(
        "{file} is damaged: which back-ups there are is not known any more. Nothing was done. Delete those that are "
        "older than they may be, then this file."
    ),
    "running": N_("Another back-up is being made from {file}. Try again when it is done."),
    "inside": N_(
        "{file} lies in the home itself, and would be lost with it. Nothing was written. Name another folder."
    ),
    "away": N_(
        "The back-ups that lay in {file} are not there, nor is the list beside them: the medium is probably not here. "
        "Nothing was written. Bring it back, or name another folder."
    ),
    "missing": N_("There is no file {file}. Nothing was changed."),
    "no_folder": N_("There is no folder {file}. Nothing was written. Make it, or name a file without the last stroke."),
    "not_a_backup": N_("{file} is not a back-up of this program. Nothing was changed."),
    "truncated": N_("{file} is cut off: it is not the whole back-up. Nothing was changed. Copy the file again."),
    "other_key": N_(
        "{file} was made with other keys than those of this home. Nothing was changed. "
        "Bring in that installation's keys with desk keys import."
    ),
    "newer": N_("{file} was made by a newer version of the program. Nothing was changed. Install that version first."),
    "newer_store": N_(
        "{file} holds a store of a newer version of the program ({detail}). Nothing was changed. "
        "Install that version first."
    ),
    "damaged": N_("{file} is damaged. Nothing was changed. Copy the file again, or take another back-up."),
    "damaged_store": N_(
        "The store in {file} is damaged ({detail}), and was when the back-up was made. Nothing was changed. "
        "Take an older back-up."
    ),
    "no_tombstones": N_(
        "The list of those who were erased is missing for {file}, or cannot be trusted. Nothing was changed. "
        "Name it with --tombstones, or let a supervisor answer for going on without: --supervisor and --password-stdin."
    ),
    "run_ahead": N_(
        "The last deletion run in {file} lies ahead of the clock: {detail}. Nothing was changed. Put the clock right, "
        "or let a supervisor answer for it: --supervisor and --password-stdin."
    ),
    "not_keys": N_("{file} is not a file of keys. Nothing was changed."),
    "keys_missing": N_("{file} lacks keys that an installation needs. Nothing was changed."),
    "passphrase": N_("The passphrase does not open {file}, or the file is damaged. Nothing was changed."),
    "": N_("{file} cannot be read: {detail}"),
}
TOMBSTONES = {
    "damaged": N_(
        "The list of those who were erased, {file}, has been changed or cut off. Nothing was done. "
        "Put it back from beside a back-up; until then nobody can be erased."
    ),
    "missing": N_("There is no list of those who were erased: {file}. Nothing was done. Name it with --tombstones."),
    "newer": N_("{file} was made by a newer version of the program. Nothing was done."),
    "unwritable": N_("{file} cannot be written: {detail}"),
    "away": N_("{file} is behind: the medium of the back-ups there is not here."),
    "lost": N_("{file} is missing beside the back-ups: the next back-up or night writes it again."),
    "behind": N_("{file} is behind: the next back-up or night brings it up to date."),
    "other": N_("{file} knows of more erasures than this home. It has been left as it is."),
    "shortened": N_("{file} is shorter than when the back-up was made."),
    "begun": N_("{file} began anew after the back-up was made: it does not know who was erased before."),
    "": N_("{file} cannot be read: {detail}"),
}
UNREADABLE_FILE = N_("{file} cannot be read: {detail}")


def sentence(error: wrong.DeskError) -> str:
    """Word any expected failure; nothing of a person is in it (T3)."""
    match error:
        case wrong.SettingsError() | wrong.SecretsError():
            return str(error)
        case wrong.StoreError():
            return store_sentence(error)
        case wrong.HomeError():
            return home_sentence(error)
        case wrong.ImportFailed():
            return file_sentence(error)
        case wrong.ClockSetBack():
            from desk.privacy.retention.words import clock_sentence  # noqa: PLC0415  (seldom)

            return clock_sentence(error)
        case wrong.FileNotWritten():
            return unwritten_sentence(error)
        case wrong.InvalidInput():
            return input_sentence(error)
        case wrong.BackupError() | wrong.TombstonesError():
            return backup_sentence(error)
        case wrong.NotFound():
            return _(MISSING.get(error.what, UNDONE))
        case wrong.SignInFailed():
            return sign_in_sentence(error)
        case wrong.NotAllowed():
            return _("This may not be done from the command line. Nothing was changed.")
        case _:
            return _(UNDONE)


def sign_in_sentence(failed: wrong.SignInFailed) -> str:
    """Word why somebody is not who may do it; an unknown user name reads like a wrong password."""
    match failed.why:
        case "locked":
            return _("The account is locked. A supervisor can unlock it.")
        case "wait":
            return _("Too soon after a wrong try. Try again in a moment.")
        case "not_supervisor":
            return _("Takes a supervisor. Nothing has changed.")
        case _:
            return _("Wrong user name or password.")


def store_sentence(error: wrong.StoreError) -> str:
    """Word what the store did not do, with its file and what to do."""
    match error:
        case wrong.StoreIsUnreadable(where=where) if QUEUE_NAME.fullmatch(Path(where).name):
            # In no back-up: a new one is made, and whoever scanned has the books still.
            text = _(
                "{where} cannot be opened: the key does not fit it, or the file is damaged. Nothing was written. "
                "Put the right keys back, or move the file away with its -wal and -shm and start again: the counter "
                "makes a new one. Scans that waited in it have to be scanned again."
            )
        case wrong.StoreIsUnreadable():
            text = _(
                "{where} cannot be opened: the key does not fit it, or the file is damaged. Nothing was written. "
                "Put the right keys back, or the file from a back-up."
            )
        case wrong.StoreIsOutdated():
            text = _(
                "{where} was made by another version of the program ({detail}). Nothing was written. "
                "Take a back-up and run desk upgrade, or use the version that made it."
            )
        case wrong.StoreIsBusy():
            text = _("{where} is held by another program. Try again in a moment.")
        case wrong.StoreIsFull():
            text = _("{where} cannot be written: the disk is full or read-only. Make room, then try again.")
        case _ if error.detail == os.strerror(errno.ENOENT):
            text = _("{where} is not there. Nothing was written. Put the file back from a back-up.")
        case _:
            text = _("{where} does not answer: {detail}")
    return text.format(where=plain(error.where), detail=plain(driver_words(system_words(error.detail))))


def home_sentence(error: wrong.HomeError) -> str:
    """Word why a home folder is not what the command needs."""
    match error.why:
        case "empty":
            text = _("There is no installation in {home}. Run desk init, or try the program with desk demo.")
        case "no_counter":
            text = _("The counter that desk.toml names is not in the store of {home}. Put branch and name right there.")
        case "taken":
            text = _("There is an installation in {home} already. Nothing was changed.")
        case "store_taken":
            text = _("{home} is a library's store already. Nothing was changed. Name another, or restore its keys.")
        case "open":
            text = _("{home} is not empty, and others on this machine can read it. Name another folder in DESK_HOME.")
        case "unwritable":
            text = _("{home} cannot be made or written. Nothing was changed.")
        case "not_demo":
            text = _("{home} is not a demo. Nothing was changed. Name another folder in DESK_HOME, or none.")
        case "demo_damaged":
            text = _("The demo in {home} is damaged. Run desk demo --fresh.")
        case "in_use":
            text = _("A counter is running on the demo in {home}. Close it first.")
        case _:
            text = _(HELD_HOMES.get(error.why, N_("{home} is not what the command needs. Nothing was changed.")))
    return text.format(home=plain(error.home))


def file_sentence(error: wrong.ImportFailed) -> str:
    """Word why a file as a whole cannot be imported."""
    text = _(FILES.get(error.why, UNREADABLE_FILE))
    return text.format(file=plain(error.file), detail=plain(error.detail))


def unwritten_sentence(error: wrong.FileNotWritten) -> str:
    """Word why a file was not made."""
    match error.why:
        case "taken":
            text = _("{file} is there already. Nothing was written. --force replaces it.")
        case "keys_taken":
            text = _("{file} is there already. Nothing was written. Name another file.")
        case "taken_inside":
            text = _("One of the files is in {file} already. Nothing was written. --force replaces it.")
        case _:
            text = _("{file} cannot be written: {reason}")
    return text.format(file=plain(error.file), reason=plain(error.detail))


def backup_sentence(error: wrong.BackupError | wrong.TombstonesError) -> str:
    """Word why a back-up is not made, or not restored, and why a list of tombstones cannot be used."""
    sentences = BACKUPS if isinstance(error, wrong.BackupError) else TOMBSTONES
    text = _(sentences.get(error.why, sentences[""]))
    return text.format(file=plain(error.file), detail=plain(error.detail))


def input_sentence(error: wrong.InvalidInput) -> str:
    """Word a value that cannot be meant."""
    text = INPUTS.get((error.field, error.why)) or INPUTS.get((error.field, ""), UNDONE)
    return _(text)
