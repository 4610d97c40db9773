"""PDFs through typst: a template lies beside the module that fills it, and what it says is handed to it as data."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desk.wording import plain

if TYPE_CHECKING:
    from typst import Fonts


def pdf_of(template: Path, name: str, content: Mapping[str, Any], made_at: datetime) -> bytes:
    """Fill a template, in fonts of typst's own, with nothing of the borrower in the file's metadata.

    What a name holds of markup is only text in it: the templates evaluate nothing.

    Args:
        template: the ``.typ`` file.
        name: what the template calls its data.
        content: the data; what a person wrote has been through :func:`printable`.
        made_at: aware UTC, for the metadata.

    Returns:
        The content of a PDF file.
    """
    import typst  # noqa: PLC0415  (84 MB, which only a print needs)

    return typst.compile(
        template.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        sys_inputs={name: json.dumps(content, ensure_ascii=False)},
        timestamp=int(made_at.timestamp()),
    )


@lru_cache(maxsize=1)
def _fonts() -> Fonts:
    """Look up the fonts once: typst's own, and the system's for letters those lack."""
    import typst  # noqa: PLC0415

    return typst.Fonts()


def printable(value: str) -> str:
    """Give data as text that can do nothing but be read, with Å as one letter and not as A with a ring."""
    shown = plain(value)
    return shown if shown.isascii() else unicodedata.normalize("NFC", shown)
