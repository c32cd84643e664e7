"""The tile map: a square for each region, roughly where it lies; nothing from outside."""

from __future__ import annotations

from typing import Any, Final

from grafana_foundation_sdk.builders import canvas
from grafana_foundation_sdk.models.canvas import (
    BackgroundConfig,
    CanvasElementOptions,
    CanvasOptionsRoot,
    Constraint,
    HorizontalConstraint,
    LineConfig,
    Placement,
    VerticalConstraint,
)
from grafana_foundation_sdk.models.common import ColorDimensionConfig

from dashboards.boards.kit import Built, placed, query
from dashboards.boards.naming import level_steps, level_words
from dashboards.boards.words import Words
from dashboards.levels import REGION_LEVEL
from wire.facts import Region, regions
from wire.levels import COLOURS

SIDE: Final = 64
_GAP: Final = 4
# The word stands on a dark ground with the state as its frame: no ink can be read on all five colours.
GROUND: Final = "#111111"
INK: Final = "#ffffff"
FRAME: Final = 7


def region_map(words: Words, *, size: tuple[int, int]) -> Any:
    """A square for each region; its field is the region's level, whose word stands in it below the label."""
    squares = [_square(region) for region in regions().values()]
    panel = placed(canvas.Panel(), words, "map", size).with_target(
        query(REGION_LEVEL, "{{region}}", instant=True)
    )
    root = CanvasOptionsRoot(name="map", elements=squares)
    return (
        panel.root(Built(root))
        .inline_editing(False)
        .pan_zoom(False)
        .unit("none")
        .mappings(level_words(words))
        .thresholds(Built(level_steps()))
    )


def _square(region: Region) -> CanvasElementOptions:
    step = SIDE + _GAP
    return CanvasElementOptions(
        name=region.code,
        type_val="metric-value",
        constraint=Constraint(horizontal=HorizontalConstraint.LEFT, vertical=VerticalConstraint.TOP),
        placement=Placement(top=region.tile_row * step, left=region.tile_col * step, width=SIDE, height=SIDE),
        background=BackgroundConfig(color=ColorDimensionConfig(fixed=GROUND)),
        border=LineConfig(
            color=ColorDimensionConfig(field=region.code, fixed=COLOURS["unknown"]), width=FRAME
        ),
        config={
            "align": "center",
            "valign": "middle",
            "color": {"fixed": INK},
            "size": 12,
            "text": {"field": region.code, "fixed": region.tile_label, "mode": "field"},
        },
    )
