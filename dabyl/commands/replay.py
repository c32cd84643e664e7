"""`dabyl replay`: a shutdown of the past through the real pipeline, truth beside detection."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from dabyl import loop
from dabyl.system import SystemClock, SystemRandom
from wire.errors import BadInput

if TYPE_CHECKING:
    from dabyl.replay import Line, Play, Script, Window
    from wire.incidents import Incident

_ABOUT: Final = """
Ten days of January 2022, played by simulated probes that sleep, crash, lie, keep what they cannot send and
deliver it late. Their signed batches go through a real collector: verified, counted once, stored, archived,
watched; its page and metrics can be asked meanwhile (--listen). At the end: the truth beside what was told.
"""
_MOST_PROBES: Final = 20_000
_CYCLE_S: Final = (10.0, 3_600.0)
_HEAD: Final = (
    f"{'what':<20} {'from (UTC)':<17} {'until':<17} {'onset':>8} {'end':>8} {'said after':>11}"
    "   told as (errors in minutes)"
)


def add(commands: Any) -> None:
    """Register the command."""
    parser = commands.add_parser(
        "replay", help="play a shutdown of the past through the real pipeline", description=_ABOUT
    )
    parser.add_argument("event", choices=("qazaqstan-2022",), metavar="EVENT", help="qazaqstan-2022")
    parser.add_argument(
        "--speed",
        type=float,
        default=0.0,
        metavar="N",
        help="N times real time; 0: as fast as it goes (default: 0)",
    )
    parser.add_argument("--format", choices=("table", "jsonl"), default="table", help="default: %(default)s")
    parser.add_argument(
        "--listen", default="", metavar="ADDR", help="show page and metrics meanwhile: 127.0.0.1:8080"
    )
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="a new folder that is kept (default: one that is removed)"
    )
    _add_time(parser)
    _add_crowd(parser)
    parser.set_defaults(run=run)


def _add_time(parser: Any) -> None:
    parser.add_argument("--from", dest="since", metavar="TIME", help="play only what was from then on")
    parser.add_argument("--until", metavar="TIME", help="play only what was before")
    parser.add_argument(
        "--at",
        metavar="TIME",
        help="play it as if it began then; 'now' goes with --speed 1",
    )
    parser.add_argument(
        "--remote-write", default="", metavar="URL", help="bring late figures there, with the replay's times"
    )


def _add_crowd(parser: Any) -> None:
    parser.add_argument("--probes", type=int, default=500, metavar="N", help="simulated probes (%(default)s)")
    parser.add_argument(
        "--every", type=float, default=600.0, metavar="S", help="between a probe's rounds (%(default)g)"
    )
    parser.add_argument("--liars", type=float, default=0.05, metavar="SHARE", help="that lie (%(default)s)")
    parser.add_argument(
        "--calm-days", type=int, default=5, metavar="N", help="without event, before it (%(default)s)"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="of the simulation (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Play; print the table."""
    from dabyl.replay import Course, compare, play, truths, windows

    given, script = _play(options), _script(options)
    with _folder(options.data) as folder:
        course = Course(
            folder=folder,
            listen=options.listen,
            remote_write=options.remote_write,
            speed=options.speed,
            told=_progress(),
            shown=_shown,
        )
        loop.spare_what_stays()  # a tenth of the collector's time for small batches
        found = loop.run(play(script, given, course, SystemClock(), SystemRandom()))
    told = truths(script)
    lines, rest = compare(told, found)
    if options.format == "jsonl":
        _lines([*lines, *windows(lines), *rest])
    else:
        _table([*lines, *windows(lines)], rest, told[0].since if told else float("inf"))
    return 0


def _script(options: argparse.Namespace) -> Script:
    """What is played, and when; raises `BadInput`."""
    from dabyl.replay import moved, part, read_script
    from wire.times import epoch_seconds, format_time

    script = read_script()
    since = epoch_seconds(options.since) if options.since else float("-inf")
    until = epoch_seconds(options.until) if options.until else float("inf")
    if options.since or options.until:
        script = part(script, since, until)
    if options.at:
        script = moved(
            script, epoch_seconds(format_time(SystemClock().now()) if options.at == "now" else options.at)
        )
    return script


def _play(options: argparse.Namespace) -> Play:
    """Who plays; raises `BadInput`."""
    from dabyl.replay import Habits, Play

    _check(1 <= options.probes <= _MOST_PROBES, f"--probes: from 1 to {_MOST_PROBES}")
    _check(_CYCLE_S[0] <= options.every <= _CYCLE_S[1], f"--every: from {_CYCLE_S[0]:g} to {_CYCLE_S[1]:g} s")
    _check(0 <= options.liars <= 1, "--liars: a share from 0 to 1")
    _check(options.speed >= 0, "--speed: 0 or more")
    to = options.remote_write
    _check(not to or to.startswith(("http://", "https://")), "--remote-write: an http or https URL")
    _check(0 <= options.calm_days <= 30, "--calm-days: from 0 to 30")  # noqa: PLR2004  # more proves no more
    return Play(
        probes=options.probes,
        habits=Habits(liars=options.liars, cycle_s=options.every),
        calm_days=options.calm_days,
        seed=options.seed,
    )


def _check(holds: bool, rule: str) -> None:
    if not holds:
        raise BadInput(rule)


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is None:
        with tempfile.TemporaryDirectory(prefix="dabyl-replay-") as made:
            yield Path(made)
        return
    if given.exists() and any(given.iterdir()):
        raise BadInput(f"{given}: a replay needs a new folder: its measurements are made up")
    yield given


def _shown(address: str) -> None:
    print(f"dabyl: the replay's page is at {address}/", file=sys.stderr, flush=True)


def _progress() -> Callable[[float, int], None]:
    """Where standard error is a terminal, a line that says where the replay stands."""
    if not sys.stderr.isatty():
        return lambda _, __: None
    from collector.core.times import stamp

    def told(at: float, batches: int) -> None:
        print(f"\rdabyl: {stamp(at)[:16]} {batches} batches", end="", file=sys.stderr, flush=True)

    return told


def _lines(found: Sequence[Line | Window | Incident]) -> None:
    from wire.canonical import encode

    for one in found:
        sys.stdout.buffer.write(encode(one) + b"\n")


def _table(lines: list[Line | Window], rest: list[Incident], first: float) -> None:
    from wire.times import epoch_seconds

    print(_HEAD)
    for line in lines:
        print(_row(line))
    calm = [one for one in rest if epoch_seconds(one.started_at) < first]
    print(f"\ntold besides: {len(rest) - len(calm)}; in the calm days before the first: {len(calm)}")
    for one in rest:
        print(f"  {one.started_at[:16]} {(one.ended_at or '')[:16]:<16} {one.kind}: {one.sentence.en}")


def _row(line: Line | Window) -> str:
    from dabyl.replay import Window

    head = f"{line.name:<20} {line.truth_from[:16]:<17} {(line.truth_until or '')[:16]:<17}"
    errors = f" {_minutes(line.onset_error_min):>8} {_minutes(line.end_error_min):>8}"
    if isinstance(line, Window):
        return head + errors
    if line.incident is None:
        return f"{head} not told"
    scope = " ".join((line.incident.scope.level, *line.incident.scope.access))
    return f"{head}{errors} {_minutes(line.latency_min):>11}   {scope}"


def _minutes(error: float | None) -> str:
    return "-" if error is None else f"{error:+.1f}"
