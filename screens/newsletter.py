"""The newsletter at the counter (M4): an address is typed, read back and saved, or taken off the list.

It may begin with the e-mail of a borrower whose page is open; no link to the borrower is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desk.errors import DeskError, InvalidInput
from desk.installation import new_id
from desk.newsletter.commands import FindSubscriber, Subscribe, Unsubscribe
from desk.newsletter.leaving import join, leave
from desk.newsletter.queries import subscriber_count
from desk.newsletter.records import SubscriberRecord
from desk.newsletter.rules import LONGEST_EMAIL, LONGEST_NAME, folded_email
from desk.texts import _, ngettext, pgettext
from desk.wording import number, weekday_date
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.question import QuestionDialog
from screens.dialogs.read_back import CORRECT, ReadBackDialog
from screens.sentences import sentence
from screens.text import paintable

if TYPE_CHECKING:
    from screens.app import DeskApp
    from screens.base import DeskScreen

UNSUBSCRIBE = "A"


@dataclass(slots=True)
class Typed:
    """What is typed, or proposed to begin with."""

    email: str = field(default="", repr=False)
    first_name: str = field(default="", repr=False)
    last_name: str = field(default="", repr=False)


async def work_on_newsletter(screen: DeskScreen[Any]) -> None:
    """Ask for an address; then subscribe it, or unsubscribe it if it is on the list. From a worker of the page."""
    screen.show_hint("")
    try:
        typed = await screen.newsletter_start()
        found = await _looked_up(screen.desk_app, typed)
        if found is not None:
            said = await (_unsubscribe(screen.desk_app, found) if found.email else _subscribe(screen.desk_app, typed))
            screen.show_hint(said)
    except DeskError as error:
        screen.show_hint(sentence(error))


@dataclass(frozen=True, slots=True)
class _Found:
    """An address that was looked up: ``email`` is empty when it is not on the list."""

    email: str = field(default="", repr=False)
    since: str = ""


async def _looked_up(app: DeskApp, typed: Typed) -> _Found | None:
    """Ask for the address until it is one, and look whether it subscribes; None: it was left."""
    title, said = await _title(app), ""
    while True:
        email = await app.push_screen_wait(
            TextDialog(title, _("E-mail address"), typed.email, longest=LONGEST_EMAIL, said=said, saves=False)
        )
        if email is None:
            return None
        typed.email = folded_email(email)
        try:
            command = FindSubscriber(command_id=new_id(), who=app.who, at=app.now(), email=email)
            found: SubscriberRecord | None = await app.installation.desk.do(command)
        except InvalidInput as error:
            typed.email, said = email, sentence(error)
            continue
        if found is None:
            return _Found()
        return _Found(found.email, weekday_date(found.consented_on, app.today()))


async def _title(app: DeskApp) -> str:
    """Say what is asked; a supervisor sees how many subscribe."""
    asked = _("Newsletter: which e-mail address?")
    if app.operator is None or not app.operator.is_supervisor:
        return asked
    count = await app.installation.desk.ask(app.who, subscriber_count)
    told = ngettext("{n} subscribes to the newsletter.", "{n} subscribe to the newsletter.", count)
    return f"{asked} {told.format(n=number(count))}"


async def _unsubscribe(app: DeskApp, found: _Found) -> str:
    question = _("{email} has subscribed since {date}.").format(email=paintable(found.email), date=found.since)
    answer = await app.push_screen_wait(QuestionDialog(question, ((UNSUBSCRIBE, pgettext("answer", "unsubscribe")),)))
    if answer is None:
        return ""
    command = Unsubscribe(command_id=new_id(), who=app.who, at=app.now(), email=found.email)
    await leave(app.installation, command)
    return _("Unsubscribed. Nothing is kept that leads to them.")


async def _subscribe(app: DeskApp, typed: Typed) -> str:
    """Ask for the names, read the address back, and save it; what was wrong is asked again."""
    while True:
        first = await _name(app, _("First name, for the greeting"), typed.first_name)
        last = None if first is None else await _name(app, _("Last name"), typed.last_name)
        if first is None or last is None:
            return ""
        typed.first_name, typed.last_name = first, last
        answer = await app.push_screen_wait(ReadBackDialog(typed.email, f"{first} {last}".strip()))
        if answer is None:
            return ""
        if answer != CORRECT:
            break
        found = await _looked_up(app, typed)
        if found is None:
            return ""
        if found.email:
            return await _unsubscribe(app, found)
    command = Subscribe(
        command_id=new_id(),
        who=app.who,
        at=app.now(),
        email=typed.email,
        first_name=typed.first_name,
        last_name=typed.last_name,
    )
    done = await join(app.installation, command)
    return (
        _("Subscribed to the newsletter.") if done.is_new else _("Subscribed already; the names are those given now.")
    )


async def _name(app: DeskApp, asked: str, value: str) -> str | None:
    return await app.push_screen_wait(TextDialog(asked, asked, value, longest=LONGEST_NAME, saves=False))
