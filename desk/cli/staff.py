"""``desk staff``: accounts opened, listed, closed and unlocked (T6)."""

from __future__ import annotations

import asyncio

import click

from desk.cli import asking
from desk.cli.demo import role_name
from desk.cli.output import say, say_json
from desk.cli.words import Worded, WordedGroup, json_option
from desk.command import INSTALLATION
from desk.installation import new_id, now, open_installation
from desk.settings import home
from desk.staff.commands import AddStaff, DisableStaff, UnlockStaff
from desk.staff.person_numbers import SetPersonNumber
from desk.staff.queries import all_staff
from desk.staff.records import StaffRecord
from desk.texts import _, pgettext

ROLES = ("staff", "supervisor", "it")


class Role(click.ParamType[str]):
    """One of the three roles."""

    name = "ROLE"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read a role.

        Raises:
            click.BadParameter: it is none.
        """
        if value not in ROLES:
            self.fail(_("one of {choices} is needed").format(choices=", ".join(ROLES)), param, ctx)
        return value


def command() -> click.Command:
    """Make the group of commands."""
    return WordedGroup(
        "staff",
        {
            "add": _add_command,
            "list": _list_command,
            "number": _number_command,
            "disable": _disable_command,
            "unlock": _unlock_command,
        },
        help=_("Accounts of those who work at the counter."),
    )


def _login() -> click.Argument:
    return click.Argument(["login"], metavar=_("LOGIN"))


def _add_command() -> click.Command:
    return Worded(
        "add",
        callback=add,
        params=[
            _login(),
            click.Option(["--name"], metavar=_("NAME"), help=_("As the status line shows it, such as Mette K.")),
            click.Option(
                ["--role"],
                type=Role(),
                metavar="staff|supervisor|it",
                default="staff",
                help=_("What the account may do; staff if it is not given."),
            ),
            click.Option(["--card"], metavar=_("NUMBER"), help=_("A staff card; its PIN is asked for as well.")),
            click.Option(
                ["--password-stdin"],
                is_flag=True,
                help=_("Read the password from standard input, and a card's PIN from the line after it."),
            ),
            click.Option(
                ["--person-number"],
                is_flag=True,
                help=_("Ask for the staff number as well, without which nobody approves deletions."),
            ),
            click.Option(
                ["--person-number-stdin"],
                is_flag=True,
                help=_("Read the staff number from standard input, from the line after password and PIN."),
            ),
            json_option(),
        ],
        help=_("Open an account."),
    )


def _list_command() -> click.Command:
    return Worded(
        "list",
        callback=list_,
        params=[json_option()],
        help=_("List the accounts."),
    )


def _number_command() -> click.Command:
    return Worded(
        "number",
        callback=number,
        params=[
            _login(),
            click.Option(["--person-number-stdin"], is_flag=True, help=_("Read the staff number from standard input.")),
            json_option(),
        ],
        help=_("Say of whom an account is: the staff number, the same on every account of one person."),
    )


def _disable_command() -> click.Command:
    return Worded(
        "disable",
        callback=disable,
        params=[_login(), json_option()],
        help=_("Close an account; what it did stays."),
    )


def _unlock_command() -> click.Command:
    return Worded(
        "unlock",
        callback=unlock,
        params=[_login(), json_option()],
        help=_("Unlock an account after wrong passwords."),
    )


def add(
    login: str,
    name: str | None,
    role: str,
    card: str | None,
    *,
    password_stdin: bool,
    person_number: bool,
    person_number_stdin: bool,
    as_json: bool,
) -> None:
    """Open an account.

    Raises:
        click.MissingParameter: no password was given and nobody is there to ask.
        DeskError: it cannot be opened.
    """
    if not password_stdin and not asking.somebody_is_there():
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.Option(["--password-stdin"]))
    with open_installation(home()) as installation:
        password = asking.new_password(from_stdin=password_stdin)
        pin = asking.new_pin(from_stdin=password_stdin) if card else None
        number = None
        if person_number or person_number_stdin:
            number = asking.person_number(from_stdin=person_number_stdin or not asking.somebody_is_there())
        record = asyncio.run(
            installation.desk.do(
                AddStaff(
                    command_id=new_id(),
                    who=INSTALLATION,
                    at=now(),
                    login=login,
                    name=name or login.strip().capitalize(),
                    role=role,
                    password_hash=installation.hasher.password_hash(password),
                    card=card,
                    pin_hash=None if pin is None else installation.hasher.pin_hash(pin),
                    person_number=number,
                )
            )
        )
    sentence = _("{login} may sign in as {role}.").format(login=record.login, role=role_name(record.role))
    _tell(record, sentence, as_json=as_json)


def _tell(account: StaffRecord, sentence: str, *, as_json: bool) -> None:
    """Say what became of an account; to a program without the name (T3)."""
    if as_json:
        say_json({"login": account.login, "role": account.role, "active": account.active, "locked": account.locked})
    else:
        say(sentence)


def list_(*, as_json: bool) -> None:
    """List the accounts.

    Raises:
        DeskError: the store cannot be read.
    """
    with open_installation(home()) as installation:
        accounts = asyncio.run(installation.desk.ask(INSTALLATION, all_staff))
    if as_json:
        say_json(
            {
                "staff": [
                    {
                        "login": one.login,
                        "name": one.name,
                        "role": one.role,
                        "active": one.active,
                        "locked": one.locked,
                        "has_person_number": one.has_person_number,
                    }
                    for one in accounts
                ]
            }
        )
        return
    width = max((len(one.login) for one in accounts), default=0)
    for one in accounts:
        lacking = "" if one.has_person_number or not one.active else "  " + pgettext("account", "no staff number")
        say(f"{one.login:<{width}}  {role_name(one.role):<11}  {_state(one):<8}  {one.name}{lacking}")


def _state(account: StaffRecord) -> str:
    if not account.active:
        return pgettext("account", "closed")
    return pgettext("account", "locked") if account.locked else pgettext("account", "open")


def number(login: str, *, person_number_stdin: bool, as_json: bool) -> None:
    """Say of whom an account is; an empty number takes it away.

    Raises:
        click.MissingParameter: nobody is there to ask.
        DeskError: there is no such account, or the number is another's.
    """
    if not person_number_stdin and not asking.somebody_is_there():
        raise click.MissingParameter(ctx=click.get_current_context(), param=click.Option(["--person-number-stdin"]))
    with open_installation(home()) as installation:
        typed = asking.person_number(from_stdin=person_number_stdin)
        command = SetPersonNumber(command_id=new_id(), who=INSTALLATION, at=now(), login=login, person_number=typed)
        record = asyncio.run(installation.desk.do(command))
    said = _("{login} has a staff number.") if record.has_person_number else _("{login} has no staff number.")
    _tell(record, said.format(login=record.login), as_json=as_json)


def disable(login: str, *, as_json: bool) -> None:
    """Close an account.

    Raises:
        DeskError: there is none, or it is the last supervisor's.
    """
    with open_installation(home()) as installation:
        command = DisableStaff(command_id=new_id(), who=INSTALLATION, at=now(), login=login)
        record = asyncio.run(installation.desk.do(command))
    _tell(record, _("{login} is closed.").format(login=record.login), as_json=as_json)


def unlock(login: str, *, as_json: bool) -> None:
    """Unlock an account.

    Raises:
        DeskError: there is none.
    """
    with open_installation(home()) as installation:
        command = UnlockStaff(command_id=new_id(), who=INSTALLATION, at=now(), login=login)
        record = asyncio.run(installation.desk.do(command))
    _tell(record, _("{login} is unlocked.").format(login=record.login), as_json=as_json)
