# SPDX-License-Identifier: GPL-2.0-only
"""Single flows: what may be asked of them, how they are heard, what is told of them.

Rules of this file: nothing sends; what is told is of headers, and of a DNS answer its code and addresses.
"""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Final

from scapy.arch.common import compile_filter
from scapy.data import DLT_RAW
from scapy.layers.dns import DNS, dnstypes
from scapy.layers.inet import ICMP, IP, TCP, UDP
from scapy.layers.inet6 import ICMPv6TimeExceeded, IPv6

MAX_SECONDS: Final = 30
MAX_PACKETS: Final = 64  # of one watch
ETH_P_IP, ETH_P_IPV6 = 0x0800, 0x86DD
SO_ATTACH_FILTER: Final = 26
_KEYS: Final = {"id", "watch", "local", "local_port", "remote", "remote_port", "seconds"}
_RCODES: Final = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}


class Refusal(ValueError):
    """What the other side asked for is not done; the text says why."""


@dataclass(frozen=True)
class Flow:
    """One flow, seen from this machine."""

    local: IPv4Address | IPv6Address
    local_port: int
    remote: IPv4Address | IPv6Address
    remote_port: int

    @property
    def is_v4(self) -> bool:
        """Whether it is of IPv4."""
        return isinstance(self.local, IPv4Address)

    def filter(self, watch: str) -> str:
        """The flow's incoming packets, and routers' messages about its outgoing ones, in libpcap's words."""
        ends = f"src host {self.remote} and dst host {self.local}"
        ports = f"src port {self.remote_port} and dst port {self.local_port}"
        if watch == "dns":
            return f"udp and {ends} and {ports}"
        return f"(tcp and {ends} and {ports}) or (dst host {self.local} and {self._expired()})"

    def _expired(self) -> str:
        """ICMP "time exceeded" quoting a packet of ours: its destination and ports (RFC 792, RFC 4443)."""
        if isinstance(self.remote, IPv4Address):
            quoted = f"icmp[24:4] = {int(self.remote)} and icmp[28:2] = {self.local_port}"
            return f"icmp[0] = 11 and {quoted} and icmp[30:2] = {self.remote_port}"
        words = (int.from_bytes(self.remote.packed[at : at + 4]) for at in range(0, 16, 4))
        target = " and ".join(f"ip6[{72 + 4 * at}:4] = {word}" for at, word in enumerate(words))
        ports = f"ip6[88:2] = {self.local_port} and ip6[90:2] = {self.remote_port}"
        return f"ip6[6] = 58 and ip6[40] = 3 and {target} and {ports}"


@dataclass
class Watch:
    """A flow that is listened to until a time or a number of packets."""

    id: int
    kind: str
    flow: Flow
    until: float
    left: int = MAX_PACKETS


def parse(line: bytes, now: float) -> Watch | int:
    """A command as a watch, or as the id of a watch that shall end; raises `Refusal`."""
    try:
        asked = json.loads(line)
    except ValueError as error:
        raise Refusal("not JSON") from error
    if not isinstance(asked, dict):
        raise Refusal("not a command")
    return _number(asked["stop"], 1, 2**31) if set(asked) == {"stop"} else _watch(asked, now)


def _watch(asked: dict[str, Any], now: float) -> Watch:
    if set(asked) != _KEYS or asked["watch"] not in {"tcp", "dns"}:
        raise Refusal("not a command")
    flow = Flow(
        _address(asked["local"]),
        _number(asked["local_port"], 1024, 65_535),
        _address(asked["remote"]),
        _number(asked["remote_port"], 1, 65_535),
    )
    _check_own(flow)
    seconds = _number(asked["seconds"], 1, MAX_SECONDS)
    return Watch(_number(asked["id"], 1, 2**31), asked["watch"], flow, now + seconds)


def _number(value: Any, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        raise Refusal(f"not a number from {low} to {high}")
    return value


def _address(value: Any) -> IPv4Address | IPv6Address:
    try:
        found = ip_address(value) if isinstance(value, str) else None
    except ValueError:
        found = None
    if found is None or found.is_multicast or found.is_unspecified:
        raise Refusal("not the address of one machine")
    return found


def _check_own(flow: Flow) -> None:
    """Other machines' flows are none of our business, even where this machine is their router."""
    if flow.local.version != flow.remote.version:
        raise Refusal("two families in one flow")
    with socket.socket(_family(flow), socket.SOCK_DGRAM) as trial:
        try:
            trial.bind((str(flow.local), 0))
        except OSError as error:
            raise Refusal("not an address of this machine") from error


def _family(flow: Flow) -> socket.AddressFamily:
    return socket.AF_INET if flow.is_v4 else socket.AF_INET6


def listen(watch: Watch) -> socket.socket:
    """A socket that hears this flow only. ETH_P_IP and ETH_P_IPV6 give incoming packets, never our own."""
    program = compile_filter(watch.flow.filter(watch.kind), linktype=DLT_RAW)
    found = socket.socket(
        socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP if watch.flow.is_v4 else ETH_P_IPV6)
    )
    found.setblocking(False)
    # bytes() of the struct holds a pointer into `program`, which lives until the kernel has copied it
    found.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, bytes(program))
    return found


def read(watch: Watch, raw: bytes) -> dict[str, Any] | None:
    """What is told of a packet; None when it is not of the flow (it came before the filter stood)."""
    packet = IP(raw) if watch.flow.is_v4 else IPv6(raw)
    ttl, ipid = (packet.ttl, packet.id) if IP in packet else (packet.hlim, None)
    if watch.kind == "tcp" and _expired(packet, watch.flow):
        return {"expired": True}
    transport = TCP if watch.kind == "tcp" else UDP
    if not _of_flow(packet, transport, watch.flow):
        return None
    told = {"ttl": ttl, "ipid": ipid}
    return told | (_dns(packet) if watch.kind == "dns" else _tcp(packet))


def _of_flow(packet: Any, transport: Any, flow: Flow) -> bool:
    if (
        transport not in packet
        or ip_address(packet.src) != flow.remote
        or ip_address(packet.dst) != flow.local
    ):
        return False
    ends = packet[transport].sport, packet[transport].dport
    return ends == (flow.remote_port, flow.local_port)


def _expired(packet: Any, flow: Flow) -> bool:
    """Whether it is a router's message; that it is about our flow, the filter has seen."""
    told = (ICMP in packet and packet[ICMP].type == 11) or ICMPv6TimeExceeded in packet  # noqa: PLR2004  # RFC 792
    return told and ip_address(packet.dst) == flow.local


def _tcp(packet: Any) -> dict[str, Any]:
    flags = "".join(flag for flag in str(packet[TCP].flags) if flag in "SAFRP")
    return {"flags": flags, "size": len(packet[TCP].payload)}


def _dns(packet: Any) -> dict[str, Any]:
    if DNS not in packet:
        return {"rcode": "", "answers": []}
    message = packet[DNS]
    addresses = [str(one.rdata) for one in message.an or () if dnstypes.get(one.type) in {"A", "AAAA"}]
    return {"rcode": _RCODES.get(message.rcode, str(message.rcode)), "answers": addresses[:16]}


def load_libpcap() -> None:
    """Load libpcap while its file can still be read; raises `ImportError` where it is missing."""
    compile_filter("tcp", linktype=DLT_RAW)
