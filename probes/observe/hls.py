"""Streams as playlists: read, read again until a segment is due, and the newest segment's size asked."""

from __future__ import annotations

import asyncio
from typing import Final
from urllib.parse import urljoin

from probes.core.failures import unknown
from probes.core.handshake import Secured
from probes.core.http1 import Exchange
from probes.core.places import MAX_HOPS, Place, place_of, redirect
from probes.core.streams import hls
from probes.core.streams.first_byte import FirstByte
from probes.core.streams.hls import Look, Master, Media
from probes.core.streams.steps import of_answer, of_look
from probes.observe.http import visit
from probes.observe.scene import Scene
from probes.observe.shaking import shake
from probes.observe.stream import Machine, open_stream
from probes.observe.tcp import dial
from wire.errors import BadInput
from wire.records import Step

# The role of connections that are made only to read the same playlist once more, or to ask for a size.
REREAD: Final = "reread"
# However long a playlist's segments are, nobody waits longer for the next.
MAX_WATCH_S: Final = 20.0
_MIN_WAIT_S: Final = 0.5
_OK: Final = 200


async def observe(scene: Scene) -> None:
    """`hls+https://` and `hls+http://`: whether the playlist of a live stream goes on."""
    place: Place | None = scene.place
    while place is not None:
        exchange = await visit(scene, place)
        place = await _next(scene, place, exchange) if exchange is not None else None


async def _next(scene: Scene, place: Place, exchange: Exchange) -> Place | None:
    """Where an answer leads: by redirect, or to a rendition; None when all was seen."""
    further = redirect(place, exchange.status, exchange.header("location"))
    if further is not None:
        return further
    watch = _Watch(scene, place)
    playlist = watch.read(exchange)
    if isinstance(playlist, Master):
        return watch.rendition(playlist)
    if playlist is not None:
        await watch.look(playlist, dict(exchange.headers))
    return None


class _Watch:
    """One place of a playlist, read once and from now on watched."""

    def __init__(self, scene: Scene, place: Place) -> None:
        self._scene = scene
        self._place = place
        self._t0 = scene.now()
        fetched = [step for step in scene.steps() if step.step == "http" and step.hop == place.hop]
        self._address = fetched[-1].address if fetched else ""

    def _bare(self) -> Step:
        return Step(
            step="stream",
            failure=None,
            t0=self._t0,
            t=self._scene.now(),
            hop=self._place.hop,
            address=self._address,
            port=self._place.port,
            url=self._place.url,
        )

    def read(self, exchange: Exchange) -> hls.Playlist | None:
        """The playlist; where none came, a step that says what came instead."""
        try:
            playlist = hls.read_playlist(bytes(exchange.body))
        except BadInput as error:
            self._scene.add(of_answer(self._bare(), exchange.status, unknown(str(error))))
            return None
        if exchange.status != _OK:
            self._scene.add(of_answer(self._bare(), exchange.status, unknown(f"http {exchange.status}")))
            return None
        return playlist

    def rendition(self, playlist: Master) -> Place | None:
        """The place of the lightest rendition; where there is none, a step that says so."""
        chosen = hls.lightest(playlist)
        try:
            further = self._place_of(chosen.uri, self._place.hop + 1) if chosen else None
        except ValueError:
            further = None
        if further is None or further.hop > MAX_HOPS:
            self._scene.add(of_answer(self._bare(), 404, ""))
            return None
        return further

    def _place_of(self, uri: str, hop: int) -> Place | None:
        place = place_of(urljoin(self._place.full, uri), hop)
        return place if place.scheme in {"http", "https"} else None

    async def look(self, first: Media, headers: dict[str, str]) -> None:
        """Read again and again until a new segment is there or overdue, and keep the step."""
        last, watched_s = first, 0.0
        due_s = min(hls.DUE_IN_TARGETS * first.target_s, MAX_WATCH_S)
        while not (hls.settled(first, last) or watched_s >= due_s):
            await asyncio.sleep(max(_MIN_WAIT_S, min(first.target_s / 2, due_s - watched_s)))
            again = await self._again()
            watched_s = self._scene.now() - self._t0
            if again is None:
                break
            last, headers = again
        look = Look(
            first=first,
            last=last,
            watched_s=watched_s,
            age_s=hls.age_s(last, headers, self._scene.tools.clock.now()),
            bitrate_bps=await self._rate(last),
        )
        self._scene.add(of_look(self._bare(), look, self._scene.tools.expected(self._scene.target)))

    async def _again(self) -> tuple[Media, dict[str, str]] | None:
        exchange = await self._ask(Exchange(self._place))
        if exchange is None or exchange.status != _OK:
            return None
        try:
            playlist = hls.read_playlist(bytes(exchange.body))
        except BadInput:
            return None
        return (playlist, dict(exchange.headers)) if isinstance(playlist, Media) else None

    async def _rate(self, playlist: Media) -> int | None:
        """The newest segment's rate, where it lies beside the playlist."""
        if not playlist.segments:
            return None
        try:
            place = self._place_of(playlist.segments[-1].uri, self._place.hop)
        except ValueError:
            return None
        if place is None or (place.scheme, place.name, place.port) != self._origin():
            return None
        asked = FirstByte(place)
        await self._ask(asked)
        return hls.newest_rate(playlist, asked.size_bytes) if asked.size_bytes else None

    def _origin(self) -> tuple[str, str, int]:
        return self._place.scheme, self._place.name, self._place.port

    async def _ask(self, exchange: Exchange) -> Exchange | None:
        """One more exchange with the same server; None when it failed."""
        sock = await dial(self._scene, self._place, self._address, REREAD)
        if sock is None:
            return None
        if self._place.scheme == "http":
            stream = self._scene.adopt(await open_stream(sock))
            machine: Machine = exchange
        else:
            shaken = await shake(self._scene, self._place, self._address, sock, REREAD)
            stream, machine = shaken.stream, Secured(shaken.handshake, exchange)
            if shaken.failure is not None:
                return None
        failure = await stream.converse(machine, self._scene.allowance())
        stream.close()
        return exchange if failure is None else None
