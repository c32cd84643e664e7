"""Result sheets over HTTP: they are taken in by `POST` and `PUT`, and given out by `GET`.

Any page may use these paths (CORS): a station's page is a file on a phone, and has no origin.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from aiohttp import web
from msgspec import Struct

from collector.api.answers import JSON, Handler, answer
from collector.api.body import Gate, read_body
from collector.core.refusals import Refused
from collector.core.sheets import MAX_PAGE, SHEET_STATUSES, SheetNow, SheetQuery
from collector.settings import Settings
from collector.sheets.office import Office
from collector.sheets.public import Public
from wire.facts import regions
from wire.uploads import MAX_SCAN_BYTES, MAX_UPLOAD_BYTES, MAX_VOID_BYTES

QUERY: Final = ("region", "district", "station", "sheet", "status", "limit", "after")
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_PREFIXES: Final = ("/v1/sheets", "/v1/scans/", "/v1/voids")
_ANYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "86400",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


class SheetList(Struct, frozen=True, kw_only=True):
    """Sheets by station and number. `after`: asks for the next page, "" at the end.

    `polls_close`: when their contents are shown, "" where no time was set.
    """

    v: int = 1
    sheets: tuple[SheetNow, ...] = ()
    after: str = ""
    polls_close: str = ""


class SheetRoutes:
    """The handlers."""

    def __init__(self, office: Office, public: Public, settings: Settings) -> None:
        """Bodies are limited in size, in time and in number."""
        self._office, self._public, self._settings = office, public, settings
        self._bodies = Gate(settings.max_bodies)
        self._scans = Gate(settings.sheets.max_scans)

    def handlers(self) -> Mapping[str, Handler]:
        """By the names of the table of paths."""
        return {
            "take_sheet": self.take_sheet,
            "take_void": self.take_void,
            "take_scan": self.take_scan,
            "sheets": self.sheets,
            "sheet": self.sheet,
            "scan": self.scan,
        }

    async def take_sheet(self, request: web.Request) -> web.Response:
        """`POST /v1/sheets`."""
        with self._bodies.place():
            raw = await read_body(request, MAX_UPLOAD_BYTES, self._settings.body_timeout_s)
            return answer(await self._office.upload(raw))

    async def take_void(self, request: web.Request) -> web.Response:
        """`POST /v1/voids`."""
        with self._bodies.place():
            raw = await read_body(request, MAX_VOID_BYTES, self._settings.body_timeout_s)
            return answer(await self._office.void(raw))

    async def take_scan(self, request: web.Request) -> web.Response:
        """`PUT /v1/scans/{name}`: nobody's bytes are read before a signed upload named them."""
        sha256 = request.match_info["name"]
        self._office.wants_scan(sha256)
        with self._scans.place():
            raw = await read_body(request, MAX_SCAN_BYTES, self._settings.sheets.scan_timeout_s)
            return answer(await self._office.scan(sha256, raw))

    async def sheets(self, request: web.Request) -> web.Response:
        """`GET /v1/sheets?region=&district=&station=&sheet=&status=&limit=&after=`."""
        shown = self._public.book().shown(asked_sheets(request.query))
        return answer(SheetList(sheets=shown.sheets, after=shown.after, polls_close=self._public.polls_close))

    async def sheet(self, request: web.Request) -> web.Response:
        """`GET /v1/sheets/{name}`: the exact bytes."""
        raw = self._public.sheet(request.match_info["name"])
        return web.Response(body=raw, content_type=JSON, headers={"Cache-Control": _FOR_EVER})

    async def scan(self, request: web.Request) -> web.StreamResponse:
        """`GET /v1/scans/{name}`: the exact bytes."""
        found, path = self._public.scan(request.match_info["name"])
        return web.FileResponse(path, headers={"Cache-Control": _FOR_EVER, "Content-Type": found.media})


def asked_sheets(query: Mapping[str, str]) -> SheetQuery:
    """From the parameters of an address; raises `Refused` ("query")."""
    if unknown := sorted(set(query) - set(QUERY)):
        raise Refused("query", f"{unknown[0][:40]} is none of {', '.join(QUERY)}")
    if (region := query.get("region", "")) and region not in regions():
        raise Refused("query", "region is none of the country's, as in KZ-71")
    if (status := query.get("status", "")) and status not in SHEET_STATUSES:
        raise Refused("query", f"status is none of {', '.join(SHEET_STATUSES)}")
    words = {name: query.get(name, "") for name in ("district", "station", "sheet", "after")}
    return SheetQuery(region=region, status=status, limit=_limit(query.get("limit", "")), **words)


def _limit(text: str) -> int:
    if not text:
        return SheetQuery().limit
    digits = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_PAGE))
    if not digits or not 1 <= int(text) <= MAX_PAGE:
        raise Refused("query", f"limit is 1 to {MAX_PAGE}")
    return int(text)


async def anywhere(request: web.Request, response: web.StreamResponse) -> None:
    """Headers that let any page read these paths, refusals too."""
    if request.path.startswith(_PREFIXES):
        response.headers.update(_ANYWHERE)


async def preflight(_: web.Request) -> web.Response:
    """`OPTIONS`: what a browser asks before it sends."""
    return web.Response(status=204)


def add_preflight(app: web.Application) -> None:
    """Let browsers ask; `anywhere` writes the answer."""
    for path in ("/v1/sheets", "/v1/voids", "/v1/scans/{name}"):
        app.router.add_route("OPTIONS", path, preflight)
    app.on_response_prepare.append(anywhere)
