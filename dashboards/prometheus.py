"""Prometheus' configuration as plain data."""

from __future__ import annotations

import re
from typing import Any, Final

from wire import BadInput

RULES_FILE: Final = "dabyl.rules.yml"
# Probes that were cut off deliver late: Prometheus took samples 26 h old with this, and refused them without.
LATE_SAMPLES: Final = "2d"
AGGREGATES_EVERY: Final = "15s"
GATEWAY: Final = "http://127.0.0.1:8081"
PLAIN_URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>([a-z0-9._-]+|\[[0-9a-f:.]+\])(:(?P<port>[1-9][0-9]{0,4}))?)/?",
    re.IGNORECASE,
)
LAST_PORT: Final = 65_535
ALERTMANAGER: Final = "127.0.0.1:9093"
STATIONS_EVERY: Final = "60s"  # 71,000 series at most: four times as often would cost four times as much


def agent(collector: str, gateway: str = GATEWAY) -> dict[str, Any]:
    """The content of `vmagent.yml`: the same scrapes, for an agent that keeps what it cannot send yet.

    Raises BadInput as `configuration` does.
    """
    whole = configuration(collector, gateway)
    return {"global": {"scrape_interval": AGGREGATES_EVERY}, "scrape_configs": whole["scrape_configs"]}


def configuration(collector: str, gateway: str = GATEWAY) -> dict[str, Any]:
    """The content of `prometheus.yml` for one collector and one SMS gateway, by their URLs.

    Raises BadInput when a URL is not http(s) with a host, or holds more: the pages stand at the root.
    """
    scheme, host = _split("--collector", collector)
    return {
        "global": {"scrape_interval": AGGREGATES_EVERY, "evaluation_interval": AGGREGATES_EVERY},
        "storage": {"tsdb": {"out_of_order_time_window": LATE_SAMPLES}},
        "rule_files": [RULES_FILE],
        "alerting": {"alertmanagers": [{"static_configs": [{"targets": [ALERTMANAGER]}]}]},
        "scrape_configs": [
            _job("dabyl", scheme, host, "/metrics", AGGREGATES_EVERY),
            _job("dabyl-stations", scheme, host, "/metrics/stations", STATIONS_EVERY),
            _job("dabyl-sms", *_split("--gateway", gateway), "/metrics", AGGREGATES_EVERY),
        ],
    }


def _split(option: str, url: str) -> tuple[str, str]:
    found = PLAIN_URL.fullmatch(url)
    if (
        found is None or int(found["port"] or 1) > LAST_PORT
    ):  # the URL is not repeated: it may hold a password
        raise BadInput(f"{option}: give it as http://host:port, without user, path or query")
    return found["scheme"].lower(), found["host"]


def _job(*parts: str) -> dict[str, Any]:
    name, scheme, host, path, every = parts
    return {
        "job_name": name,
        "scheme": scheme,
        "metrics_path": path,
        "scrape_interval": every,
        "static_configs": [{"targets": [host]}],
    }
