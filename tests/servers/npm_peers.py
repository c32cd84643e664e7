"""Message centres from npm, as package-lock.json pins them: fetched once into `.venv`, by npm's own client.

The key of the folder is the lock file, so a new pin is a new folder; `make clean` removes all of them.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent / "npm"
SERVER = HERE / "smsc.js"
PINNED = ("package.json", "package-lock.json")
FETCH_S = 120


def modules() -> Path:
    """The folder that Node looks for the packages in; raises `CalledProcessError` when npm cannot fetch them."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = Path(sys.prefix) / "share" / "dabyl-npm" / hashlib.sha256(lock).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # tests run side by side
        if not (folder / "done").exists():
            for name in PINNED:
                shutil.copy(HERE / name, folder / name)
            command = ["npm", "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True, timeout=FETCH_S)
            (folder / "done").touch()
    return folder / "node_modules"
