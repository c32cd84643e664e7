"""Pages, and the kinds `http` and `https`: every redirect is observed from its name on."""

from __future__ import annotations

from probes.core.handshake import Secured
from probes.core.hosts import scrub_location
from probes.core.http1 import Exchange
from probes.core.pages import kept_headers, title_of
from probes.core.places import Place, redirect
from probes.observe.dns import resolve
from probes.observe.scene import Scene
from probes.observe.stream import Machine, Stream, open_stream
from probes.observe.tcp import Dials, known_sockets
from probes.observe.tls import secure
from wire.records import Step


async def observe(scene: Scene) -> None:
    """`http://` and `https://`: a GET, and where it sends us."""
    place: Place | None = scene.place
    while place is not None:
        exchange = await _hop(scene, place)
        place = redirect(place, exchange.status, exchange.header("location")) if exchange else None


async def _hop(scene: Scene, place: Place) -> Exchange | None:
    """One place from its name to its page; None when no whole answer came."""
    exchange = Exchange(place)
    opened = await _open(scene, place, exchange)
    if opened is None:
        return None
    stream, machine = opened
    t0 = scene.now()
    failure = await stream.converse(machine, scene.allowance())
    stream.close()
    scene.add(_step(place, exchange, failure, t0, scene.now()))
    return exchange if failure is None else None


async def _open(scene: Scene, place: Place, exchange: Exchange) -> tuple[Stream, Machine] | None:
    addresses = await resolve(scene, place)
    if place.scheme == "https":
        shaken = await secure(scene, place, addresses)
        return (shaken.stream, Secured(shaken.handshake, exchange)) if shaken else None
    connected = await Dials(scene, place, addresses).first()
    if connected is None:
        await known_sockets(scene, place, addresses)
        return None
    stream = await open_stream(connected[1])
    scene.closing.callback(stream.close)
    return stream, exchange


def _step(place: Place, exchange: Exchange, failure: str | None, t0: float, t: float) -> Step:
    body = bytes(exchange.body)
    return Step(
        step="http",
        failure=failure,
        t0=t0,
        t=t,
        hop=place.hop,
        url=place.url,
        status=exchange.status,
        headers=kept_headers(exchange.headers),
        body_bytes=len(body) if exchange.answered else None,
        body_sha256=exchange.body_sha256 if exchange.answered else "",
        title=title_of(body, exchange.header("content-type")),
        truncated=exchange.truncated,
        location=scrub_location(place.full, exchange.header("location")),
    )
