"""The command line: one clear line and exit 2 for bad input, whatever the sub-command."""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Final, NoReturn

from dabyl import output
from wire.errors import BadInput

COMMANDS: Final[tuple[str, ...]] = (
    "up",
    "probe",
    "collector",
    "dashboards",
    "sms",
    "station",
    "ledger",
    "sheets",
    "replay",
)
INTERRUPTED: Final = 130  # 128 + SIGINT, as shells count
_DASHED: Final = re.compile(r"-(?=.*[A-Z0-9])[\w-]{20,}", re.ASCII)  # no option of ours is written so
OUR_FLOORS: Final = frozenset({"dabyl", "probes", "collector", "sms_gateway", "dashboards", "wire"})


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where help is; exit 2."""
        self.exit(2, f"dabyl: {message}; see '{self.prog} --help'\n")

    def parse_known_args(  # type: ignore[override]  # argparse's overloads cannot be repeated here
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Refuse unknown arguments here, where the sub-command is known; argparse would blame `dabyl`."""
        options, rest = super().parse_known_args(args, namespace)
        if rest:
            self.error(f"unrecognized arguments: {' '.join(rest)}")
        return options, rest


def make_parser() -> Parser:
    """The whole command with all its sub-commands."""
    parser = Parser(
        prog="dabyl", description="Keeps watch, and keeps talking, when a country's internet is cut."
    )
    parser.add_argument("--version", action="version", version=f"dabyl {version('dabyl')}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        importlib.import_module(f"dabyl.commands.{name}").add(commands)
    return parser


def _joined(arguments: Sequence[str]) -> list[str]:
    """An option and its value as one where the value looks like an option: a key may begin with a dash."""
    found: list[str] = []
    for one in arguments:
        last = found[-1] if found else ""
        if _DASHED.fullmatch(one) and last.startswith("--") and "=" not in last:
            found[-1] = f"{last}={one}"
        else:
            found.append(one)
    return found


def run(arguments: Sequence[str] | None) -> int:
    """Parse, run, and write all that was printed, so that a reader who left is noticed here."""
    given = sys.argv[1:] if arguments is None else arguments
    options = make_parser().parse_args(_joined(given))
    status: int = options.run(options)
    sys.stdout.flush()
    return status


def complain(line: str) -> None:
    """One line on standard error, whatever some library had to say."""
    print(f"dabyl: {' '.join(line.split())}", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 2 for bad input, 1 for a full disk, 130 after Ctrl-C.

    Raises SystemExit for `--help`, `--version` and arguments that cannot be parsed.
    """
    output.write_whole()
    try:
        return run(arguments)
    except BadInput as error:
        complain(str(error))
        return 2
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] in OUR_FLOORS:
            raise  # a fault of ours, not of the installation
        complain(f"the library {error.name} is not installed; pip install 'dabyl[all]' brings it")
        return 1
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        output.forget()
        return 0
    except OSError as error:
        if error.errno not in output.FULL:
            raise
        complain(str(error.strerror))
        output.forget()
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
