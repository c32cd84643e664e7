"""`dabyl collector detect`: measurements in, incidents out; no server, no network."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from wire.errors import BadInput
from wire.times import epoch_seconds


def add_to(collector_actions: Any) -> None:
    """Register the command under `dabyl collector`."""
    parser = collector_actions.add_parser(
        "detect",
        help="incidents from files of measurements",
        description=(
            "Reads measurements, one JSON object a line, in any order, plain or compressed (gzip, zstd), "
            "and prints incidents as JSON lines, each with its last revision, sorted by their start."
        ),
    )
    parser.add_argument(
        "files", nargs="*", default=["-"], metavar="FILE", help="- is standard input (default)"
    )
    parser.add_argument(
        "--as-of", metavar="TIME", help="what was known then: leave out what arrived later (RFC 3339)"
    )
    parser.add_argument("--format", choices=("jsonl",), default="jsonl", help="default: %(default)s")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the incidents."""
    from collector import detect_streams
    from wire.canonical import encode

    as_of = None if options.as_of is None else _moment(options.as_of)
    for incident in detect_streams(_opened(options.files), as_of, _progress()):
        sys.stdout.buffer.write(encode(incident) + b"\n")
    return 0


def _moment(text: str) -> float:
    try:
        return epoch_seconds(text)
    except BadInput as error:
        raise BadInput(f"--as-of: {error}") from error


def _opened(names: list[str]) -> Iterator[tuple[str, BinaryIO]]:
    for name in names:
        if name == "-":
            yield "standard input", sys.stdin.buffer
            continue
        try:
            file = Path(name).open("rb")  # noqa: SIM115  # closed below; only its opening is translated
        except OSError as error:
            raise BadInput(f"{name}: {error.strerror}") from error
        with file:
            yield name, file


def _progress() -> Any:
    """Tell of the lines that were read, where somebody looks."""
    if not sys.stderr.isatty():
        return lambda _: None
    return lambda lines: print(f"\rdabyl: {lines:,} lines", end="", file=sys.stderr, flush=True)
