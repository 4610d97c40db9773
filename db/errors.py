"""What can go wrong with a file or a server, in the words of this layer."""

from __future__ import annotations


class StorageError(Exception):
    """Anything below: the store or the queue did not do what was asked.

    ::

        StorageError
        ├── StoreBusy          another program holds the store; try again
        ├── StoreUnreachable   the server or the file does not answer
        ├── StoreUnreadable    wrong key, or a damaged file
        ├── StoreFull          no room, or read-only: nothing was written
        └── StoreOutdated      made by a newer program, or not yet migrated
    """

    def __init__(self, where: str, detail: str = "") -> None:
        super().__init__(f"{where}: {detail}" if detail else where)
        self.where = where
        self.detail = detail


class StoreBusy(StorageError):
    """Another program holds the store longer than we waited."""


class StoreUnreachable(StorageError):
    """The server does not answer, or the file cannot be opened."""


class StoreUnreadable(StorageError):
    """The file is not what the key opens: a wrong key, or a damaged file."""


class StoreFull(StorageError):
    """The disk is full or the file is read-only."""


class StoreOutdated(StorageError):
    """The tables are not those of this program."""
