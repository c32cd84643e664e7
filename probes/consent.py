"""The owner's yes, kept beside the key; and how everything is taken away again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from probes.budget_store import BUDGET_FILE
from probes.control_store import SIGNATURES_FILE, TABLE_FILE
from probes.core.contacts import digest
from probes.disk import Disk, write_whole
from probes.enrol import ENROLLED_FILE
from probes.identity import KEY_FILE
from probes.lock import LOCK_FILE, only_one
from probes.remembering import RATES_FILE
from probes.spool import REFUSED, SPOOL
from wire.errors import BadInput

CONSENT_FILE: Final = "consent"
_OURS: Final = frozenset(
    {
        CONSENT_FILE,
        ENROLLED_FILE,
        KEY_FILE,
        LOCK_FILE,
        RATES_FILE,
        REFUSED,
        SIGNATURES_FILE,
        SPOOL,
        BUDGET_FILE,
        TABLE_FILE,
    }
)


def has_consent(folder: Path, disk: Disk, lines: list[str]) -> bool:
    """Whether the owner said yes to exactly these places before."""
    if CONSENT_FILE not in disk.names(folder):
        return False
    return disk.read(folder / CONSENT_FILE).decode("ascii", "replace").strip() == digest(lines)


def keep_consent(folder: Path, disk: Disk, lines: list[str]) -> None:
    """Remember the yes; raises `OSError`."""
    disk.make_folder(folder)
    write_whole(disk, folder / CONSENT_FILE, digest(lines).encode() + b"\n")


def purge(folder: Path) -> None:
    """Take away key, spool and all else that a probe keeps; raises `BadInput`, `OSError`.

    Only what is ours; a folder that holds anything else stays, with that.
    """
    with only_one(folder):
        for path in sorted(folder.iterdir()):
            if path.name.removesuffix(".tmp") in _OURS:
                _remove(path)
    if not any(folder.iterdir()):
        folder.rmdir()


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def check_folder(folder: Path) -> None:
    """Refuse to purge where no probe ever was; raises `BadInput`."""
    if not folder.is_dir() or not any((folder / name).exists() for name in (KEY_FILE, SPOOL, CONSENT_FILE)):
        raise BadInput(f"{folder}: no probe has kept anything here")
