"""``HOME/keys`` as a keyring backend, for keyring's own command.

::

    keyring -b desk.folder_keyring.FolderKeyring get skranke store
"""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.compat import properties
from keyring.errors import PasswordDeleteError

from desk.secrets import KeyFolder, key_folder
from desk.settings import home


class FolderKeyring(KeyringBackend):
    """Secrets as files that only their owner can read, in the installation's ``keys`` folder."""

    @property
    def _files(self) -> KeyFolder:
        return KeyFolder(key_folder(home()))

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805  (a property of the class)
        """Below every keyring that encrypts: it is used when it is named."""
        return 0.1

    def get_password(self, service: str, username: str) -> str | None:
        """Read a secret; None when there is none.

        Raises:
            SecretsError: if others than its owner could read it.
        """
        return self._files.get(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        """Write a secret over what there was: keyring's contract, unlike :meth:`Secrets.keep`."""
        self._files.put(service, username, password, replace=True)

    def delete_password(self, service: str, username: str) -> None:
        """Remove a secret.

        Raises:
            PasswordDeleteError: if there was none.
        """
        if not self._files.remove(service, username):
            raise PasswordDeleteError(username)
