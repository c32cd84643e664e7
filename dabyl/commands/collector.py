"""`dabyl collector`: serve, detect, invite, revoke, rebuild, verify."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from typing import Any

from dabyl import loop
from dabyl.commands import archive, detect, evidence
from dabyl.commands.folder import add_folder, must_be_there
from dabyl.system import SystemClock, SystemRandom


def add(commands: Any) -> None:
    """Register the command."""
    collector = commands.add_parser("collector", help="take in measurements, keep and show them")
    actions = collector.add_subparsers(metavar="ACTION", required=True)
    _add_serve(actions)
    detect.add_to(actions)
    _add_invite(actions)
    _add_invites(actions)
    _add_revoke(actions)
    archive.add_to(actions)
    evidence.add_to(actions)


def _add_serve(actions: Any) -> None:
    serve = actions.add_parser("serve", help="run the collector until it is stopped")
    serve.add_argument("--listen", metavar="ADDR", help="HOST:PORT (default: 127.0.0.1:8080)")
    serve.add_argument("--data", metavar="DIR", help="the folder of all that is kept, made when missing")
    serve.add_argument("--config", type=Path, metavar="FILE", help="settings as TOML; see docs/collector.md")
    serve.set_defaults(run=run_serve)


def _add_invite(actions: Any) -> None:
    invite = actions.add_parser("invite", help="print a token that enrols one key, once")
    add_folder(invite)
    invite.add_argument(
        "--role",
        choices=("probe", "vantage", "gateway"),
        default="probe",
        help="what the key may do: measure, be a trusted control, or send stations' reports (default: probe)",
    )
    invite.add_argument("--expires", type=float, default=72.0, metavar="HOURS", help="default: %(default)g")
    invite.add_argument(
        "--issuer",
        default="",
        metavar="NAME",
        help="who gives it out: a label, or the name of a key that vouches",
    )
    invite.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="how many the issuer may give out from now on (a new one's: 20)",
    )
    invite.set_defaults(run=run_invite)


def _add_invites(actions: Any) -> None:
    invites = actions.add_parser("invites", help="who gave out how many invites, and who came by them")
    add_folder(invites)
    invites.set_defaults(run=run_invites)


def _add_revoke(actions: Any) -> None:
    revoke = actions.add_parser("revoke", help="take nothing more from a key")
    add_folder(revoke)
    revoke.add_argument("probe", metavar="NAME", help="the name of the key, or with --subtree an issuer's")
    revoke.add_argument(
        "--subtree", action="store_true", help="also all that it invited, and those that they did"
    )
    revoke.add_argument(
        "--past",
        type=float,
        default=0.0,
        metavar="WEIGHT",
        help="how much counts what was received before: 0 nothing (default), 1 all of it",
    )
    revoke.set_defaults(run=run_revoke)


def run_serve(options: argparse.Namespace) -> int:
    """Serve until SIGINT or SIGTERM; 1 when the store ended by a fault of our own."""
    from collector import StoreEnded, read_settings, serve

    settings = read_settings(options.config, options.listen, options.data)
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="dabyl: %(message)s")
    try:
        loop.run_until_stopped(lambda: serve(settings, SystemClock(), SystemRandom(), _say_ready))
    except StoreEnded as error:  # whoever started us is to start us again
        print(f"dabyl: {error}", file=sys.stderr)
        return 1
    return 0


def run_invite(options: argparse.Namespace) -> int:
    """Print the token."""
    from collector import InviteWish, issue

    wish = InviteWish(options.role, options.expires, options.issuer, options.limit)
    print(issue(options.data, wish, SystemClock(), SystemRandom()))
    return 0


def run_invites(options: argparse.Namespace) -> int:
    """Print the tree of invites."""
    from collector import tree

    must_be_there(options.data)
    for branch in tree(options.data):
        most = "without a limit" if branch.most is None else f"of {branch.most}"
        print(f"{branch.issuer or 'the collector'}: {branch.given} invites {most}, {len(branch.keys)} used")
        for key in branch.keys:
            print(f"  {key}{' revoked' if key in branch.revoked else ''}")
    return 0


def run_revoke(options: argparse.Namespace) -> int:
    """Revoke the key."""
    from collector import revoke_branch

    given = {"past": options.past, "subtree": options.subtree}
    for name in revoke_branch(options.data, options.probe, SystemClock(), **given):
        print(f"revoked: {name}")
    return 0


def _say_ready(address: str) -> None:
    loop.spare_what_stays()
    print(f"dabyl: the collector listens on {address}", file=sys.stderr, flush=True)
