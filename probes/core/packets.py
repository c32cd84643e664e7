"""What headers of packets tell: who ended a flow, and at which hop a censor stands.

Rules of this file: it accuses nobody. A balancer in front of a site also answers with another
TTL than the site, so "another machine" is evidence beside a verdict and never a verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import Struct

from wire.records import Step

# Routes of equal length sometimes differ by a hop; two machines at one distance cannot be told apart.
TTL_MARGIN: Final = 1
# How far a counter of IP-IDs may have moved on between two packets of one machine.
IPID_STRIDE: Final = 1024
_IPIDS: Final = 65_536


class Packet(Struct, frozen=True, kw_only=True):
    """One incoming packet of a flow: TCP's flags (of "SAFRP"), TTL, IP-ID (None: IPv6), bytes of payload.

    `expired`: no packet of the flow, but a router's message that one of ours ran out of hops.
    """

    flags: str = ""
    ttl: int = 0
    ipid: int | None = None
    size_bytes: int = 0
    expired: bool = False


class Flow(Struct, frozen=True, kw_only=True):
    """A flow in its telling packets: the SYN-ACK, the first data, the first RST or FIN."""

    synack: Packet | None = None
    data: Packet | None = None
    end: Packet | None = None
    expired: bool = False

    @property
    def end_flag(self) -> str:
        """How it ended: `RST`, `FIN`, or "" while it did not."""
        if self.end is None:
            return ""
        return "RST" if "R" in self.end.flags else "FIN"


class Hop(Struct, frozen=True, kw_only=True):
    """What became of a first message that was sent with `ttl` hops to live.

    `connected`: the connection before it stood. `expired`: a router said that it ended there.
    `answered`: data came back. `end_flag`: `RST`, `FIN` or "".
    """

    ttl: int
    connected: bool = True
    expired: bool = False
    answered: bool = False
    end_flag: str = ""

    @property
    def silent(self) -> bool:
        """Whether nobody said anything about it."""
        return not (self.expired or self.answered or self.end_flag)


def read_flow(packets: Iterable[Packet]) -> Flow:
    """The telling packets of a flow, given in order of arrival."""
    seen = tuple(packets)
    return Flow(
        synack=next((one for one in seen if {"S", "A"} <= set(one.flags)), None),
        data=next((one for one in seen if one.size_bytes and not one.expired), None),
        end=next((one for one in seen if {"R", "F"} & set(one.flags)), None),
        expired=any(one.expired for one in seen),
    )


def ended_by_server(flow: Flow) -> bool | None:
    """Whether RST or FIN came from the machine that answered the SYN; None when it cannot be told.

    False needs a TTL that fits none of the server's packets. True needs the same TTL and an
    IP-ID that speaks not against it.
    """
    known = [one for one in (flow.synack, flow.data) if one is not None and one is not flow.end]
    if flow.end is None or not known:
        return None
    distances = [abs(flow.end.ttl - one.ttl) for one in known]
    if min(distances) > TTL_MARGIN:
        return False
    fits = any(
        not distance and _one_counter(one, flow.end) for one, distance in zip(known, distances, strict=True)
    )
    return True if fits else None


def step_ended_by_server(step: Step) -> bool | None:
    """`ended_by_server`, read from the keys of a step."""
    flags = step.end_flag[:1]
    return ended_by_server(
        Flow(
            synack=_packet("SA", step.ttl_synack, step.ipid_synack),
            data=_packet("PA", step.ttl_data, None),
            end=_packet(flags, step.ttl_end, step.ipid_end) if flags else None,
        )
    )


def _packet(flags: str, ttl: int | None, ipid: int | None) -> Packet | None:
    return None if ttl is None else Packet(flags=flags, ttl=ttl, ipid=ipid)


def _one_counter(first: Packet, later: Packet) -> bool:
    """Whether two IP-IDs may come from one counter; zero is what Linux writes where nothing is cut up."""
    if first.ipid is None or later.ipid is None or 0 in {first.ipid, later.ipid}:
        return True
    return (later.ipid - first.ipid) % _IPIDS <= IPID_STRIDE


def hops_total(harmless: Iterable[Hop]) -> int | None:
    """The smallest TTL at which the server answered; None when it never did."""
    return min((hop.ttl for hop in harmless if hop.answered), default=None)


def censor_hop(harmless: Sequence[Hop], wanted: Sequence[Hop]) -> int | None:
    """The smallest TTL at which the wanted name is treated otherwise than the harmless one.

    Whoever does that stands between hop n-1 and hop n. When n is `hops_total` the server itself
    may be the one. A reset or end that only the wanted name gets tells it at once. Silence tells
    it only when the harmless name was heard of at that TTL, and nothing is heard of the wanted
    one from there on, up to the server.
    """
    total = hops_total(harmless)
    if total is None:
        return None
    usual = {hop.ttl: hop for hop in harmless}
    ordered = sorted(
        (hop for hop in wanted if hop.ttl <= total and hop.ttl in usual), key=lambda hop: hop.ttl
    )
    ended = next((hop.ttl for hop in ordered if hop.end_flag and not usual[hop.ttl].end_flag), None)
    return ended if ended is not None else _falls_silent(usual, ordered, total)


def _falls_silent(usual: dict[int, Hop], wanted: Sequence[Hop], total: int) -> int | None:
    """Where a lasting silence begins; behind a router that never answers, a later hop is named."""
    last_heard = max((hop.ttl for hop in wanted if not hop.silent), default=0)
    quiet = [hop for hop in wanted if hop.ttl > last_heard and hop.silent and hop.connected]
    if not quiet or quiet[-1].ttl != total:
        return None
    return next((hop.ttl for hop in quiet if not usual[hop.ttl].silent), None)
