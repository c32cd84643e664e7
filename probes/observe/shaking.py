"""One handshake: the chain and the verdict on it from one and the same connection."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final

from OpenSSL import SSL

from probes.core.handshake import Handshake
from probes.core.places import Place
from probes.observe.scene import Scene
from probes.observe.stream import Stream, open_stream
from wire import names
from wire.judge import group_of
from wire.judge.trail import NAME_CONTROL
from wire.records import Step

# What is offered inside, by scheme. A plain DoT is not announced: some servers refuse names they do not know.
_ALPN: Final[dict[str, tuple[bytes, ...]]] = {"https": (b"http/1.1",), "doh": (b"h2", b"http/1.1")}


@dataclass(frozen=True, slots=True)
class Shaken:
    """How a handshake ended, where, and the stream on which it was made."""

    address: str
    stream: Stream
    handshake: Handshake
    failure: str | None


def _trust(scene: Scene, place: Place) -> SSL.Context:
    """What vouches for a place: of a messenger with an authority of its own, that one alone."""
    own = scene.tools.authorities.get(group_of(scene.target))
    return scene.tools.trust if own is None or place.hop else own


async def shake(scene: Scene, place: Place, address: str, sock: socket.socket, role: str = "") -> Shaken:
    """A handshake on a fresh connection; its step is kept.

    In the role of the control's name another name is sent, and the certificate means nothing.
    """
    asked = scene.tools.control_name if role == NAME_CONTROL else place.name
    machine = Handshake(_trust(scene, place), asked, alpn=_ALPN.get(place.scheme, ()))
    stream = scene.adopt(await open_stream(sock))
    t0 = scene.now()
    failure = await stream.converse(machine, scene.allowance())
    t = scene.now()
    if failure != names.TIMEOUT:
        t -= stream.waited_s(t - t0)
    scene.add(
        Step(
            step="tls",
            failure=failure,
            t0=t0,
            t=t,
            hop=place.hop,
            role=role,
            address=address,
            port=place.port,
            server_name=asked if role == NAME_CONTROL else place.host,
            version=machine.version,
            cipher=machine.cipher,
            alpn=machine.alpn,
            answered=machine.answered,
            peer_said=machine.peer_said,
            chain=machine.chain,
            verify_errors=machine.verify_errors,
        )
    )
    return Shaken(address, stream, machine, failure)
