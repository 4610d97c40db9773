"""What is looked up while the sign-up page is filled in: as soon as a field is left, and never in the clerk's way."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from desk.borrowers.card_numbers import card_fault
from desk.borrowers.commands import FindDoubles, FindGuardian, FindHolder
from desk.borrowers.cpr import born_with, checked_cpr, is_replacement, masked_cpr
from desk.borrowers.doubles import KnownBorrower
from desk.borrowers.proposing import city_of
from desk.counter.codes import meaning_of
from desk.counter.orders import CODE
from desk.errors import InvalidInput
from desk.texts import _
from desk.wording import plain
from screens.dates import typed_birth_date
from screens.sign_up.words import fault_sentence, holder_sentence, known_words

if TYPE_CHECKING:
    from screens.sign_up.sign_up import SignUpScreen


async def check_cpr(screen: SignUpScreen) -> None:
    """Check the CPR number by its date, mask it, fill in the birth date, and look for whoever has it.

    Raises:
        DeskError: the store did not answer.
    """
    field, typed = screen.form.field("cpr"), screen.form.text("cpr")
    if screen.form.cpr and typed == masked_cpr(screen.form.cpr):
        if screen.form.holder is not None:
            field.fault(holder_sentence(screen.form.holder))
        return
    field.fault("")
    screen.form.cpr, screen.form.holder = "", None
    field.remark("" if typed else _("without a CPR number"))
    screen.form.without_cpr = not typed
    if typed:
        try:
            cpr = checked_cpr(typed, screen.desk_app.today())
        except InvalidInput as error:
            field.fault(fault_sentence(error.field, error.why))
            return
        await take_cpr(screen, cpr)
    screen.form.propose_group()


async def take_cpr(screen: SignUpScreen, cpr: str) -> None:
    """Take a number that is one.

    Raises:
        DeskError: the store did not answer.
    """
    field = screen.form.field("cpr")
    screen.form.cpr = cpr
    screen.form.put("cpr", masked_cpr(cpr))
    field.remark(_("replacement number") if is_replacement(cpr) else "")
    born = born_with(cpr)
    if born is not None:
        screen.form.put("born", f"{born.day}.{born.month}.{born.year}")
    screen.form.propose_group()
    found = await screen.desk_app.installation.desk.do(FindHolder(**screen.about(), cpr=cpr))
    if found and screen.form.cpr == cpr:
        screen.form.holder = found[0]
        field.fault(holder_sentence(found[0]))


def check_birth_date(screen: SignUpScreen) -> None:
    """Read the birth date."""
    typed, today = screen.form.text("born"), screen.desk_app.today()
    if typed and typed_birth_date(typed, today) is None:
        screen.form.field("born").fault(_("Type a birth date, for example 17.5.1980."))
    screen.form.propose_group()


async def check_doubles(screen: SignUpScreen) -> None:
    """Look for somebody of the same birth date and name, or the same name and street; once for what is typed.

    Raises:
        DeskError: the store did not answer.
    """
    asked = (screen.form.text("name"), screen.form.born, screen.form.text("street"))
    if asked == screen.doubles_asked:
        return
    screen.doubles_asked = asked
    name, born, street = asked
    found: tuple[KnownBorrower, ...] = ()
    if name and (born is not None or street):
        command = FindDoubles(**screen.about(), name=name, birth_date=born, street=street)
        found = await screen.desk_app.installation.desk.do(command)
    if asked == screen.doubles_asked:
        screen.form.show_doubles(found)


async def fill_city(screen: SignUpScreen) -> None:
    """Fill in the city of a postcode that is known.

    Raises:
        DeskError: the store did not answer.
    """
    postcode = screen.form.text("postcode")
    if postcode and not screen.form.text("city"):
        city = await screen.desk_app.installation.desk.ask(screen.desk_app.who, city_of, postcode)
        if city and not screen.form.text("city"):
            screen.form.put("city", plain(city))


async def check_guardian(screen: SignUpScreen) -> None:
    """Look for whoever is to be financially responsible; found, their name takes the place of the code.

    Raises:
        DeskError: the store did not answer.
    """
    typed = screen.form.text("guardian")
    if screen.form.guardian is not None and typed == plain(screen.form.guardian.name).strip():
        return
    field = screen.form.field("guardian")
    screen.form.guardian = None
    field.fault("")
    field.remark("")
    if typed:
        try:
            found = await screen.desk_app.installation.desk.do(FindGuardian(**screen.about(), code=typed))
        except InvalidInput as error:
            field.fault(fault_sentence(error.field, error.why))
            return
        if screen.form.text("guardian") != typed:
            return
        if not found:
            field.fault(fault_sentence("guardian", "unknown"))
            return
        screen.form.guardian = found[0]
        screen.form.put("guardian", plain(found[0].name))
        field.remark(known_words(found[0]).removeprefix(plain(found[0].name)).removeprefix(", "))
    screen.form.remind_of_guardian()


async def check_card(screen: SignUpScreen, scanned: str = "") -> None:
    """Make sure that a card may have its number.

    Args:
        screen: the page.
        scanned: what was scanned into the field; an item goes on to the queue, where it belongs.

    Raises:
        DeskError: the store did not answer.
    """
    app, number, field = screen.desk_app, scanned or screen.form.text("card"), screen.form.field("card")
    field.fault("")
    if not number:
        return
    desk = app.installation.desk
    if scanned and (await desk.ask(app.who, meaning_of, number)).is_item_only:
        screen.form.put("card", "")
        app.at_counter.work.take(CODE, scanned, app.who, time.monotonic())
        field.note(_("That was an item. It waits with the other scans."))
        return
    why = await desk.ask(app.who, card_fault, number)
    if why:
        field.fault(fault_sentence("card", why))
