"""`dabyl sheets`: published result sheets."""

from __future__ import annotations

from typing import Any

from dabyl.commands import sheets_sample


def add(commands: Any) -> None:
    """Register the command."""
    sheets = commands.add_parser("sheets", help="result sheets: sample audits against paper")
    actions = sheets.add_subparsers(metavar="ACTION", required=True)
    sheets_sample.add_to(actions)
