"""Everything the counter can do about a deletion request."""

from desk.privacy.deletion.deciding import ApproveDeletion, RejectDeletion
from desk.privacy.deletion.notices import BeginNotice, MakeLetter, NoteNotice, SettleNotice
from desk.privacy.deletion.registering import RegisterDeletion, WithdrawDeletion

__all__ = [
    "ApproveDeletion",
    "BeginNotice",
    "MakeLetter",
    "NoteNotice",
    "RegisterDeletion",
    "RejectDeletion",
    "SettleNotice",
    "WithdrawDeletion",
]
