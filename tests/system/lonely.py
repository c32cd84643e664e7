"""A network namespace with nothing in it but, if wanted, its own loopback; and commands run as nobody there."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

DABYL = str(Path(sys.executable).with_name("dabyl"))
_NUMBERS = itertools.count()
# No rights but to read this source tree, which may lie in root's home.
_AS_NOBODY = (
    "setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--inh-caps=-all,+dac_read_search",
    "--ambient-caps=+dac_read_search", "--bounding-set=-all,+dac_read_search", "--no-new-privs",
)  # fmt: skip


class Lonely:
    """The namespace by its name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def argv(self, *argv: str) -> list[str]:
        """A command line that runs here."""
        return ["ip", "netns", "exec", self.name, *argv]

    def as_nobody(self, *argv: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command here to its end, without root."""
        return subprocess.run(
            self.argv(*_AS_NOBODY, *argv), capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, **(env or {})}, cwd="/",
        )  # fmt: skip


@contextmanager
def lonely(*, loopback: bool) -> Iterator[Lonely]:
    """A namespace that is gone in the end; without a loopback not even this machine can be reached."""
    name = f"lonely{os.getpid()}-{next(_NUMBERS)}"
    subprocess.run(["ip", "netns", "add", name], check=True)
    try:
        if loopback:
            subprocess.run(["ip", "-n", name, "link", "set", "lo", "up"], check=True)
        yield Lonely(name)
    finally:
        subprocess.run(["ip", "netns", "delete", name], check=True)
