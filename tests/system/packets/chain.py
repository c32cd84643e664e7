"""A long road in network namespaces: home, three routers, a server; the second router may be a censor.

The lab's country has one router only, so a place on the way cannot be told from the last one there.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from tests.lab.namespaces import Ground, remove
from tests.lab.shell import must, run

ROOT: Final = Path(__file__).parents[3]
PLACES: Final = ("home", "near", "censor", "far", "server")
SERVER_PORT: Final = 443
NAME: Final = "wanted.example"
_HELLO: Final = f"-p tcp --dport {SERVER_PORT} -m string --algo bm --string {NAME}"
_MARK: Final = "0x51"
_QUIET: Final = (
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv4.icmp_ratelimit=0",
    "net.ipv6.icmp.ratelimit=0",
)


class Chain:
    """The road from `home` to `server`; link n carries 10.72.n.0/24 and 2001:db8:72:n::/64."""

    def __init__(self) -> None:
        self._prefix = Ground().prefix
        self.server = {4: "10.72.4.2", 6: "2001:db8:72:4::2"}

    def __enter__(self) -> Chain:
        for place in PLACES:
            must(("ip", "netns", "add", self._prefix + place))
            must(self.inside(place, "sysctl", "-q", "-w", *_QUIET))
            must(self.inside(place, "ip", "link", "set", "lo", "up"))
        for number, (first, second) in enumerate(itertools.pairwise(PLACES), start=1):
            self._cable(number, first, second)
        for place in PLACES:
            must(self.inside(place, "ip", "-batch", "-"), text="".join(_routes(PLACES.index(place))))
        return self

    def __exit__(self, *_: object) -> None:
        for place in PLACES:
            remove(self._prefix + place)

    def inside(self, place: str, *argv: str) -> tuple[str, ...]:
        """The command line that runs at a place."""
        return ("ip", "netns", "exec", self._prefix + place, *argv)

    def _cable(self, number: int, first: str, second: str) -> None:
        ends = (self._prefix + first, "right"), (self._prefix + second, "left")
        must((
            "ip", "link", "add", "right", "netns", ends[0][0], "type", "veth",
            "peer", "name", "left", "netns", ends[1][0],
        ))  # fmt: skip
        for host, (namespace, device) in enumerate(ends, start=1):
            for address in (f"10.72.{number}.{host}/24", f"2001:db8:72:{number}::{host}/64"):
                must(("ip", "-n", namespace, "address", "add", address, "dev", device))
            must(("ip", "-n", namespace, "link", "set", device, "up"))

    @contextmanager
    def censored(self, *rules: str) -> Iterator[None]:
        """Rules of the second router, for both families."""
        for rule in rules:
            for tool in ("iptables", "ip6tables"):
                must(self.inside("censor", tool, *rule.split()))
        try:
            yield
        finally:
            for tool in ("iptables", "ip6tables"):
                for table in ("filter", "mangle"):
                    must(self.inside("censor", tool, "-t", table, "-F"))

    @contextmanager
    def serving(self, script: Path, *arguments: str) -> Iterator[None]:
        """A small server of ours at the road's end, until the block ends."""
        argv = self.inside("server", sys.executable, str(script), *arguments)
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            try:
                yield
            finally:
                process.terminate()

    def look(self, *arguments: str) -> str:
        """What `look.py` prints, run at home."""
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        argv = self.inside("home", sys.executable, "-m", "tests.system.packets.look", *arguments)
        done = run(argv, env=environment, limit_s=90)
        assert done.returncode == 0, done.stderr
        return done.stdout


def _routes(index: int) -> Iterator[str]:
    """Everything to the left lies behind the left cable, everything to the right behind the right one."""
    for number in range(1, len(PLACES)):
        if number < index:
            yield from _route(number, f"10.72.{index}.1", f"2001:db8:72:{index}::1")
        elif number > index + 1:
            yield from _route(number, f"10.72.{index + 1}.2", f"2001:db8:72:{index + 1}::2")


def _route(number: int, via_4: str, via_6: str) -> Iterator[str]:
    yield f"route add 10.72.{number}.0/24 via {via_4}\n"
    yield f"route add 2001:db8:72:{number}::/64 via {via_6}\n"


def silence_after_hello() -> tuple[str, ...]:
    """The flow is dead from the first message with the name on."""
    return (
        f"-t mangle -A FORWARD {_HELLO} -j CONNMARK --set-mark {_MARK}",
        f"-A FORWARD -m connmark --mark {_MARK} -j DROP",
    )


def reset_after_hello() -> tuple[str, ...]:
    """A reset in the server's name answers the message with the name."""
    return (f"-A FORWARD {_HELLO} -j REJECT --reject-with tcp-reset",)
