"""Cameras of polling stations: whose uplink stands, whose picture does not; no picture is looked at."""

from __future__ import annotations

from typing import Any, Final

from dashboards import levels, night
from dashboards.boards import frame, kit, naming
from dashboards.boards.words import Words
from wire import metrics

_REGION: Final = 'region=~"$region"'
_CAMERA: Final = 'category="camera"'
_WORST: Final = 40  # stations named in the table, of 10,500


def cameras(words: Words, language: str) -> Any:
    """The cameras of the regions that are chosen."""
    made = frame.board(words, language, "cameras")
    made = made.with_variable(frame.choice(words, "region", night.REGION_CAMERAS))
    for panel in (*_now(words), *_in_time(words)):
        made = made.with_panel(panel)
    return made


def _now(words: Words) -> list[Any]:
    by_region = [
        kit.Column(f"{night.REGION_CAMERA_TROUBLE}{{{_REGION}}}", "in-trouble"),
        kit.Column(f"{night.REGION_CAMERAS}{{{_REGION}}}", "n"),
    ]
    bad = f"{metrics.STATION_CAMERA}{{{_REGION}}} >= {night.CAMERA_TROUBLE}"
    worst = kit.Column(f"topk({_WORST}, {bad})", "worst-camera", "none", said=naming.camera_words(words))
    return [
        kit.figure(words, "cameras-watched", f"sum({night.REGION_CAMERAS})", size=(4, 5)),
        kit.figure(words, "cameras-in-trouble", f"sum({night.REGION_CAMERA_TROUBLE})", size=(4, 5)),
        kit.rows(
            words,
            "cameras-now",
            {"state": "label-state"},
            [kit.Column(night.STATE_CAMERAS, "n")],
            size=(6, 10),
        ),
        kit.rows(words, "cameras-by-region", {"region": "label-region"}, by_region, size=(10, 10)),
        kit.rows(
            words,
            "cameras-worst",
            {"station": "label-station", "region": "label-region"},
            [worst],
            size=(24, 10),
        ),
    ]


def _in_time(words: Words) -> list[Any]:
    return [
        kit.lines(words, "cameras-in-time", [(night.STATE_CAMERAS, "{{state}}")], size=(12, 9)),
        kit.lines(
            words,
            "camera-servers-in-time",
            [(f"{levels.CATEGORY_RATIO}{{{_CAMERA}}}", "{{side}}")],
            kit.RATIO,
            size=(12, 9),
        ),
    ]
