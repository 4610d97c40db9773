"""What a line of the balance says: what for, what is left, and when it goes (G7)."""

from __future__ import annotations

from datetime import date

from desk.calendar import local_date
from desk.money.records import FeeRecord, PaidRecord
from desk.texts import NP_, _, pgettext
from desk.wording import kroner, short_date
from screens.borrower.goes_words import goes_words
from screens.text import paintable

REASONS = {
    "overdue": NP_("fee", "returned late"),
    "claim": NP_("fee", "replacement"),
    "by_hand": NP_("fee", "fee"),
}
OUTCOMES = {
    "paid": NP_("fee", "paid"),
    "waived": NP_("fee", "waived"),
    "cancelled": NP_("fee", "cancelled"),
}
KINDS = {
    "payment": NP_("fee", "payment"),
    "refund": NP_("fee", "paid back"),
    "payout": NP_("fee", "paid out"),
}
METHODS = {
    "cash": NP_("fee", "cash"),
    "card": NP_("fee", "payment card"),
    "mobilepay": NP_("fee", "MobilePay"),
}


def what_for(fee: FeeRecord) -> str:
    """Say what a fee is for."""
    about = fee.note or ", ".join(fee.titles)
    what = pgettext("fee", REASONS[fee.reason])
    return paintable(_("{what}: {about}").format(what=what, about=about) if about else what)


def fee_row(fee: FeeRecord, today: date, *, is_marked: bool) -> tuple[str, ...]:
    """Lay a fee out as a row: mark, since, what for, what is left of it or what it was, remark."""
    return (
        "●" if is_marked else " ",
        short_date(fee.charged_on, today),
        what_for(fee),
        _amount(fee),
        _remark(fee, today),
    )


def _amount(fee: FeeRecord) -> str:
    if fee.settled_on is not None or fee.left_ore == fee.amount_ore:
        return kroner(fee.amount_ore)
    return _("{left} of {amount}").format(left=kroner(fee.left_ore), amount=kroner(fee.amount_ore))


def _remark(fee: FeeRecord, today: date) -> str:
    if fee.settled_on is None:
        return _("waits for payment")
    said = [pgettext("fee", OUTCOMES[fee.outcome or "paid"])]
    if fee.credit_ore:
        said.append(_("{amount} credit").format(amount=kroner(fee.credit_ore)))
    else:
        said.append(goes_words(fee.goes, today))
    return " · ".join(said)


def paid_row(paid: PaidRecord, today: date) -> tuple[str, ...]:
    """Lay a payment out as a row of the same columns."""
    how = pgettext("fee", METHODS[paid.method])
    remark = _("voucher no. {number}").format(number=paid.voucher)
    if paid.is_refunded:
        remark = " · ".join((remark, pgettext("fee", KINDS["refund"])))
    remark = " · ".join((remark, goes_words(paid.goes, today)))
    what = _("{kind}, {method}").format(kind=pgettext("fee", KINDS[paid.kind]), method=how)
    return " ", short_date(local_date(paid.paid_at), today), what, kroner(paid.amount_ore), remark
