"""``desk init``: a home made ready for a library."""

from __future__ import annotations

from dataclasses import replace

import click

from db.engine import is_embedded
from desk.calendar import local_date
from desk.cli import asking
from desk.cli.output import say, say_json
from desk.cli.words import Worded, json_option
from desk.installation import new_id, now
from desk.registry.preparing import NewBranch, NewLibrary, NewStaff, make_installation
from desk.secrets import Secrets, choose_backend
from desk.settings import KeysSettings, Settings, StoreSettings, home
from desk.settings import read as read_settings
from desk.staff.person_numbers import cleaned_number
from desk.texts import _


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "init",
        callback=init,
        params=[
            click.Option(["--library"], metavar=_("NAME"), help=_("The library's name.")),
            click.Option(["--isil"], metavar="ISIL", help=_("Its ISIL, such as DK-767100.")),
            click.Option(["--branch"], metavar=_("NAME"), help=_("The branch this counter is in.")),
            click.Option(["--supervisor"], metavar=_("LOGIN"), help=_("User name of the first supervisor.")),
            click.Option(
                ["--supervisor-name"],
                metavar=_("NAME"),
                help=_("The supervisor's name as the status line shows it, such as Lone B."),
            ),
            click.Option(["--password-stdin"], is_flag=True, help=_("Read the password from standard input.")),
            click.Option(
                ["--store"],
                metavar="URL",
                envvar="DESK_STORE",
                default="",
                help=_("A PostgreSQL server instead of a file; with a password in it: as DESK_STORE."),
            ),
            json_option(),
        ],
        help=_("Make the folder, keys, settings and store of a library."),
    )


def init(
    library: str | None,
    isil: str | None,
    branch: str | None,
    supervisor: str | None,
    supervisor_name: str | None,
    *,
    password_stdin: bool,
    store: str,
    as_json: bool,
) -> None:
    """Make an installation in ``DESK_HOME``; what was not given is asked for, on a terminal.

    Raises:
        click.MissingParameter: nobody is there to ask.
        DeskError: it cannot be made.
    """
    where = home()
    library = _given_or_asked(library, "library", _("The library's name"))
    isil = _given_or_asked(isil, "isil", _("Its ISIL"))
    branch = _given_or_asked(branch, "branch", _("The branch this counter is in"))
    login = _given_or_asked(supervisor, "supervisor", _("User name of the first supervisor"))
    if not password_stdin and not asking.somebody_is_there():
        raise _missing("password-stdin")
    password = asking.new_password(from_stdin=password_stdin)
    # On a terminal only, and it may be left: a program gives it with desk staff number.
    person_number = asking.person_number(from_stdin=False) if asking.somebody_is_there() else ""
    settings = _settings(store)
    make_installation(
        where,
        NewLibrary(
            library,
            isil,
            (NewBranch(branch, isil),),
            (
                NewStaff(
                    login,
                    supervisor_name or login.strip().capitalize(),
                    "supervisor",
                    password,
                    # Refused, if need be, before anything is made.
                    person_number=cleaned_number(person_number, local_date(now())),
                ),
            ),
        ),
        settings,
        now(),
        new_id,
    )
    if as_json:
        say_json(
            {
                "home": str(where),
                "library": library,
                "isil": isil,
                "branch": branch,
                # Of a server's URL nothing more: a password may stand in it.
                "store": "file" if is_embedded(settings.store_url(where)) else "server",
                "keys": settings.keys.backend,
                "supervisor": login.strip().lower(),
            }
        )
        return
    say(_("The installation is in {home}.").format(home=where))
    say(Secrets(where, settings.keys.backend).describe())
    say(_("Run desk to open the counter, and desk staff add for more accounts."))


def _given_or_asked(value: str | None, option: str, question: str) -> str:
    if value is not None:
        return value
    if not asking.somebody_is_there():
        raise _missing(option)
    return asking.ask(question)


def _missing(option: str) -> click.MissingParameter:
    return click.MissingParameter(ctx=click.get_current_context(), param=click.Option([f"--{option}"]))


def _settings(store: str) -> Settings:
    settings = replace(Settings(), keys=KeysSettings(choose_backend()), store=StoreSettings(store))
    # What desk.toml would refuse at the next start is refused before it is written.
    read_settings({"store": {"url": store}}, home() / "desk.toml")
    return settings
