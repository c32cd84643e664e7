"""`dabyl replay`: a shutdown of the past through the detector, truth beside detection."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dabyl.replay import Line
    from wire.incidents import Incident

_CALM_DAYS = 7


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser("replay", help="play a shutdown of the past through the detector")
    parser.add_argument("event", choices=("qazaqstan-2022",), metavar="EVENT", help="qazaqstan-2022")
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    parser.add_argument(
        "--probes", type=int, default=500, metavar="N", help="simulated probes (default: 500)"
    )
    parser.add_argument("--liars", type=float, default=0.05, metavar="SHARE", help="that lie (default: 0.05)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the simulation (default: 1)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Play the calm week and the event; print the table."""
    from collector import detect
    from dabyl.replay import calm_script, compare, play, read_script, truths
    from wire.canonical import encode

    script = read_script()
    calm = detect(play(calm_script(script, _CALM_DAYS), options.probes, options.liars, options.seed))
    _say(f"a calm week before: {len(calm)} incidents told")
    lines, rest = compare(
        truths(script), detect(play(script, options.probes, options.liars, options.seed + 1))
    )
    if options.format == "jsonl":
        for one in [*lines, *rest, *calm]:
            sys.stdout.buffer.write(encode(one) + b"\n")
        return 0
    _table(lines, rest, calm)
    return 0


def _say(line: str) -> None:
    if sys.stderr.isatty():
        print(f"dabyl: {line}", file=sys.stderr)


def _table(lines: list[Line], rest: list[Incident], calm: list[Incident]) -> None:
    print(
        f"{'what':<20} {'from (UTC)':<17} {'until':<17} {'onset':>8} {'end':>8} {'said after':>11}   minutes"
    )
    for line in lines:
        until = (line.truth_until or "")[:16]
        errors = [line.onset_error_min, line.end_error_min, line.latency_min]
        if line.incident is None:
            print(f"{line.name:<20} {line.truth_from[:16]:<17} {until:<17} not told")
            continue
        onset, end, after = (("-" if one is None else f"{one:+.1f}") for one in errors)
        print(f"{line.name:<20} {line.truth_from[:16]:<17} {until:<17} {onset:>8} {end:>8} {after:>11}")
    print(f"\ntold besides: {len(rest)}; in the calm week before: {len(calm)}")
    for one in [*rest, *calm]:
        print(f"  {one.started_at[:16]} {(one.ended_at or '')[:16]:<16} {one.kind}: {one.sentence.en}")
