"""`dabyl probe beacon` and `dabyl probe ports`: which ports are open from end to end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dabyl.commands import options as given

if TYPE_CHECKING:
    from probes import Who
    from probes.core.port_search import Found

    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

DEFAULT_BUDGET_BYTES: Final = 50_000
MAX_BUDGET_BYTES: Final = 50_000_000
_BEACON: Final = """
Answers at many ports, so that probes can find out which ports reach the world. It answers only who
knows its public key, never with more bytes than it got, and so much for each neighbourhood.
Stop it with Ctrl-C.
"""
_PORTS: Final = """
Asks a beacon at likely ports and prints which are open from end to end (its signature came back), which
somebody else answers, and which are silent. Only the beacon is contacted.
"""


def add_to(probe_commands: Subparsers) -> None:
    """Register both commands under `dabyl probe`."""
    _add_beacon(probe_commands)
    _add_ports(probe_commands)


def _add_beacon(probe_commands: Subparsers) -> None:
    beacon = probe_commands.add_parser(
        "beacon", help="stand abroad and answer at many ports", description=_BEACON
    )
    beacon.add_argument(
        "--listen",
        action="append",
        required=True,
        metavar="ADDR",
        help="an address of this machine; may repeat",
    )
    beacon.add_argument(
        "--ports", metavar="LIST", help="such as 53,443,8000-8010 (the likely ones), TCP and UDP"
    )
    beacon.add_argument("--key", type=Path, required=True, metavar="FILE", help="its key; made when missing")
    beacon.set_defaults(run=_run_beacon)


def _add_ports(probe_commands: Subparsers) -> None:
    ports = probe_commands.add_parser(
        "ports", help="find the ports that are open end to end", description=_PORTS
    )
    ports.add_argument("--beacon", required=True, metavar="HOST", help="the beacon's address or name")
    ports.add_argument("--key", required=True, metavar="PUBLIC", help="the public key that it printed")
    ports.add_argument(
        "--tcp", metavar="LIST", help="TCP ports to try (the likely ones); an empty list: none"
    )
    ports.add_argument(
        "--udp", metavar="LIST", help="UDP ports to try (the likely ones); an empty list: none"
    )
    ports.add_argument(
        "--budget",
        type=_budget,
        default=DEFAULT_BUDGET_BYTES,
        metavar="BYTES",
        help="how much may be sent and received (%(default)s)",
    )
    ports.add_argument(
        "--timeout",
        type=given.seconds,
        default=5.0,
        metavar="S",
        help="of one step, in seconds (%(default)s)",
    )
    ports.add_argument(
        "--format", choices=("table", "jsonl"), default="table", help="for people, or one measurement a line"
    )
    given.add_network(ports)
    ports.set_defaults(run=_run_ports)


def _budget(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text[:12]) <= MAX_BUDGET_BYTES:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of bytes from 1 to {MAX_BUDGET_BYTES}")
    return int(text)


def _run_beacon(options: argparse.Namespace) -> int:
    from dabyl import loop
    from dabyl.system import SystemClock, SystemRandom
    from probes.beacon import Beacon, Posts, run_beacon
    from probes.core.port_search import LIKELY, read_ports
    from probes.disk import RealDisk
    from probes.key_file import read_or_make_key
    from wire.signing import to_text

    ports = LIKELY if options.ports is None else read_ports(options.ports)
    key = read_or_make_key(options.key, RealDisk(), SystemRandom())
    posts = Posts(addresses=tuple(options.listen), tcp=ports, udp=ports)

    def started() -> None:
        print(f"public key {to_text(key.public)}", flush=True)
        print(f"answering at {len(ports)} ports, TCP and UDP", file=sys.stderr)

    loop.run(run_beacon(Beacon(key, SystemClock()), posts, started))
    return 0


def _run_ports(options: argparse.Namespace) -> int:
    from dabyl import loop
    from dabyl.commands import measuring
    from dabyl.system import SystemClock, SystemRandom
    from probes import Who
    from probes.core.port_search import LIKELY, plan, read_ports
    from probes.ports import Finder, Search, resolved

    tcp, udp = (LIKELY if text is None else read_ports(text) for text in (options.tcp, options.udp))
    who = Who("local", measuring.network(options), SystemRandom())
    tries = plan(tcp, udp, options.budget)
    public = _public_key(options.key)

    async def search() -> list[Found]:
        address = await resolved(options.beacon)
        asked = Search(address=address, public=public, timeout_s=options.timeout)
        finder = Finder(asked, SystemClock(), SystemRandom())
        return await finder.find(tries, measuring.progress("tried"))

    _print(options, loop.run(search()), who)
    return 0


def _public_key(text: str) -> bytes:
    from wire.errors import BadInput
    from wire.signing import VerifyKey, from_text

    try:
        public = from_text(text)
        VerifyKey(public)
    except BadInput as error:
        raise BadInput(f"--key {text[:50]}: {error}") from error
    return public


def _print(options: argparse.Namespace, found: Sequence[Found], who: Who) -> None:
    from dabyl.system import SystemClock
    from probes.core.port_search import record, table
    from wire import canonical
    from wire.times import format_time

    if options.format == "table":
        print(table(found))
        return
    at = format_time(SystemClock().now())
    for one in found:
        measurement = record(one, options.beacon, at, who.next_id(), who.network)
        sys.stdout.buffer.write(canonical.encode(measurement) + b"\n")
    sys.stdout.buffer.flush()
