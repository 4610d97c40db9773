"""Expected failures in words, for the screens (U1: every error in Danish too)."""

from __future__ import annotations

from datetime import datetime

from desk import errors as wrong
from desk.texts import N_, _, ngettext, pgettext
from desk.wording import clock, plain

LONGEST_NOW = 280

# What a command names that is not there any more.
GONE = {
    "loan": N_("The loan has been returned meanwhile. Nothing has changed."),
    "borrower": N_("The borrower has been deleted meanwhile. Nothing has changed."),
    "card": N_("The borrower does not have that card any more. Nothing has changed."),
    "block": N_("The block has been lifted meanwhile. Nothing has changed."),
    "cpr": N_("No CPR number is held about the borrower."),
    "message": N_("The message is not as it was shown any more. Nothing has changed."),
    "message_content": N_("The message's content has been deleted, so it cannot be sent again. Nothing has changed."),
    "contact": N_("The borrower still has no contact details. Nothing has changed."),
    "guardian": N_("Nobody else is financially responsible."),
    "fee": N_("The fee has been settled meanwhile. Nothing has changed."),
    "payment": N_("There is no such payment any more. Nothing has changed."),
    "reservation": N_("The reservation has been fulfilled or cancelled meanwhile. Nothing has changed."),
    "title": N_("The title is not there any more. Nothing has changed."),
    "item": N_("The copy is not there any more. Nothing has changed."),
    "branch": N_("The branch is not there any more. Nothing has changed."),
    "deletion_request": N_("The deletion request is not as it was shown any more. Nothing has changed."),
    "proof": N_(
        "What was to be proven is not kept on this machine, so the proof cannot be tried again here. Contact IT."
    ),
    "deletion_notice": N_("The borrower has been told meanwhile, or may have been. Nothing is sent once more."),
    "subscriber": N_("The address does not subscribe any more. Nothing has changed."),
    "form": N_("The form has been handled meanwhile. Nothing has changed."),
    "holder": N_("Nobody has it any more, and it is set aside for nobody."),
}

# Field and what is wrong with it; an empty second word: whatever is wrong with it.
INPUT = {
    ("reason", ""): N_("Give a reason."),
    ("due_on", "passed"): N_("The date has passed."),
    ("newsletter_email", "missing"): N_("The e-mail address is missing. Nothing is saved. Type it."),
    ("newsletter_email", ""): N_(
        "That is no e-mail address that mail can be sent to. Nothing is saved. Type it again."
    ),
    ("newsletter_name", "number"): N_("There is a number in the name. Nothing is saved. Type it again."),
    ("newsletter_name", ""): N_("A name is 100 characters at most. Nothing is saved. Shorten it."),
    ("ends_on", "passed"): N_("The date has passed."),
    ("due_on", "too_far"): N_("The date is more than two years ahead."),
    ("note", "too_long"): N_("The note is longer than 500 characters. Nothing is saved. Shorten it."),
    ("form", "nobody"): N_("Nobody was named who fetches the books. Nothing has changed."),
    ("form", "kind"): N_("That is not what the form asks for. Nothing has changed."),
    ("kind", ""): N_("There is no such kind. Nothing is saved. Choose one of those shown."),
    # Details of a borrower, changed or typed at sign-up.
    ("name", "missing"): N_("The name is missing. Nothing is saved. Type it."),
    ("name", "too_long"): N_("The name is longer than 200 characters. Nothing is saved. Shorten it."),
    ("birth_date", "not_of_cpr"): N_("The CPR number begins with another birth date. Nothing is saved. Correct it."),
    ("birth_date", ""): N_("The birth date lies before 1850 or after today. Nothing is saved. Correct it."),
    ("cpr", "digits"): N_("A CPR number is 10 figures. Nothing is saved. Type it again."),
    ("cpr", "date"): N_("A CPR number begins with a date, and there is no such date. Nothing is saved. Type it again."),
    ("cpr", "unborn"): N_("The CPR number's date has not come yet. Nothing is saved. Type it again."),
    ("cpr", "not_of_birth_date"): N_(
        "The CPR number begins with another date than the birth date. Nothing is saved. Type it again, or take the "
        "birth date away first: the number brings its own."
    ),
    ("cpr", "taken"): N_("Another borrower has that CPR number. Nothing is saved. Find that borrower."),
    ("care_of", ""): N_("The c/o name is longer than 200 characters. Nothing is saved. Shorten it."),
    ("street", ""): N_("Street and number are longer than 200 characters. Nothing is saved. Shorten them."),
    ("postcode", ""): N_(
        "A postcode is 4 figures, a foreign one at most 10 figures and letters. Nothing is saved. Correct it."
    ),
    ("city", ""): N_("The town is longer than 200 characters. Nothing is saved. Shorten it."),
    ("email", "invalid"): N_("An e-mail address looks like name@place.dk. Nothing is saved. Correct it."),
    ("email", "too_long"): N_("The e-mail address is longer than 254 characters. Nothing is saved. Shorten it."),
    ("telephone", "invalid"): N_(
        "A telephone number is figures only, at least 4, perhaps with + in front. Nothing is saved. Correct it."
    ),
    ("telephone", "too_many"): N_("There is room for 6 telephone numbers. Nothing is saved. Take one away."),
    ("telephone", "twice"): N_("The same telephone number is there twice. Nothing is saved. Take one away."),
    ("telephone", "sms"): N_("The number for text messages is none of those typed. Nothing is saved. Choose one."),
    ("absence", ""): N_("The absence period ends before it begins. Nothing is saved. Correct the dates."),
    ("group", ""): N_("The borrower group does not exist any more. Nothing is saved. Choose another."),
    ("home_branch", ""): N_("The branch does not exist any more. Nothing is saved. Choose another."),
    ("municipality", ""): N_("A municipality number is 3 figures, for example 671. Nothing is saved. Correct it."),
    ("language", ""): N_("The language is Danish or English. Nothing is saved. Choose one of them."),
    ("protection", ""): N_("The last day of the protection has passed. Nothing is saved. Correct it."),
    ("guardian", "unknown"): N_("Whoever is to be responsible is no borrower here. Nothing is saved. Choose another."),
    ("guardian", "self"): N_("Nobody is made responsible for oneself. Nothing is saved. Choose another."),
    ("guardian", "is_guardian"): N_(
        "The borrower answers for somebody, and cannot have somebody who answers. Nothing is saved."
    ),
    ("guardian", "has_guardian"): N_(
        "Whoever is to be responsible has somebody responsible too. Nothing is saved. Choose another."
    ),
    ("number", "taken"): N_("The borrower numbers that were drawn are taken. Nothing is saved. Try again."),
    # Items.
    ("status_reason", "too_long"): N_("The reason is longer than 200 characters. Nothing is saved. Shorten it."),
    ("barcode", ""): N_("The barcode has a character that no bars can show. No label is made."),
    # Cards.
    ("card", "missing"): N_("The card's number is missing. Nothing is saved. Scan or type it."),
    ("card", "invalid"): N_("That cannot be a card's number. Nothing is saved. Scan or type it again."),
    ("card", "looks_like_cpr"): N_(
        "That may be a CPR number, so it is no card's number. Nothing is saved. Take a library card."
    ),
    ("card", "no_bars"): N_(
        "The card's number has letters that a barcode lacks, such as Æ, Ø or Å. Nothing is saved. Take another card."
    ),
    ("card", "item"): N_("The number is an item's. Nothing is saved. Scan or type the card's own."),
    ("card", "staff_card"): N_("The card is a staff card. Nothing is saved. Take a library card."),
    ("card", "borrower_number"): N_("The number is somebody's borrower number. Nothing is saved. Take another card."),
    ("card", "taken"): N_("The card belongs to somebody already. Nothing is saved. Take another card."),
    # Money.
    ("amount", "not_positive"): N_("The amount must be more than nothing. Nothing is written down. Correct it."),
    ("amount", "more_than_owed"): N_("That is more than is owed. Nothing is paid. Correct the amount."),
    ("amount", "nothing_owed"): N_("Nothing is owed. Nothing is paid."),
    ("amount", "too_much"): N_("The amount is above 100,000 kr. Nothing is written down. Correct it."),
    ("tendered", "too_little"): N_("Less was handed over than is paid. Nothing is paid. Correct the amount."),
    ("tendered", "not_cash"): N_("Only cash gives change. Nothing is paid."),
    ("method", ""): N_("It is paid in cash, by card or by MobilePay. Nothing is paid. Choose one of them."),
    ("reference", "missing"): N_("MobilePay has a reference. Nothing is paid. Type it."),
    ("reference", "too_long"): N_("The reference is longer than 60 characters. Nothing is paid. Shorten it."),
    ("fee", "missing"): N_("No fee is chosen. Nothing has changed."),
    ("payment", "refunded"): N_("The payment has been given back already. Nothing has changed."),
    ("payment", "paid_out"): N_("The money has been paid out already. Nothing has changed."),
    ("credit", "none"): N_("Nothing is owed to the borrower. Nothing is paid out."),
    ("counted", ""): N_("That cannot have been counted. The till is not closed. Correct the amount."),
    ("day", "ahead"): N_("The day has not come yet. The till is not closed."),
    ("pin", "wrong_pins"): N_("The card is stopped by wrong PINs. Nothing has changed. Give it a new PIN."),
}


def sign_in_sentence(failed: wrong.SignInFailed) -> str:
    """Word a failed sign-in; an unknown user name reads like a wrong password."""
    match failed.why:
        case "locked":
            return _("The account is locked. A supervisor can unlock it.")
        case "wait" if failed.try_again_at is not None:
            return _("Too soon after a wrong try. Try again in a moment.")
        case "not_supervisor":
            return _("Takes a supervisor. Nothing has changed.")
        case _:
            return _("Wrong user name or password.")


def store_sentence(error: wrong.StoreError) -> str:
    """Word what the store did not do."""
    match error:
        case wrong.StoreIsBusy():
            return _("Another program holds the store. Try again in a moment.")
        case wrong.StoreIsFull():
            return _("The disk is full or read-only. Nothing was saved. Tell IT.")
        case wrong.StoreIsUnreadable() | wrong.StoreIsOutdated():
            return _("The store cannot be read. Nothing has changed. Tell IT.")
        case _:
            return _("The store does not answer. Nothing has changed.")


def sentence(error: wrong.DeskError) -> str:
    """Word any expected failure of a command."""
    match error:
        case wrong.SignInFailed():
            return sign_in_sentence(error)
        case wrong.StoreError():
            return store_sentence(error)
        case wrong.AccountClosed():
            return _("Your account has been closed. Nothing has changed. Sign off.")
        case wrong.NotAllowed():
            return _("Takes a supervisor. Nothing has changed.")
        case wrong.NotFound(what=what):
            return _(GONE.get(what, N_("It is gone meanwhile. Nothing has changed.")))
        case wrong.TillIsClosed(closed_by=name, closed_at=at):
            return _("The till was closed by {name} at {time}. Nothing has changed. Use another counter.").format(
                name=plain(name), time=clock(at)
            )
        case wrong.InvalidInput():
            return input_sentence(error)
        case wrong.TombstonesError():
            return _("The list of those who were erased cannot be used. Nothing was changed. desk check says why.")
        case wrong.ChangedMeanwhile():
            return changed_sentence(error)
        case wrong.ClockSetBack():
            from desk.privacy.retention.words import clock_sentence  # noqa: PLC0415  (seldom)

            return clock_sentence(error)
        case _:
            return _("It could not be done. Nothing has changed.")


def input_sentence(error: wrong.InvalidInput) -> str:
    """Word a value that cannot be meant: what is so, what did not happen, what to do."""
    said = INPUT.get((error.field, error.why)) or INPUT.get((error.field, ""))
    return _(said or N_("It could not be done. Nothing has changed."))


def changed_sentence(changed: wrong.ChangedMeanwhile) -> str:
    """Say who changed meanwhile what was to be changed, and when."""
    if changed.at is None:
        return _("Changed meanwhile. Look at what is there now, and save again.")
    said = (
        _("Changed meanwhile by {who} at {time}. Look at what is there now, and save again.")
        if changed.by
        else _("Changed meanwhile at {time}. Look at what is there now, and save again.")
    )
    return said.format(who=plain(changed.by), time=clock(changed.at))


def now_sentence(value: str) -> str:
    """Say what is there now, as much of it as a small dialog has room for."""
    shown = plain(value)
    if len(shown) > LONGEST_NOW:
        shown = f"{shown[:LONGEST_NOW].rstrip()}…"
    return _("Now: {value}").format(value=shown or pgettext("value", "empty"))


def sign_off_question(waiting: int) -> str:
    """Ask whether to sign off while decisions wait."""
    return ngettext(
        "{count} decision is waiting. Sign off?", "{count} decisions are waiting. Sign off?", waiting
    ).format(count=waiting)


def left_behind_sentence(count: int) -> str:
    """Say that decisions came into the lane that a program of before had left."""
    return ngettext(
        "{count} decision was left by a program that has ended. F8 shows it.",
        "{count} decisions were left by a program that has ended. F8 shows them.",
        count,
    ).format(count=count)


def locked_sentence(at: datetime, name: str) -> str:
    """Say when and by whom the counter was locked."""
    return _("Locked at {time} by {name}. The pile is safe. Unlock, or sign in and take over.").format(
        time=clock(at), name=name.rstrip(".")
    )


def waiting_sentence(count: int) -> str:
    """Say how many scans wait for the sign-up to end."""
    return ngettext("{count} scan waiting", "{count} scans waiting", count).format(count=count) if count else ""
