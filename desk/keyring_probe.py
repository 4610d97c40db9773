"""A program of its own: names the keyring that can be relied on, and exits 1 when there is none."""

from __future__ import annotations

import os
import sys

from keyring import get_keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend

from desk.secrets import SERVICE, is_real


def name_of(backend: KeyringBackend) -> str:
    """Name a backend in full, as the settings do."""
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def answers(backend: KeyringBackend) -> bool:
    """Tell whether a backend gives back what it was given, and forgets it when told to."""
    service, name, value = f"{SERVICE} probe", os.urandom(8).hex(), os.urandom(8).hex()
    backend.set_password(service, name, value)
    kept = backend.get_password(service, name)
    backend.delete_password(service, name)
    return kept == value and backend.get_password(service, name) is None


def main() -> int:
    """Try what keyring would use; an error of the backend ends this program, which says as much."""
    chosen = get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in candidates:
        if is_real(name_of(backend)) and answers(backend):
            sys.stdout.write(name_of(backend))
            return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
