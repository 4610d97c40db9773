"""What ``desk doctor`` found, in words, and what mends it; never anything of a person (T3)."""

from __future__ import annotations

import shutil

from desk.doctor.records import Check
from desk.texts import N_, _
from desk.wording import plain

# One line for a shell: lets this user at the readers where the system asks polkit, which refuses a session over SSH.
_POLKIT = (
    'echo \'polkit.addRule(function(a, s) { if (a.id.indexOf("org.debian.pcsc-lite.") == 0 && '
    's.user == "\'"$USER"\'") return polkit.Result.YES; });\' | sudo tee /etc/polkit-1/rules.d/50-skranke.rules'
)

_FINDINGS = {
    "not_set_up": N_("No card reader is set up for this counter."),
    "no_library": N_("The library for card readers is missing."),
    "no_service": N_("pcscd, the system's service for card readers, does not answer."),
    "no_answer": N_("pcscd, the system's service for card readers, hangs: it is there and gives no answer."),
    "no_access": N_("pcscd does not let this user at the card readers."),
    "service": N_("pcscd answers."),
    "no_reader": N_("pcscd sees no card reader."),
    "borrowers": N_("For borrowers' cards: {readers}"),
    "items": N_("For items: {readers}"),
    "no_borrowers": N_("No reader is for borrowers' cards ({part}). pcscd sees: {readers}"),
    "no_items": N_("No reader is for items ({part}). pcscd sees: {readers}"),
    "nobodys": N_("Not used by this counter: {reader}"),
    "failing": N_("The reader's driver does not answer: {reader}"),
    "tag": N_("{reader}: the tag is read, the blocks' number in {ways}."),
    "tag_of_no_item": N_("{reader}: the tag is read, and nothing is written on it; its own number counts."),
    "tag_blank": N_("{reader}: the tag is read, and nothing is written on it. It is no scan."),
    "tag_garbled": N_("{reader}: the tag is read, and what is written on it cannot be understood ({field})."),
    "tag_other_way": N_("{reader}: the tag is read with the blocks' number in {ways}, not in {blocks}."),
    "tag_not_asked": N_("{reader}: there is a tag on it, and by the settings its blocks are not read."),
    "tag_unread": N_("{reader}: what lies on it cannot be read ({field})."),
    "none_pad": N_("No RFID pad is set up for this counter."),
    "virtual_pad": N_("The RFID pad is a virtual one, for training."),
    "pad": N_("The pad answers."),
    "pad_away": N_("The pad at {port} does not answer."),
    "pad_tag": N_("On the pad: {kind}, {afi}"),
    "pad_tag_garbled": N_("On the pad: what is written on a tag cannot be understood ({field}), {afi}"),
    "no_pad_tag": N_("No tag lies on the pad, so reading has not been tried. Lay one on and run this again."),
    "none_printer": N_("No receipt printer is set up for this counter."),
    "virtual_printer": N_("The receipt printer is a virtual one, for training."),
    "printer": N_("The printer answers."),
    "printer_file": N_("The printer's file can be written; it does not tell whether there is paper."),
    "printer_mute": N_(
        "What is at {address} takes slips, but does not say whether there is paper: a print server, or a printer "
        "that hangs."
    ),
    "no_paper": N_("The printer is out of paper. Slips wait until there is some."),
    "printer_away": N_("The printer at {address} does not answer."),
    "no_tag": N_("No tag lies on a reader, so how tags are read has not been tried. Lay one on and run this again."),
}

# What a tag on the pad is for, by the names of devices.rfid.Usage; the others have none that staff would know.
_KINDS = {
    "circulation": N_("an item for loan"),
    "not_for_circulation": N_("an item not for loan"),
    "acquisition": N_("an item not yet taken in"),
    "discarded": N_("a discarded item"),
    "patron_card": N_("a borrower's card"),
    "equipment": N_("equipment"),
}
_OTHER_KIND = N_("something else")
# What a tag tells the gate.
_GATE = {"07": N_("alarm on (AFI 07)"), "C2": N_("alarm off (AFI C2)"), "": N_("alarm not known")}
_OTHER_AFI = N_("unknown AFI ({afi})")

# What mends it, as it is typed.
_COMMANDS = {
    "no_library": "sudo apt-get install libpcsclite1",
    "no_access": _POLKIT,
    "no_answer": "sudo systemctl restart pcscd",
    "tag_blank": N_("{reader}: the tag is read, and nothing is written on it. It is no scan."),
    "tag_garbled": N_("{reader}: the tag is read, and what is written on it cannot be understood ({field})."),
    "tag_other_way": 'desk.toml: [reader] blocks = "auto"',
}
# What mends it, in words.
_ADVICE = {
    "tag_blank": N_("scan the barcode instead; or lay a tag on that the library has written"),
    "tag_garbled": N_('try another tag; a reader that only says numbers: desk.toml: [reader] blocks = "none"'),
    "not_set_up": N_('desk.toml: [reader] kind = "pcsc", if there is one'),
    "no_reader": N_("plug it in; where that does not help, its driver: sudo apt-get install libccid"),
    "no_borrowers": N_('desk.toml: [reader] borrowers = "part of one of these names"'),
    "no_items": N_('desk.toml: [reader] items = "part of one of these names"'),
    "failing": N_("unplug it and plug it in again; then: sudo systemctl restart pcscd"),
    "tag_unread": N_('lay it on flat, alone; a reader that only says numbers: desk.toml: [reader] blocks = "none"'),
    "none_pad": N_('desk.toml: [pad] kind = "feig" and port, if there is one'),
    "pad_away": N_("look at its plug and at desk.toml: [pad] port; close the counter that is open and has the line"),
    "pad_tag_garbled": N_("lay it on flat, alone; a tag that is blank or damaged is scanned by its barcode"),
    "none_printer": N_('desk.toml: [printer] kind = "usb", "network" or "file", if there is one'),
    "printer_away": N_("look at its plug, and at desk.toml: [printer] address"),
}


def finding(check: Check) -> str:
    """Word what was found."""
    values = {name: plain(value) for name, value in check.values.items()}
    if "kind" in values:
        values["kind"] = _(_KINDS.get(values["kind"], _OTHER_KIND))
    if "afi" in values:
        values["afi"] = _(_GATE.get(values["afi"], _OTHER_AFI)).format(afi=values["afi"])
    return _(_FINDINGS[check.what]).format(**values)


def mend(check: Check) -> str:
    """Say what mends it: a command, or the line of desk.toml; empty: nothing needs to be."""
    if check.what == "no_service":
        is_there = shutil.which("pcscd", path="/usr/sbin:/usr/bin") is not None
        return "sudo systemctl enable --now pcscd.socket" if is_there else "sudo apt-get install pcscd"
    if check.what in _ADVICE:
        return _(_ADVICE[check.what])
    return _COMMANDS.get(check.what, "")
