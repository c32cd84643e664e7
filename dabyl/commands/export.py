"""`dabyl probe export`: measurements in the form of another project."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from wire.errors import BadInput


def add_to(probe_actions: Any) -> None:
    """Register the command under `dabyl probe`."""
    export = probe_actions.add_parser(
        "export",
        help="measurements as OONI's JSON lines",
        description=(
            "Reads measurements, one JSON object a line, and prints OONI measurements (data format 0.2.0). "
            "Records without an AS number or a country are left out and counted on standard error."
        ),
    )
    export.add_argument("--format", choices=("ooni",), required=True, help="whose form to write")
    export.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="measurements; - is standard input"
    )
    export.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the measurements; say what was left out."""
    from probes.export import export_ooni

    with _opened(options.file) as lines:
        left_out = export_ooni(lines, options.file, sys.stdout.buffer, version("dabyl"))
    if left_out:
        print(f"dabyl: {_told(left_out)}", file=sys.stderr)
    return 0


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(name).open("rb")  # noqa: SIM115  # closed below; only its opening is translated
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}") from error
    with file:
        yield file


def _told(left_out: Counter[str]) -> str:
    reasons = ", ".join(f"{reason}: {count}" for reason, count in sorted(left_out.items()))
    return f"records left out: {left_out.total()} ({reasons})"
