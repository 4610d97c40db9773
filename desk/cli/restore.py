"""``desk restore``: a back-up put in place, without those who were erased since."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import click

from desk.backups.again import erase_again_in
from desk.backups.replaying import Replayed
from desk.backups.restoring import Restored, Wish, restore
from desk.backups.vouching import Doubt, Supervisor, Vouches
from desk.calendar import local_date
from desk.cli import asking
from desk.cli.output import complain, progress, say, say_json
from desk.cli.sentences import backup_sentence
from desk.cli.words import Worded, json_option
from desk.errors import TombstonesError
from desk.installation import new_id, now
from desk.settings import home
from desk.texts import _, ngettext
from desk.wording import clock, number, plain, short_date


def command() -> click.Command:
    """Make the command."""
    return Worded(
        "restore",
        callback=run_restore,
        params=[
            click.Argument(["file"], metavar=_("FILE"), required=False),
            click.Option(
                ["--replace"], is_flag=True, help=_("Put it in the place of a store that is there, which is lost then.")
            ),
            click.Option(
                ["--erase-again"],
                is_flag=True,
                help=_("Restore nothing: erase again in a store that was put back by other means, such as pg_restore."),
            ),
            click.Option(
                ["--tombstones"],
                multiple=True,
                metavar=_("LIST"),
                help=_("A further list of those who were erased, or its folder: of the old home, if it is left."),
            ),
            click.Option(
                ["--supervisor"],
                metavar=_("LOGIN"),
                help=_("Who answers for going on without that list, or for the clock; asked for if it is missing."),
            ),
            click.Option(["--password-stdin"], is_flag=True, help=_("Read the password from standard input.")),
            json_option(),
        ],
        help=_(
            "Restore a back-up, into a new home or in the place of a store. Its keys must be here: desk keys import. "
            "Whoever was erased since is erased again, and what was to be deleted is deleted, before it can be opened."
        ),
    )


def run_restore(
    file: str | None,
    *,
    replace: bool,
    erase_again: bool,
    tombstones: tuple[str, ...],
    supervisor: str | None,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Restore a back-up into ``DESK_HOME``.

    Raises:
        click.UsageError: it is not said what to restore.
        DeskError: it cannot be restored; what was there is as it was.
    """
    more_lists = tuple(Path(one) for one in tombstones)
    can_ask = asking.somebody_is_there() or (supervisor is not None and password_stdin)
    vouches = partial(_vouches, supervisor, from_stdin=password_stdin) if can_ask else None
    if erase_again and file is None:
        _erase_again(more_lists, vouches, as_json=as_json)
        return
    if erase_again or file is None:
        raise click.UsageError("", click.get_current_context())

    with progress(_("restore")) as show:
        restored = restore(
            Wish(
                file=Path(file),
                home=home(),
                at=now(),
                more_lists=more_lists,
                may_replace=replace,
                vouches=vouches,
                new_id=new_id,
            ),
            show,
        )
    _tell_faulty(restored.faulty)
    if restored.known_until is None:
        complain(
            _(
                "WARNING: restored without a list of those who were erased. The list begins today: "
                "who was erased before is not known. The access log says who answered for it."
            )
        )
    if as_json:
        say_json(_as_json(restored))
    else:
        _tell(restored)


def _vouches(login: str | None, doubts: tuple[Doubt, ...], *, from_stdin: bool) -> Supervisor:
    """Say what is in doubt, and ask who answers for it."""
    if asking.somebody_is_there():
        # The bar of the copying stands on the line.
        complain("")
    for doubt in doubts:
        complain(doubt_sentence(doubt))
    complain(_("Only a supervisor may go on; the access log says who did."))
    login = login or asking.ask(_("User name"))
    return Supervisor(login, asking.password(from_stdin=from_stdin))


def doubt_sentence(doubt: Doubt) -> str:
    """Word what nobody can know about a back-up."""
    if doubt.ahead_from is None:
        return _(
            "WARNING: the list of those who were erased is missing, or cannot be trusted. "
            "People who have been told that they are deleted may come back with this back-up."
        )
    return _(
        "WARNING: the last deletion run, {date} at {time}, lies ahead of the clock. "
        "If the clock is wrong now, what is deleted by it goes too early."
    ).format(date=short_date(local_date(doubt.ahead_from), local_date(now())), time=clock(doubt.ahead_from))


def _erase_again(more_lists: tuple[Path, ...], vouches: Vouches | None, *, as_json: bool) -> None:
    replayed, lists = erase_again_in(home(), more_lists, now(), new_id, vouches)
    _tell_faulty(lists.faulty)
    if as_json:
        say_json({"ok": True, "erased": replayed.erased, "retention": dict(replayed.retention)})
        return
    _tell_replayed(replayed, lists.known_until)


def _tell_faulty(faulty: tuple[tuple[str, str], ...]) -> None:
    for path, why in faulty:
        complain(_("note: {text}").format(text=backup_sentence(TombstonesError(path, why))))


def _tell(restored: Restored) -> None:
    today = local_date(now())
    made = short_date(local_date(restored.made_at), today)
    say(_("The store in {home} is as it was on {date}.").format(home=plain(home()), date=made))
    _tell_replayed(restored.replayed, restored.known_until)
    if restored.messages:
        doubted = ngettext(
            "{n} message waited when the back-up was made. Whether it was sent since is uncertain; F5 lists it.",
            "{n} messages waited when the back-up was made. Whether they were sent since is uncertain; F5 lists them.",
            restored.messages,
        )
        say(doubted.format(n=number(restored.messages)))
    if restored.settings_changed:
        say(_("desk.toml is the back-up's, but for where the store and the keys lie."))
    say(_("Run desk check, then desk to open the counter."))


def _tell_replayed(replayed: Replayed, known_until: date | None) -> None:
    if known_until is not None:
        erased = ngettext(
            "{n} person who had been erased was erased again. Erasures are known up to {date}.",
            "{n} persons who had been erased were erased again. Erasures are known up to {date}.",
            replayed.erased,
        )
        say(erased.format(n=number(replayed.erased), date=short_date(known_until, local_date(now()))))
    if replayed.unsubscribed:
        left = ngettext(
            "{n} who had left the newsletter since is off its list again.",
            "{n} who had left the newsletter since are off its list again.",
            replayed.unsubscribed,
        )
        say(left.format(n=number(replayed.unsubscribed)))
    rows = sum(replayed.retention.values())
    gone = ngettext("{n} row was too old and is deleted.", "{n} rows were too old and are deleted.", rows)
    say(gone.format(n=number(rows)))


def _as_json(restored: Restored) -> dict[str, object]:
    return {
        "ok": True,
        "home": str(home()),
        "made_at": restored.made_at.isoformat(),
        "erased": restored.replayed.erased,
        "unsubscribed": restored.replayed.unsubscribed,
        "erased_rows": dict(restored.replayed.rows),
        "retention": dict(restored.replayed.retention),
        "messages_uncertain": restored.messages,
        "known_until": None if restored.known_until is None else restored.known_until.isoformat(),
        "tombstone_lists": list(restored.lists),
        "tombstone_lists_faulty": [{"file": file, "why": why} for file, why in restored.faulty],
        "migrations": list(restored.migrations),
    }
