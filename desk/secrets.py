"""The installation's keys (T2): a keyring's where one answers, else files in ``HOME/keys``.

The folder is read without keyring's own machinery, which costs 70 ms at every start; keyring itself reaches the
same files through :class:`desk.folder_keyring.FolderKeyring`.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from desk.errors import SecretsError
from desk.private_files import private_folder, write_private
from desk.system_words import system_words
from desk.texts import _
from desk.wording import plain

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "skranke"
FOLDER: Final = "folder"
NAMES: Final = ("store", "queue", "cpr", "cpr-index", "pin-pepper")
PASSWORDS: Final = {"mail": "mail-password", "sms": "sms-token"}
KEY_BYTES: Final = 32

# Those that keep a secret by the system's own means. What else calls itself a keyring may write in the clear.
REAL_KEYRINGS: Final = (
    "keyring.backends.SecretService.",
    "keyring.backends.libsecret.",
    "keyring.backends.kwallet.",
    "keyring.backends.macOS.",
    "keyring.backends.Windows.",
)
PROBE_SECONDS: Final = 20.0

_READABLE_NAME: Final = re.compile(r"[a-z][a-z-]{0,40}")


class KeyFolder:
    """Secrets as files: one each, mode 0600, in a folder of mode 0700."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, service: str, name: str) -> Path:
        """Give a secret's file: the name itself for our own, a fingerprint for anything else."""
        if service == SERVICE and _READABLE_NAME.fullmatch(name):
            return self.folder / name
        from hashlib import sha256  # noqa: PLC0415  (our own names never come here)

        return self.folder / sha256(f"{service}\0{name}".encode()).hexdigest()

    def get(self, service: str, name: str) -> str | None:
        """Read a secret; None when there is none.

        Raises:
            SecretsError: if it cannot be read, or others than its owner could read it.
        """
        path = self.file(service, name)
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unreadable(path, error) from None
        with open(descriptor, encoding="utf-8", newline="") as file:
            self._refuse_open(self.folder, self.folder.stat().st_mode)
            self._refuse_open(path, os.fstat(descriptor).st_mode)
            try:
                return file.read()
            except OSError as error:
                raise _unreadable(path, error) from None

    @staticmethod
    def _refuse_open(path: Path, mode: int) -> None:
        if stat.S_IMODE(mode) & 0o077:
            command = f"chmod go= {path}"
            raise SecretsError(
                _(
                    "Others on this machine can read {file}. It has not been used. Run {command}, "
                    "and ask yourself who may have read it."
                ).format(file=path, command=command)
            )

    def put(self, service: str, name: str, value: str, *, replace: bool) -> None:
        """Write a secret, whole or not at all.

        Raises:
            SecretsError: if there is one that may not be replaced, or it cannot be written.
        """
        path = self.file(service, name)
        try:
            private_folder(self.folder)
            write_private(path, value.encode(), replace=replace)
        except FileExistsError:
            raise _taken(name, str(path)) from None
        except OSError as error:
            raise SecretsError(
                _("{file} cannot be written: {reason}").format(file=path, reason=system_words(error))
            ) from None

    def remove(self, service: str, name: str) -> bool:
        """Remove a secret; tells whether there was one.

        Raises:
            SecretsError: if it cannot be removed.
        """
        path = self.file(service, name)
        try:
            path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise SecretsError(
                _("{file} cannot be written: {reason}").format(file=path, reason=system_words(error))
            ) from None
        return True


class Keyring(Protocol):
    """Where secrets are kept, as this module sees it."""

    def get(self, name: str) -> str | None:
        """Read a secret; None when there is none."""

    def add(self, name: str, value: str) -> None:
        """Keep a new secret."""

    def replace(self, name: str, value: str) -> None:
        """Keep a secret in place of what there was."""

    def forget(self, name: str) -> None:
        """Remove a secret; one that is not there is forgotten already."""

    def where(self) -> str:
        """Name the place in a message."""

    def describe(self) -> str:
        """Say in a sentence where the keys lie and what that means."""


class FolderOfHome:
    """The keys of a home in its own folder."""

    def __init__(self, home: Path) -> None:
        self._files = KeyFolder(key_folder(home))

    def get(self, name: str) -> str | None:
        """Read a secret; None when there is none."""
        return self._files.get(SERVICE, name)

    def add(self, name: str, value: str) -> None:
        """Keep a new secret; two programs that try at once cannot both have succeeded."""
        self._files.put(SERVICE, name, value, replace=False)

    def replace(self, name: str, value: str) -> None:
        """Keep a secret in place of what there was."""
        self._files.put(SERVICE, name, value, replace=True)

    def forget(self, name: str) -> None:
        """Remove a secret."""
        self._files.remove(SERVICE, name)

    def where(self) -> str:
        """Name the folder."""
        return str(self._files.folder)

    def describe(self) -> str:
        """Say where the keys lie and what that means."""
        return _(
            "The keys lie in {folder}, which only this user can read; no keyring is used. "
            "Whoever can read the folder can open the store."
        ).format(folder=self._files.folder)


class SystemKeyring:
    """The keys of a home in the system's keyring."""

    def __init__(self, home: Path, backend: str) -> None:
        self._backend_name = backend
        # Two installations of one user (say, a demo and the real one) have keys of their own.
        self._service = f"{SERVICE} {home}"
        self._backend = _loaded(backend)

    def get(self, name: str) -> str | None:
        """Read a secret; None when there is none."""
        try:
            return self._backend.get_password(self._service, name)
        except _troubles() as error:
            raise _unanswered(self._backend_name, error) from None

    def add(self, name: str, value: str) -> None:
        """Keep a new secret."""
        if self.get(name) is not None:
            raise _taken(name, self.where())
        self.replace(name, value)

    def replace(self, name: str, value: str) -> None:
        """Keep a secret in place of what there was."""
        try:
            self._backend.set_password(self._service, name, value)
        except _troubles() as error:
            raise _unanswered(self._backend_name, error) from None

    def forget(self, name: str) -> None:
        """Remove a secret."""
        if self.get(name) is None:
            return
        try:
            self._backend.delete_password(self._service, name)
        except _troubles() as error:
            raise _unanswered(self._backend_name, error) from None

    def where(self) -> str:
        """Name the backend and the entry's service."""
        return f"{self._backend_name}, {self._service}"

    def describe(self) -> str:
        """Say where the keys lie and what that means."""
        return _(
            "The keys lie in the system's keyring ({backend}). The store can only be opened while it is unlocked."
        ).format(backend=self._backend_name)


class Secrets:
    """The keys of one installation."""

    def __init__(self, home: Path, backend: str) -> None:
        """Open the place where the keys lie; no key is read yet.

        Args:
            home: the installation's folder, absolute.
            backend: ``keys.backend`` of the settings.

        Raises:
            SecretsError: if the keyring named is not there, or not one that keeps a secret.
        """
        self._keyring: Keyring = FolderOfHome(home) if backend == FOLDER else SystemKeyring(home, backend)

    def secret(self, name: str) -> bytes:
        """Give a key.

        Args:
            name: one of ``NAMES``, or what ``keep`` was told.

        Raises:
            SecretsError: if it is missing, damaged, or lies open to others.
        """
        found = self._keyring.get(name)
        if found is None:
            raise SecretsError(
                _(
                    'The key "{name}" is missing in {where}. The store cannot be opened without it; '
                    "put the key back from where it is kept safe."
                ).format(name=name, where=self._keyring.where())
            )
        try:
            return bytes.fromhex(found)
        except ValueError:
            raise SecretsError(
                _('The key "{name}" in {where} is damaged. Put it back from where it is kept safe.').format(
                    name=name, where=self._keyring.where()
                )
            ) from None

    def keep(self, name: str, value: bytes) -> None:
        """Keep a new key.

        Raises:
            SecretsError: if there is one of that name, which stays as it is, or it cannot be kept.
        """
        self._keyring.add(name, value.hex())

    def password(self, name: str) -> str | None:
        """Give somebody else's secret: a mail server's password, a gateway's token; None: none has been kept.

        Args:
            name: one of the names in ``PASSWORDS``.

        Raises:
            SecretsError: it is damaged, or lies open to others.
        """
        found = self._keyring.get(name)
        try:
            return None if found is None else bytes.fromhex(found).decode()
        except ValueError:
            raise SecretsError(
                _('The secret "{name}" in {where} is damaged. Set it again.').format(
                    name=name, where=self._keyring.where()
                )
            ) from None

    def keep_password(self, name: str, value: str) -> None:
        """Keep somebody else's secret, in place of what there was.

        Raises:
            SecretsError: it cannot be kept.
        """
        self._keyring.replace(name, value.encode().hex())

    def forget(self, name: str) -> None:
        """Remove a key for good: what was sealed with it cannot be opened any more.

        Raises:
            SecretsError: it cannot be removed.
        """
        self._keyring.forget(name)

    def new_keys(self) -> None:
        """Draw the keys that are missing; those that are there stay.

        Raises:
            SecretsError: if one cannot be kept.
        """
        for name in NAMES:
            if self._keyring.get(name) is None:
                self.keep(name, os.urandom(KEY_BYTES))

    def kept(self) -> dict[str, str]:
        """Give everything that is kept, as it is kept, by name: keys, and somebody else's secrets.

        Raises:
            SecretsError: one lies open to others, or the keyring does not answer.
        """
        names = (*NAMES, *PASSWORDS.values())
        return {name: found for name in names if (found := self._keyring.get(name)) is not None}

    def take_in(self, kept: Mapping[str, str]) -> tuple[str, ...]:
        """Keep what another place kept; what is here already, and the same, stays.

        Args:
            kept: as :meth:`kept` gave it.

        Returns:
            The names of those that are new.

        Raises:
            SecretsError: one is here already and another; nothing was written. Or it cannot be kept.
        """
        here = self.kept()
        for name, value in kept.items():
            if here.get(name, value) != value:
                raise _taken(name, self._keyring.where())
        new = tuple(name for name in kept if name not in here)
        for name in new:
            self._keyring.add(name, kept[name])
        return new

    def where(self) -> str:
        """Name the place where the keys lie."""
        return self._keyring.where()

    def describe(self) -> str:
        """Say in a sentence where the keys lie and what that means (T2)."""
        return self._keyring.describe()


def key_folder(home: Path) -> Path:
    """Say where a home's keys lie when no keyring has them."""
    return home / "keys"


def backend_without_settings(home: Path) -> str:
    """Name the keyring that has a home's keys while no ``desk.toml`` says so: the folder if they are in it."""
    return FOLDER if FolderOfHome(home).get("store") is not None else choose_backend()


def choose_backend() -> str:
    """Name the keyring to use: one that keeps a secret, gives it back and forgets it, else ``folder``.

    It is tried in a program of its own, because a keyring may wait for a dialog that nobody sees.
    """
    import subprocess  # noqa: PLC0415  (only desk init asks)

    try:
        tried = subprocess.run(
            [sys.executable, "-m", "desk.keyring_probe"],
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return FOLDER
    answered = tried.stdout.strip()
    return answered if tried.returncode == 0 and is_real(answered) else FOLDER


def is_real(backend: str) -> bool:
    """Tell whether a keyring backend, named in full, keeps secrets by the system's own means."""
    return backend.startswith(REAL_KEYRINGS)


def _loaded(backend: str) -> KeyringBackend:
    if not is_real(backend):
        raise SecretsError(
            _('"{backend}" is not a keyring that keeps a secret. Set keys.backend in desk.toml.').format(
                backend=plain(backend)
            )
        )
    # Named, not scanned for: a scan loads every backend there is.
    from keyring.core import load_keyring  # noqa: PLC0415  (the folder needs no keyring)

    troubles: tuple[type[Exception], ...] = (ImportError, AttributeError, *_troubles())
    try:
        return load_keyring(backend)
    except troubles as error:
        raise _unanswered(backend, error) from None


def _troubles() -> tuple[type[Exception], ...]:
    """Name what a keyring that does not answer raises: not all of its libraries' errors are keyring's."""
    from keyring.errors import KeyringError  # noqa: PLC0415  (loaded with the backend)

    library = sys.modules.get("secretstorage")
    return (KeyringError, RuntimeError, OSError, *([library.SecretStorageException] if library else []))


def _unanswered(backend: str, error: Exception) -> SecretsError:
    said = system_words(error) if isinstance(error, OSError) else plain(str(error))
    return SecretsError(
        _("The keyring {backend} does not answer: {reason}").format(
            backend=plain(backend), reason=said or type(error).__name__
        )
    )


def _unreadable(path: Path, error: OSError) -> SecretsError:
    return SecretsError(_("{file} cannot be read: {reason}").format(file=path, reason=system_words(error)))


def _taken(name: str, where: str) -> SecretsError:
    return SecretsError(
        _('There is a key "{name}" in {where} already; it has been left as it is.').format(name=name, where=where)
    )
