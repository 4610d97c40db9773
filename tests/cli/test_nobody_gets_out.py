"""Whatever a command prints or writes, nobody is in it (T3), least of all the internal note (P8).

The outputs are found by the tests themselves: every command there is, and every module that writes anything. A new one
fails here until somebody has thought about what it may say.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from desk.cli.commands import commands
from desk.installation import open_installation
from tests import canary
from tests.cli.conftest import Shell
from tests.decrypted import found_in_database, found_in_files

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Try:
    """How a command is tried on the canary's library.

    Attributes:
        words: its arguments; ``{folder}`` is a folder for what it writes.
        typed: on standard input.
        anew: it makes a home of its own, in a folder where there is none.
    """

    words: tuple[str, ...] = ()
    typed: str = ""
    anew: bool = False


BORROWERS = "card;name\n{card};{name}\nX-1;Ib Hansen\n"
INIT = ("--library", "Struer", "--isil", "DK-767100", "--branch", "Struer", "--supervisor", "lone", "--password-stdin")
TRIES: dict[str, Try] = {
    "backup": Try(("{folder}/b", "--json")),
    "check": Try(("--json",)),
    "demo": Try(("--print",), anew=True),
    "doctor": Try(("--json",)),
    "erasure certificate": Try(("7", "--out", "{folder}/out")),
    "erasure prove": Try(("--json",)),
    "export borrower": Try(
        ("47164716", "--out", "{folder}/out", "--supervisor", "lone", "--password-stdin"), typed="hemmelig\n"
    ),
    "forms import": Try(("{folder}/forms", "--json")),
    "forms purchases": Try(("--take-off", "--json")),
    "forms schema": Try(),
    "import borrowers": Try(("{folder}/borrowers.csv", "--json")),
    "import cpr": Try(("{folder}/cut.txt", "--create")),
    "import items": Try(("{folder}/items.csv",)),
    "init": Try(INIT, typed="en lang adgangskode\n", anew=True),
    "keys export": Try(("{folder}/keys", "--passphrase-stdin", "--json"), typed="fire fugle i buret\n"),
    "keys import": Try(("{folder}/keys", "--passphrase-stdin", "--json"), typed="fire fugle i buret\n"),
    "label card": Try((canary.CARD, "--out", "{folder}/card.svg")),
    "label item": Try(("3000000001", "--out", "{folder}/item.svg")),
    "messages run": Try(("--json",)),
    "messages secret": Try(("mail", "--password-stdin"), typed="en lang adgangskode\n"),
    "messages templates": Try(("--copy", "--json")),
    "newsletter count": Try(("--json",)),
    "newsletter export": Try(
        ("{folder}/list.csv", "--supervisor", "lone", "--password-stdin", "--json"), typed="hemmelig\n"
    ),
    "newsletter import": Try(("{folder}/subscribers.csv", "--json")),
    "newsletter send": Try(("{folder}/letter.md", "--json")),
    "newsletter subscribe": Try(("--json",), typed=f"{canary.EMAIL}\nKanarina\nFjerholm-Qvist\n"),
    "newsletter uncertain": Try(("--json",)),
    "newsletter unsubscribe": Try(("--address-stdin", "--json"), typed=f"{canary.EMAIL}\n"),
    "nightly": Try(("--json",)),
    "retention run": Try(("--json",)),
    "restore": Try(("{folder}/b", "--replace", "--json")),
    "sample": Try(("--borrowers", "3", "--items", "3", "--loans", "0", "--seed", "1"), anew=True),
    "staff add": Try(("ny", "--name", "Ny N.", "--role", "staff", "--password-stdin"), typed="en lang adgangskode\n"),
    "staff disable": Try(("ny",)),
    "staff number": Try(("lone", "--person-number-stdin", "--json"), typed="SKR-7\n"),
    "statistics": Try(("--json",)),
    "staff list": Try(("--json",)),
    "staff unlock": Try(("lone",)),
    "upgrade": Try(("--json",)),
}
# Given by whoever runs the command: it is theirs to print, and nothing else of the person is on it.
SAYS_THE_CARD = frozenset({"label card"})
# The borrower's own print, which a supervisor releases: all of it is in its files, and none of it is said.
RELEASES = frozenset({"export borrower"})


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Give every command there is, by its words."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, (*path, name))
    else:
        yield " ".join(path)


def test_every_command_is_tried() -> None:
    assert sorted(leaves(commands())) == sorted(TRIES)


@pytest.fixture
def library(desk: Shell) -> Shell:
    """A library in which the canary sings."""
    canary.sing(desk.home)
    return desk


def files_for(folder: Path) -> None:
    folder.mkdir()
    (folder / "borrowers.csv").write_text(BORROWERS.format(card=canary.CARD, name=canary.NAME), encoding="utf-8")
    (folder / "items.csv").write_text("barcode;title\n1;Pelle Erobreren\n", encoding="utf-8")
    subscribers = f"email;consented_on;first_name\n{canary.EMAIL};2026-01-05;{canary.NAME}\nnobody;;\n"
    (folder / "subscribers.csv").write_text(subscribers, encoding="utf-8")
    (folder / "letter.md").write_text("# Nyt\n\nHej {first_name}\n", encoding="utf-8")
    (folder / "forms").mkdir()
    sent = {"form": "appointment", "sent_at": "2026-03-10T10:00:00Z", "name": canary.NAME, "email": canary.EMAIL}
    (folder / "forms" / "a.json").write_text(json.dumps(sent | {"about": canary.WISH}), encoding="utf-8")
    (folder / "forms" / "b.json").write_text(json.dumps(sent | {canary.NAME: canary.CPR}), encoding="utf-8")
    (folder / "cut.txt").write_text(f"0011{canary.CPR}", encoding="iso-8859-1")


@pytest.mark.parametrize("words", TRIES)
def test_a_command_names_nobody(library: Shell, tmp_path: Path, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, given = TRIES[words], tmp_path / "given"
    files_for(given)
    open_before = found_in_files(tmp_path, canary.STRINGS)
    if tried.anew:
        monkeypatch.setenv("DESK_HOME", str(tmp_path / "anew"))
    library(*words.split(), *(word.format(folder=given) for word in tried.words), typed=tried.typed)
    said = {text for text in canary.STRINGS if text in library.said}
    allowed = {canary.CARD} if words in SAYS_THE_CARD else set()
    assert said - allowed == set()
    written = {
        file: found - allowed
        for file, found in found_in_files(tmp_path, canary.STRINGS).items()
        if found - open_before.get(file, set()) - allowed
    }
    if words in RELEASES:
        assert all(file.startswith("given/out/") for file in written)
        assert canary.INTERNAL_NOTE in set().union(*written.values())
    else:
        assert written == {}


def test_the_store_holds_every_string_but_the_cpr_number_and_no_other_file_does(library: Shell) -> None:
    with open_installation(library.home) as installation:
        key = installation.secrets.secret("store")
    store = library.home / "store.db"
    assert found_in_database(store, key, canary.STRINGS) == set(canary.HELD_AS_TYPED)
    assert found_in_files(library.home, canary.STRINGS) == {}


# Modules of the desk and the devices that write to a terminal, a file or a line, and what for.
WRITERS = {
    "desk/backups/container.py": "back-ups: encrypted, and looked through with the back-ups",
    "desk/backups/key_file.py": "keys, under a passphrase",
    "desk/backups/known.py": "where back-ups lie",
    "desk/backups/restoring.py": "settings and templates of messages",
    "desk/privacy/tombstones.py": "keyed hashes",
    "desk/cli/asking.py": "questions to whoever installs",
    "desk/cli/commands.py": "help",
    "desk/cli/messages.py": "templates for the library; tried above",
    "desk/cli/main.py": "sentences about expected failures",
    "desk/cli/newsletter.py": "calls what sends; tried above",
    "desk/cli/output.py": "what commands say; tried above",
    "desk/cli/words.py": "help",
    "desk/forms/shredding.py": "zeros",
    "desk/keyring_probe.py": "the name of a keyring",
    "desk/labels/files.py": "labels; tried above",
    "desk/messages/mail.py": "a mail on its way to the mail server",
    "desk/messages/sending.py": "texts of messages, to mail server and gateway: to the borrower alone",
    "desk/newsletter/importing.py": "the list, for a supervisor; tried above",
    "desk/newsletter/sending.py": "the newsletter, to the mail server: to each subscriber alone",
    "desk/set_up/changing.py": "rows of the store alone",
    "desk/logs.py": "the log file; read in the crash tests",
    "desk/privacy/erasure/certificate.py": "a certificate that names nobody; its words are tried with the erasure",
    "desk/privacy/erasure/leftovers.py": "a demo's list of PINs, with fewer in it",
    "desk/privacy/erasure/looking.py": "what is looked for, through a pipe to our own reader",
    "desk/privacy/erasure/pending.py": "what is to be proven, encrypted; tried with the erasure",
    "desk/privacy/witness.py": "number and seal of a log row",
    "desk/prints/files.py": "the borrower's own print, statement or letter; tried above, and with the money",
    "desk/private_files.py": "files for the others here",
    "desk/registry/demo.py": "made-up people",
    "desk/registry/preparing.py": "settings",
    "desk/secrets.py": "keys",
    "desk/settings.py": "settings",
    "desk/spool/spool.py": "slips and receipts, sealed; tried with the spool and the erasure",
    "devices/feig_pad.py": "commands to a pad: what its tags tell the gate",
    "devices/printer.py": "slips and receipts, to the printer: without a name; tried with the prints",
    "devices/printer_lines.py": "the same",
    "devices/virtual.py": "what a virtual scanner was told",
}
WRITING_CALLS = {"write", "write_text", "write_bytes", "write_private", "pwrite", "sendall", "send", "print", "echo"}
WRITING_NAMES = {"FileHandler", "RotatingFileHandler", "WatchedFileHandler"}


def writers() -> set[str]:
    """Find the modules that call something that writes."""
    found = set()
    for path in [*ROOT.glob("desk/**/*.py"), *ROOT.glob("devices/**/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _writes(node.func):
                found.add(path.relative_to(ROOT).as_posix())
    return found


def _writes(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id="self" | "store"), attr="write"):
            return False
        case ast.Attribute(value=ast.Attribute(attr="_store" | "store"), attr="write"):
            return False
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name in WRITING_CALLS | WRITING_NAMES
    return False


def test_every_module_that_writes_anything_has_been_thought_about() -> None:
    assert writers() == set(WRITERS)


def test_the_demo_is_of_people_nobody_knows(shell: Shell) -> None:
    assert shell("demo", "--print") == 0
    assert json.loads(shell.out.splitlines()[-1])["borrowers"]
