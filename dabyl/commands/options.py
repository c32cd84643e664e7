"""Options that several commands of the probe share, and what they mean."""

from __future__ import annotations

import argparse
from typing import Final

DEFAULT_TIMEOUT_S: Final = 10.0
DEFAULT_CONCURRENCY: Final = 50
MAX_CONCURRENCY: Final = 1_000
MAX_TIMEOUT_S: Final = 120.0


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """What to measure, with what, and from where."""
    parser.add_argument(
        "--targets", metavar="FILE.csv", help="targets: a CSV file with url,category,name,side"
    )
    parser.add_argument(
        "--control",
        action="append",
        default=[],
        metavar="FILE|URL",
        help="a trusted vantage's JSON lines (.gz, .zst), or a collector's /v1/control; may repeat",
    )
    parser.add_argument(
        "--resolver",
        action="append",
        default=[],
        metavar="IP[:PORT]",
        help="ask this name server in place of the system's; may repeat",
    )
    parser.add_argument(
        "--timeout",
        type=seconds,
        default=DEFAULT_TIMEOUT_S,
        metavar="S",
        help="of one step, in seconds (%(default)s)",
    )
    parser.add_argument(
        "--concurrency",
        type=concurrency,
        default=DEFAULT_CONCURRENCY,
        metavar="N",
        help="targets under way at once (%(default)s)",
    )
    add_network(parser)


def add_network(parser: argparse.ArgumentParser) -> None:
    """Where the probe stands, as far as its owner wants to tell."""
    parser.add_argument("--region", default="", metavar="KZ-71", help="region of this machine, ISO 3166-2")
    parser.add_argument("--asn", default="AS0", metavar="AS9198", help="the operator's AS number")
    parser.add_argument(
        "--access", choices=("fixed", "mobile", "unknown"), default="unknown", help="kind of line"
    )


def seconds(text: str) -> float:
    """An argument in seconds, more than 0."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.0 < value <= MAX_TIMEOUT_S:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 0 to {MAX_TIMEOUT_S:g}")
    return value


def concurrency(text: str) -> int:
    """An argument that counts, at least 1."""
    if not text.isdecimal() or not 1 <= int(text) <= MAX_CONCURRENCY:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MAX_CONCURRENCY}")
    return int(text)
