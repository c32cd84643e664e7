"""Namespaces, cables, addresses and routes: the country's ground, built from `names.py`.

A namespace is called `dlPID-NUMBER-PLACE`: the number of the process that made it tells the next
run whether it is left over from a crash.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.lab import names
from tests.lab.names import FAMILIES, LINKS, PLACES, ROUTERS, ROUTES, SERVICES, SITES, Family, Place
from tests.lab.shell import must, run

ETC_NETNS: Final = Path("/etc/netns")
_OURS: Final = re.compile(r"^dl(\d+)-\d+-\w+$")
_NUMBERS: Final = itertools.count()
# No router's advertisements, no duplicate-address wait (about a second for each IPv6 address),
# and flows that the censor silenced are forgotten soon, so that a port used again starts anew.
_QUIET: Final = (
    "net.ipv6.conf.all.accept_ra=0",
    "net.ipv6.conf.default.accept_ra=0",
    "net.ipv6.conf.all.accept_dad=0",
    "net.ipv6.conf.default.accept_dad=0",
    "net.ipv4.conf.all.rp_filter=0",
    "net.ipv4.conf.default.rp_filter=0",
    "net.netfilter.nf_conntrack_tcp_timeout_established=20",
    # as are questions: one that reuses a port would pass by the rules of a row that began since
    "net.netfilter.nf_conntrack_udp_timeout=3",
    "net.netfilter.nf_conntrack_udp_timeout_stream=3",
)
# A router tells of every packet that it cannot deliver, not of one a second.
_ROUTING: Final = (
    "net.ipv4.ip_forward=1",
    "net.ipv6.conf.all.forwarding=1",
    "net.ipv4.icmp_ratelimit=0",
    "net.ipv6.icmp.ratelimit=0",
)


class Ground:
    """The namespaces of one country; a number tells apart the countries of one process."""

    def __init__(self) -> None:
        self.prefix = f"dl{os.getpid()}-{next(_NUMBERS)}-"

    def name(self, place: Place) -> str:
        """The namespace of a place."""
        return self.prefix + place

    def inside(self, place: Place, *argv: str) -> tuple[str, ...]:
        """The command line that runs `argv` at a place, with that place's resolver."""
        return ("ip", "netns", "exec", self.name(place), *argv)

    def build(self) -> None:
        """Make everything anew; what an earlier country of this name left is removed first."""
        self.destroy()
        for place in PLACES:
            must(("ip", "netns", "add", self.name(place)))
            must(self.inside(place, "sysctl", "-q", "-w", *_QUIET, *(_ROUTING if place in ROUTERS else ())))
        must(("ip", "-batch", "-"), text="".join(self._cables()))
        for place in PLACES:
            must(("ip", "-n", self.name(place), "-batch", "-"), text="\n".join(_ground_lines(place)) + "\n")

    def destroy(self) -> None:
        """Kill what runs inside and remove the namespaces; the cables go with them."""
        for place in PLACES:
            remove(self.name(place))

    def _cables(self) -> Iterator[str]:
        for link in LINKS:
            ends = self.name(link.first), self.name(link.second)
            peers = f"to-{link.second}", f"to-{link.first}"
            yield f"link add {peers[0]} netns {ends[0]} type veth peer name {peers[1]} netns {ends[1]}\n"


def _ground_lines(place: Place) -> Iterator[str]:
    yield "link set lo up"
    for address in addresses_of(place):
        yield f"address add {address} dev lo" + (" nodad" if ":" in address else "")
    for link in LINKS:
        if place in {link.first, link.second}:
            yield from _link_lines(link, place)
    for route in ROUTES:
        if route.place == place:
            yield from (_route_line(route, family) for family in FAMILIES)


def _link_lines(link: names.Link, place: Place) -> Iterator[str]:
    device = f"to-{link.other(place)}"
    yield f"address add {link.address(place, 4)}/24 dev {device}"
    yield f"address add {link.address(place, 6)}/64 dev {device} nodad"
    # one packet at a time, as on a cable: a rate is otherwise charged by bundles of packets
    yield f"link set {device} gso_max_segs 1"
    yield f"link set {device} up"


def _route_line(route: names.Route, family: Family) -> str:
    net = names.NETS[route.net][family]
    if route.via is None:
        return f"route add blackhole {net}"
    hop = names.link_between(route.place, route.via).address(route.via, family)
    return f"route add {net} via {hop}"


def addresses_of(place: Place) -> list[str]:
    """What a place answers on beside its cables: its sites' addresses and its services'."""
    sites = [address for site in SITES if site.side == place for address in site.addresses.values()]
    return [*dict.fromkeys(sites), *SERVICES.get(place, ())]


def remove(namespace: str) -> None:
    """Remove a namespace of the lab with its processes and its /etc/netns folder; absent is fine."""
    listed = run(("ip", "netns", "pids", namespace))
    for pid in listed.stdout.split() if listed.returncode == 0 else ():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    run(("ip", "netns", "delete", namespace))
    shutil.rmtree(ETC_NETNS / namespace, ignore_errors=True)


def sweep() -> list[str]:
    """Remove namespaces and folders of runs whose process is dead; the namespaces' names."""
    stale = sorted(name for name in _namespaces() if _is_stale(name))
    for name in stale:
        remove(name)
    for folder in Path(tempfile.gettempdir()).iterdir():
        if _is_stale(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    return stale


def _namespaces() -> set[str]:
    folders = ETC_NETNS.iterdir() if ETC_NETNS.is_dir() else ()
    listed = must(("ip", "netns", "list")).splitlines()
    return {line.split()[0] for line in listed if line} | {folder.name for folder in folders}


def _is_stale(name: str) -> bool:
    ours = _OURS.match(name)
    return ours is not None and not Path("/proc", ours[1]).exists()
