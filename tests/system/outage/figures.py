"""A collector's and a gateway's figures as a test wants them, on loopback: what alerts are made of."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from dabyl.system import SystemClock
from wire import metrics

Value = float | Callable[[], float]
Labels = dict[str, str]
PLACES = ("KZ-10", "KZ-31", "KZ-71", "KZ-75")
OPERATORS = ("AS9198", "AS29355")
AHEAD_S = 0.5


def now_s() -> float:
    """The time of the day, Unix seconds."""
    return SystemClock().now().timestamp()


def incident(kind: str, region: str = "all", operator: str = "all") -> tuple[str, Labels]:
    """The series of an incident."""
    return metrics.INCIDENT_ACTIVE, {"kind": kind, "region": region, "operator": operator, "access": "all"}


class Figures:
    """Series with their values; a callable is asked at each scrape. `silent`: the collector answers nothing."""

    def __init__(self) -> None:
        self.collector = self.gateway = ""
        self.silent = False
        self._series: dict[tuple[str, tuple[tuple[str, str], ...]], Value] = {}

    def set(self, name: str, labels: Labels, value: Value) -> None:
        """A series, from now on."""
        self._series[name, tuple(labels.items())] = value

    def calm(self) -> None:
        """Probes everywhere, all heard just now; nothing else."""
        for region in PLACES:
            for operator in OPERATORS:
                place = {"region": region, "operator": operator, "access": "fixed"}
                self.set(metrics.PROBES_EXPECTED, place, 9)
                self.set(metrics.PROBES_REPORTING, place, 9)
        self.hear(lambda: now_s() + AHEAD_S)

    def hear(self, at: Callable[[], float]) -> None:
        """When every place was heard last."""
        for region in PLACES:
            for operator in OPERATORS:
                place = {"region": region, "operator": operator, "access": "fixed"}
                self.set(metrics.PROBES_LAST_REPORT, place, at)

    async def of_collector(self, _: web.Request) -> web.Response:
        """The text of all that a collector knows."""
        return web.Response(status=503) if self.silent else self._text(texts=False)

    async def of_stations(self, _: web.Request) -> web.Response:
        """No station."""
        return web.Response(status=503) if self.silent else web.Response(text="")

    async def of_gateway(self, _: web.Request) -> web.Response:
        """The text of all about SMS."""
        return self._text(texts=True)

    def _text(self, *, texts: bool) -> web.Response:
        lines = []
        for (name, labels), value in self._series.items():
            if name.startswith("dabyl_sms_") != texts:
                continue
            told = ",".join(f'{label}="{said}"' for label, said in labels)
            lines.append(f"{name}{{{told}}} {value() if callable(value) else value:.3f}")
        return web.Response(text="\n".join([*lines, ""]))


@asynccontextmanager
async def figures() -> AsyncIterator[Figures]:
    """Calm figures, served."""
    here = Figures()
    here.calm()
    collector, gateway = web.Application(), web.Application()
    collector.router.add_get("/metrics", here.of_collector)
    collector.router.add_get("/metrics/stations", here.of_stations)
    gateway.router.add_get("/metrics", here.of_gateway)
    async with TestServer(collector) as one, TestServer(gateway) as other:
        here.collector, here.gateway = (f"http://127.0.0.1:{server.port}" for server in (one, other))
        yield here
