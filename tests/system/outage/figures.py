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
AHEAD_S = 0.5


def now_s() -> float:
    """The time of the day, Unix seconds."""
    return SystemClock().now().timestamp()


def incident(kind: str, region: str = "all", operator: str = "all") -> tuple[str, Labels]:
    """The series of an incident."""
    return metrics.INCIDENT_ACTIVE, {"kind": kind, "region": region, "operator": operator, "access": "all"}


class Figures:
    """Series with their values; a callable is asked at each scrape. `silent`: nothing is answered."""

    def __init__(self) -> None:
        self.url = ""
        self.silent = False
        self._series: dict[tuple[str, tuple[tuple[str, str], ...]], Value] = {}

    def set(self, name: str, labels: Labels, value: Value) -> None:
        """A series, from now on."""
        self._series[name, tuple(labels.items())] = value

    def calm(self) -> None:
        """Probes everywhere, all heard just now; nothing else."""
        for region in PLACES:
            for operator in ("AS9198", "AS29355"):
                place = {"region": region, "operator": operator, "access": "fixed"}
                self.set(metrics.PROBES_EXPECTED, place, 9)
                self.set(metrics.PROBES_REPORTING, place, 9)
                self.set(metrics.PROBES_LAST_REPORT, place, lambda: now_s() + AHEAD_S)

    async def answer(self, _: web.Request) -> web.Response:
        """The text of all."""
        if self.silent:
            return web.Response(status=503)
        lines = []
        for (name, labels), value in self._series.items():
            told = ",".join(f'{label}="{said}"' for label, said in labels)
            lines.append(f"{name}{{{told}}} {value() if callable(value) else value:.3f}")
        return web.Response(text="\n".join([*lines, ""]))


@asynccontextmanager
async def figures() -> AsyncIterator[Figures]:
    """Calm figures, served."""
    here = Figures()
    here.calm()
    app = web.Application()
    for path in ("/metrics", "/metrics/stations"):
        app.router.add_get(path, here.answer)
    async with TestServer(app) as server:
        here.url = f"http://127.0.0.1:{server.port}"
        yield here
