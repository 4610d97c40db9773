"""Every word on screen, looked up at the moment it is shown (U1).

English is in the code, Danish in ``locale/da``; both languages have a whole catalogue, made and checked by
``python -m tests.catalogues``. Only the standard library is needed to read them.
"""

from __future__ import annotations

import contextlib
import gettext
from collections.abc import Iterator
from pathlib import Path

LANGUAGES = ("da", "en")
DEFAULT = "da"
FOLDER = Path(__file__).with_name("locale")

_catalogues: dict[str, gettext.GNUTranslations] = {}
_language = DEFAULT


def use(language: str) -> None:
    """Speak a language from now on; texts already made stay as they are.

    Args:
        language: one of ``LANGUAGES``.

    Raises:
        ValueError: for a language there is no catalogue for.
    """
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for {language!r}")
    global _language  # noqa: PLW0603  (one program speaks one language at a time)
    _language = language


def language() -> str:
    """Name the language spoken now."""
    return _language


@contextlib.contextmanager
def speaking(other: str) -> Iterator[None]:
    """Speak a language inside the block only: a message is in the borrower's, whatever the screens speak.

    Raises:
        ValueError: for a language there is no catalogue for.
    """
    before = _language
    use(other)
    try:
        yield
    finally:
        use(before)


def _catalogue() -> gettext.GNUTranslations:
    found = _catalogues.get(_language)
    if found is None:
        with (FOLDER / _language / "LC_MESSAGES" / "skranke.mo").open("rb") as file:
            found = _catalogues[_language] = gettext.GNUTranslations(file)
    return found


def _(text: str) -> str:
    """Give a text in the language spoken now."""
    # The empty text is the catalogue's header, which nobody wants on a screen.
    return _catalogue().gettext(text) if text else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """Give the singular or plural of a text, as the language counts; ``{n}`` is not filled in."""
    return _catalogue().ngettext(singular, plural, number)


def pgettext(context: str, text: str) -> str:
    """Give a text whose one English word is two words elsewhere, or whose place limits its length."""
    return _catalogue().pgettext(context, text)


def npgettext(context: str, singular: str, plural: str, number: int) -> str:
    """Give the singular or plural of a text in a context."""
    return _catalogue().npgettext(context, singular, plural, number)


def N_(text: str) -> str:  # noqa: N802  (gettext's own name for it)
    """Mark a text for the catalogues where it stands; it is looked up with ``_`` where it is shown."""
    return text


def NP_(context: str, text: str) -> str:  # noqa: N802  (the context is read by the extraction)
    """Mark a text in a context; it is looked up with ``pgettext`` where it is shown."""
    return text
