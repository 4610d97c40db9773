"""What follows from a change, told when it is made: the rules' effects, in words."""

from __future__ import annotations

from datetime import date

from desk.borrowers import details as held
from desk.borrowers.municipalities import municipality_name
from desk.borrowers.records import BorrowerPage
from desk.texts import _
from desk.wording import one_stop
from screens.borrower.details_rows import CHILD_UNTIL, absence_words, lacks_guardian
from screens.text import paintable


def told_of(detail: held.Detail, page: BorrowerPage | None, today: date) -> str:
    """Say that a detail was changed, and what that leads to.

    Args:
        detail: what was written.
        page: the borrower's page as it is now; None: it could not be read again.
        today: local date.
    """
    said = [_done(detail, page, today)]
    if isinstance(detail, held.Guardian | held.BirthDate) and page is not None and lacks_guardian(page):
        said.append(_("The borrower is under {age} and has nobody financially responsible.").format(age=CHILD_UNTIL))
    # Danish short dates end in a stop of their own («24. sep.»), which also ends the sentence.
    return one_stop(" ".join(said))


def _done(detail: held.Detail, page: BorrowerPage | None, today: date) -> str:
    match detail:
        case held.Name():
            return _("The name is saved.")
        case held.BirthDate():
            return _("The birth date is saved. Fees and age limits follow it from now on.")
        case held.Cpr(cpr=cpr):
            return _("The CPR number is saved.") if cpr else _("The CPR number is removed.")
        case held.Address():
            return _("The address is saved.")
        case held.Telephones(numbers=numbers, sms=sms):
            if numbers and sms is None:
                return _("The telephones are saved. None of them takes sms.")
            return _("The telephones are saved.")
        case held.Email(email=email):
            return _("The e-mail is saved.") if email else _("The e-mail is removed.")
        case _:
            return _rule(detail, page, today)


def _rule(detail: held.Detail, page: BorrowerPage | None, today: date) -> str:
    match detail:
        case held.Absence(absent_from=None, until=None):
            return _("The absence is cleared. Reservations are fulfilled again.")
        case held.Absence(absent_from=start, until=until):
            return _("Reservations are paused: {dates}.").format(dates=absence_words(start, until, today))
        case held.Group():
            return _("The borrower group is changed. Lending days and limit follow it from the next loan on.")
        case held.HomeBranch():
            return _("The home branch is changed. New reservations are picked up there.")
        case held.Municipality(code=code):
            return _municipality(code, page)
        case held.Language():
            return _("The language is changed. It goes for the messages sent from now on.")
        case held.Protection(is_protected=True):
            return _("The name and address protection is saved. The address shows only on a key, and with a purpose.")
        case held.Protection():
            return _("The name and address protection is taken away.")
        case held.Guardian(guardian_id=None):
            return _("Nobody but the borrower is financially responsible.")
        case _:
            return _("Who is financially responsible is saved.")


def _municipality(code: str, page: BorrowerPage | None) -> str:
    named = f"{paintable(code)[-3:]} {municipality_name(code)}".strip() or _("not given")
    if page is None:
        return _("Municipality: {municipality}.").format(municipality=named)
    if page.borrower.digital_services:
        return _("Municipality: {municipality}. Digital services: yes.").format(municipality=named)
    return _("Municipality: {municipality}. Digital services: no.").format(municipality=named)
