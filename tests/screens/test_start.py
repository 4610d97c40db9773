"""What the program loads before the sign-in screen is shown (Q5)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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
    "devices.card_messages",
    "devices.pad_messages",
    "devices.printer_messages",
    "devices.rfid",
    "devices.virtual",
    "devices.tag_pad",
    "devices.pcsc",
    "devices.printer",
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


# The counter as it is started, without a terminal, up to the moment at which it asks for its devices.
RUN = """
import sys
from pathlib import Path
from textual.app import App
from screens.app import DeskApp
import desk.__main__
DeskApp.run = lambda app: App.run(app, headless=True)
def plug_in_devices(app, isils, *, is_demo):
    print(*sys.modules)
    app.exit()
desk.__main__._plug_in_devices = plug_in_devices
desk.__main__.start_counter(Path(sys.argv[1]), with_virtual_devices=True)
"""


def test_until_the_devices_are_started_nothing_of_them_is_loaded(home: Path) -> None:
    done = subprocess.run([sys.executable, "-c", RUN, str(home)], check=True, capture_output=True, text=True)
    loaded = {name for line in done.stdout.splitlines() if "screens.app" in line for name in line.split()}
    assert {name for name in loaded if name.startswith("devices.")} == {
        "devices.keyburst",
        "devices.messages",
        "devices.stripe",
    }


def test_the_sign_in_screen_waits_for_no_rule_of_the_pages_behind_it() -> None:
    program = "import sys, desk.__main__, desk.installation, screens.app; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    early = {name for name in loaded if any(name == later or name.startswith(f"{later}.") for later in LATER)}
    assert early <= NOT_LATER
