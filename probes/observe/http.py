"""Pages, and the kinds `http` and `https`: every redirect is observed from its name on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from probes.core.blockpages import fingerprint_of
from probes.core.handshake import Secured
from probes.core.hosts import scrub_location
from probes.core.http1 import Exchange
from probes.core.pages import clock_offset_s, kept_headers, title_of
from probes.core.places import Place, redirect
from probes.observe.dns import resolve
from probes.observe.raw import look_at_request
from probes.observe.scene import Scene
from probes.observe.shaking import shake
from probes.observe.stream import Machine, Stream, open_stream
from probes.observe.tcp import Dials, dial, known_sockets, listen
from probes.observe.tls import BROKEN_OFF, CLOSED, secure
from wire import names
from wire.judge.addresses import strangers
from wire.judge.speed import took
from wire.judge.trail import AGAIN, KNOWN_ADDRESS, NAME_CONTROL, pick
from wire.records import Step

_ROLES: Final = (NAME_CONTROL, AGAIN)


async def observe(scene: Scene) -> None:
    """`http://` and `https://`: a GET, and where it sends us."""
    place: Place | None = scene.place
    while place is not None:
        exchange = await visit(scene, place)
        place = redirect(place, exchange.status, exchange.header("location")) if exchange else None


async def visit(scene: Scene, place: Place) -> Exchange | None:
    """One place from its name to its page; None when no whole answer came."""
    addresses = await resolve(scene, place)
    if place.scheme == "https":
        return await _encrypted(scene, place, addresses)
    return await _plain(scene, place, addresses)


async def _encrypted(scene: Scene, place: Place, addresses: tuple[str, ...]) -> Exchange | None:
    shaken = await secure(scene, place, addresses)
    if shaken is None:
        return None
    exchange = _exchange(scene, place)
    machine = Secured(shaken.handshake, exchange)
    failure = await _converse(scene, shaken.stream, machine, _Page(place, exchange, shaken.address))
    return exchange if failure is None else None


async def _plain(scene: Scene, place: Place, addresses: tuple[str, ...]) -> Exchange | None:
    connected = await Dials(scene, place, addresses).first()
    if connected is None:
        await known_sockets(scene, place, addresses)
        return None
    address, sock = connected
    exchange = _exchange(scene, place)
    stream = scene.adopt(await open_stream(sock))
    failure = await _converse(scene, stream, exchange, _Page(place, exchange, address))
    if failure in BROKEN_OFF:
        await _compare_names(scene, place, address)
    if failure is None:
        await _compare_addresses(scene, place, addresses)
    return exchange if failure is None else None


async def _compare_addresses(scene: Scene, place: Place, given: Sequence[str]) -> None:
    """The same page at an address that only the controls know, where the resolver's are in another place."""
    known = scene.known_addresses(place.host)
    if strangers(given, known):
        await fetch(scene, place, known[0], KNOWN_ADDRESS)


def _exchange(scene: Scene, place: Place) -> Exchange:
    """A page is read as far as manners go; a playlist whole, since its newest lines are its last."""
    playlist = scene.target.url.startswith("hls")
    return Exchange(place) if playlist else Exchange(place, scene.tools.body_bytes)


async def _compare_names(scene: Scene, place: Place, address: str) -> None:
    """A/B/A on one address, as for handshakes: a harmless name, then the wanted one again."""
    for role in _ROLES:
        await fetch(scene, place, address, role)
    ended = _ended(scene, place, _ROLES)
    if ended and ended <= CLOSED:
        await listen(scene, place, address)
    await look_at_request(scene, place, address)


def _ended(scene: Scene, place: Place, roles: Collection[str]) -> set[str | None]:
    """How pages of these roles ended at a place."""
    return {step.failure for step in pick(scene.steps(), "http", place.hop, role=None) if step.role in roles}


async def fetch(scene: Scene, place: Place, address: str, role: str) -> bool:
    """A page once more, at one address, in a role; kept as a step. Whether it could be asked for at all.

    A harmless name stands in the ClientHello of an encrypted request, and in a plain request's Host.
    """
    sock = await dial(scene, place, address, role)
    if sock is None:
        return False
    if place.scheme != "https":
        named = replace(place, name=scene.tools.control_name) if role == NAME_CONTROL else place
        plain = _exchange(scene, named)
        stream = scene.adopt(await open_stream(sock))
        await _converse(scene, stream, plain, _Page(place, plain, address, role))
        return True
    shaken = await shake(scene, place, address, sock, role)
    if not shaken.handshake.complete:
        shaken.stream.close()
        return False
    exchange = _exchange(scene, place)
    page = _Page(place, exchange, address, role)
    await _converse(scene, shaken.stream, Secured(shaken.handshake, exchange), page)
    return True


class _Page:
    """What the step of an exchange is made of."""

    def __init__(self, place: Place, exchange: Exchange, address: str, role: str = "") -> None:
        self._place = place
        self._exchange = exchange
        self._address = address
        self._role = role

    def step(self, failure: str | None, t0: float, t: float, now: datetime) -> Step:
        """The step; of a harmless name's page only status and size."""
        bare = Step(
            step="http",
            failure=failure,
            t0=t0,
            t=t,
            hop=self._place.hop,
            role=self._role,
            address=self._address,
            port=self._place.port,
            url=self._place.url,
            status=self._exchange.status,
        )
        if not self._exchange.answered:
            return bare
        sized = replace(bare, body_bytes=len(self._exchange.body))
        return sized if self._role == NAME_CONTROL else self._whole(sized, now)

    def _whole(self, bare: Step, now: datetime) -> Step:
        exchange = self._exchange
        body, kind = bytes(exchange.body), exchange.header("content-type")
        title = title_of(body, kind)
        location = scrub_location(self._place.full, exchange.header("location"))
        return replace(
            bare,
            headers=kept_headers(exchange.headers),
            body_sha256=exchange.body_sha256,
            title=title,
            truncated=exchange.truncated,
            location=location,
            clock_offset_s=clock_offset_s(exchange.header("date"), exchange.header("age"), now),
            # inside a handshake nobody on the way can have made the page
            fingerprint=fingerprint_of(title, body, kind, location) if self._place.scheme == "http" else "",
        )


async def _converse(scene: Scene, stream: Stream, machine: Machine, page: _Page) -> str | None:
    """Ask and hear, keep the step, close; gives the failure."""
    t0, heard_before = scene.now(), stream.heard_bytes
    failure = await stream.converse(machine, scene.allowance())
    late = failure == names.TIMEOUT
    quiet_s = stream.quiet_s() if late else None
    t = scene.now()
    t = t if late else t - stream.waited_s(t - t0)
    stream.close()
    step = page.step(failure, t0, t, scene.tools.clock.now())
    if quiet_s is not None:  # of what is encrypted, less can be read than has come
        gap_s, came = round(min(quiet_s, took(step)), 6), stream.heard_bytes - heard_before
        step = replace(step, gap_s=gap_s, bytes_seen=came)
    scene.add(step)
    return failure
