"""The other end of `starter.py`: everything loaded, and a child for each line that asks for a round."""

from __future__ import annotations

import gc
import json
import os
import sys
from typing import NoReturn

import dabyl.commands.probe_check  # noqa: F401  # what the command would load itself, once for all children
import probes.round  # noqa: F401  # as above
from dabyl.cli import main


def serve() -> None:
    """Run the command for every line `{"argv": [...], "out": path, "err": path}`; its exit status is a line."""
    gc.freeze()  # the children would copy every page that the garbage collector touches
    _say("ready")
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _become(**json.loads(line))
        _say(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])))


def _become(argv: list[str], out: str, err: str) -> NoReturn:
    for number, path in enumerate((os.devnull, out, err)):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), number)
    try:
        status = main(argv)
    except SystemExit as ended:  # whatever else is raised ends the child as it ends the command: told, with 1
        status = int(ended.code or 0)
    sys.stdout.flush()
    os._exit(status)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    serve()
