"""What the program loads before the sign-in screen is shown (Q5)."""

from __future__ import annotations

import subprocess
import sys

# Each is loaded behind the first page, by `screens.pages.load` or by whoever needs it.
LATER = (
    "desk.borrowers.queries",
    "desk.circulation",
    "desk.messages",
    "desk.money",
    "desk.privacy.erasure",
    "desk.privacy.retention",
    "desk.reservations",
    "desk.statistics",
    "holidays",
    "argon2",
    "typst",
)
# Records that the counter's own lines are made of, and nothing else of those packages.
NOT_LATER = {
    "desk.circulation",
    "desk.circulation.records",
    "desk.circulation.refusals",
    "desk.money",
    "desk.money.records",
}


def test_the_sign_in_screen_waits_for_no_rule_of_the_pages_behind_it() -> None:
    program = "import sys, desk.__main__, desk.installation, screens.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    early = {name for name in loaded if any(name == later or name.startswith(f"{later}.") for later in LATER)}
    assert early <= NOT_LATER
