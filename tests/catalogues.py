"""The texts in the code and the two catalogues, kept the same.

::

    python -m tests.catalogues update      # take in new texts, drop unused ones, compile
    python -m tests.catalogues check       # exit 1 when something is missing, unused, fuzzy or not compiled
    python -m tests.catalogues add FILE …  # take Danish wordings from files, then update

A line of a FILE is ``English ||| context or empty ||| Danish``; with a plural it is
``one | several ||| context or empty ||| en | flere``. Lines that begin with ``#`` are left out.
"""

from __future__ import annotations

import argparse
import io
import string
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from desk.texts import FOLDER, LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("desk", "screens")
# Which arguments hold what; "c" is the context.
KEYWORDS = {
    "_": (1,),
    "N_": (1,),
    "NP_": ((1, "c"), 2),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
HEADER = "# Skranke's texts. New ones are taken in by: python -m tests.catalogues update\n#"
# What a number is called in a text that has a singular.
NUMBERS = {"n", "count"}

Key = tuple[str, str, str]


@dataclass(slots=True)
class Text:
    """One text of the code, or one entry of a catalogue.

    Attributes:
        context: ``msgctxt``, empty without one.
        forms: the English text, or singular and plural.
        wording: the same in the catalogue's language; empty where it has none.
        places: the files it is in, relative to the checkout.
    """

    context: str
    forms: tuple[str, ...]
    wording: tuple[str, ...] = ()
    places: set[str] = field(default_factory=set)
    fuzzy: bool = False

    @property
    def key(self) -> Key:
        return (self.context, self.forms[0], self.forms[1] if len(self.forms) > 1 else "")

    @property
    def named(self) -> str:
        return f"»{self.forms[0]}«" + (f" ({self.context})" if self.context else "")

    @property
    def is_worded(self) -> bool:
        return len(self.wording) == len(self.forms) and all(self.wording)


class SteadyCatalogue(Catalog):
    """A catalogue whose header says nothing that differs from day to day or from one Babel to the next."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Skranke"),
            ("Language", str(self.locale)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    @mime_headers.setter
    def mime_headers(self, value: Iterable[tuple[str, str]]) -> None:
        self._set_mime_headers(value)


def texts_in_code(root: Path = ROOT) -> dict[Key, Text]:
    """Collect every text that the code marks for a screen."""
    found: dict[Key, Text] = {}
    for path in sorted(path for source in SOURCES for path in (root / source).rglob("*.py")):
        for _line, message, _comments, context in extract_from_file("python", path, keywords=KEYWORDS):
            forms = (message,) if isinstance(message, str) else tuple(message)
            text = Text(context or "", forms)
            found.setdefault(text.key, text).places.add(path.relative_to(root).as_posix())
    return dict(sorted(found.items()))


def po_file(language: str, folder: Path = FOLDER) -> Path:
    """Say where a language's catalogue lies; the compiled one lies beside it."""
    return folder / language / "LC_MESSAGES" / "skranke.po"


def entries(language: str, folder: Path = FOLDER) -> dict[Key, Text]:
    """Read a catalogue; one that does not exist yet is empty."""
    path = po_file(language, folder)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    read = [_entry(message) for message in catalogue if message.id]
    return {text.key: text for text in read}


def _entry(message: Message) -> Text:
    forms = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    wording = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return Text(message.context or "", forms, wording, fuzzy=message.fuzzy)


def catalogue_of(language: str, texts: Iterable[Text]) -> Catalog:
    """Make Babel's catalogue of a language from its texts, the same every time."""
    catalogue = SteadyCatalogue(language, header_comment=HEADER, fuzzy=False)
    for text in sorted(texts, key=lambda text: text.key):
        catalogue.add(
            text.forms if len(text.forms) > 1 else text.forms[0],
            text.wording if len(text.forms) > 1 else "".join(text.wording),
            locations=[(place, 0) for place in sorted(text.places)],
            flags=("fuzzy",) if text.fuzzy else (),
            context=text.context or None,
        )
    return catalogue


def compiled(language: str, folder: Path = FOLDER) -> bytes:
    """Compile a catalogue as it stands in its file."""
    out = io.BytesIO()
    write_mo(out, catalogue_of(language, entries(language, folder).values()))
    return out.getvalue()


def update(wordings: Mapping[Key, tuple[str, ...]] | None = None, *, root: Path = ROOT, folder: Path = FOLDER) -> None:
    """Bring both catalogues up to the code and compile them.

    Args:
        wordings: Danish for some of the texts; it wins over what the catalogue says.
        root: the checkout whose code is read.
        folder: where the catalogues lie.
    """
    in_code = texts_in_code(root)
    for language in LANGUAGES:
        known = entries(language, folder)
        given = (wordings or {}) if language == "da" else {}
        texts = []
        for key, text in in_code.items():
            old = known.get(key)
            wording = given.get(key) or (old.wording if old else ())
            if language == "en" and not any(wording):
                wording = text.forms
            texts.append(Text(text.context, text.forms, wording, text.places, bool(old and old.fuzzy)))
        path = po_file(language, folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue_of(language, texts), width=100, include_lineno=False)
        path.with_suffix(".mo").write_bytes(compiled(language, folder))


def problems(*, root: Path = ROOT, folder: Path = FOLDER) -> list[str]:
    """List what stands between the code and two whole catalogues; empty when nothing does.

    Args:
        root: the checkout whose code is read.
        folder: where the catalogues lie.
    """
    in_code = texts_in_code(root)
    singulars = Counter((context, singular) for context, singular, _plural in in_code)
    # gettext finds a text by its singular: one of the two would hide the other.
    hidden = [f"with and without a plural: »{text}«" for (_context, text), times in singulars.items() if times > 1]
    return hidden + [
        f"{language}: {problem}" for language in LANGUAGES for problem in _problems_of(language, in_code, folder)
    ]


def _problems_of(language: str, in_code: dict[Key, Text], folder: Path) -> Iterator[str]:
    known = entries(language, folder)
    for key, text in in_code.items():
        if key not in known:
            yield f"missing: {text.named} in {', '.join(sorted(text.places))}"
    for key, text in known.items():
        if key not in in_code:
            yield f"unused: {text.named}"
        if text.fuzzy:
            yield f"fuzzy: {text.named}"
        if not text.is_worded:
            yield f"not translated: {text.named}"
        elif not _same_places_filled(text):
            yield f"other names in braces: {text.named} → {' | '.join(text.wording)}"
    compiled_file = po_file(language, folder).with_suffix(".mo")
    if not compiled_file.exists() or compiled_file.read_bytes() != compiled(language, folder):
        yield "compiled catalogue is not of this text: run python -m tests.catalogues update"


def names_in_braces(text: str) -> set[str]:
    """Give the names of the places a text leaves open: {date}, {n}."""
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def _same_places_filled(text: Text) -> bool:
    """Compare the names in braces; only a singular may leave out its number («1 lån», «et lån»)."""
    try:
        source = [names_in_braces(form) for form in text.forms]
        target = [names_in_braces(form) for form in text.wording]
    except ValueError:
        return False
    if target[-1] != source[-1]:
        return False
    return target[0] in (source[0], source[-1]) or (len(source) > 1 and target[0] == source[-1] - NUMBERS)


def wordings_in(lines: Iterable[str]) -> dict[Key, tuple[str, ...]]:
    """Read the lines of a file for ``add``.

    Raises:
        ValueError: for a line that does not have three parts, or not as many Danish forms as English.
    """
    found: dict[Key, tuple[str, ...]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        parts = [part.strip(" \r\n") for part in line.split("|||")]
        if len(parts) != 3:
            raise ValueError(f"line {number}: expected English ||| context ||| Danish")
        english, danish = (tuple(form.strip(" ") for form in part.split(" | ")) for part in (parts[0], parts[2]))
        if len(english) != len(danish) or len(english) > 2:
            raise ValueError(f"line {number}: as many forms in Danish as in English, one or two")
        found[Text(parts[1], english).key] = danish
    return found


def main(arguments: list[str] | None = None) -> int:
    """Do what the command line says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.catalogues")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("update")
    commands.add_parser("check")
    commands.add_parser("add").add_argument("files", type=Path, nargs="+")
    chosen = parser.parse_args(arguments)
    if chosen.command == "add":
        wordings: dict[Key, tuple[str, ...]] = {}
        for file in chosen.files:
            wordings |= wordings_in(file.read_text("utf-8").split("\n"))
        update(wordings)
        for _context, english, _plural in wordings.keys() - texts_in_code().keys():
            sys.stdout.write(f"not in the code: »{english}«\n")
    elif chosen.command == "update":
        update()
    found = problems()
    for problem in found:
        sys.stdout.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
