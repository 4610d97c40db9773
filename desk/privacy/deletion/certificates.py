"""The certificate of a deletion, made at the counter: it names nobody, and lies among the prints for seven days."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from db.engine import is_embedded
from desk.command import Who
from desk.privacy.access_report.expiry import FOLDER
from desk.privacy.erasure.certificate import write_certificate
from desk.privacy.erasure.queries import certificate_of

if TYPE_CHECKING:
    from desk.installation import Installation


async def print_certificate(installation: Installation, request_id: int, who: Who) -> Path:
    """Write the certificate as PDF, with the same as JSON beside it.

    Args:
        installation: the opened home.
        request_id: of a deletion that has been carried out.
        who: a supervisor.

    Returns:
        The PDF.

    Raises:
        NotAllowed, NotFound, StoreError: as :func:`certificate_of` says.
        FileNotWritten: with the system's words.
    """
    certificate = await installation.desk.ask(who, certificate_of, request_id)
    on_server = not is_embedded(installation.store.url)
    pdf, _data = await asyncio.to_thread(
        write_certificate, certificate, installation.home / FOLDER, on_server=on_server
    )
    return pdf
