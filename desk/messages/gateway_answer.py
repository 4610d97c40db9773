"""What a gateway's answer of 2xx means: that it took the text message, or nothing that can be relied on.

A log-in page, a proxy's «please wait» and ``{"status": "error"}`` come with 200 too. A web page is never a good answer.
Else ``sms.accepted`` decides, a regular expression that is looked for in the answer; without one a good answer is JSON
that names no error. So a gateway that answers nothing (202, 204) needs ``accepted = "^$"``.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final

# What gateways call these; a number that is no 0 under them counts too, «"error": 0» and «"errors": []» do not.
WRONG_WHEN_SET: Final = frozenset(
    {"error", "errors", "error_code", "errorcode", "error_message", "errormessage", "fault"}
)
WRONG_WHEN_FALSE: Final = frozenset({"success", "ok", "accepted"})
SAYS_HOW: Final = frozenset({"status", "state", "result"})
WRONG_WORDS: Final = ("error", "fail", "reject", "denied", "refused", "invalid", "unauthor", "forbidden", "undeliver")
WRONG_FROM: Final = 400
"""A status inside an answer that looks like HTTP's own."""
NO_ERROR: Final = frozenset({"0", "none", "false", "ok"})


def is_good_answer(content_type: str, said: str | None, accepted: str) -> bool:
    """Tell whether an answer of 2xx says that the message was taken.

    Args:
        content_type: as the gateway says.
        said: the whole answer; None: it did not come to an end.
        accepted: ``sms.accepted``, a regular expression; empty: JSON that names no error.
    """
    if said is None or _is_web_page(content_type, said):
        return False
    if accepted:
        return re.search(accepted, said) is not None
    if "json" not in content_type.casefold():
        return False
    try:
        read = json.loads(said)
    except (ValueError, RecursionError):
        return False
    told = read if isinstance(read, list) else [read]
    return bool(told) and all(isinstance(one, dict) and not _names_error(one) for one in told)


def _is_web_page(content_type: str, said: str) -> bool:
    begins = said.lstrip("\ufeff \t\r\n")[:64].casefold()
    return "html" in content_type.casefold() or begins.startswith(("<!doctype html", "<html", "<head", "<body"))


def _names_error(told: dict[str, Any]) -> bool:
    """Tell whether what an answer says on top is that it went wrong."""
    return any(_is_wrong(name.casefold(), value) for name, value in told.items())


def _is_wrong(name: str, value: Any) -> bool:
    word = str(value).casefold() if isinstance(value, str) else ""
    if name in WRONG_WHEN_SET:
        return bool(value) and word not in NO_ERROR
    if name in WRONG_WHEN_FALSE:
        return value is False or value == 0 or word in {"false", "no", "0"}
    if name in SAYS_HOW:
        return any(wrong in word for wrong in WRONG_WORDS) or value is False or _as_number(value) >= WRONG_FROM
    return False


def _as_number(value: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:9])
    return value if isinstance(value, int) else 0
