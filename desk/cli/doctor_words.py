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
    "tag_of_no_item": N_("{reader}: the tag is read, but no item's number is written on it; the tag's own counts."),
    "tag_other_way": N_("{reader}: the tag is read with the blocks' number in {ways}, not in {blocks}."),
    "tag_not_asked": N_("{reader}: there is a tag on it, and by the settings its blocks are not read."),
    "tag_unread": N_("{reader}: what lies on it cannot be read ({field})."),
    "no_tag": N_("No tag lies on a reader, so how tags are read has not been tried. Lay one on and run this again."),
}


def finding(check: Check) -> str:
    """Word what was found."""
    return _(_FINDINGS[check.what]).format(**{name: plain(value) for name, value in check.values.items()})


def mend(check: Check) -> str:
    """Say what mends it: a command, or the line of desk.toml; empty: nothing needs to be."""
    match check.what:
        case "not_set_up":
            return _('desk.toml: [reader] kind = "pcsc", if there is one')
        case "no_library":
            return "sudo apt-get install libpcsclite1"
        case "no_service":
            is_there = shutil.which("pcscd", path="/usr/sbin:/usr/bin") is not None
            return "sudo systemctl enable --now pcscd.socket" if is_there else "sudo apt-get install pcscd"
        case "no_access":
            return _POLKIT
        case "no_reader":
            return _("plug it in; where that does not help, its driver: sudo apt-get install libccid")
        case "no_borrowers":
            return _('desk.toml: [reader] borrowers = "part of one of these names"')
        case "no_items":
            return _('desk.toml: [reader] items = "part of one of these names"')
        case "failing":
            return _("unplug it and plug it in again; then: sudo systemctl restart pcscd")
        case "tag_other_way":
            return 'desk.toml: [reader] blocks = "auto"'
        case "tag_unread":
            return _('lay it on flat, alone; a reader that only says numbers: desk.toml: [reader] blocks = "none"')
        case _:
            return ""
