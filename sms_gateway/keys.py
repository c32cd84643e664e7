"""The gateway's two secrets, each a file of mode 0600: the signing key and the key of the senders' prints."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from wire import Randomness
from wire.errors import BadInput
from wire.signing import KEY_BYTES

SIGNING: Final = "gateway.key"
PRINTS: Final = "senders.key"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def secret(path: Path, randomness: Randomness) -> bytes:
    """The 32 bytes in a file of hex digits, made on the first run; raises `BadInput`."""
    try:
        if not path.exists():
            _make(path, randomness.token(KEY_BYTES))
        return _kept(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error


def prints_key(folder: Path) -> bytes:
    """The key of the senders' prints in a gateway's folder, which must have run once; raises `BadInput`."""
    try:
        return _kept(folder / PRINTS)
    except OSError as error:
        raise BadInput(
            f"{folder / PRINTS}: {error.strerror}; the gateway makes it when it first runs"
        ) from error


def write_secret(path: Path, hex_digits: str) -> None:
    """A new file of mode 0600 that holds a secret; raises `BadInput` when it exists already."""
    try:
        if path.exists():
            raise BadInput(f"{path}: there is a key already")
        _make(path, bytes.fromhex(hex_digits))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error


def _kept(path: Path) -> bytes:
    if path.stat().st_mode & _OTHERS:
        raise BadInput(f"{path}: others may read this key; chmod 600 it")
    try:
        raw = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise BadInput(f"{path}: not a key") from error
    if len(raw) != KEY_BYTES:
        raise BadInput(f"{path}: a key has {KEY_BYTES} bytes, not {len(raw)}")
    return raw


def _make(path: Path, raw: bytes) -> None:
    # Written aside and renamed: after a crash before the rename there is no key, never half a one.
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(raw.hex() + "\n")
        file.flush()
        os.fsync(descriptor)
    draft.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
