"""`dabyl dashboards build`: writes Prometheus' configuration and rules."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Register the command."""
    actions = commands.add_parser("dashboards", help="Prometheus' configuration and rules as files")
    build = actions.add_subparsers(metavar="ACTION", required=True).add_parser(
        "build", help="write the files into a folder"
    )
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder, made when missing")
    build.add_argument(
        "--collector",
        default="http://127.0.0.1:8080",
        metavar="URL",
        help="where Prometheus finds the collector (default: %(default)s)",
    )
    build.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Write the files and print their paths."""
    from dashboards import render, write

    for path in write(render(options.collector), options.out):
        print(path)
    return 0
