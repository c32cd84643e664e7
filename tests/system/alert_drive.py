"""January 2022 through the real pipeline, real Prometheus and Alertmanager, to a phone: when each alert fires and clears.

`python -m tests.system.alert_drive [--from TIME] [--until TIME] [--speed N]` plays a part of the replay; every duration of our files is N
times shorter, and the table counts in the replay's minutes, from the moment at which the rule's own expression begins or ends to hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from urllib.parse import urlencode

from dabyl.system import SystemClock
from dashboards import rules
from tests.servers.processes import free_ports, listening, started
from tests.system.outage.reach import Reach, reach
from tests.system.sms import DABYL, get
from wire.times import format_time

Key = tuple[str, tuple[tuple[str, str], ...]]
RULES: Final = {
    rule["alert"]: rule for group in rules()["groups"] for rule in group["rules"] if rule.get("alert", "Watchdog") != "Watchdog"
}  # fmt: skip
PLACES: Final = ("kind", "region", "operator", "access", "vantage", "link", "job")
EVERY_S: Final = 0.5
_MINUTES: Final = {"s": 1 / 60, "m": 1.0, "h": 60.0}
# What stands between besides `for`: two scrapes, an evaluation, and how often we look, all in seconds of the machine.
_BETWEEN_S: Final = 4.0


class Spans:
    """Since when and until when each alert's expression held, and Alertmanager knew of it."""

    def __init__(self) -> None:
        self.holds: dict[Key, float] = {}
        self.fires: dict[Key, float] = {}
        self.over: dict[Key, float] = {}
        self.fired_after: dict[str, list[float]] = {}
        self.cleared_after: dict[str, list[float]] = {}
        self.silenced: Counter[str] = Counter()

    def look(self, now: float, holding: set[Key], firing: set[Key]) -> None:
        """One look at both."""
        for key in holding - self.holds.keys():
            self.holds[key] = now
        for key in self.holds.keys() - holding:
            self._ended(key, now)
        for key in firing & self.holds.keys() - self.fires.keys():
            self.fires[key] = now
            self.fired_after.setdefault(key[0], []).append(now - self.holds[key])
        for key in self.over.keys() - firing:
            self.cleared_after.setdefault(key[0], []).append(now - self.over.pop(key))

    def _ended(self, key: Key, now: float) -> None:
        del self.holds[key]
        if self.fires.pop(key, None) is not None:
            self.over[key] = now


def _key(name: str, labels: dict[str, str]) -> Key:
    return name, tuple((label, labels[label]) for label in PLACES if label in labels)


async def look(here: Reach, spans: Spans) -> None:
    """For ever: what holds by Prometheus, and what Alertmanager knows."""
    while True:
        holding: set[Key] = set()
        for name, rule in RULES.items():
            raw = await get(
                f"{here.monitoring.prometheus.url}/api/v1/query?{urlencode({'query': rule['expr']})}"
            )
            found = json.loads(raw)["data"]["result"] if raw.startswith("{") else []
            holding |= {_key(name, one["metric"]) for one in found}
        raw = await get(f"{here.monitoring.alertmanager.url}/api/v2/alerts")
        told = json.loads(raw) if raw.startswith("[") else []
        spans.look(here.now(), holding, {_key(one["labels"]["alertname"], one["labels"]) for one in told})
        await asyncio.sleep(EVERY_S)


async def run(folder: Path, options: argparse.Namespace) -> tuple[Spans, Reach]:
    """Play it."""
    (port,) = free_ports(1)
    command = (
        *DABYL, "replay", "qazaqstan-2022", "--probes", "300", "--every", "300", "--liars", "0", "--calm-days", "0",
        "--from", options.since, "--until", options.until, "--speed", str(options.speed),
        "--at", format_time(SystemClock().now()), "--listen", f"127.0.0.1:{port}", "--data", str(folder / "replay"),
    )  # fmt: skip
    spans = Spans()
    async with started(folder / "replay.log", *command) as replay:
        await listening(port, 60.0)
        async with (
            reach(folder, f"http://127.0.0.1:{port}", options.speed) as here,
            asyncio.TaskGroup() as group,
        ):
            looking = group.create_task(look(here, spans))
            await replay.wait()
            looking.cancel()
            await here.gateway.stop()
    return spans, here


def received(folder: Path) -> Counter[tuple[str, str]]:
    """How many alerts the gateway took, by name and what became of them."""
    with closing(sqlite3.connect(folder / "gateway" / "sms.sqlite3")) as connection:
        rows = connection.execute("SELECT name, state || ' ' || progress, count(*) FROM alerts GROUP BY 1, 2")
        return Counter({(name, what): count for name, what, count in rows})


def table(spans: Spans, found: Counter[tuple[str, str]], speed: float) -> Iterator[str]:
    """A line for each alert that was driven, in minutes of the replay."""
    yield f"{'alert':<22}{'fired':>6}{'after (min)':>12}{'stated':>8}{'cleared':>9}{'after (min)':>12}  the gateway"
    for name in sorted({*spans.fired_after, *(name for name, _ in found)}):
        fired, cleared = spans.fired_after.get(name, []), spans.cleared_after.get(name, [])
        told = ", ".join(f"{what} {count}" for (one, what), count in sorted(found.items()) if one == name)
        stated = _stated(name) + _BETWEEN_S * speed / 60
        yield (
            f"{name:<22}{len(fired):>6}{_worst(fired, speed):>12}{stated:>8.1f}"
            f"{len(cleared):>9}{_worst(cleared, speed):>12}  {told}"
        )  # fmt: skip


def _stated(name: str) -> float:
    lasting: Any = RULES[name]["for"] if name in RULES else "0s"
    return int(lasting[:-1]) * _MINUTES[lasting[-1]]


def _worst(found: list[float], speed: float) -> str:
    return f"{max(found) * speed / 60:.1f}" if found else "-"


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m tests.system.alert_drive", description=__doc__)
    parser.add_argument("--from", dest="since", default="2022-01-05T09:00:00Z", metavar="TIME")
    parser.add_argument("--until", default="2022-01-05T19:00:00Z", metavar="TIME")
    parser.add_argument("--speed", type=float, default=60.0, metavar="N")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="dabyl-drive-") as name:
        spans, here = asyncio.run(run(Path(name), options))
        for one in here.centre.texts:
            sys.stdout.write(f"{one.at * options.speed / 60:7.1f} min  {one.text}\n")
        for line in table(spans, received(Path(name)), options.speed):
            sys.stdout.write(f"{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
