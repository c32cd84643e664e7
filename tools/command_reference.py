"""Write docs/commands.md from the commands' own help texts.

`python tools/command_reference.py` prints it, `--write` puts it in place; a test compares.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from dabyl.cli import make_parser

PLACE = Path(__file__).parents[1] / "docs" / "commands.md"
WIDTH = "100"
HEAD = """# Commands

The help text of every command, as `--help` prints it with Python 3.11. This page is written by
`tools/command_reference.py --write`.
Bad input is one clear line on standard error and exit status 2.
"""


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and all that stand below it, in their order."""
    yield parser
    for action in parser._actions:  # argparse has no public way down
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from parsers(inner)


def reference() -> str:
    """The whole page."""
    os.environ["COLUMNS"] = WIDTH
    parts = [f"## {one.prog}\n\n```\n{one.format_help().rstrip()}\n```\n" for one in parsers(make_parser())]
    return "\n".join([HEAD, *parts])


def main() -> int:
    """Print or write."""
    if "--write" in sys.argv[1:]:
        PLACE.write_text(reference(), encoding="utf-8")
    else:
        print(reference())
    return 0


if __name__ == "__main__":
    sys.exit(main())
