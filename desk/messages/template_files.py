"""Templates: the program's own, each replaced by the library's of the same name in ``HOME/templates`` (R8).

``templates/da/recall.sms.txt`` is a text with named fields (``$due``); in ``….email.txt`` the first line is the
subject. What is wrong with one is found when it is read and when it is filled with the longest there is, and told with
its file and line. A message whose template is faulty waits; nothing else does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from string import Template
from typing import Any, Final, TypeAlias

from db.models.messages import MESSAGE_KINDS
from desk.messages.filling import NEEDED, Letterhead, field_names, fields_of, longest_facts
from desk.messages.sms import ROOM, foreign_to_gsm7, made_plain, septets
from desk.texts import LANGUAGES, speaking
from desk.wording import ordinary_spaces

SHIPPED: Final = Path(__file__).with_name("templates")
FOLDER: Final = "templates"
SMS, EMAIL = "sms", "email"
CHANNELS: Final = (SMS, EMAIL)
SUBJECT_ROOM: Final = 60
MOST_BYTES: Final = 20_000

Name: TypeAlias = tuple[str, str, str]
"""Kind, language, channel."""


class FieldTemplate(Template):
    """``$name`` or ``${name}`` with small letters and underscores; ``$$`` is a dollar sign. Nothing is computed."""

    idpattern = r"[a-z_]+"
    flags = re.ASCII

    def filled(self, words: Mapping[str, str]) -> str:
        """Fill the fields in; an abbreviation at the end of a sentence («24. sep.») brings its full stop along.

        Raises:
            ValueError: a dollar sign is no field.
            KeyError: there is no such field.
        """

        def word(match: re.Match[str]) -> str:
            if match["escaped"] is not None:
                return "$"
            if match["invalid"] is not None:
                raise ValueError("a dollar sign alone")
            said = words[match["named"] or match["braced"]]
            after = match.string[match.end() : match.end() + 2]
            return said[:-1] if said.endswith(".") and after.startswith(".") and after != ".." else said

        return self.pattern.sub(word, self.template)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template.

    Attributes:
        name: kind, language and channel of the messages that wait for it; None: a file that is nobody's.
        line: from 1; 0: the file as a whole.
        why: a short code, worded at the edge.
        detail: a field, a character, a length.
    """

    name: Name | None
    file: str
    line: int
    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A message in words; neither part is in its ``repr``."""

    subject: str = field(repr=False)
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Templates:
    """All templates of an installation, read once."""

    files: Mapping[Name, Path]
    contents: Mapping[Name, str]
    faults: tuple[Fault, ...]

    @property
    def broken(self) -> frozenset[Name]:
        """The kinds, languages and channels that nothing is sent of."""
        return frozenset(fault.name for fault in self.faults if fault.name is not None)

    def text(self, name: Name, facts: Mapping[str, Any], letterhead: Letterhead, today: date) -> Text:
        """Word a message in its language.

        Raises:
            FactsMissing: the facts are not those of its kind.
            KeyError: its template is broken.
        """
        with speaking(name[1]):
            words = fields_of(name[0], facts, letterhead, today)
        return _filled(_signed(self.contents[name], letterhead), name[2], words)


def file_name(name: Name) -> str:
    """Give a template's place in either folder."""
    kind, language, channel = name
    return f"{language}/{kind}.{channel}.txt"


def all_names() -> Iterator[Name]:
    """Give every template there is."""
    for language in LANGUAGES:
        for kind in MESSAGE_KINDS:
            for channel in CHANNELS:
                yield kind, language, channel


def read_templates(home: Path, letterhead: Letterhead, today: date) -> Templates:
    """Read and check the templates of an installation; those that are broken are told, not raised.

    Args:
        home: the installation's folder.
        letterhead: the library's: with it the longest message is made.
        today: local date.
    """
    own = home / FOLDER
    files, contents, faults = {}, {}, list(_strangers(own))
    for name in all_names():
        relative = file_name(name)
        found = _read(name, path := own / relative)
        if found is None:
            found = _read(name, path := SHIPPED / relative)
        files[name] = path
        if found is None:
            found = Fault(name, str(path), 0, "unreadable")
        if isinstance(found, str):
            contents[name] = found
            found = first_fault(name, path, found, letterhead, today)
        if found is not None:
            faults.append(found)
            contents.pop(name, None)
    return Templates(files, contents, tuple(faults))


def _strangers(own: Path) -> Iterator[Fault]:
    """Find files of the library's that replace nothing: a name with a slip in it would be missed by nobody."""
    known = {file_name(name) for name in all_names()}
    for path in sorted(own.glob("**/*.txt")):
        if path.relative_to(own).as_posix() not in known:
            yield Fault(None, str(path), 0, "stranger")


def _read(name: Name, path: Path) -> str | Fault | None:
    """Read a template; None: there is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            return Fault(name, str(path), 0, "huge")
        content = raw.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return Fault(name, str(path), 0, "unreadable")
    except UnicodeDecodeError as error:
        return Fault(name, str(path), raw[: error.start].count(b"\n") + 1, "not_utf8")
    return "\n".join(content.splitlines()).strip("\n")


def first_fault(name: Name, path: Path, content: str, letterhead: Letterhead, today: date) -> Fault | None:
    """Find the first thing that is wrong with a template, or None.

    Args:
        name: kind, language, channel.
        path: its file, for the message.
        content: what it says.
        letterhead: the library's.
        today: local date.
    """
    return next(_faults(name, str(path), content, letterhead, today), None)


def _faults(name: Name, file: str, content: str, letterhead: Letterhead, today: date) -> Iterator[Fault]:
    kind, language, channel = name
    subject, _line, body = content.partition("\n") if channel == EMAIL else ("-", "", content)
    if not content.strip():
        yield Fault(name, file, 0, "empty")
        return
    if not subject.strip():
        yield Fault(name, file, 1, "no_subject")
    if not body.strip():
        yield Fault(name, file, 2, "no_body")
    known, used = field_names(kind), set()
    for number, line in enumerate(content.split("\n"), 1):
        for match in FieldTemplate.pattern.finditer(line):
            if match["invalid"] is not None:
                yield Fault(name, file, number, "dollar")
            elif match["escaped"] is None:
                word = match["named"] or match["braced"]
                used.add(word)
                if word not in known:
                    yield Fault(name, file, number, "unknown_field", word)
    for missing in sorted(NEEDED[kind] - used):
        yield Fault(name, file, 0, "missing_field", missing)
    if used <= known:
        with speaking(language):
            words = fields_of(kind, longest_facts(kind, letterhead, today), letterhead, today)
        yield from _too_much(name, file, content, words)


def _too_much(name: Name, file: str, content: str, words: Mapping[str, str]) -> Iterator[Fault]:
    """Find what has no room when it is filled with the longest there is."""
    try:
        text = _filled(content, name[2], words)
    except ValueError:
        return  # a dollar sign alone, which has been told
    if name[2] == EMAIL:
        if len(text.subject) > SUBJECT_ROOM:
            yield Fault(name, file, 1, "subject_long", str(len(text.subject)))
        return
    for number, line in enumerate(content.split("\n"), 1):
        foreign = foreign_to_gsm7(made_plain(FieldTemplate(line).filled(words)))
        if foreign:
            yield Fault(name, file, number, "not_gsm7", foreign)
            return
    length = septets(text.body)
    if length > ROOM:
        yield Fault(name, file, 0, "sms_long", str(length))


def _signed(content: str, letterhead: Letterhead) -> str:
    """Leave a website out of the signature where the settings name none; a sentence speaks of it all the same."""
    if letterhead.website:
        return content
    return "\n".join(line for line in content.split("\n") if line.strip() not in {"$website", "${website}"})


def _filled(content: str, channel: str, words: Mapping[str, str]) -> Text:
    text = "\n".join(line.rstrip() for line in FieldTemplate(content).filled(words).split("\n"))
    if channel == SMS:
        return Text("", made_plain(text).strip())
    subject, _line, body = text.partition("\n")
    return Text(ordinary_spaces(subject).strip(), ordinary_spaces(body).strip("\n") + "\n")
