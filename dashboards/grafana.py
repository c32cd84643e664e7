"""Grafana's provisioning and settings as plain data: boards from files, one datasource, no calls home."""

from __future__ import annotations

from typing import Any, Final

from wire.facts import Language

PROMETHEUS: Final = "http://127.0.0.1:9090"
BOARDS_FOLDER: Final = "/var/lib/grafana/dashboards"
SOURCE_UID: Final = "dabyl"
FOLDERS: Final[dict[Language, str]] = {"kk": "Дабыл", "ru": "Дабыл (русский)", "en": "Dabyl (English)"}

SETTINGS: Final = """\
[server]
http_addr = 127.0.0.1
[analytics]
reporting_enabled = false
check_for_updates = false
check_for_plugin_updates = false
feedback_links_enabled = false
[security]
disable_gravatar = true
[snapshots]
external_enabled = false
[news]
news_feed_enabled = false
[plugins]
plugin_admin_enabled = false
public_key_retrieval_disabled = true
preinstall_disabled = true
[auth.anonymous]
; true shows the boards to whoever reaches this address
enabled = false
org_role = Viewer
[dashboards]
default_home_dashboard_path = /var/lib/grafana/dashboards/kk/country.json
[date_formats]
default_timezone = Asia/Almaty
"""


def datasource() -> dict[str, Any]:
    """The content of `provisioning/datasources/dabyl.yml`."""
    found = {
        "name": "Dabyl",
        "uid": SOURCE_UID,
        "type": "prometheus",
        "access": "proxy",
        "url": PROMETHEUS,
        "isDefault": True,
        "jsonData": {"httpMethod": "POST", "timeInterval": "15s"},
    }
    return {"apiVersion": 1, "datasources": [found]}


def providers() -> dict[str, Any]:
    """The content of `provisioning/dashboards/dabyl.yml`: a folder for each language."""
    return {"apiVersion": 1, "providers": [_provider(language, name) for language, name in FOLDERS.items()]}


def _provider(language: Language, folder: str) -> dict[str, Any]:
    return {
        "name": f"dabyl-{language}",
        "folder": folder,
        "folderUid": f"dabyl-{language}",
        "type": "file",
        "allowUiUpdates": False,
        "options": {"path": f"{BOARDS_FOLDER}/{language}"},
    }
