"""Expected failures in words, for the screens (U1: every error in Danish too)."""

from __future__ import annotations

from datetime import datetime

from desk import errors as wrong
from desk.texts import _, ngettext
from desk.wording import clock


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
        case wrong.NotAllowed():
            return _("Takes a supervisor. Nothing has changed.")
        case wrong.NotFound(what="loan"):
            return _("The loan has been returned meanwhile. Nothing has changed.")
        case wrong.NotFound():
            return _("It is gone meanwhile. Nothing has changed.")
        case wrong.InvalidInput():
            return input_sentence(error)
        case _:
            return _("It could not be done. Nothing has changed.")


def input_sentence(error: wrong.InvalidInput) -> str:
    """Word a value that cannot be meant."""
    match (error.field, error.why):
        case ("reason", _):
            return _("Give a reason.")
        case ("due_on" | "ends_on", "passed"):
            return _("The date has passed.")
        case ("due_on", "too_far"):
            return _("The date is more than two years ahead.")
        case ("note", "too_long"):
            return _("The note is longer than 500 characters.")
        case ("kind", _):
            return _("Choose a kind of block.")
        case _:
            return _("It could not be done. Nothing has changed.")


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
