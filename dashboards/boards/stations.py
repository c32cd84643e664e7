"""Polling stations and the texts that carry their word when nothing else does."""

from __future__ import annotations

from typing import Any

from dashboards import levels
from dashboards.boards import frame, kit
from dashboards.boards.words import Words
from wire import metrics

_REGION = 'region=~"$region"'


def stations(words: Words, language: str) -> Any:
    """Stations of the regions that are chosen, and all links."""
    made = frame.board(words, language, "stations").with_variable(
        frame.choice(words, "region", metrics.STATIONS)
    )
    for panel in (*_stations(words), *_links(words)):
        made = made.with_panel(panel)
    return made


def _stations(words: Words) -> list[Any]:
    counted = f"sum by (region, state) ({metrics.STATIONS}{{{_REGION}}})"
    silence = f"region:dabyl_station_silence_seconds:max{{{_REGION}}}"
    return [
        kit.rows(
            words,
            "stations-now",
            {"state": "label-state"},
            [kit.Column(levels.STATE_STATIONS, "n")],
            size=(8, 9),
        ),
        kit.lines(words, "stations-in-time", [(counted, "{{region}} {{state}}")], size=(16, 9)),
        kit.rows(
            words,
            "silence",
            {"region": "label-region"},
            [kit.Column(silence, "age", kit.SECONDS)],
            size=(8, 9),
        ),
    ]


def _links(words: Words) -> list[Any]:
    received = f"sum by (link, kind) (rate({metrics.SMS_RECEIVED}[5m]))"
    rejected = f"sum by (link, reason) (rate({metrics.SMS_REJECTED}[5m]))"
    sent = f"sum by (link, reason) (rate({metrics.SMS_SENT}[5m]))"
    health = [
        kit.Column(f"max by (link) ({metrics.SMS_LINK_UP})", "up"),
        kit.Column(f"sum by (link) ({metrics.SMS_QUEUE})", "queue"),
        kit.Column(f"max by (link) ({metrics.SMS_OLDEST})", "age", kit.SECONDS),
    ]
    return [
        kit.rows(words, "links-now", {"link": "label-link"}, health, size=(16, 9)),
        kit.lines(words, "texts-received", [(received, "{{link}} {{kind}}")], "cps", size=(8, 8)),
        kit.lines(words, "texts-rejected", [(rejected, "{{link}} {{reason}}")], "cps", size=(8, 8)),
        kit.lines(words, "texts-sent", [(sent, "{{link}} {{reason}}")], "cps", size=(8, 8)),
    ]
