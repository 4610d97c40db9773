"""The words on screen, in both languages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desk import texts
from desk.texts import _, ngettext, pgettext


def test_the_program_speaks_danish_until_told_otherwise() -> None:
    assert texts.language() == "da"
    assert _("The language of the screens") == "Skærmenes sprog"


def test_another_language_is_spoken_from_the_next_text_on() -> None:
    texts.use("en")
    assert pgettext("month", "May") == "May"
    texts.use("da")
    assert pgettext("month", "May") == "maj"


def test_a_language_without_a_catalogue_is_refused_and_nothing_changes() -> None:
    with pytest.raises(ValueError, match="de"):
        texts.use("de")
    assert texts.language() == "da"


def test_nothing_to_say_is_not_the_catalogues_header() -> None:
    assert _("") == ""


def test_none_is_plural_in_danish() -> None:
    singular, plural = (
        '{file}: "{key}" must be a text in quotes, {n} character at most.',
        '{file}: "{key}" must be a text in quotes, {n} characters at most.',
    )
    texts.use("en")
    assert [ngettext(singular, plural, n) == plural for n in (0, 1, 2)] == [True, False, True]


def test_reading_texts_needs_only_the_standard_library() -> None:
    program = "import sys, desk.texts; desk.texts._('x'); sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
