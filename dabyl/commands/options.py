"""Options that several commands of the probe share, and what they mean."""

from __future__ import annotations

import argparse
from typing import Final

from probes import BATTERY_LOW, BUDGET_MB, METERED_BUDGET_MB

DEFAULT_TIMEOUT_S: Final = 10.0
DEFAULT_CONCURRENCY: Final = 50
MAX_CONCURRENCY: Final = 1_000
MAX_TIMEOUT_S: Final = 120.0
DEFAULT_EVERY_S: Final = 300.0
MAX_EVERY_S: Final = 86_400.0
MAX_BUDGET_MB: Final = 1_000_000.0
DEFAULT_DATA: Final = "~/.local/share/dabyl/probe"


def add_measuring(parser: argparse.ArgumentParser) -> None:
    """What to measure, with what, and from where."""
    parser.add_argument(
        "--targets", metavar="FILE.csv", help="targets: a CSV file with url,category,name,side"
    )
    parser.add_argument(
        "--sensitive",
        action="store_true",
        help="also measure targets whose risk is 'sensitive': contacting them may be held against you",
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
        "--public-resolver",
        action="append",
        default=[],
        metavar="IP[:PORT]",
        help="ask this one about names whose own answer is missing or strange (1.1.1.1, 8.8.8.8); may repeat",
    )
    parser.add_argument(
        "--packets",
        action="store_true",
        help="where a conversation breaks off, also look at raw packets (scapy, libpcap, CAP_NET_RAW)",
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
    parser.add_argument(
        "--side", choices=("inside", "outside"), default="inside", help="of the country (%(default)s)"
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


def add_running(parser: argparse.ArgumentParser, *, required: bool) -> None:
    """What a probe that goes on needs beside `add_measuring`."""
    parser.add_argument(
        "--collector",
        action="append",
        default=[],
        required=required,
        metavar="URL",
        help="bring measurements here; may repeat, they are tried in turn",
    )
    parser.add_argument(
        "--every",
        type=every,
        default=DEFAULT_EVERY_S,
        metavar="S",
        help="a round every so many seconds (%(default)g)",
    )
    add_data(parser)
    add_measuring(parser)
    add_manners(parser)


def add_manners(parser: argparse.ArgumentParser) -> None:
    """What a probe that goes on may take of its owner's line and battery."""
    parser.add_argument(
        "--budget",
        type=megabytes,
        default=None,
        metavar="MB",
        help=f"data a day, in megabytes; 0: no limit ({BUDGET_MB:g}; metered {METERED_BUDGET_MB:g})",
    )
    parser.add_argument(
        "--metered", action="store_true", help="this line costs by the megabyte (or DABYL_METERED=1)"
    )
    parser.add_argument(
        "--battery-low",
        type=percent,
        default=BATTERY_LOW,
        metavar="PERCENT",
        help="below this, rounds on battery are far apart; 0: never slower (%(default)s)",
    )


def megabytes(text: str) -> float:
    """An argument in megabytes, 0 or more."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0.0 <= value <= MAX_BUDGET_MB:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of megabytes from 0 to {MAX_BUDGET_MB:g}")
    return value


def percent(text: str) -> int:
    """An argument in percent."""
    if not text.isdecimal() or int(text) > 100:  # noqa: PLR2004  # percent
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 100")
    return int(text)


def add_data(parser: argparse.ArgumentParser) -> None:
    """Where a probe keeps its things."""
    parser.add_argument(
        "--data", default=DEFAULT_DATA, metavar="DIR", help="the probe's own folder (%(default)s)"
    )


def every(text: str) -> float:
    """An argument in seconds, from 1 to a day."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1.0 <= value <= MAX_EVERY_S:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds from 1 to {MAX_EVERY_S:g}")
    return value
