"""Every query of every board, asked of a real Prometheus that scrapes a collector through the cut of January 2022."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from dashboards import render, write
from dashboards.boards import boards
from sms_gateway.link_settings import KannelLink
from sms_gateway.metrics import Metrics
from sms_gateway.queues import Queue
from tests.collector.core.scenes import ASTANA, key
from tests.collector.harness import sealed
from tests.servers.background import in_background
from tests.servers.collector import DABYL, invite
from tests.servers.processes import free_ports
from tests.servers.prometheus import Prometheus, prometheus
from wire import canonical
from wire.enrol import enrolment
from wire.records import StationReport

WITHIN_S = 75.0
# An hour around the first national cut; the replay's clock runs far ahead of Prometheus', the figures are the same.
PLAYED = (
    "--from",
    "2022-01-05T10:00:00Z",
    "--until",
    "2022-01-05T11:30:00Z",
    "--calm-days",
    "0",
    "--speed",
    "90",
)
# What this hour has none of: vantages, late figures for another server, mechanisms and steps (its records are short),
# cameras, sheets, and a block that began in it: messengers were blocked the day before, and what never worked is no
# event. Their rules are tried with promtool.
ONE_PLACE = "dabyl_station"  # one station has texted, from one region
NOT_PLAYED = (
    *("dabyl_control_timestamp", "dabyl_late_samples", "interference", "measurement_failures", "camera"),
    *(
        'kind=~"service_block',
        "dabyl_sheet",
        "dabyl_station_clock",
        "dabyl_commission",
        "overdue",
        "ledger_unmerged",
        "ledger_audit",
    ),
)


@contextmanager
def replaying(folder: Path) -> Iterator[str]:
    """The replay's collector, by its URL, with a polling station that has texted."""
    (port,) = free_ports(1)
    url = f"http://127.0.0.1:{port}"
    command = [*DABYL, "replay", "qazaqstan-2022", "--probes", "400", "--every", "300", *PLAYED,
               "--listen", f"127.0.0.1:{port}", "--data", str(folder)]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _text_a_station(url, folder)
            yield url
        finally:
            process.kill()


def _text_a_station(url: str, folder: Path) -> None:
    gateway = key(77)
    _until_answered(f"{url}/healthz")
    _post(f"{url}/v1/enrol", canonical.encode(enrolment(gateway, invite(folder, "gateway"), ASTANA)))
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at="2022-01-05T10:00:00.000Z")
    _post(f"{url}/v1/reports", sealed(gateway, [report], purpose="dabyl/v1/report"))
    with pytest.raises(HTTPError, match="400"):
        _post(f"{url}/v1/measurements", b"no batch")


def _until_answered(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            urlopen(url, timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"no answer from {url}")


def _post(url: str, raw: bytes) -> None:
    with urlopen(Request(url, data=raw, method="POST"), timeout=10) as answer:
        assert answer.status == 200


@asynccontextmanager
async def gateway() -> AsyncIterator[str]:
    """The gateway's own figures, of a link that has a queue."""
    figures = Metrics((KannelLink(operator="AS29355"),))
    figures.link_is("kannel", up=True, signal=None)

    async def text(_: web.Request) -> web.Response:
        return web.Response(body=figures.text({"kannel": Queue(length=2, since=1.0)}, 60.0))

    app = web.Application()
    app.router.add_get("/metrics", text)
    async with TestServer(app) as server:
        yield f"http://127.0.0.1:{server.port}"


def asked(chosen: Mapping[str, str] = {}) -> dict[str, str]:
    """Every query of the boards with its variables as chosen, else at "all", and one panel that asks it."""
    found = {}
    for path, text in boards().items():
        for panel in json.loads(text)["panels"]:
            for target in panel["targets"]:
                query = target["expr"]
                for name in ("region", "operator", "category"):
                    query = query.replace(f'"${name}"', f'"{chosen.get(name, ".*")}"')
                found[query] = f"{path} {panel['title']}"
    return {query: where for query, where in found.items() if not any(one in query for one in NOT_PLAYED)}


def ends_of_variables(server: Prometheus) -> Iterator[dict[str, str]]:
    """The first and the last value of each variable, as Grafana would list them."""
    for label, metric in (
        ("region", 'dabyl_probes_expected{region=~"KZ-.."}'),
        ("operator", 'dabyl_probes_expected{operator=~"AS.+"}'),
        ("category", "category_side:dabyl_reachability:ratio"),
    ):
        values = sorted(labels[label] for labels, _ in server.query(f"group by ({label}) ({metric})"))
        yield {label: values[0]}
        yield {label: values[-1]}


def answered(server: Prometheus, query: str) -> bool:
    """Whether it had any value since the test began."""
    now = time.time()  # noqa: TID251  # Prometheus' own clock is the wall's
    span = urlencode({"query": query, "start": now - 120, "end": now, "step": 1})
    with urlopen(f"{server.url}/api/v1/query_range?{span}", timeout=10) as answer:
        return bool(json.load(answer)["data"]["result"])


def quick(folder: Path, collector: str, sms: str) -> Path:
    """Our own files, scraping and evaluating every second."""
    write(render(collector, sms), folder)
    file = folder / "prometheus" / "prometheus.yml"
    file.write_text(file.read_text().replace(": 15s", ": 1s").replace(": 60s", ": 1s"))
    return file.parent


def test_every_query_of_every_board_has_an_answer_through_the_cut(tmp_path: Path) -> None:
    missing = asked()
    assert len(missing) > 40
    with (
        in_background(gateway()) as sms,
        replaying(tmp_path / "replay") as collector,
        prometheus(quick(tmp_path, collector, sms)) as server,
    ):
        server.wait_for("up")
        until = time.monotonic() + WITHIN_S
        while missing and time.monotonic() < until:
            missing = {query: where for query, where in missing.items() if not answered(server, query)}
            time.sleep(1)
        assert not missing
        for chosen in ends_of_variables(server):
            found = asked(chosen).items() - asked().items()
            assert found, chosen
            assert not [query for query, _ in found if ONE_PLACE not in query and not answered(server, query)]
