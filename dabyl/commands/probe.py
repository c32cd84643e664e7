"""`dabyl probe ...`: look from here, once or for as long as it runs."""

from __future__ import annotations

import argparse
from typing import Any, Final

from dabyl.commands import digest, export, ports, uplink, vouch
from dabyl.commands import options as given

_CHECK: Final = """
One round from here: every target is observed step by step (name, connection, handshake, page),
compared with the controls, and judged. Without --targets and URL, the shipped list of targets is
measured. With URLs alone, the shipped anchors (a handful of sites at home and abroad) are contacted too,
to judge this machine's own line; they are not printed. Exit status 0 when the round ran, whatever the
verdicts; 2 on bad input.
"""
_RUN: Final = """
Measures the targets again and again, keeps what was seen on disk and brings it, signed, to a collector.
Before the first packet it says what will be contacted and asks; --yes agrees beforehand.
'dabyl probe what' prints the list, 'dabyl probe purge' takes everything away again.
"""


def add(commands: Any) -> None:
    """Register `dabyl probe` and what stands below it."""
    probe = commands.add_parser("probe", help="observe targets from this machine")
    actions = probe.add_subparsers(metavar="ACTION", required=True)
    _add_check(actions)
    _add_run(actions)
    _add_what(actions)
    _add_purge(actions)
    export.add_to(actions)
    digest.add_to(actions)
    ports.add_to(actions)
    uplink.add_to(actions)
    vouch.add_to(actions)


def _add_check(actions: Any) -> None:
    check = actions.add_parser("check", help="one round from here, printed", description=_CHECK)
    check.add_argument("urls", nargs="*", metavar="URL", help="a target; without a scheme https:// is meant")
    given.add_measuring(check)
    check.add_argument(
        "--format", choices=("table", "jsonl"), default="table", help="for people, or one measurement a line"
    )
    check.add_argument(
        "--explain",
        action="store_true",
        help="below the table: each target step by step, and why it was judged so",
    )
    check.set_defaults(run=_run_check)


def _add_run(actions: Any) -> None:
    run = actions.add_parser("run", help="measure and deliver until stopped", description=_RUN)
    given.add_running(run, required=True)
    run.add_argument("--invite", default="", metavar="TOKEN", help="makes this probe known to the collector")
    run.add_argument("--yes", action="store_true", help="agree to what will be contacted")
    run.add_argument(
        "--text-command",
        default="",
        metavar="COMMAND",
        help="after half an hour without delivery: gets the round as one text on standard input",
    )
    run.set_defaults(run=_run_run)


def _add_what(actions: Any) -> None:
    what = actions.add_parser("what", help="print everything that a running probe would contact")
    given.add_running(what, required=False)
    what.set_defaults(run=_run_what)


def _add_purge(actions: Any) -> None:
    purge = actions.add_parser("purge", help="remove the probe's key, spool and all else that it kept")
    given.add_data(purge)
    purge.add_argument("--yes", action="store_true", help="do not ask")
    purge.set_defaults(run=_run_purge)


def _run_check(options: argparse.Namespace) -> int:
    from dabyl.commands.probe_check import run

    return run(options)


def _run_run(options: argparse.Namespace) -> int:
    from dabyl.commands.probe_run import run

    return run(options)


def _run_what(options: argparse.Namespace) -> int:
    from dabyl.commands.probe_run import what

    return what(options)


def _run_purge(options: argparse.Namespace) -> int:
    from dabyl.commands.probe_run import purge_all

    return purge_all(options)
