"""What is given out: the picture, stations, the control table, metrics, health."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from aiohttp import web
from msgspec import Struct

from collector.api.answers import LINES, answer
from collector.core.asked import asked
from collector.core.book import Book
from collector.core.exposition import exposed, exposed_stations
from collector.core.families import CONTENT_TYPE, Family, text_of
from collector.core.live import Live
from collector.core.overview import Overview
from collector.core.pictures import Picture
from collector.core.refusals import Refused
from collector.core.stations import StationNow
from collector.core.times import seconds_of, stamp
from collector.core.witnesses import Witness
from collector.store import Store
from wire.facts import regions
from wire.incidents import Incident
from wire.metrics import BUILD_INFO
from wire.ports import Clock
from wire.signing import CONTROL_KEY, CONTROL_SIGNATURE, SigningKey, to_text

LOW_DISK_BYTES: Final = 64 * 1_048_576


class Incidents(Struct, frozen=True, kw_only=True):
    """Incidents by their start, each with its last revision."""

    v: int = 1
    incidents: tuple[Incident, ...] = ()


class Told(Struct, frozen=True, kw_only=True):
    """What was told of an incident from a time on, and what its witnesses saw, under public names."""

    known_at: str
    incident: Incident
    evidence: tuple[Witness, ...] = ()


class Revisions(Struct, frozen=True, kw_only=True):
    """All that was ever told of one incident, the first word first."""

    v: int = 1
    id: str
    revisions: tuple[Told, ...]


class StationList(Struct, frozen=True, kw_only=True):
    """Polling stations by their names."""

    v: int = 1
    stations: tuple[StationNow, ...]


class Health(Struct, frozen=True, kw_only=True):
    """Whether batches can be taken now, and why not."""

    ok: bool
    trouble: str


class Giving:
    """The handlers of `GET`."""

    def __init__(
        self, live: Live, store: Store, clock: Clock, key: SigningKey, free_bytes: Callable[[], int]
    ) -> None:
        """`key` signs the control table; `free_bytes` tells what is left on the disk of the data."""
        self._live, self._store, self._clock, self._free_bytes = live, store, clock, free_bytes
        self._key = key

    def overview(self) -> Overview:
        """The country now, for everybody's eyes."""
        return self._live.published(self._now())

    def book(self) -> Book:
        """The incidents that were told."""
        return self._live.incidents

    async def past(self, at: float) -> Picture | None:
        """What was kept of a moment (Unix seconds)."""
        return await self._store.picture(at)

    @property
    def sender(self) -> str:
        """Who speaks: the name of the collector's key."""
        return self._key.id

    @property
    def started(self) -> float:
        """When this collector started (Unix seconds)."""
        return self._live.started

    async def status(self, _: web.Request) -> web.Response:
        """`GET /v1/status`."""
        return answer(self.overview())

    async def incidents(self, request: web.Request) -> web.Response:
        """`GET /v1/incidents?since=&until=&as_of=&kind=&region=&active=`."""
        found = asked(request.query).of(self._live.incidents)
        return answer(Incidents(incidents=tuple(one.incident for one in found)))

    async def incident(self, request: web.Request) -> web.Response:
        """`GET /v1/incidents/{name}`."""
        name = request.match_info["name"]
        found = self._live.incidents.revisions(name)
        if not found:
            raise Refused("not_found")
        told = tuple(
            Told(known_at=stamp(one.known_at), incident=one.incident, evidence=one.evidence) for one in found
        )
        return answer(Revisions(id=name, revisions=told))

    async def stations(self, request: web.Request) -> web.Response:
        """`GET /v1/stations?region=`."""
        region = request.query.get("region", "")
        if region and region not in regions():
            raise Refused("query", "region is none of the country's, as in KZ-71")
        return answer(
            StationList(stations=tuple(one for one in self._live.stations if region in {"", one.region}))
        )

    async def control(self, request: web.Request) -> web.Response:
        """`GET /v1/control`."""
        body = self._live.control.lines(self._now())
        tag = hashlib.sha256(body).hexdigest()[:32]
        known = request.headers.get("If-None-Match", "")
        same = f'"{tag}"' in known
        response = web.Response(status=304) if same else web.Response(body=body, content_type=LINES)
        response.headers["ETag"] = f'"{tag}"'
        response.headers["Cache-Control"] = "no-cache"
        if not same:
            response.enable_compression()  # a tenth of the bytes, and probes pay for theirs
            response.headers[CONTROL_KEY] = to_text(self._key.public)
            response.headers[CONTROL_SIGNATURE] = to_text(self._key.sign("dabyl/v1/control", body))
        return response

    async def metrics(self, _: web.Request) -> web.Response:
        """`GET /metrics`."""
        return _exposition(self._families())

    async def station_metrics(self, _: web.Request) -> web.Response:
        """`GET /metrics/stations`."""
        return _exposition(exposed_stations(self._live, self._now()))

    async def health(self, _: web.Request) -> web.Response:
        """`GET /healthz`."""
        trouble = self._store.trouble() or self._low_disk()
        return answer(Health(ok=not trouble, trouble=trouble), status=503 if trouble else 200)

    def _low_disk(self) -> str:
        free = self._free_bytes()
        return f"only {free} bytes are free on the disk" if free < LOW_DISK_BYTES else ""

    def _families(self) -> Iterator[Family]:
        yield from exposed(self._live, self._store.waiting, self._now())
        labels = ("component", "version", "revision")
        yield Family(BUILD_INFO, "gauge", "What runs here.", labels, {("collector", _version(), ""): 1})

    def _now(self) -> float:
        return seconds_of(self._clock.now())


def _exposition(families: Iterable[Family]) -> web.Response:
    return web.Response(body=text_of(families), headers={"Content-Type": CONTENT_TYPE})


def free_bytes(folder: str) -> int:
    """What is left on the folder's disk."""
    return shutil.disk_usage(folder).free


def _version() -> str:
    try:
        return version("dabyl")
    except PackageNotFoundError:  # run from a source tree that was not installed
        return "0"
