"""What stands around every page: the status line, the keys of the bottom line, the entries of the palette (U2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.app import SystemCommand
from textual.screen import Screen

from desk.counter.modes import CHECK_OUT, RETURN
from desk.texts import _, pgettext
from desk.wording import clock
from screens import pages
from screens.base import DeskScreen
from screens.widgets.status_line import Status

if TYPE_CHECKING:
    from screens.app import DeskApp


# As they stand on the status line, whichever was heard of first.
DEVICES = ("reader", "item_reader", "scanner", "pad", "printer")


def _in_order(devices: dict[str, str]) -> list[tuple[str, str]]:
    return [(device, devices[device]) for device in DEVICES if device in devices]


def status_of(app: DeskApp, mode: str) -> Status:
    """Give the status line's values (C14)."""
    here = app.at_counter
    prints = here.work.prints
    has_stalled = here.store_state == "ok" and here.work.has_stalled
    return Status(
        branch=app.counter_place.branch,
        counter=app.counter_place.counter,
        operator="" if app.operator is None else app.operator.name,
        mode={CHECK_OUT: _("F2 CHECK-OUT"), RETURN: _("F3 RETURN")}.get(mode, mode),
        devices=(
            *_in_order(app.hearing.devices),
            *((("spool", "down"),) if prints is not None and prints.has_failed else ()),
            *(() if here.queue_ok else (("queue", "down"),)),
        ),
        store="busy" if has_stalled else here.store_state,
        queue=here.work.waiting,
        clock=clock(app.now()),
        notice=" · ".join(filter(None, (app.retention.notice, app.deletions.notice))),
    )


def footer_keys(decisions: int) -> tuple[tuple[str, str], ...]:
    """Give the keys valid at the counter, with how many decisions wait."""
    lane = pgettext("footer", "decisions")
    return (
        ("F1", pgettext("footer", "help")),
        ("F2", pgettext("footer", "check-out")),
        ("F3", pgettext("footer", "return")),
        ("F4", pgettext("footer", "borrower")),
        ("F5", pgettext("footer", "lists")),
        ("F6", pgettext("footer", "deletions")),
        ("F8", f"{lane} ({decisions})" if decisions else lane),
        ("F9", pgettext("footer", "curtain")),
        ("F10", pgettext("footer", "last one")),
        ("^Z", pgettext("footer", "undo")),
        ("^P", pgettext("footer", "palette")),
        ("^T", pgettext("footer", "item")),
        ("^Q", pgettext("footer", "sign off")),
    )


def app_commands(app: DeskApp, screen: Screen[Any]) -> list[SystemCommand]:
    """List what can be done on the page one is on, and everywhere."""
    commands = [SystemCommand(_("Help"), _("Explains the page you are on (F1)"), app.action_help)]
    if isinstance(screen, DeskScreen):
        commands += screen.actions()
        if app.operator is not None and not screen.KEPT:
            found_by = _("By name, birth date, telephone, e-mail, street, card or CPR number (F4)")
            commands.append(SystemCommand(_("Find borrower"), found_by, app.action_find))
            if screen.HELP != "item":
                about = _("Title, author, barcode or FAUST number (Ctrl+T)")
                commands.append(SystemCommand(_("Find item"), about, app.action_item))
            new = SystemCommand(_("New borrower"), _("Create a borrower"), lambda: app.push_screen(pages.sign_up()))
            commands.append(new)
        if screen.NEWSLETTER:
            about = _("Subscribe or unsubscribe an e-mail address")
            commands.append(SystemCommand(_("Newsletter"), about, lambda: pages.newsletter(screen)))
    if app.operator is not None and app.operator.role != "it" and getattr(screen, "HELP", "") != "deletions":
        asked = _("Requests to be deleted, and what they wait for (F6)")
        commands.append(SystemCommand(_("Deletions"), asked, app.action_deletions))
    if app.operator is not None and app.operator.role != "it" and getattr(screen, "HELP", "") != "till":
        counted = _("What has been paid at this counter; counted and signed")
        commands.append(SystemCommand(_("Till"), counted, lambda: app.push_screen(pages.till())))
    if app.operator is not None and app.operator.role != "it" and getattr(screen, "HELP", "") != "set_up":
        decided = _("Groups, rules, amounts, calendar, branches, messages (F7)")
        commands.append(SystemCommand(_("Set-up"), decided, app.action_set_up))
    if app.operator is not None and app.operator.is_supervisor and getattr(screen, "HELP", "") != "staff_log":
        commands.append(
            SystemCommand(
                _("Log of a member of staff"),
                _("Whom somebody looked at, when and why"),
                lambda: app.push_screen(pages.staff_log()),
            )
        )
    for name, label in (
        ("dark", _("Dark colours")),
        ("light", _("Light colours")),
        ("high-contrast", _("High contrast")),
    ):
        commands.append(SystemCommand(label, _("Change the colours"), lambda name=name: setattr(app, "theme", name)))
    commands.append(SystemCommand(_("Sign off"), _("Sign off, or leave the program (Ctrl+Q)"), app.action_leave))
    return commands
