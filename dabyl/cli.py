"""The command line: one clear line and exit 2 for bad input, whatever the sub-command."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, NoReturn

from wire.errors import BadInput

COMMANDS: Final[tuple[str, ...]] = ()
INTERRUPTED: Final = 130


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit 2."""
        self.exit(2, f"dabyl: {message}; see '{self.prog} --help'\n")


def make_parser() -> Parser:
    """The whole command with all its sub-commands."""
    parser = Parser(prog="dabyl", description="Keeps watch, and keeps talking, when a country's internet is cut.")
    parser.add_argument("--version", action="version", version=f"dabyl {version('dabyl')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"dabyl.commands.{name}").add(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status."""
    try:
        options = make_parser().parse_args(arguments)
        status: int = options.run(options)
    except BadInput as error:
        print(f"dabyl: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        return INTERRUPTED
    return status
