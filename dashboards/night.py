"""Recording rules of election night: cameras' uplinks, result sheets, the ledger that holds them.

Rules of this file: what can only grow (mismatches) is shown as it stands: a counter's first value counts
too; an alert names the number that it goes by.
"""

from __future__ import annotations

from typing import Final

from dashboards.levels import Rule, record
from wire import metrics
from wire.streams import DEAD, FINE, FROZEN, MASKED, NO_POWER, OFF, THIN

# By code, as the collector exposes them; 0 cannot be said.
CAMERA_STATES: Final = ("unknown", FINE, THIN, MASKED, FROZEN, OFF, DEAD, NO_POWER)
CAMERA_TROUBLE: Final = CAMERA_STATES.index(MASKED)
STATE_CAMERAS: Final = "state:dabyl_station_cameras:count"
REGION_CAMERAS: Final = "region:dabyl_station_cameras:count"
REGION_CAMERA_TROUBLE: Final = "region:dabyl_station_cameras_in_trouble:count"
REGION_SHEETS: Final = "region:dabyl_sheets_received:sum"
CHANNEL_SHEETS: Final = "channel:dabyl_sheets_received:rate5m"
REGION_MISMATCHES: Final = "region:dabyl_sheet_mismatches:sum"
REGION_OVERDUE: Final = "region:dabyl_stations_overdue:sum"
MERGE_WITHIN_S: Final = 60
AUDIT_OLD_S: Final = 3_600


def night_rules() -> list[Rule]:
    """What the boards of cameras and of sheets show."""
    return [*_cameras(), *_sheets()]


def _cameras() -> list[Rule]:
    code = metrics.STATION_CAMERA
    counted = (
        f'label_replace(count({code} == {number}), "state", "{state}", "", "")'
        for number, state in enumerate(CAMERA_STATES)
    )
    return [
        record(STATE_CAMERAS, " or ".join(counted)),
        record(REGION_CAMERAS, f"count by (region) ({code} > 0)"),
        record(
            REGION_CAMERA_TROUBLE,
            f"count by (region) ({code} >= {CAMERA_TROUBLE}) or 0 * {REGION_CAMERAS}",
        ),
    ]


def _sheets() -> list[Rule]:
    return [
        record(REGION_SHEETS, f"sum by (region) ({metrics.SHEETS_RECEIVED})"),
        record(CHANNEL_SHEETS, f"sum by (channel) (rate({metrics.SHEETS_RECEIVED}[5m]))"),
        record(REGION_MISMATCHES, f"sum by (region) ({metrics.SHEET_MISMATCHES})"),
        record(REGION_OVERDUE, f"sum by (region) ({metrics.STATIONS_OVERDUE})"),
    ]
