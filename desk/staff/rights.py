"""Roles and rights (*Semantics*): every command and query names the right it needs."""

from __future__ import annotations

from enum import Enum


class Right(Enum):
    """What somebody may do. One right a kind of work, not one a button."""

    SIGN_IN = "sign_in"
    OWN_ACCOUNT = "own_account"
    LEND = "lend"
    SEE_BORROWER = "see_borrower"
    EDIT_BORROWER = "edit_borrower"
    OVERRIDE = "override"
    READ_LOG = "read_log"
    EXPORT = "export"
    MANAGE_STAFF = "manage_staff"
    IMPORT = "import"
    CHECK = "check"
    SET_UP = "set_up"
    PRINT_LABELS = "print_labels"
    TAKE_MONEY = "take_money"
    WAIVE = "waive"
    RUN_NIGHTLY = "run_nightly"
    SEE_FIGURES = "see_figures"
    REGISTER_DELETION = "register_deletion"
    APPROVE_DELETION = "approve_deletion"
    ERASE = "erase"
    SUBSCRIBE = "subscribe"
    RECEIVE_FORMS = "receive_forms"
    HANDLE_FORMS = "handle_forms"
    SEE_PURCHASES = "see_purchases"


ANYBODY = frozenset({Right.SIGN_IN})
SIGNED_IN = ANYBODY | {Right.OWN_ACCOUNT}
STAFF = SIGNED_IN | {
    Right.LEND,
    Right.SEE_BORROWER,
    Right.EDIT_BORROWER,
    Right.PRINT_LABELS,
    Right.TAKE_MONEY,
    Right.SEE_FIGURES,
    Right.REGISTER_DELETION,
    Right.SUBSCRIBE,
    Right.RECEIVE_FORMS,
    Right.HANDLE_FORMS,
    Right.SEE_PURCHASES,
}
SUPERVISOR = STAFF | {
    Right.OVERRIDE,
    Right.READ_LOG,
    Right.EXPORT,
    Right.MANAGE_STAFF,
    Right.SET_UP,
    Right.WAIVE,
    Right.APPROVE_DELETION,
    Right.ERASE,
}
# What the library has decided is changed by supervisors alone (R8): IT installs, and sets no rule.
IT = SIGNED_IN | {
    Right.IMPORT,
    Right.CHECK,
    Right.MANAGE_STAFF,
    Right.PRINT_LABELS,
    Right.RUN_NIGHTLY,
    Right.SEE_FIGURES,
    # Who unsubscribes by mail is taken off by a command.
    Right.SUBSCRIBE,
    Right.RECEIVE_FORMS,
    Right.SEE_PURCHASES,
}
# Somebody has to end an erasure that was cut short, and nobody is signed in when the program starts (G4).
INSTALLATION = IT | {Right.ERASE}

RIGHTS_OF: dict[str, frozenset[Right]] = {"staff": STAFF, "supervisor": SUPERVISOR, "it": IT}
