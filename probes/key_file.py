"""A signing key in a file of its own, made when it is not there: what a beacon signs with."""

from __future__ import annotations

from pathlib import Path

from probes.disk import Disk, write_whole
from wire.errors import BadInput
from wire.ports import Randomness
from wire.signing import KEY_BYTES, SigningKey


def read_or_make_key(path: Path, disk: Disk, randomness: Randomness) -> SigningKey:
    """The key of a file: 32 bytes. A new one is on the disk before it is used. Raises `BadInput`."""
    try:
        if path.name not in disk.names(path.parent):
            write_whole(disk, path, randomness.token(KEY_BYTES))
        seed = disk.read(path)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    if len(seed) != KEY_BYTES:
        raise BadInput(f"{path}: not a key of {KEY_BYTES} bytes")
    return SigningKey(seed)
