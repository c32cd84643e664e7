"""Who this probe is: an Ed25519 key, made on the first run, that never leaves the machine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from probes.disk import Disk
from probes.key_file import read_or_make_key
from wire.errors import BadInput
from wire.ports import Randomness
from wire.signing import SigningKey

KEY_FILE: Final = "key"


def load_or_make(folder: Path, disk: Disk, randomness: Randomness) -> SigningKey:
    """The key in a folder, both made when there are none; raises `BadInput`, `OSError`."""
    disk.make_folder(folder)
    return read_or_make_key(folder / KEY_FILE, disk, randomness)


def key_of(folder: Path) -> SigningKey | None:
    """The key of a probe that has run from a folder; None when none has. Raises `BadInput`."""
    path = folder / KEY_FILE
    try:
        return SigningKey(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
