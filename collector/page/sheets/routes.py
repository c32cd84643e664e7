"""Result sheets over HTTP: `GET /sheets`, `GET /sheets/STATION`, and all of them as files."""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from functools import partial
from typing import Final

from aiohttp import web

from collector.page.catalogues import words_in
from collector.page.routes import KEPT_S, SAFETY, Kept, answered, kept, missing
from collector.page.sheets.asked import SHEETS_PATH, STATION, Asked, asked, asked_station
from collector.page.sheets.files import KINDS, PARQUET, Files, endings
from collector.page.sheets.parts import Seen
from collector.page.sheets.rendering import render_search, render_station
from collector.page.sheets.search import Summary, search_view, summary
from collector.page.sheets.source import Source, content_of, hidden_until
from collector.page.sheets.station import station_view

MOST_KEPT: Final = 256
# The one page with a script: our own file alone may run, and it may ask this server alone.
POLICY: Final = f"{SAFETY['Content-Security-Policy']}; script-src 'self'; connect-src 'self'"


class SheetPages:
    """Makes pages from the newest book and keeps each for a moment."""

    def __init__(self, source: Source, key: str, now: Callable[[], str]) -> None:
        """`key`: the ledger's verifier key. `now`: the wire time."""
        self._source, self._key, self._now = source, key, now
        self._kept: dict[Asked, Kept] = {}
        self._summary: tuple[float, Summary] | None = None

    def search(self, wanted: Asked, at: float) -> Kept:
        """The list of sheets at `at`, in seconds of any steady clock."""
        return self._newest(wanted, at, self._search)

    def station(self, station: str, wanted: Asked, at: float) -> Kept | None:
        """A station's page; None when nothing was heard of its sheets."""
        if not self._source.book().station(station):
            return None
        return self._newest(wanted, at, partial(self._station, station))

    def _newest(self, wanted: Asked, at: float, make: Callable[[Asked, float], str]) -> Kept:
        found = self._kept.get(wanted)
        if found is None or at >= found.until:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[wanted] = kept(make(wanted, at), at + KEPT_S)
        return found

    def _search(self, wanted: Asked, at: float) -> str:
        words, book = words_in(wanted.language), self._source.book()
        if self._summary is None or at >= self._summary[0]:
            self._summary = (at + KEPT_S, summary(book))
        times = (self._now(), hidden_until(self._source))
        view = search_view(words, book, self._summary[1], wanted, times)
        return render_search(words, view, wanted, endings())

    def _station(self, station: str, wanted: Asked, _: float) -> str:
        words, sheets = words_in(wanted.language), self._source.book().station(station)
        copies = [copy for sheet in sheets for copy in sheet.copies if copy.kind == "sheet"]
        hashes = {copy.sha256 for copy in copies}
        contents = {one: raw for one in hashes if (raw := content_of(self._source, one)) is not None}
        seen = Seen(
            sheets=sheets,
            contents=contents,
            names={copy.signer: self._source.name_of(copy.signer) for copy in copies},
            now=self._now(),
            hidden_until=hidden_until(self._source),
            key=self._key,
        )
        return render_station(words, station_view(words, seen, wanted), wanted)


def add_sheet_pages(app: web.Application, source: Source, key: str, now: Callable[[], str]) -> None:
    """Serve the pages and files of result sheets on `app`."""
    pages, files = SheetPages(source, key, now), Files(source)

    async def search(request: web.Request) -> web.Response:
        wanted = asked(request.query, request.headers.get("Accept-Language", ""))
        return answered(request, wanted.language, pages.search(wanted, get_running_loop().time()))

    async def station(request: web.Request) -> web.Response:
        name = request.match_info["station"]
        wanted = asked_station(name, request.query, request.headers.get("Accept-Language", ""))
        found = pages.station(name, wanted, get_running_loop().time()) if STATION.fullmatch(name) else None
        if found is None:
            return missing(request, "missing-station")
        response = answered(request, wanted.language, found)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    app.router.add_get(SHEETS_PATH, search)
    app.router.add_get(f"{SHEETS_PATH}/{{station}}", station)
    for ending in KINDS:
        app.router.add_get(f"{SHEETS_PATH}.{ending}", partial(files.text, ending))
    app.router.add_get(f"{SHEETS_PATH}.{PARQUET}", files.parquet)
