"""One flow, opened by an ordinary socket while the helper listens."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from msgspec import Struct

from probes.core.packets import Flow, Hop, read_flow
from probes.packets.client import PacketHelper, Watched
from probes.packets.lines import Ends, Told, packet
from wire.judge.addresses import is_v6

# After a router's message, time for a reset that was sent from farther or by somebody slower.
GRACE_S: Final = 0.2
_NO_LINGER: Final = struct.pack("ii", 1, 0)


class Patience(Struct, frozen=True, kw_only=True):
    """How long is waited: for a connection, and for what follows the first message."""

    connect_s: float = 5.0
    answer_s: float = 2.0

    @property
    def watch_s(self) -> int:
        """How long the helper has to listen."""
        return int(self.connect_s + self.answer_s + 2)


async def send_and_see(
    helper: PacketHelper, there: tuple[str, int], message: bytes, patience: Patience, ttl: int | None = None
) -> tuple[Flow, bool] | None:
    """Connect, send `message` (with `ttl` hops to live), and read the flow: (flow, whether it connected).

    The connection is made with the usual TTL: only the message is short-lived. None when there
    is no helper, or it died meanwhile.
    """
    with _bound(there) as (opened, ends):
        async with helper.watch("tcp", ends, patience.watch_s) as watched:
            if watched is None:
                return None
            connected = await _connect(opened, there, patience.connect_s)
            if connected:
                await _send(opened, message, ttl)
                await _listen(watched, patience.answer_s)
            return None if watched.broken else (_flow(watched.told), connected)


def as_hop(ttl: int, flow: Flow, connected: bool) -> Hop:
    """What became of a message with a TTL."""
    return Hop(
        ttl=ttl,
        connected=connected,
        expired=flow.expired,
        answered=flow.data is not None,
        end_flag=flow.end_flag if connected else "",
    )


def _flow(told: Sequence[Told]) -> Flow:
    return read_flow(packet(one) for one in told)


async def _listen(watched: Watched, seconds: float) -> None:
    def telling(told: Sequence[Told]) -> bool:
        flow = _flow(told)
        return flow.data is not None or flow.end is not None

    await watched.until(lambda told: telling(told) or _flow(told).expired, seconds)
    if not telling(watched.told) and _flow(watched.told).expired:
        await watched.until(telling, GRACE_S)


@contextmanager
def _bound(there: tuple[str, int]) -> Iterator[tuple[socket.socket, Ends]]:
    """A socket whose two ends are known before its first packet; closed with a RST, not with a FIN."""
    family = family_of(there[0])
    local = own_address(there)
    with socket.socket(family, socket.SOCK_STREAM) as opened:
        opened.setblocking(False)
        opened.bind((local, 0))
        usual = _get_ttl(opened)
        yield (
            opened,
            Ends(local=local, local_port=opened.getsockname()[1], remote=there[0], remote_port=there[1]),
        )
        _set_ttl(opened, usual)  # the RST shall arrive
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)


def family_of(address: str) -> socket.AddressFamily:
    """The family of an address."""
    return socket.AF_INET6 if is_v6(address) else socket.AF_INET


def own_address(there: tuple[str, int]) -> str:
    """The address that this machine uses towards another; no packet is sent. `OSError`: there is no way."""
    with socket.socket(family_of(there[0]), socket.SOCK_DGRAM) as trial:
        trial.connect(there)
        found: str = trial.getsockname()[0]
        return found


async def _connect(opened: socket.socket, there: tuple[str, int], seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(opened, there)
    except OSError:  # TimeoutError is one too
        return False
    return True


async def _send(opened: socket.socket, message: bytes, ttl: int | None) -> None:
    if ttl is not None:
        _set_ttl(opened, ttl)
    with suppress(OSError):  # it was reset meanwhile; the helper saw by whom
        await asyncio.get_running_loop().sock_sendall(opened, message)


def _ttl_option(opened: socket.socket) -> tuple[int, int]:
    if opened.family == socket.AF_INET6:
        return socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS
    return socket.IPPROTO_IP, socket.IP_TTL


def _get_ttl(opened: socket.socket) -> int:
    return opened.getsockopt(*_ttl_option(opened))


def _set_ttl(opened: socket.socket, ttl: int) -> None:
    opened.setsockopt(*_ttl_option(opened), ttl)
