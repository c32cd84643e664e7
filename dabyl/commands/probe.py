"""`dabyl probe ...`: look from here, once or for as long as it runs."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Final

from dabyl.commands import export
from dabyl.commands import options as given

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

_CHECK: Final = """
One round from here: every target is observed step by step (name, connection, handshake, page),
compared with the controls, and judged. Without --targets and URL, the shipped list of targets is
measured. With URLs alone, the shipped anchors (a handful of sites at home and abroad) are contacted too,
to judge this machine's own line; they are not printed. Exit status 0 when the round ran, whatever the
verdicts; 2 on bad input.
"""


def add(subparsers: Subparsers) -> None:
    """Register `dabyl probe` and what stands below it."""
    probe = subparsers.add_parser("probe", help="observe targets from this machine")
    commands = probe.add_subparsers(metavar="COMMAND", required=True)
    _add_check(commands)
    export.add_to(commands)


def _add_check(commands: Subparsers) -> None:
    check = commands.add_parser("check", help="one round from here, printed", description=_CHECK)
    check.add_argument("urls", nargs="*", metavar="URL", help="a target; without a scheme https:// is meant")
    given.add_measuring(check)
    check.add_argument(
        "--format", choices=("table", "jsonl"), default="table", help="for people, or one measurement a line"
    )
    check.set_defaults(run=_run_check)


def _run_check(options: argparse.Namespace) -> int:
    from dabyl.commands.probe_check import run

    return run(options)
