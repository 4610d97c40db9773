"""What is done with a balance: ask, leave early, do, tell."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desk.command import Who
from desk.errors import DeskError, FileNotWritten
from desk.money.paying import Pay
from desk.money.paying_back import PayOut, Refund
from desk.money.records import FeeRecord, PaidRecord, PaymentRecord
from desk.money.settling import Waive, WriteFee
from desk.texts import _, pgettext
from desk.wording import kroner, one_stop
from screens.dialogs.ask_text import TextDialog
from screens.dialogs.pay import PayDialog
from screens.dialogs.question import QuestionDialog
from screens.dialogs.step_up import StepUpDialog
from screens.dialogs.write_fee import FeeDialog
from screens.sentences import sentence
from screens.stepping_up import supervisor_of
from screens.text import plain

if TYPE_CHECKING:
    from desk.spool.printing import Printing
    from screens.borrower.balance_pane import BalancePane
    from screens.borrower.borrower import BorrowerScreen


async def carry_out(screen: BorrowerScreen, asked: BalancePane.Asked) -> None:
    """Do what the pane asks for."""
    match asked.what:
        case "pay":
            await pay(screen, asked.fees)
        case "waive":
            await waive(screen, asked.fees)
        case "write_fee":
            await write_fee(screen)
        case "refund":
            await refund(screen, asked.paid)
        case "pay_out":
            await pay_out(screen, asked.credit_ore)
        case _:
            await statement(screen)


async def pay(screen: BorrowerScreen, fees: tuple[FeeRecord, ...]) -> None:
    """Ask how much and how, then take the money."""
    left = sum(fee.left_ore for fee in fees)
    if not left:
        screen.say(_("Nothing is owed. Nothing is paid."))
        return
    asked = await screen.ask(PayDialog(left))
    if asked is None:
        return
    command = Pay(
        **screen.about(),
        fee_ids=tuple(fee.fee_id for fee in fees),
        amount_ore=asked.amount_ore,
        method=asked.method,
        reference=asked.reference,
        tendered_ore=asked.tendered_ore,
    )
    await _move(screen, command)


async def waive(screen: BorrowerScreen, fees: tuple[FeeRecord, ...]) -> None:
    """Waive fees: a supervisor gives the reason, at a colleague's counter by stepping up."""
    if not fees:
        screen.say(_("No fee is chosen. Nothing has changed."))
        return
    amount = kroner(sum(fee.left_ore for fee in fees))
    with screen.desk_app.held_back.during():
        given = await _supervised(screen, _("Waive {amount}").format(amount=amount))
        if given is None:
            return
        who, reason = given
        about = screen.about() | {"who": who}
        command = Waive(**about, fee_ids=tuple(fee.fee_id for fee in fees), reason=reason)
        told = _("The fee of {amount} is waived.").format(amount=amount)
        await screen.change(command, told, below=_("The fee is waived."))


async def write_fee(screen: BorrowerScreen) -> None:
    """Ask how much and why, then write the fee."""
    asked = await screen.ask(FeeDialog())
    if asked is not None:
        command = WriteFee(**screen.about(), amount_ore=asked.amount_ore, reason=asked.reason)
        await screen.change(command, _("A fee of {amount} is written.").format(amount=kroner(asked.amount_ore)))


async def refund(screen: BorrowerScreen, paid: PaidRecord | None) -> None:
    """Give a payment back."""
    if paid is None:
        screen.say(_("Choose the payment that is to be given back."))
        return
    with screen.desk_app.held_back.during():
        given = await _supervised(screen, _("Give {amount} back").format(amount=kroner(paid.amount_ore)))
        if given is not None:
            who, reason = given
            await _move(screen, Refund(**(screen.about() | {"who": who}), payment_id=paid.payment_id, reason=reason))


async def pay_out(screen: BorrowerScreen, credit_ore: int) -> None:
    """Pay out what is owed to the borrower, in cash."""
    if not credit_ore:
        screen.say(_("Nothing is owed to the borrower. Nothing is paid out."))
        return
    question = _("Pay out {amount} in cash?").format(amount=kroner(credit_ore))
    if await screen.ask(QuestionDialog(question, (("U", _("pay out")), ("B", _("leave it"))))) != "U":
        return
    with screen.desk_app.held_back.during():
        given = await _supervised(screen, question)
        if given is not None:
            await _move(screen, PayOut(**(screen.about() | {"who": given[0]}), method="cash"))


async def statement(screen: BorrowerScreen) -> None:
    """Make a statement of what is out and what is owed (M3), as a file to print, or on the receipt printer."""
    # Loaded when somebody asks for it: no start waits for it.
    from desk.money.statement import MakeStatement  # noqa: PLC0415
    from desk.money.statement_file import write_statement  # noqa: PLC0415
    from desk.privacy.access_report.expiry import FOLDER, KEPT_DAYS, delete_old_reports  # noqa: PLC0415

    app = screen.desk_app
    home = app.installation.home
    prints = app.at_counter.work.prints
    if prints is not None:
        answer = await screen.ask(QuestionDialog(_("Where is the statement wanted?"), paper_or_file()))
        if answer is None:
            return
        if answer == paper_or_file()[0][0]:
            await _statement_on_paper(screen, prints)
            return
    delete_old_reports(home, app.now())
    try:
        record = await app.installation.desk.do(MakeStatement(**screen.about()))
        file = await asyncio.to_thread(write_statement, record, home / FOLDER)
    except FileNotWritten as error:
        screen.say(_("The print could not be written: {reason}. Tell IT.").format(reason=plain(error.detail)))
        return
    except DeskError as error:
        screen.say(sentence(error))
        return
    told = _("The statement is in {file}. It is deleted after {days} days.")
    screen.say(told.format(file=plain(file), days=KEPT_DAYS))


def paper_or_file() -> tuple[tuple[str, str], ...]:
    """Give the letters that say where a statement goes."""
    return (
        (pgettext("key", "P"), pgettext("key", "on the receipt printer")),
        (pgettext("key", "F"), pgettext("key", "as a file (PDF)")),
    )


async def _statement_on_paper(screen: BorrowerScreen, prints: Printing) -> None:
    """Print a statement on the counter's receipt printer."""
    from desk.money.statement import MakeStatement  # noqa: PLC0415
    from screens.lending.printing import printer_words  # noqa: PLC0415

    about = screen.about()
    try:
        record = await screen.desk_app.installation.desk.do(MakeStatement(**about))
        await prints.print_statement(record, about["borrower_id"], about["command_id"])
    except DeskError as error:
        screen.say(sentence(error))
    except OSError:
        screen.say(_("It could not be kept for the printer. Tell IT."))
    else:
        screen.say(printer_words(screen.desk_app.at_counter.slips.printer))


async def _move(screen: BorrowerScreen, command: Pay | Refund | PayOut) -> None:
    """Carry out a movement of money, and tell what it came to."""
    try:
        record = await screen.desk_app.installation.desk.do(command)
    except DeskError as error:
        screen.refuse(error)
        return
    screen.desk_app.refresh_borrower()
    screen.say(moved_words(command, record))
    screen.load()


def moved_words(command: Pay | Refund | PayOut, record: PaymentRecord) -> str:
    """Say what moved, what goes back in change, and what is owed now."""
    amount, owed = kroner(record.amount_ore), kroner(record.owed_ore)
    match command:
        case Pay():
            said = [_("Paid: {amount}. Balance now {owed}.").format(amount=amount, owed=owed)]
        case Refund():
            said = [_("Given back: {amount}. Balance now {owed}.").format(amount=amount, owed=owed)]
        case _:
            said = [_("Paid out: {amount}.").format(amount=amount)]
    if record.change_ore:
        said.insert(0, _("Change: {amount}.").format(amount=kroner(record.change_ore)))
    if record.closed_loans:
        said.append(_("The replacement is paid: the loan is closed, and the material is lost."))
    said.append(_("Voucher no. {number}.").format(number=record.voucher))
    # «kr.» ends in a stop of its own, which also ends the sentence.
    return one_stop(" ".join(said))


async def _supervised(screen: BorrowerScreen, title: str) -> tuple[Who, str] | None:
    """Get a supervisor and a reason: whoever is signed in, or somebody who steps up; None: it was left."""
    app = screen.desk_app
    if app.operator is not None and app.operator.is_supervisor:
        reason = await screen.ask(TextDialog(title, _("Reason"), needed=True, longest=200))
        return None if reason is None else (app.who, reason)
    said, reason = title, ""
    while True:
        step_up = await screen.ask(StepUpDialog(said, reason))
        if step_up is None:
            return None
        reason = step_up.reason
        try:
            supervisor = await supervisor_of(app.installation.sign_in, step_up)
        except DeskError as error:
            said = sentence(error)
        else:
            return Who(supervisor.staff_id, app.who.counter_id), reason
