"""The collector's folder, as its commands are told of it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from wire.errors import BadInput


def add_folder(parser: argparse.ArgumentParser) -> None:
    """The option `--data` of a command that works on what a collector keeps."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the collector's folder")


def must_be_there(folder: Path) -> None:
    """Raise `BadInput` where there is no such folder."""
    if not folder.is_dir():
        raise BadInput(f"{folder}: there is no such folder")


def progress() -> Callable[[int], None]:
    """Where standard error is a terminal, a line that counts batches."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda number: print(f"\rdabyl: {number} batches", end="", file=sys.stderr, flush=True)
