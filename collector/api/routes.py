"""The table of paths: the application and `/openapi.json` are both made from it."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from collector.api.answers import JSON, LINES
from collector.api.giving import Health, Incidents, Revisions, StationList
from collector.api.sheets import QUERY, SheetList
from collector.core.asked import NAMES
from collector.core.overview import Overview
from collector.core.refusals import Reason
from collector.sheets.office import Accepted
from wire.enrol import Enrolled, Enrolment, Vouched, Vouching
from wire.receipts import Receipt
from wire.uploads import Upload, Void

BATCH: Final = "application/vnd.dabyl.batch"
TEXT: Final = "text/plain"
_ANY_BODY: Final[tuple[Reason, ...]] = (
    "busy",
    "encoding",
    "too_large",
    "slow",
    "rate",
    "signature",
    "schema",
    "storage",
)
_ANY_BATCH: Final[tuple[Reason, ...]] = (
    *_ANY_BODY,
    "malformed",
    "purpose",
    "unknown_probe",
    "revoked",
    "role",
    "bomb",
    "time",
    "conflict",
    "gaps",
)


class Route(Struct, frozen=True, kw_only=True):
    """One path. `record`: what is answered, None where it is no JSON of ours.

    `takes`: the media type of the body, and its record where it is JSON. `refusals`: what may be said.
    """

    method: Literal["GET", "POST", "PUT"]
    path: str
    name: str
    summary: str
    media: str = JSON
    record: type | None = None
    other_statuses: tuple[int, ...] = ()
    takes: str = ""
    takes_record: type | None = None
    query: tuple[str, ...] = ()
    refusals: tuple[Reason, ...] = ()


ROUTES: Final = (
    Route(
        method="POST",
        path="/v1/measurements",
        name="measurements",
        takes=BATCH,
        record=Receipt,
        summary="Take in a signed batch of measurements; acknowledged means durable.",
        refusals=_ANY_BATCH,
    ),
    Route(
        method="POST",
        path="/v1/reports",
        name="reports",
        takes=BATCH,
        record=Receipt,
        summary="Take in a signed batch of polling stations' reports from an SMS gateway.",
        refusals=_ANY_BATCH,
    ),
    Route(
        method="POST",
        path="/v1/enrol",
        name="enrol",
        takes=JSON,
        takes_record=Enrolment,
        record=Enrolled,
        summary="Enrol a key with a single-use invite.",
        refusals=(*_ANY_BODY, "invite", "revoked"),
    ),
    Route(
        method="POST",
        path="/v1/invites",
        name="vouch",
        takes=JSON,
        takes_record=Vouching,
        record=Vouched,
        summary="Invite another probe: keeps the print of a token that the inviting probe made.",
        refusals=(*_ANY_BODY, "unknown_probe", "revoked", "role", "invites"),
    ),
    Route(
        method="GET",
        path="/v1/incidents",
        name="incidents",
        record=Incidents,
        query=NAMES,
        refusals=("query",),
        summary="The incidents that are known, each with its last revision, or with that of a time.",
    ),
    Route(
        method="GET",
        path="/v1/incidents/{name}",
        name="incident",
        record=Revisions,
        refusals=("not_found",),
        summary="All revisions of one incident.",
    ),
    Route(
        method="GET",
        path="/v1/control",
        name="control",
        media=LINES,
        other_statuses=(304,),
        summary="The newest measurement of each target by each trusted vantage, one JSON object a line.",
    ),
    Route(
        method="GET",
        path="/v1/status",
        name="status",
        record=Overview,
        summary="The country now: what the page shows.",
    ),
    Route(
        method="GET",
        path="/v1/stations",
        name="stations",
        record=StationList,
        query=("region",),
        refusals=("query",),
        summary="Polling stations that were heard, all or a region's.",
    ),
    Route(
        method="POST",
        path="/v1/sheets",
        name="take_sheet",
        takes=JSON,
        takes_record=Upload,
        record=Accepted,
        refusals=(*_ANY_BODY, "unknown_probe", "revoked", "role", "copies"),
        summary="Take in a signed result sheet; acknowledged means durable and in the ledger.",
    ),
    Route(
        method="POST",
        path="/v1/voids",
        name="take_void",
        takes=JSON,
        takes_record=Void,
        record=Accepted,
        refusals=(*_ANY_BODY, "unknown_probe", "revoked", "role", "copies"),
        summary="Take entries of one's own back: they stay in the ledger and count no more.",
    ),
    Route(
        method="PUT",
        path="/v1/scans/{name}",
        name="take_scan",
        takes="*/*",
        record=Accepted,
        refusals=("unasked", "busy", "encoding", "too_large", "slow", "hash", "schema", "storage"),
        summary="Take in the scan of a sheet, by its SHA-256, once a signed sheet named it.",
    ),
    Route(
        method="GET",
        path="/v1/sheets",
        name="sheets",
        record=SheetList,
        query=QUERY,
        refusals=("query",),
        summary="Result sheets with their status, copies and comparisons, by station.",
    ),
    Route(
        method="GET",
        path="/v1/sheets/{name}",
        name="sheet",
        refusals=("not_found", "sealed"),
        summary="A sheet's exact published bytes, by their SHA-256.",
    ),
    Route(
        method="GET",
        path="/v1/scans/{name}",
        name="scan",
        media="*/*",
        refusals=("not_found", "sealed"),
        summary="A scan's exact bytes, by their SHA-256.",
    ),
    Route(
        method="GET",
        path="/metrics",
        name="metrics",
        media=TEXT,
        summary="Aggregates for Prometheus, every 15 s.",
    ),
    Route(
        method="GET",
        path="/metrics/stations",
        name="station_metrics",
        media=TEXT,
        summary="Polling stations for Prometheus, every 60 s.",
    ),
    Route(
        method="GET",
        path="/healthz",
        name="health",
        record=Health,
        other_statuses=(503,),
        summary="Whether batches can be taken: 503 when they cannot be made durable.",
    ),
    Route(method="GET", path="/openapi.json", name="openapi", summary="This description."),
)
