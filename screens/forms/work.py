"""How a form is handled: ask, leave early, do, tell. Each gives the sentence to say; empty: nothing happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from desk.borrowers.queries import borrower_with_code
from desk.errors import DeskError, OneOfThemRefused, Refused
from desk.forms.commands import HandleForm, PassSuggestionOn, ReserveForGroup
from desk.forms.kinds import APPOINTMENT, READING_GROUP, SUGGESTION
from desk.forms.records import OpenedForm, Reserved
from desk.installation import new_id
from desk.reservations.queries import titles_to_reserve
from desk.reservations.records import FoundTitle
from desk.texts import _, ngettext, pgettext
from screens.dialogs.ask_cards import CardsDialog
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.choose_title import TitleDialog
from screens.dialogs.question import QuestionDialog
from screens.reservation_words import placed_sentence, sentences
from screens.sentences import sentence
from screens.text import paintable

if TYPE_CHECKING:
    from screens.app import DeskApp

MOST_WHO_FETCH = 40


async def handle(app: DeskApp, form: OpenedForm) -> str:
    """Handle an opened form as its kind is handled."""
    try:
        match form.content.kind:
            case kind if kind == READING_GROUP:
                return await _reading_group(app, form)
            case kind if kind == SUGGESTION:
                return await _suggestion(app, form)
            case kind if kind == APPOINTMENT:
                return await _done(app, form, _("Has the time been agreed, and does it stand in the calendar?"))
            case _:
                return await _done(app, form, _("Has the bag been packed, and is it known who fetches it?"))
    except Refused as refused:
        return " ".join((sentences(refused.reasons, app.today()), _("The form stays.")))
    except DeskError as error:
        return sentence(error)


async def _done(app: DeskApp, form: OpenedForm, question: str) -> str:
    words = (pgettext("key", "J yes, delete the form"), pgettext("key", "N not yet"))
    if await _answer(app, question, words) != words[0][0]:
        return ""
    return await _gone(app, form)


async def _gone(app: DeskApp, form: OpenedForm) -> str:
    await app.installation.desk.do(HandleForm(**_usual(app, form)))
    return _("Handled. The form is deleted.")


async def _unless_first(app: DeskApp, form: OpenedForm, asked: str, words: tuple[str, str, str]) -> str | None:
    """Ask; None: go on as the first answer says. The second deletes the form alone, any other does nothing."""
    answer = await _answer(app, asked, words)
    if answer == words[0][0]:
        return None
    return await _gone(app, form) if answer == words[1][0] else ""


async def _suggestion(app: DeskApp, form: OpenedForm) -> str:
    words = (
        pgettext("key", "I on the purchase list"),
        pgettext("key", "S delete it only"),
        pgettext("key", "N not yet"),
    )
    title = paintable(form.content.values.get("title", ""))
    asked = _("»{title}«: is it to be bought?").format(title=title)
    if (said := await _unless_first(app, form, asked, words)) is not None:
        return said
    await app.installation.desk.do(PassSuggestionOn(**_usual(app, form)))
    return _("It stands on the purchase list, without who suggested it. The form is deleted.")


async def _reading_group(app: DeskApp, form: OpenedForm) -> str:
    words = (
        pgettext("key", "R reserve here"),
        pgettext("key", "S got elsewhere, delete the form"),
        pgettext("key", "N not yet"),
    )
    title = paintable(form.content.values.get("title", ""))
    asked = _("»{title}«: where do the books come from?").format(title=title)
    if (said := await _unless_first(app, form, asked, words)) is not None:
        return said
    found = await _title(app, str(form.content.values.get("title", "")))
    if isinstance(found, str):
        return found
    reserved = await _reserved(app, form, found)
    if reserved is None:
        return ""
    told = (
        placed_sentence(reserved.first)
        if reserved.count == 1
        else _("{n} copies reserved, one for each.").format(n=reserved.count)
    )
    return " ".join((told, _("The form is deleted.")))


async def _title(app: DeskApp, wanted: str) -> FoundTitle | str:
    """Find the title; else give what is to be said."""
    words = _("Words of title and author, item number or FAUST number")
    dialog = TextDialog(_("What is reserved?"), words, wanted, saves=False)
    typed = await app.push_screen_wait(dialog)
    if not typed:
        return ""
    found = await app.installation.desk.ask(app.who, titles_to_reserve, typed)
    if not found:
        return _("Nothing found for »{typed}«.").format(typed=paintable(typed))
    chosen = found[0] if len(found) == 1 else await app.push_screen_wait(TitleDialog(found))
    return "" if chosen is None else chosen


async def _reserved(app: DeskApp, form: OpenedForm, title: FoundTitle) -> Reserved | None:
    """Ask whose cards fetch the books until it goes well; None: nothing was reserved."""
    typed = said = ""
    while True:
        answer = await app.push_screen_wait(CardsDialog(_who_fetches(form), typed, said))
        if not answer:
            return None
        typed = answer
        found = await _borrowers(app, typed)
        if isinstance(found, str):
            said = found
            continue
        command = ReserveForGroup(**_usual(app, form), borrower_ids=tuple(found), title_id=title.title_id)
        try:
            return await app.installation.desk.do(command)
        except OneOfThemRefused as refused:
            code = tuple(found.values())[refused.number - 1]
            reasons = sentences(refused.reasons, app.today())
            said = _("{code}: {reasons}").format(code=paintable(code), reasons=reasons)


def _who_fetches(form: OpenedForm) -> str:
    wanted = int(form.content.values.get("copies", 1))
    asked = ngettext("The form asks for {n} copy.", "The form asks for {n} copies.", wanted).format(n=wanted)
    return " ".join((_("Who fetches the books? One copy each."), asked))


async def _borrowers(app: DeskApp, typed: str) -> dict[int, str] | str:
    """Give borrowers with what was typed for each; else what is to be said."""
    borrowers: dict[int, str] = {}
    for code in typed.split()[:MOST_WHO_FETCH]:
        borrower_id = await app.installation.desk.ask(app.who, borrower_with_code, code)
        if borrower_id is None:
            return _("{code} is no borrower's. Nothing was reserved.").format(code=paintable(code))
        borrowers.setdefault(borrower_id, code)
    return borrowers


async def _answer(app: DeskApp, question: str, words: tuple[str, ...]) -> str | None:
    return await app.push_screen_wait(QuestionDialog(question, tuple((word[0], word[2:]) for word in words)))


def _usual(app: DeskApp, form: OpenedForm) -> dict[str, Any]:
    return {"command_id": new_id(), "who": app.who, "at": app.now(), "form_id": form.form_id}
