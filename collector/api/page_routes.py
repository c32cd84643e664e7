"""The table of pages and files for people, beside that of the interface for machines."""

from __future__ import annotations

from typing import Final

from collector.api.answers import JSON, LINES
from collector.api.routes import Route

HTML: Final = "text/html"
PAGE_ROUTES: Final = (
    Route(
        method="GET",
        path="/",
        name="page",
        media=HTML,
        other_statuses=(304,),
        query=("lang", "reload"),
        summary="The status page.",
    ),
    Route(
        method="GET",
        path="/wall",
        name="wall_page",
        media=HTML,
        other_statuses=(304,),
        query=("lang", "reload"),
        summary="The wallboard.",
    ),
    Route(
        method="GET",
        path="/past",
        name="past_page",
        media=HTML,
        other_statuses=(304,),
        query=("at", "lang"),
        refusals=("query", "storage"),
        summary="The map at a past moment.",
    ),
    Route(
        method="GET",
        path="/incidents/{name}",
        name="incident_page",
        media=HTML,
        other_statuses=(304, 404),
        query=("lang",),
        summary="An incident's own page.",
    ),
    Route(
        method="GET",
        path="/incidents/{name}.cap",
        name="incident_alert",
        media="application/cap+xml",
        other_statuses=(304, 404),
        summary="An incident as an alert (CAP 1.2), in three languages.",
    ),
    Route(
        method="GET",
        path="/incidents.atom",
        name="incident_feed",
        media="application/atom+xml",
        other_statuses=(304,),
        query=("lang",),
        summary="The newest incidents as a feed (Atom).",
    ),
    Route(
        method="GET",
        path="/static/{name}",
        name="static",
        media="*/*",
        other_statuses=(404,),
        summary="Its files.",
    ),
    Route(
        method="GET",
        path="/sheets",
        name="sheets_page",
        media=HTML,
        other_statuses=(304,),
        query=("lang", "region", "district", "station", "sheet", "status", "after"),
        summary="Result sheets: a search and how many are in which state.",
    ),
    Route(
        method="GET",
        path="/sheets/{station}",
        name="station_page",
        media=HTML,
        other_statuses=(304, 404),
        query=("lang",),
        summary="A station's sheets, every copy beside the others, with a check in the page.",
    ),
    Route(
        method="GET",
        path="/sheets.csv",
        name="sheets_csv",
        media="text/csv",
        other_statuses=(304,),
        refusals=("busy",),
        summary="Every copy and every claim of result sheets as CSV.",
    ),
    Route(
        method="GET",
        path="/sheets.jsonl",
        name="sheets_lines",
        media=LINES,
        other_statuses=(304,),
        refusals=("busy",),
        summary="The same, one JSON object a line, with the exact published bytes of each copy.",
    ),
    Route(
        method="GET",
        path="/sheets.json",
        name="sheets_json",
        media=JSON,
        other_statuses=(304,),
        refusals=("busy",),
        summary="The same as one JSON document.",
    ),
    Route(
        method="GET",
        path="/sheets.parquet",
        name="sheets_parquet",
        media="application/vnd.apache.parquet",
        other_statuses=(304,),
        refusals=("busy", "not_found"),
        summary="The same as Parquet, where pyarrow is installed.",
    ),
)
