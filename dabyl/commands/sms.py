"""`dabyl sms`: the SMS gateway, and texts read from a file."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wire.errors import BadInput, BadRecord

if TYPE_CHECKING:
    import argparse

    from sms_gateway import Reader


def add(commands: Any) -> None:
    """Register the command."""
    sms = commands.add_parser("sms", help="take polling stations' texts, answer and report them")
    actions = sms.add_subparsers(metavar="ACTION", required=True)
    serve = actions.add_parser("serve", help="run the SMS gateway until it is stopped")
    serve.add_argument("--config", type=Path, required=True, metavar="FILE", help="settings; see docs/sms.md")
    serve.set_defaults(run=run_serve)
    read = actions.add_parser("read", help="print what texts say: one JSON line in, one out")
    read.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help='lines like {"from":"...","text":"..."}; -: standard input',
    )
    read.add_argument(
        "--keys",
        type=Path,
        metavar="FILE",
        help="stations' keys and codes: what is typed or sealed is compared",
    )
    read.add_argument("--probes", type=Path, metavar="FILE", help="probes' public keys, one a line")
    read.set_defaults(run=run_read)


def run_serve(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; 1 when the store died."""
    from dabyl import loop
    from dabyl.system import SystemClock, SystemRandom
    from sms_gateway import StoreFailed, read_settings, serve

    settings = read_settings(options.config)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="dabyl: %(message)s")
    try:
        loop.run_until_stopped(lambda: serve(settings, SystemClock(), SystemRandom(), _say_ready))
    except StoreFailed as error:  # whoever started us is to start us again
        print(f"dabyl: {error}", file=sys.stderr)
        return 1
    return 0


def run_read(options: argparse.Namespace) -> int:
    """Read every line; a line that is no JSON text ends it with its number."""
    from sms_gateway import Reader, read_book

    reader = Reader(read_book(options.keys, options.probes))
    if options.file == "-":
        _read_all(sys.stdin.buffer, "standard input", reader)
        return 0
    try:
        with Path(options.file).open("rb") as lines:
            _read_all(lines, options.file, reader)
    except OSError as error:
        raise BadInput(f"{options.file}: {error.strerror}") from error
    return 0


def _read_all(lines: Iterable[bytes], source: str, reader: Reader) -> None:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                print(reader.line(line.strip()).decode())
            except BadRecord as error:
                raise BadInput(f"{source}: line {number}: {error}") from error


def _say_ready(address: str) -> None:
    print(f"dabyl: the SMS gateway listens on {address}", file=sys.stderr, flush=True)
