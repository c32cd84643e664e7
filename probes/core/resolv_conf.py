"""Which resolvers to ask: the machine's own, or those that were given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from probes.core.hosts import literal
from wire.errors import BadInput

DNS_PORT: Final = 53
MAX_RESOLVERS: Final = 3  # as the system's own resolver does (resolv.conf(5), MAXNS)
TRIES: Final = 3  # one more than the system's resolver: a line may lose half of all questions
SYSTEM: Final = "system"


class Resolver(Struct, frozen=True, kw_only=True):
    """One name server. `label` is its name in records: a private address of the system is not told."""

    address: str
    port: int = DNS_PORT
    label: str = ""


def given(text: str) -> Resolver:
    """`--resolver IP[:PORT]`, an IPv6 address with a port in brackets; raises `BadInput`."""
    address, port = _split(text)
    parsed = literal(address)
    if parsed is None or not port.isdecimal() or not 0 < int(port) < 65_536:  # noqa: PLR2004  # the last port
        raise BadInput(f"--resolver {text[:80]}: not IP, IP:PORT or [IPV6]:PORT")
    return Resolver(address=str(parsed), port=int(port), label=str(parsed))


def _split(text: str) -> tuple[str, str]:
    if text.startswith("["):
        address, closed, rest = text[1:].partition("]")
        return (address, rest.removeprefix(":") or str(DNS_PORT)) if closed else ("", "")
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return address, port
    return text, str(DNS_PORT)


def of_the_system(conf: str) -> tuple[Resolver, ...]:
    """The name servers of a resolv.conf; as its manual says, this machine when there is none."""
    words = [line.split() for line in conf.splitlines()]
    servers = [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]
    found = [_systems(server) for server in servers if literal(server.partition("%")[0])]
    return tuple(found[:MAX_RESOLVERS]) or (_systems("127.0.0.1"),)


def _systems(server: str) -> Resolver:
    address = literal(server.partition("%")[0])
    public = address is not None and address.is_global
    return Resolver(address=server, label=str(address) if public else SYSTEM)


def attempts(resolvers: Sequence[Resolver]) -> tuple[Resolver, ...]:
    """Whom to ask in turn, until someone answers."""
    return tuple(resolvers) * TRIES
