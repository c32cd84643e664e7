"""From figures to a phone: our Prometheus, Alertmanager, gateway and a message centre around a collector that is there already."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from tests.servers.processes import free_ports
from tests.system.outage.centre import Centre
from tests.system.outage.monitoring import Monitoring
from tests.system.sms import Program

TOKEN = "token-of-the-tests"
_SETTINGS = """listen = "127.0.0.1:{port}"
data = "{folder}/gateway"
collector = "{collector}"
invite = "invite-of-the-tests-01"
[alerts]
token = "{token}"
to = ["+77010000001"]
language = "en"
gather_s = 0.2
confirm_every_s = 0.2
[[link]]
kind = "smpp"
host = "127.0.0.1"
port = {centre}
system_id = "dabyl"
send_per_s = 100
send_burst = 100
"""


class Reach(NamedTuple):
    """What stands between. `now`: seconds since it began."""

    monitoring: Monitoring
    gateway: Program
    centre: Centre
    now: Callable[[], float]


@asynccontextmanager
async def reach(folder: Path, collector: str, pace: float, figures: str = "") -> AsyncIterator[Reach]:
    """All of it, running. `figures`: where Prometheus finds the gateway's, when not at the gateway."""
    began = monotonic()
    (port,) = free_ports(1)
    settings, centre = folder / "sms.toml", Centre(lambda: monotonic() - began)
    gateway = Program(port, folder / "gateway.log", "sms", "serve", "--config", str(settings))
    settings.write_text(
        _SETTINGS.format(port=port, folder=folder, collector=collector, token=TOKEN, centre=centre.port),
        encoding="ascii",
    )
    monitoring = Monitoring(folder, collector, figures or gateway.url, TOKEN, pace, alerts=gateway.url)
    async with AsyncExitStack() as stack:
        for close in (centre.stop, gateway.close, monitoring.close):
            stack.push_async_callback(close)
        await centre.start()
        await gateway.start()
        await monitoring.start()
        yield Reach(monitoring, gateway, centre, centre.now)
