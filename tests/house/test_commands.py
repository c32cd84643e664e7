"""The page of commands is what the commands say of themselves."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_of_commands_is_their_own_help() -> None:
    tool = [sys.executable, str(ROOT / "tools" / "command_reference.py")]
    told = subprocess.run(tool, capture_output=True, text=True, check=True, cwd=ROOT).stdout
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert told.strip() == written.strip(), "run: python tools/command_reference.py --write"
