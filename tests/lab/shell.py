"""How the lab runs programs: one way, with the error told in one line."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence

RUN_LIMIT_S = 60.0


class LabError(RuntimeError):
    """The lab itself could not be built or driven: no finding about what is tested."""


def run(
    argv: Sequence[str],
    *,
    text: str | None = None,
    limit_s: float = RUN_LIMIT_S,
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, whatever its exit status; `text` is its standard input.

    Raises `LabError` when it takes longer than `limit_s` seconds or does not exist.
    """
    try:
        return subprocess.run(
            argv, input=text or "", capture_output=True, text=True, timeout=limit_s, check=False, env=env
        )
    except (subprocess.TimeoutExpired, FileNotFoundError) as error:
        raise LabError(f"{' '.join(argv[:6])}: {error}") from error


def must(argv: Sequence[str], *, text: str | None = None) -> str:
    """Run a program that has to succeed; its output. Raises `LabError` with what it complained of."""
    done = run(argv, text=text)
    if done.returncode:
        raise LabError(
            f"{' '.join(argv)}: exit {done.returncode}: {(done.stderr or done.stdout).strip()[:600]}"
        )
    return done.stdout
