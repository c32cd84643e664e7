"""`dabyl sheets`: result sheets, sent by hand and compared with paper."""

from __future__ import annotations

from typing import Any

from dabyl.commands import sheets_sample, sheets_sending


def add(commands: Any) -> None:
    """Register the command."""
    sheets = commands.add_parser("sheets", help="result sheets: send copies, audit samples against paper")
    actions = sheets.add_subparsers(metavar="ACTION", required=True)
    sheets_sending.add_to(actions)
    sheets_sample.add_to(actions)
