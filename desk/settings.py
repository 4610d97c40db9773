"""``desk.toml``: what belongs to this installation and this counter (R8, T5), read into frozen dataclasses.

Every setting stands once, below, with its default, its bounds and the sentence that explains it; reading, the
refusals and the file that ``desk init`` writes are made from that.

They are neither compared nor shown: some hold a password, and the methods for it would be written at every start (Q5).

Longer than most: the half of it that is the list of settings is read as one page.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

from desk.errors import SettingsError
from desk.lines import ADDRESS, is_loopback, is_private_line
from desk.private_files import private_folder, write_private
from desk.system_words import system_words, toml_words
from desk.texts import LANGUAGES, N_, _, ngettext
from desk.wording import plain

FILE: Final = "desk.toml"
LAST_WEEK: Final = 53
STORE_KINDS: Final = ("sqlcipher://", "postgresql://", "postgres://")

T = TypeVar("T", int, float)


def _text(about: str, default: str = "", *, longest: int = 200) -> str:
    return field(default=default, metadata={"about": about, "longest": longest})


def _choice(about: str, default: str, choices: tuple[str, ...]) -> str:
    return field(default=default, metadata={"about": about, "choices": choices})


def _between(about: str, default: T, least: T, most: T) -> T:
    return field(default=default, metadata={"about": about, "least": least, "most": most})


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class StoreSettings:
    """Where the store is."""

    url: str = field(
        default="",
        metadata={
            "about": N_("Where the store is; empty: store.db in this folder. Or postgresql://user@host/name"),
            "longest": 1000,
        },
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CounterSettings:
    """Which counter this is."""

    branch: str = _text(N_("The branch this counter is in"))
    name: str = _text(N_("The counter's name, as the status line shows it"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LanguageSettings:
    """What the screens speak."""

    default: str = _choice(N_("The language of the screens"), "da", LANGUAGES)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ScannerSettings:
    """How a scan is told from typing (C1), and a scan from the same one again (C9)."""

    prefix: str = _text(N_("What the scanner sends before a code"), longest=8)
    suffix: str = _text(N_("What the scanner sends after a code; empty: Enter or Tab"), longest=8)
    burst_gap_ms: int = _between(N_("Milliseconds between two characters of a scan at most"), 35, 5, 500)
    burst_minimum: int = _between(N_("Characters in a scan at least"), 6, 2, 64)
    repeat_seconds: float = _between(N_("Seconds within which the same code again is the same scan"), 1.5, 0.0, 10.0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PadSettings:
    """The RFID pad of this counter (V1)."""

    kind: str = _choice(
        N_("The RFID pad: none, one of FEIG Electronic, or the virtual one for training"),
        "none",
        ("none", "feig", "virtual"),
    )
    port: str = _text(N_("Where a FEIG pad is: a serial line such as /dev/ttyUSB0, or host:port"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReaderSettings:
    """The card readers of this counter (V1); desk doctor says what they are called."""

    kind: str = _choice(N_("Card readers: none, or those that pcscd knows (PC/SC)"), "none", ("none", "pcsc"))
    borrowers: str = _text(
        N_("Part of the name of the reader for borrowers' cards; empty: every reader that is not for items")
    )
    items: str = _text(N_("Part of the name of the reader for items; empty: there is none"))
    blocks: str = _choice(
        N_("Where the reader wants the number of a tag's block; auto: it is tried; none: no blocks are read"),
        "auto",
        ("auto", "p1", "p2", "none"),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PrivacySettings:
    """When a terminal left alone hides what it shows (C7, C12)."""

    curtain_after_seconds: int = _between(N_("Idle seconds until the curtain"), 60, 5, 3600)
    session_kept_seconds: int = _between(
        N_("Seconds behind the curtain within which a key brings the borrower back"), 120, 0, 3600
    )
    lock_after_seconds: int = _between(N_("Idle seconds until the counter locks"), 300, 30, 14400)
    lock_warning_seconds: int = _between(N_("Seconds of warning before it locks"), 30, 0, 300)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class RetentionSettings:
    """How long is kept what the policy gives no days for (G6, G8)."""

    log_days: int = _between(N_("Days for which the access log is kept; the same at every counter"), 183, 30, 3660)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SignInSettings:
    """What wrong passwords cost, and what a right one costs to check."""

    wrong_tries: int = _between(N_("Wrong tries until an account is locked"), 5, 1, 100)
    delay_seconds: float = _between(N_("Seconds to wait after a wrong try"), 1.0, 0.0, 60.0)
    argon2_time_cost: int = _between(N_("Argon2id: rounds"), 3, 1, 20)
    argon2_memory_kib: int = _between(N_("Argon2id: memory in KiB"), 65536, 8, 4194304)
    argon2_parallelism: int = _between(N_("Argon2id: lanes"), 4, 1, 64)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class CardsSettings:
    """The PINs of borrowers' cards (P7)."""

    pin_digits: int = _between(N_("Figures in a borrower's PIN"), 4, 4, 8)
    wrong_pins: int = _between(N_("Wrong PINs until a card is stopped"), 5, 1, 20)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ReceiptSettings:
    """What a borrower gets at the end of a visit with loans (C13)."""

    kind: str = _choice(
        N_("The receipt after a visit with loans: none, on the screen, printed, or as a message"),
        "none",
        ("none", "screen", "print", "email"),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PrinterSettings:
    """The receipt printer of this counter (V1), and how long what it printed can be printed again (V3)."""

    kind: str = _choice(
        N_("How the receipt printer is reached; none: there is no printer; virtual: for training"),
        "none",
        ("none", "usb", "network", "file", "virtual"),
    )
    address: str = _text(
        N_("usb: vendor and product, such as 04b8:0e15; network: host or host:9100; file: such as /dev/usb/lp0")
    )
    code_page: str = _choice(
        N_("The printer's characters; each of them has æ, ø and å"), "cp858", ("cp865", "cp858", "cp850", "cp1252")
    )
    width: int = _between(N_("Characters to a line: 32 on paper of 58 mm, 42 or 48 on paper of 80 mm"), 42, 32, 48)
    keep_days: int = _between(N_("Days for which a print can be printed again; then it is deleted"), 3, 1, 14)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class KeysSettings:
    """Where the keys lie (T2)."""

    backend: str = _text(N_("Where the keys lie: folder, or the keyring backend that desk init found"), "folder")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class BackupSettings:
    """How long a back-up is kept (G5)."""

    keep_days: int = _between(N_("Days until a back-up is deleted"), 30, 1, 90)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LookSettings:
    """What the screens look like (U2)."""

    theme: str = _choice(N_("The screens' colours"), "dark", ("dark", "light", "high-contrast"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MessagesSettings:
    """What is the same in every message to borrowers (M1)."""

    library: str = _text(
        N_("The library's name in messages, if it is to be a shorter one than the store's"), longest=60
    )
    website: str = _text(N_("Where borrowers renew their loans, such as struerbibliotek.dk"), longest=60)
    at_once: int = _between(N_("Messages handed over at a time"), 8, 1, 32)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MailSettings:
    """The library's mail server. Its password is no setting: desk messages secret mail."""

    host: str = _text(N_("The mail server; empty: no mail is sent, and it waits"))
    port: int = _between(N_("Its port"), 587, 1, 65535)
    security: str = _choice(
        N_("How the line is encrypted; none only for a server on this machine"), "starttls", ("starttls", "tls", "none")
    )
    user: str = _text(N_("The user name at the mail server; empty: none is needed"))
    sender: str = _text(N_("The address that mail comes from"))
    ca_file: str = _text(N_("A file with the certificates to trust; empty: the system's"), longest=1000)
    timeout_seconds: float = _between(N_("Seconds to wait for the mail server"), 30.0, 0.1, 300.0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class NewsletterSettings:
    """How the newsletter is unsubscribed (M4), and who writes it."""

    sender: str = _text(N_("The address that the newsletter comes from; empty: mail.sender"))
    unsubscribe_mail: str = _text(N_("The address to which readers write to unsubscribe; the subject says who"))
    unsubscribe_url: str = _text(
        N_("The page that unsubscribes with one click (https://…); what tells who is put behind it"), longest=1000
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SmsSettings:
    """The gateway for text messages. Its token is no setting: desk messages secret sms."""

    url: str = _text(
        N_("The gateway's address (https://…); empty: no text message is sent, and it waits"), longest=1000
    )
    sender: str = _text(N_("The sender that is shown, at most 11 letters and figures"), longest=11)
    country: str = _text(N_("The country code of numbers of eight figures"), "45", longest=4)
    accepted: str = _text(
        N_(
            "A regular expression found in the answer when a text message was taken; empty: JSON that names no error;"
            " ^$: an empty answer"
        )
    )
    ca_file: str = _text(N_("A file with the certificates to trust; empty: the system's"), longest=1000)
    timeout_seconds: float = _between(N_("Seconds to wait for the gateway"), 30.0, 0.1, 300.0)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class FormsSettings:
    """Where the website's forms come in (M5)."""

    folder: str = _text(
        N_("The folder in which the website leaves its forms, from this one or in full; empty: there is none"),
        longest=1000,
    )
    holiday_bag_weeks: str = _text(
        N_("The weeks in which holiday bags can be ordered, such as 26-33; empty: all year"), "26-33", longest=5
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Settings:
    """All of ``desk.toml``, one table each."""

    store: StoreSettings = field(default_factory=StoreSettings)
    counter: CounterSettings = field(default_factory=CounterSettings)
    language: LanguageSettings = field(default_factory=LanguageSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    pad: PadSettings = field(default_factory=PadSettings)
    reader: ReaderSettings = field(default_factory=ReaderSettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    sign_in: SignInSettings = field(default_factory=SignInSettings)
    cards: CardsSettings = field(default_factory=CardsSettings)
    receipt: ReceiptSettings = field(default_factory=ReceiptSettings)
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    keys: KeysSettings = field(default_factory=KeysSettings)
    backup: BackupSettings = field(default_factory=BackupSettings)
    look: LookSettings = field(default_factory=LookSettings)
    messages: MessagesSettings = field(default_factory=MessagesSettings)
    mail: MailSettings = field(default_factory=MailSettings)
    sms: SmsSettings = field(default_factory=SmsSettings)
    newsletter: NewsletterSettings = field(default_factory=NewsletterSettings)
    retention: RetentionSettings = field(default_factory=RetentionSettings)
    forms: FormsSettings = field(default_factory=FormsSettings)

    def store_url(self, home: Path) -> str:
        """Give the store's URL: the one set, else the encrypted file in the home.

        Args:
            home: the installation's folder, absolute.
        """
        return self.store.url or f"sqlcipher://{quote(str(home / 'store.db'))}"


# Table → its dataclass. Each default_factory above *is* the table's class.
TABLES: Final[dict[str, type[Any]]] = {
    table.name: table.default_factory
    for table in fields(Settings)
    if table.default_factory is not MISSING and isinstance(table.default_factory, type)
}


def home() -> Path:
    """Give the installation's folder: ``DESK_HOME``, else the user's data folder."""
    named = os.environ.get("DESK_HOME")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path  # noqa: PLC0415  (10 ms that a set DESK_HOME saves)

    return user_data_path("skranke", appauthor=False)


def load(home: Path) -> Settings:
    """Read an installation's settings; what the file does not say is as by default.

    Args:
        home: the installation's folder; one without a ``desk.toml`` has the defaults.

    Raises:
        SettingsError: if the file cannot be read, or says what is not known or cannot be meant.
    """
    path = home / FILE
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be read: {reason}").format(file=path, reason=system_words(error))
        ) from None
    except UnicodeDecodeError:
        raise SettingsError(_("{file} cannot be read: it is not UTF-8.").format(file=path)) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(_("{file} cannot be read: {reason}").format(file=path, reason=toml_words(error))) from None
    return read(raw, path)


def read(raw: Mapping[str, Any], path: Path) -> Settings:
    """Make settings of what a TOML file said.

    Args:
        raw: table → key → value.
        path: the file, for the messages.

    Raises:
        SettingsError: naming the file, the key in full and, for an unknown one, the nearest that is known.
    """
    tables: dict[str, Any] = {}
    for name, values in raw.items():
        if name not in TABLES:
            raise _unknown(path, name, [*TABLES, *_all_keys()])
        if not isinstance(values, Mapping):
            raise SettingsError(_('{file}: "{key}" must be a table: [{key}].').format(file=path, key=name))
        known = {setting.name: setting for setting in fields(TABLES[name])}
        for key, value in values.items():
            full = f"{name}.{key}"
            if key not in known:
                raise _unknown(path, full, _all_keys())
            _refuse_wrong(path, full, known[key], value)
        tables[name] = TABLES[name](**values)
    settings = Settings(**tables)
    _refuse_impossible(path, settings)
    return settings


def _all_keys() -> list[str]:
    return [f"{table}.{setting.name}" for table, kind in TABLES.items() for setting in fields(kind)]


def _unknown(path: Path, key: str, known: list[str]) -> SettingsError:
    from difflib import get_close_matches  # noqa: PLC0415  (only for a mistake)

    # The bare name is looked for too: the commonest mistake is the right key in the wrong table.
    bare = {name.rpartition(".")[2]: name for name in known}
    near = get_close_matches(key, known, n=1, cutoff=0.0)
    last = key.rpartition(".")[2]
    if last in bare:
        near = [bare[last]]
    return SettingsError(
        _('{file}: the setting "{key}" is unknown. The nearest known one is "{nearest}".').format(
            file=path, key=plain(key), nearest=near[0]
        )
    )


def _refuse_wrong(path: Path, key: str, setting: Field[Any], value: object) -> None:
    """Refuse a value of the wrong type or out of bounds. What it was is not repeated: it may be a password."""
    bounds = setting.metadata
    if isinstance(setting.default, str):
        if "choices" in bounds:
            if value not in bounds["choices"]:
                raise SettingsError(
                    _('{file}: "{key}" must be one of {choices}.').format(
                        file=path, key=key, choices=", ".join(bounds["choices"])
                    )
                )
        elif not isinstance(value, str) or len(value) > bounds["longest"]:
            longest = bounds["longest"]
            raise SettingsError(
                ngettext(
                    '{file}: "{key}" must be a text in quotes, {n} character at most.',
                    '{file}: "{key}" must be a text in quotes, {n} characters at most.',
                    longest,
                ).format(file=path, key=key, n=longest)
            )
        return
    whole = isinstance(setting.default, int)
    # True is an int to Python, and 60.0 seconds would be a float where a whole number is counted.
    right_type = not isinstance(value, bool) and isinstance(value, int if whole else (int, float))
    if not right_type or not bounds["least"] <= value <= bounds["most"]:
        text = (
            _('{file}: "{key}" must be a whole number from {least} to {most}.')
            if whole
            else _('{file}: "{key}" must be a number from {least} to {most}.')
        )
        raise SettingsError(text.format(file=path, key=key, least=bounds["least"], most=bounds["most"]))


def _refuse_impossible_printer(path: Path, settings: Settings) -> None:
    if settings.printer.kind == "none":
        if settings.receipt.kind == "print":
            raise SettingsError(
                _('{file}: "{key}" is "print", but "{other}" says that there is no printer.').format(
                    file=path, key="receipt.kind", other="printer.kind"
                )
            )
        return
    if settings.printer.kind == "virtual":
        return
    from devices.printer_lines import is_address  # noqa: PLC0415  (only where there is a printer)

    if not is_address(settings.printer.kind, settings.printer.address):
        raise SettingsError(
            _('{file}: "{key}" is no address of a printer of the kind "{kind}".').format(
                file=path, key="printer.address", kind=settings.printer.kind
            )
        )


def _refuse_impossible_pad(path: Path, settings: Settings) -> None:
    if settings.pad.kind != "feig":
        return
    from devices.feig_line import is_port  # noqa: PLC0415  (only where there is such a pad)

    if not is_port(settings.pad.port):
        raise SettingsError(
            _('{file}: "{key}" must say where the pad is: a serial line such as /dev/ttyUSB0, or host:port.').format(
                file=path, key="pad.port"
            )
        )


def _refuse_impossible(path: Path, settings: Settings) -> None:
    """Refuse settings that are possible one by one but not together, and stores there are none of."""
    if settings.store.url and not settings.store.url.startswith(STORE_KINDS):
        raise SettingsError(
            _('{file}: "store.url" must begin with {choices}.').format(file=path, choices=", ".join(STORE_KINDS))
        )
    _refuse_impossible_printer(path, settings)
    _refuse_impossible_pad(path, settings)
    if settings.privacy.lock_warning_seconds >= settings.privacy.lock_after_seconds:
        raise SettingsError(
            _('{file}: "{key}" must be less than "{other}".').format(
                file=path, key="privacy.lock_warning_seconds", other="privacy.lock_after_seconds"
            )
        )
    if settings.sign_in.argon2_memory_kib < 8 * settings.sign_in.argon2_parallelism:
        raise SettingsError(
            _('{file}: "{key}" must be at least 8 times "{other}".').format(
                file=path, key="sign_in.argon2_memory_kib", other="sign_in.argon2_parallelism"
            )
        )
    if settings.forms.holiday_bag_weeks and weeks_of(settings.forms.holiday_bag_weeks) is None:
        raise SettingsError(
            _('{file}: "forms.holiday_bag_weeks" must be two weeks, the first one first, such as 26-33.').format(
                file=path
            )
        )
    _refuse_open_lines(path, settings)


def weeks_of(written: str) -> tuple[int, int] | None:
    """Read a period of weeks, «26-33»; None: it is none.

    Args:
        written: two ISO weeks of one year, both of them part of it.
    """
    read = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", written)
    first, last = map(int, read.groups()) if read else (0, 0)
    return (first, last) if 1 <= first <= last <= LAST_WEEK else None


def _refuse_open_lines(path: Path, settings: Settings) -> None:
    """Refuse to send anything about a borrower over a line that others can read (P11)."""
    mail, sms = settings.mail, settings.sms
    if mail.host and mail.security == "none" and not is_loopback(mail.host):
        raise SettingsError(
            _(
                '{file}: "mail.security" may only be "none" for a server on this machine (127.0.0.1, ::1, localhost).'
            ).format(file=path)
        )
    if mail.host and not ADDRESS.fullmatch(mail.sender):
        raise SettingsError(
            _('{file}: "mail.sender" must be an address that mail can come from, such as bibliotek@struer.dk.').format(
                file=path
            )
        )
    newsletter = settings.newsletter
    for key, address in (("sender", newsletter.sender), ("unsubscribe_mail", newsletter.unsubscribe_mail)):
        if address and not ADDRESS.fullmatch(address):
            raise SettingsError(
                _('{file}: "{key}" must be an e-mail address, such as bibliotek@struer.dk.').format(
                    file=path, key=f"newsletter.{key}"
                )
            )
    page = newsletter.unsubscribe_url
    if page and not (page.startswith("https://") and is_private_line(page)):
        raise SettingsError(_('{file}: "newsletter.unsubscribe_url" must begin with https://.').format(file=path))
    if sms.url and not is_private_line(sms.url):
        raise SettingsError(
            _('{file}: "sms.url" must begin with https://, or http:// for a gateway on this machine.').format(file=path)
        )
    if not (sms.country.isascii() and sms.country.isdigit()):
        raise SettingsError(_('{file}: "sms.country" must be figures only, such as 45.').format(file=path))
    try:
        re.compile(sms.accepted)
    except re.error:
        raise SettingsError(_('{file}: "sms.accepted" is not a regular expression.').format(file=path)) from None
    if sms.sender and not (sms.sender.isascii() and sms.sender.isalnum()):
        raise SettingsError(_('{file}: "sms.sender" must be letters and figures only.').format(file=path))


def initial_toml(settings: Settings) -> str:
    """Write a ``desk.toml`` that explains itself: every key, what differs from the default set, the rest shown.

    Args:
        settings: what ``desk init`` was told.
    """
    lines = ["# " + _("Settings of this counter. A line that begins with # is as by default.")]
    for name, kind in TABLES.items():
        lines += ["", f"[{name}]"]
        for setting in fields(kind):
            value = getattr(getattr(settings, name), setting.name)
            written = f"{setting.name} = {_toml(value)}"
            lines += [f"# {_(setting.metadata['about'])}", written if value != setting.default else f"# {written}"]
    return "\n".join(lines) + "\n"


def _toml(value: str | float) -> str:
    if not isinstance(value, str):
        return str(value)
    # TOML's basic strings are JSON's, but for DEL, which JSON leaves bare.
    import json  # noqa: PLC0415  (only desk init writes)

    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def write(home: Path, settings: Settings) -> Path:
    """Write the settings of a new installation, readable by its owner alone.

    Raises:
        SettingsError: if there are settings already (they are left alone), or they cannot be written.
    """
    path = home / FILE
    try:
        private_folder(home)
        write_private(path, initial_toml(settings).encode(), replace=False)
    except FileExistsError:
        raise SettingsError(_("{file} is there already and has been left as it is.").format(file=path)) from None
    except OSError as error:
        raise SettingsError(
            _("{file} cannot be written: {reason}").format(file=path, reason=system_words(error))
        ) from None
    return path
