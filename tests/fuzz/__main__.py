"""Fuzz the reading of texts: with atheris where it is installed (`pip install atheris`), else with our own loop."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import Any

_BATCH = 1_000


def main(seconds: float) -> None:
    """Until the time is over, or something is found: then the traceback names it."""
    if importlib.util.find_spec("atheris") is not None:
        _with_atheris(seconds)
    else:
        _with_our_own(seconds)


def _with_our_own(seconds: float) -> None:
    from tests.fuzz.guided import Guided  # noqa: PLC0415  # atheris must see the imports first
    from tests.fuzz.target import judge, seeds  # noqa: PLC0415  # as above

    guided, until, tried = Guided(judge, seeds(), "/sms_gateway/core/"), monotonic() + seconds, 0
    while monotonic() < until:
        guided.run(_BATCH)
        tried += _BATCH
    print(f"our own loop: {tried} texts, {guided.lines} lines reached, nothing found")  # noqa: T201  # its finding


def _with_atheris(seconds: float) -> None:
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["sms_gateway.core", "wire"]):
        target = importlib.import_module("tests.fuzz.target")
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds()):
            (Path(folder) / str(number)).write_bytes(seed)
        options = [f"-max_total_time={int(seconds)}", "-max_len=400", "-print_final_stats=1", folder]
        atheris.Setup([sys.argv[0], *options], target.judge)
        atheris.Fuzz()


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 60.0)
