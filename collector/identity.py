"""Who this collector is: an Ed25519 key, made on the first run, that never leaves the folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from wire.errors import BadInput
from wire.ports import Randomness
from wire.signing import KEY_BYTES, SigningKey

KEY_FILE: Final = "key"
_PRIVATE: Final = 0o600


def load_or_make_key(folder: Path, randomness: Randomness) -> SigningKey:
    """The key in a folder, made when there is none; raises `BadInput`.

    Who holds the folder's lock calls it: two that made a key at once would differ.
    """
    path = folder / KEY_FILE
    try:
        if not path.exists():
            _write(path, randomness.token(KEY_BYTES))
        seed = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    if len(seed) != KEY_BYTES:
        raise BadInput(f"{path}: not a key of {KEY_BYTES} bytes")
    return SigningKey(seed)


def load_key(folder: Path) -> SigningKey:
    """The key in a folder; raises `BadInput` when there is none."""
    if not (folder / KEY_FILE).exists():
        raise BadInput(f"{folder / KEY_FILE}: there is none; the collector makes it when it is first started")
    return SigningKey((folder / KEY_FILE).read_bytes())


def _write(path: Path, raw: bytes) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, _PRIVATE)
    with os.fdopen(handle, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)  # after a crash before this line the next start makes another key
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # from here on probes may pin it
    finally:
        os.close(folder)
