"""Both catalogues whole and compiled, and every text short enough for its place (U1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.texts import LANGUAGES
from tests import catalogues

# Letters at most, by msgctxt (the library's language page).
ROOM = {"footer": 12, "pile": 28, "lane": 28}
# What a place in a text is filled with: as long as it gets in a library.
LONG = {
    "age": "18",
    "allowed": "10",
    "amount": "1.250,00 kr.",
    # A longer one is said without the rest.
    "block": "spærret af automat",
    "branch": "Thyholm",
    "count": "99",
    "date": "24. sep. 2025",
    "dates": "30. dec.–2. jan. 2027",
    "days": "365",
    "library": "DK-718500",
    "limit": "100",
    "n": "99",
    "number": "999",
    "page": "99",
    "pages": "99",
    "parts": "12",
    "reason": "efter aftale",
    "shelf": "999",
    "there": "11",
    "time": "10.42",
}


def test_every_text_is_in_both_catalogues_and_compiled() -> None:
    assert catalogues.problems() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("context", ROOM)
def test_texts_have_room_where_they_are_shown(language: str, context: str) -> None:
    texts = [text for text in catalogues.entries(language).values() if text.context == context]
    shown = [form.format_map(LONG) for text in texts for form in text.wording]
    assert [text for text in shown if len(text) > ROOM[context]] == []


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small program with whole catalogues."""
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "code.py").write_text(
        '_("Lend {title}")\npgettext("key", "Return")\nngettext("{n} loan", "{n} loans", n)\n'
    )
    catalogues.update(
        {
            ("", "Lend {title}", ""): ("Lån {title} ud",),
            ("key", "Return", ""): ("Aflevér",),
            ("", "{n} loan", "{n} loans"): ("et lån", "{n} lån"),
        },
        root=tmp_path,
        folder=tmp_path / "locale",
    )
    return tmp_path


def problems(checkout: Path) -> str:
    return "\n".join(catalogues.problems(root=checkout, folder=checkout / "locale"))


def test_a_whole_catalogue_has_no_problems_and_english_speaks_as_the_code_does(checkout: Path) -> None:
    assert problems(checkout) == ""
    english = catalogues.entries("en", checkout / "locale")
    assert english[("", "{n} loan", "{n} loans")].wording == ("{n} loan", "{n} loans")


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('_("New")', "da: missing: »New« in desk/more.py"),
        ('pgettext("place", "Return")', "en: missing: »Return« (place)"),
        ('ngettext("Lend {title}", "Lend {n}", n)', "with and without a plural: »Lend {title}«"),
    ],
)
def test_a_new_text_is_found(checkout: Path, code: str, found: str) -> None:
    (checkout / "desk" / "more.py").write_text(code)
    assert found in problems(checkout)


def test_a_text_nobody_uses_is_found(checkout: Path) -> None:
    (checkout / "desk" / "code.py").write_text("")
    assert "en: unused: »Return« (key)" in problems(checkout)


def edit_danish(checkout: Path, old: str, new: str) -> None:
    path = catalogues.po_file("da", checkout / "locale")
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("Aflevér", "", "not translated: »Return« (key)"),
        ("Lån {title} ud", "Lån {titel} ud", "other names in braces: »Lend {title}«"),
        ("Lån {title} ud", "Lån {title ud", "other names in braces: »Lend {title}«"),
        ("{n} lån", "lån", "other names in braces: »{n} loan«"),
        ('msgctxt "key"', '#, fuzzy\nmsgctxt "key"', "fuzzy: »Return« (key)"),
        ("Aflevér", "Returnér", "compiled catalogue is not of this text"),
    ],
)
def test_a_faulty_translation_is_found(checkout: Path, old: str, new: str, found: str) -> None:
    edit_danish(checkout, old, new)
    assert f"da: {found}" in problems(checkout)


def test_an_update_keeps_translations_drops_unused_ones_and_compiles_the_same_again(checkout: Path) -> None:
    (checkout / "desk" / "code.py").write_text('_("Lend {title}")\n_("New")\n')
    catalogues.update(root=checkout, folder=checkout / "locale")
    danish = catalogues.entries("da", checkout / "locale")
    assert {text.forms[0]: text.wording for text in danish.values()} == {
        "Lend {title}": ("Lån {title} ud",),
        "New": ("",),
    }
    compiled = catalogues.po_file("da", checkout / "locale").with_suffix(".mo")
    first = compiled.read_bytes()
    catalogues.update(root=checkout, folder=checkout / "locale")
    assert compiled.read_bytes() == first


def test_wordings_are_read_from_lines() -> None:
    lines = ["# pile", "", "on loan ||| pile ||| udlånt", "{n} loan | {n} loans ||| ||| {n} lån | {n} lån"]
    assert catalogues.wordings_in(lines) == {
        ("pile", "on loan", ""): ("udlånt",),
        ("", "{n} loan", "{n} loans"): ("{n} lån", "{n} lån"),
    }


@pytest.mark.parametrize("line", ["on loan ||| udlånt", "loan | loans ||| ||| lån", "a | b | c ||| ||| a | b | c"])
def test_a_line_that_cannot_be_meant_is_refused_by_number(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        catalogues.wordings_in(["# first", line])
