"""The words of the access log (G8): what was done, why, and how it went."""

from __future__ import annotations

from desk.errors import DeskError, NotAllowed
from desk.privacy.access_log import NOT_FOUND, REFUSED
from desk.privacy.data_map import BY_KEY
from desk.privacy.purposes import Action, Purpose
from desk.texts import NP_, _, pgettext
from screens.sentences import sentence
from screens.text import paintable

ACTIONS = {
    Action.VISIT: NP_("action", "visit opened"),
    Action.PAGE: NP_("action", "page opened"),
    Action.SEARCH: NP_("action", "search"),
    Action.REVEAL: NP_("action", "shown"),
    Action.LEND: NP_("action", "lent"),
    Action.RENEW: NP_("action", "renewed"),
    Action.UNDO: NP_("action", "undone"),
    Action.OVERRIDE: NP_("action", "overridden"),
    Action.CREATE: NP_("action", "created"),
    Action.CHANGE: NP_("action", "changed"),
    Action.LOG: NP_("action", "log read"),
    Action.EXPORT: NP_("action", "access given"),
    Action.CHARGE: NP_("action", "fee charged"),
    Action.PAY: NP_("action", "fee settled"),
    Action.STATEMENT: NP_("action", "statement made"),
    Action.ERASE: NP_("action", "erased"),
    Action.TRUST_CLOCK: NP_("action", "answered for the clock"),
    Action.RESTORE: NP_("action", "restored without a whole list of the erased"),
}
PURPOSES = {
    Purpose.LENDING: NP_("purpose", "lending"),
    Purpose.BORROWER_ASKS: NP_("purpose", "borrower asks"),
    Purpose.FOLLOW_UP: NP_("purpose", "follow-up"),
    Purpose.CORRECTION: NP_("purpose", "correction"),
    Purpose.SIGN_UP: NP_("purpose", "sign-up"),
    Purpose.ACCESS: NP_("purpose", "right of access"),
    Purpose.SUPERVISION: NP_("purpose", "supervision"),
    Purpose.REGISTER: NP_("purpose", "CPR register"),
    Purpose.IMPORT: NP_("purpose", "import"),
    Purpose.DELETION: NP_("purpose", "deletion request"),
}


def action_words(action: str) -> str:
    """Name what was done; a word of another version stays as it is."""
    words = {one.value: text for one, text in ACTIONS.items()}
    return pgettext("action", words[action]) if action in words else paintable(action)


def purpose_words(purpose: str) -> str:
    """Name why it was done; a word of another version stays as it is."""
    words = {one.value: text for one, text in PURPOSES.items()}
    return pgettext("purpose", words[purpose]) if purpose in words else paintable(purpose)


def outcome_words(outcome: str) -> str:
    """Say how it went, unless it went as it should."""
    return {
        NOT_FOUND: pgettext("outcome", "not found"),
        REFUSED: pgettext("outcome", "refused"),
    }.get(outcome, "")


def item_words(key: str) -> str:
    """Name an item of the data map as the policy does."""
    return BY_KEY[key].label if key in BY_KEY else paintable(key)


def read_refused(error: DeskError) -> str:
    """Say why the log is not shown."""
    return _("Takes a supervisor.") if type(error) is NotAllowed else sentence(error)
