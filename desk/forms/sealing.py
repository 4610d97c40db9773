"""What a form says, as the bytes that are sealed, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desk.forms.records import FormContent

if TYPE_CHECKING:
    from datetime import datetime

    from db.fields import CprVault


def mark_of(vault: CprVault, content: FormContent) -> bytes:
    """Give the mark by which a form that comes twice is known again: of all it says, and of the website's own id.

    The id alone would do, but for a website that begins to count anew: somebody else's form would go unread.
    """
    return vault.form_mark(_as_text(content).encode())


def sealed(vault: CprVault, content: FormContent, mark: bytes) -> bytes:
    """Seal what a form says for the row with its mark."""
    told = {"id": content.own_id, "values": dict(content.values)}
    return vault.seal_form(json.dumps(told, ensure_ascii=False).encode(), mark)


def opened(vault: CprVault, kind: str, sent_at: datetime, mark: bytes, stored: bytes) -> FormContent:
    """Open a form's row.

    Raises:
        cryptography.exceptions.InvalidTag: it was changed past the program.
    """
    told = json.loads(vault.open_form(stored, mark))
    return FormContent(kind, sent_at, told["id"], told["values"])


def _as_text(content: FormContent) -> str:
    said = [content.kind, content.own_id, content.sent_at.isoformat(), content.values]
    return json.dumps(said, ensure_ascii=False, sort_keys=True)
