"""Real Prometheus and Alertmanager with the files that we ship, on free ports, to be killed and started again.

`pace` makes every duration of the files so many times shorter; 1 leaves them as they are.
"""

from __future__ import annotations

import asyncio
import json
import re
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

from dashboards import render, write
from dashboards.alertmanager import TOKEN_FILE
from dashboards.prometheus import ALERTMANAGER
from tests.servers.processes import free_ports, listening, started
from tests.system.sms import get

_SECONDS: Final = {"s": 1.0, "m": 60.0, "h": 3600.0}
_DURATIONS: Final = re.compile(
    r"^(\s*-?\s*(?:scrape_interval|evaluation_interval|for|group_wait|group_interval|repeat_interval): )(\d+)([smh])$",
    re.MULTILINE,
)
_LEAST_S: Final = {"scrape_interval": 1.0, "evaluation_interval": 0.5}
_RESEND_S: Final = 60.0  # Prometheus' default: what it does not repeat for four times as long is over


class Server:
    """A program that listens, and can be killed and started again."""

    def __init__(self, port: int, log: Path, *command: str) -> None:
        self.url, self.up = f"http://127.0.0.1:{port}", False
        self._port, self._log, self._command = port, log, command
        self._stack = AsyncExitStack()
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it and wait until it listens."""
        self._process = await self._stack.enter_async_context(started(self._log, *self._command))
        await listening(self._port, 60.0)
        self.up = True

    async def kill(self) -> None:
        """SIGKILL."""
        self.up = False
        if self._process is not None:
            self._process.kill()
            await self._process.wait()

    async def close(self) -> None:
        """End whatever still runs."""
        await self._stack.aclose()


def quicker(text: str, pace: float) -> str:
    """A configuration whose durations are so many times shorter, none below what a busy machine can keep."""

    def shorter(found: re.Match[str]) -> str:
        seconds = int(found[2]) * _SECONDS[found[3]] / pace
        least_s = next((least for name, least in _LEAST_S.items() if name in found[1]), 0.1)
        return f"{found[1]}{round(max(least_s, seconds) * 1000) if seconds else 0}ms"

    return _DURATIONS.sub(shorter, text)


class Monitoring:
    """Prometheus and Alertmanager for a collector and a gateway at URLs."""

    def __init__(
        self, folder: Path, collector: str, gateway: str, token: str, pace: float = 1.0, *, alerts: str = ""
    ) -> None:
        """`token`: what the gateway wants to hear. `alerts`: where it is, when its figures come from elsewhere."""
        self._folder = folder
        prometheus, alertmanager = free_ports(2)
        (folder / "alerts-token").write_text(token, encoding="ascii")
        replaced = {
            ALERTMANAGER: f"127.0.0.1:{alertmanager}",
            TOKEN_FILE: str(folder / "alerts-token"),
            f"{gateway}/alerts": f"{alerts or gateway}/alerts",
        }
        files = render(collector, gateway)
        for path, text in files.items():
            for old, new in replaced.items() if path.endswith("yml") else ():
                text = text.replace(old, new)  # noqa: PLW2901  # one after another
            files[path] = quicker(text, pace)
        write(files, folder)
        self.prometheus = Server(
            prometheus, folder / "prometheus.log", "prometheus",
            f"--config.file={folder / 'prometheus' / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{prometheus}", "--log.level=warn",
            f"--rules.alert.resend-delay={round(_RESEND_S / pace * 1000)}ms",
            # After a restart an alert that fired waits no shorter than a new one.
            f"--rules.alert.for-grace-period={round(600 / pace * 1000)}ms",
        )  # fmt: skip
        self.alertmanager = Server(
            alertmanager, folder / "alertmanager.log", "prometheus-alertmanager",
            f"--config.file={folder / 'alertmanager' / 'alertmanager.yml'}", f"--storage.path={folder / 'am'}",
            f"--web.listen-address=127.0.0.1:{alertmanager}", "--cluster.listen-address=", "--log.level=warn",
        )  # fmt: skip

    async def start(self) -> None:
        """Both."""
        await self.alertmanager.start()
        await self.prometheus.start()

    async def active(self) -> set[str]:
        """The names of the alerts that Alertmanager knows of now."""
        found = json.loads(await get(f"{self.alertmanager.url}/api/v2/alerts") or "[]")
        return {one["labels"]["alertname"] for one in found}

    async def close(self) -> None:
        """Neither."""
        await self.prometheus.close()
        await self.alertmanager.close()
