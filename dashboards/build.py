"""Everything that is deployed, as files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from dashboards.alertmanager import alertmanager
from dashboards.boards import boards
from dashboards.grafana import SETTINGS, datasource, providers
from dashboards.prometheus import GATEWAY, RULES_FILE, agent, configuration
from dashboards.rules import rules
from wire import BadInput

HEADER: Final = "# Made by `dabyl dashboards build`: a change here is lost with the next build.\n"
_INI_HEADER: Final = HEADER.replace("#", ";", 1)


def render(collector: str, gateway: str = GATEWAY) -> dict[str, str]:
    """Every file's text by its path below the output folder, for the collector and the SMS gateway at URLs.

    Raises BadInput when a URL cannot be one.
    """
    return {
        "prometheus/prometheus.yml": _yaml(configuration(collector, gateway)),
        f"prometheus/{RULES_FILE}": _yaml(rules()),
        "vmagent/vmagent.yml": _yaml(agent(collector, gateway)),
        "alertmanager/alertmanager.yml": _yaml(alertmanager(f"{gateway.rstrip('/')}/alerts")),
        "grafana/grafana.ini": _INI_HEADER + SETTINGS,
        "grafana/provisioning/datasources/dabyl.yml": _yaml(datasource()),
        "grafana/provisioning/dashboards/dabyl.yml": _yaml(providers()),
        **{f"grafana/dashboards/{path}": text for path, text in boards().items()},
    }


def _yaml(content: Mapping[str, Any]) -> str:
    return HEADER + yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=110)


def write(files: Mapping[str, str], out: Path) -> list[Path]:
    """Put the files below `out`, over what is there; returns their paths.

    Raises BadInput when the folder cannot be written.
    """
    paths = []
    for name, text in files.items():
        path = out / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise BadInput(f"cannot write {path}: {error.strerror}") from error
        paths.append(path)
    return paths
