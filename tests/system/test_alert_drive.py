"""Every alert from a figure to a phone and back, by real Prometheus, Alertmanager and gateway; and Prometheus killed in an outage.

The files are those that we ship, every duration three hundred times shorter. `python -m tests.system.alert_drive` plays January 2022 through them,
`python -m tests.system.hour` runs them as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from dashboards import rules
from tests.system.outage.centre import Centre
from tests.system.outage.figures import Figures, figures, incident, now_s
from tests.system.outage.monitoring import Monitoring
from tests.system.outage.reach import reach
from wire import metrics

PACE = 300.0
WITHIN_S = 12.0
MISMATCH = "DabylSheetMismatch"
ALERTS = {rule["alert"] for group in rules()["groups"] for rule in group["rules"] if "alert" in rule}


class Way(NamedTuple):
    """From figures to a phone."""

    figures: Figures
    monitoring: Monitoring
    centre: Centre


class Driven(NamedTuple):
    """An alert: the series that rouse it, the same when all is well, and what a phone is told of it."""

    bad: tuple[tuple[str, dict[str, str], float | Callable[[], float]], ...]
    good: float | Callable[[], float]
    text: str


def _one(name: str, labels: dict[str, str], bad: float | Callable[[], float], good: float | Callable[[], float], text: str) -> Driven:  # fmt: skip
    return Driven(((name, labels, bad),), good, text)


SILENT = tuple(
    (metrics.PROBES_REPORTING, {"region": "KZ-31", "operator": operator, "access": "fixed"}, 0.0)
    for operator in ("AS9198", "AS29355")
)
# Side by side; what a wider alert would silence stands in another region.
DRIVEN: dict[str, Driven] = {
    "DabylRegionCut": _one(*incident("connectivity_loss", "KZ-75"), 1, 0, "no connection: Almaty"),
    "DabylOperatorCut": _one(*incident("allowlist_only", "all", "AS29355"), 1, 0, "only some sites open"),
    "DabylInterference": _one(*incident("service_block", "KZ-10"), 1, 0, "sites blocked"),
    "DabylNoContact": Driven(SILENT, 9.0, "no contact"),
    "DabylSheetMismatch": _one(metrics.SHEET_MISMATCHES, {"region": "KZ-71", "channel": "https"}, 1, 1, "told of them before: 1"),
    "DabylLedgerLate": _one(metrics.LEDGER_UNMERGED, {}, 90, 0, "entries wait for the signature"),
    "DabylLedgerAudit": _one(metrics.LEDGER_AUDIT_OK, {}, 0, 1, "THE LEDGER DOES NOT HOLD"),
    "DabylLedgerAuditOld": _one(metrics.LEDGER_AUDIT_TIMESTAMP, {}, 1, now_s, "the ledger has not audited itself"),
    "DabylCountOverdue": _one(metrics.STATIONS_OVERDUE, {"region": "KZ-71"}, 3, 0, "no result sheet after 12 hours"),
    "DabylControlOld": _one(metrics.CONTROL_TIMESTAMP, {"vantage": "berlin"}, 1, now_s, "no control measurements come: berlin"),
    "DabylSmsLinkDown": _one(metrics.SMS_LINK_UP, {"link": "modem"}, 0, 1, "SMS link down: modem"),
    "DabylSmsWaits": _one(metrics.SMS_OLDEST, {"link": "kannel", "priority": "reply"}, 999, 0, "texts wait too long: kannel"),
}  # fmt: skip


@asynccontextmanager
async def path(folder: Path) -> AsyncIterator[Way]:
    """All of it, running."""
    async with figures() as here, reach(folder, here.collector, PACE, here.gateway) as found:
        yield Way(here, found.monitoring, found.centre)


async def until(here: Way, verb: str, wanted: Iterable[str]) -> None:
    """Wait until each of these was told once."""
    missing = set(wanted)
    try:
        async with asyncio.timeout(WITHIN_S):
            while missing:
                missing = {one for one in missing if not told(here, verb, one)}
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"{verb}: not told: {missing}; told: {here.centre.texts}") from None


def told(here: Way, verb: str, what: str) -> list[str]:
    return [one.text for one in here.centre.texts if one.text.startswith(verb) and what in one.text]


async def test_every_alert_reaches_a_phone_and_killing_prometheus_restores_nothing(tmp_path: Path) -> None:
    async with path(tmp_path) as here:
        await every_alert_comes_and_goes(here)
        await prometheus_is_killed_in_an_outage(here)
        await we_go_blind_and_deaf(here)
    assert ALERTS - set(DRIVEN) == {"DabylCountryCut", "DabylBlind", "DabylCollectorSilent", "Watchdog"}


async def every_alert_comes_and_goes(here: Way) -> None:
    for driven in DRIVEN.values():
        for name, labels, bad in driven.bad:
            here.figures.set(name, labels, bad)
    await until(here, "ALERT", [one.text for one in DRIVEN.values()])
    for driven in DRIVEN.values():
        for name, labels, _ in driven.bad:
            here.figures.set(name, labels, driven.good)
    here.figures.set(metrics.SHEET_MISMATCHES, {"region": "KZ-71", "channel": "https"}, 2)
    await until(here, "RESTORED", [one.text for name, one in DRIVEN.items() if name != MISMATCH])
    await until(here, "ALERT", ["told of them before: 2"])
    for verb in ("ALERT", "RESTORED"):
        count = {name: len(told(here, verb, one.text)) for name, one in DRIVEN.items()}
        assert count.pop(MISMATCH) == (verb == "ALERT"), "what does not match stays so"
        assert set(count.values()) == {1}, (verb, [one.text for one in here.centre.texts])


async def prometheus_is_killed_in_an_outage(here: Way) -> None:
    cut, word = incident("international_loss"), "no international internet"
    before = len(here.centre.texts)
    link = metrics.SMS_LINK_UP, {"link": "gammu"}
    here.figures.set(*cut, 1)
    here.figures.set(*link, 0)
    await until(here, "ALERT", [word, "SMS link down: gammu"])
    here.figures.set(*incident("service_block", "KZ-10"), 1)
    await here.monitoring.prometheus.kill()
    await until_nothing_fires(here)
    await asyncio.sleep(1.5)  # long enough for Alertmanager's word, and for fresh probes to prove it wrong
    await here.monitoring.prometheus.start()
    await until_fires(here)
    here.figures.set(*incident("service_block", "KZ-10"), 0)
    assert not any(one.text.startswith("RESTORED") for one in here.centre.texts[before:])
    here.figures.set(*cut, 0)
    here.figures.set(*link, 1)
    await until(here, "RESTORED", [word, "SMS link down: gammu"])
    said = [one.text for one in here.centre.texts[before:]]
    assert sorted(one.partition(" ")[0] for one in said) == ["ALERT", "ALERT", "RESTORED", "RESTORED"], said


async def we_go_blind_and_deaf(here: Way) -> None:
    here.figures.hear(lambda: 1.0)
    await until(here, "ALERT", ["no probe is heard"])
    here.figures.silent = True
    await until(here, "ALERT", ["the collector does not answer"])
    here.figures.silent = False
    here.figures.calm()
    await until(here, "RESTORED", ["no probe is heard", "the collector does not answer"])


async def until_nothing_fires(here: Way) -> None:
    await _alerts(here, lambda names: "DabylCountryCut" not in names)


async def until_fires(here: Way) -> None:
    await _alerts(here, lambda names: "DabylCountryCut" in names)


async def _alerts(here: Way, wanted: Callable[[set[str]], bool]) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not wanted(await here.monitoring.active()):  # noqa: ASYNC110  # another process
            await asyncio.sleep(0.1)
