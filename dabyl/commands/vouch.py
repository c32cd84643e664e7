"""`dabyl probe invite`: a volunteer invites another."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import Any

from dabyl.commands import options as given
from dabyl.system import SystemRandom
from wire.errors import BadInput

_ABOUT = """
Prints a token for somebody whom you trust: it enrols one probe, once, below yours. The token is made here
and never sent to the collector. When you are revoked with your branch, so are they.
"""


def add_to(probe_actions: Any) -> None:
    """Register the command under `dabyl probe`."""
    invite = probe_actions.add_parser("invite", help="invite another volunteer's probe", description=_ABOUT)
    given.add_data(invite)
    invite.add_argument("--collector", required=True, metavar="URL", help="where this probe is enrolled")
    invite.add_argument(
        "--expires", type=float, default=72.0, metavar="HOURS", help="at most 168 (default: %(default)g)"
    )
    invite.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the token; say until when it is good and how many are left."""
    from probes import invite_another, key_of

    folder = Path(options.data).expanduser()
    key = key_of(folder)
    if key is None:
        raise BadInput(f"{folder}: no probe has run from here yet")
    token, told = asyncio.run(invite_another(key, options.collector, options.expires, SystemRandom()))
    print(token)
    print(f"dabyl: good until {told.expires_at}; you may invite {told.left} more", file=sys.stderr)
    return 0
