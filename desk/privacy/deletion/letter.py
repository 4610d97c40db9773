"""The letter to a borrower whom no message reaches: a PDF in the folder of prints, until it has been printed."""

from __future__ import annotations

import errno
import json
import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from desk.calendar import local_date
from desk.errors import FileNotWritten
from desk.privacy.access_report.words import long_date
from desk.private_files import private_folder, write_private
from desk.system_words import system_words
from desk.texts import language, pgettext, speaking
from desk.wording import plain

if TYPE_CHECKING:
    from desk.privacy.deletion.records import LetterRecord

TEMPLATE = Path(__file__).with_name("letter.typ")
MOST_A_DAY = 100


def write_letter(letter: LetterRecord, folder: Path) -> Path:
    """Write the letter, readable by its owner alone and never over one that is there.

    Args:
        letter: to whom.
        folder: where; made if need be.

    Returns:
        The file: ``48291173-sletning-2026-03-10.pdf``; its name begins as every print's of this borrower does.

    Raises:
        FileNotWritten: with the system's words.
    """
    content = letter_pdf(letter)
    stem = f"{letter.number}-sletning-{local_date(letter.made_at).isoformat()}"
    try:
        private_folder(folder)
        for turn in range(1, MOST_A_DAY + 1):
            path = folder / (f"{stem}.pdf" if turn == 1 else f"{stem}-{turn}.pdf")
            try:
                write_private(path, content, replace=False)
            except FileExistsError:
                continue
            return path
    except (OSError, ValueError) as error:
        raise FileNotWritten(str(folder), "unwritable", system_words(error)) from None
    raise FileNotWritten(str(folder), "unwritable", system_words(os.strerror(errno.EEXIST)))


def delete_letter(file: Path) -> None:
    """Take a letter away that has been printed: from now on it would be a trace of whoever is erased.

    Raises:
        FileNotWritten: it cannot be deleted, so nobody can be erased; with the system's words.
    """
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise FileNotWritten(str(file.parent), "unwritable", system_words(error)) from None


def letter_pdf(letter: LetterRecord) -> bytes:
    """Give the letter as the content of a PDF file, in the borrower's language."""
    import typst  # noqa: PLC0415  (84 MB, which only a print needs)

    with speaking(letter.language):
        content = {
            "title": pgettext("letter", "Your deletion request is approved"),
            "language": language(),
            "library": _text(letter.library),
            "made": long_date(local_date(letter.made_at)),
            "to": [_text(line) for line in (letter.name, *letter.address)],
            "text": [
                pgettext("letter", "Your deletion request is approved and your data are being deleted now."),
                pgettext("letter", "This is our last message to you."),
            ],
            "regards": pgettext("letter", "Kind regards"),
        }
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"letter": json.dumps(content, ensure_ascii=False)},
        timestamp=int(letter.made_at.timestamp()),
    )


def _text(value: str) -> str:
    """Give data as text that can do nothing but be read, with Å as one letter and not as A with a ring."""
    return unicodedata.normalize("NFC", plain(value))
