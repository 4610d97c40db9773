"""What a form says, as the bytes that are sealed, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desk.forms.records import FormContent

if TYPE_CHECKING:
    from datetime import datetime

    from db.fields import CprVault


def mark_of(vault: CprVault, content: FormContent) -> bytes:
    """Give the mark by which a form that comes twice is known again: of the website's own id, else of what it says."""
    said = f"id {content.kind} {content.own_id}" if content.own_id else f"says {content.kind} {_as_text(content)}"
    return vault.form_mark(said.encode())


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
    return json.dumps([content.sent_at.isoformat(), content.values], ensure_ascii=False, sort_keys=True)
