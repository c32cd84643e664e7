"""Alertmanager's configuration as plain data: all goes to the SMS gateway, which decides whom it texts."""

from __future__ import annotations

from typing import Any, Final

TOKEN_FILE: Final = "/etc/dabyl/alerts-token"  # noqa: S105  # the path of a secret, not one
NEWS: Final = "sms-news"
_WIDE, _NARROW = 'scope="national"', 'scope=~"region|service"'


def alertmanager(webhook: str, token_file: str = TOKEN_FILE) -> dict[str, Any]:
    """The content of `alertmanager.yml`.

    Grouped by what happened, so that twenty regions are one text. A nation's alert silences those of its
    regions and services, a region's those of services there.
    """
    return {
        "route": {
            "receiver": "sms",
            "group_by": ["alertname", "kind"],
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            "routes": [
                {
                    "receiver": "sms",
                    "matchers": ['alertname="Watchdog"'],
                    "group_wait": "0s",
                    "group_interval": "1m",
                    "repeat_interval": "1m",
                },
                {
                    # Sheets that do not match stay so: their number grows, and nothing is restored.
                    "receiver": NEWS,
                    "matchers": ['alertname="DabylSheetMismatch"'],
                    "group_wait": "5s",
                    "group_interval": "30s",
                },
                {
                    # Told within a minute: scrape, rule, this, and the gateway's gathering.
                    "receiver": "sms",
                    "matchers": ['scope="sheets"'],
                    "group_wait": "5s",
                    "group_interval": "1m",
                },
            ],
        },
        "inhibit_rules": [
            {"source_matchers": [_WIDE], "target_matchers": [_NARROW]},
            {
                "source_matchers": ['scope="region"'],
                "target_matchers": ['scope="service"'],
                "equal": ["region"],
            },
        ],
        "receivers": [
            {"name": "sms", "webhook_configs": [_webhook(webhook, token_file)]},
            {"name": NEWS, "webhook_configs": [_webhook(webhook, token_file) | {"send_resolved": False}]},
        ],
    }


def _webhook(url: str, token_file: str) -> dict[str, Any]:
    authorization = {"type": "Bearer", "credentials_file": token_file}
    return {"url": url, "send_resolved": True, "http_config": {"authorization": authorization}}
