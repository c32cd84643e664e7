"""The status page over HTTP: `GET /` and the files beside it.

A crowd on election night must not cost more than one reader: a page is made at most once in
`KEPT_S` for each choice, and a reader who has it already gets 304.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from aiohttp import web
from msgspec import Struct

from collector.core.book import Book
from collector.core.overview import Overview
from collector.page.assets import by_printed_name
from collector.page.catalogues import words_in
from collector.page.choice import Choice, choose
from collector.page.incidents import incident_view
from collector.page.render import render, render_incident
from collector.page.view import view

MOST_KEPT: Final = 256  # pages; each incident has six
KEPT_S: Final = 1.0  # a station's text must show within seconds
_YEAR_S: Final = 31_536_000
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)
SAFETY: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "interest-cohort=(), geolocation=(), camera=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Kept(Struct, frozen=True, kw_only=True):
    """A page as it was made: until when it may be served (loop time), its tag and text."""

    until: float
    tag: str
    html: str


class Pages:
    """Makes pages from the newest overview and keeps each for a moment."""

    def __init__(self, overview: Callable[[], Overview], book: Callable[[], Book] = Book) -> None:
        """Nothing made yet; `overview` and `book` are called once for each page that is made."""
        self._overview, self._book = overview, book
        self._kept: dict[Choice, Kept] = {}

    def get(self, choice: Choice, now: float) -> Kept:
        """The page at `now`, in seconds of any steady clock."""
        kept = self._kept.get(choice)
        if kept is None or now >= kept.until:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            kept = self._kept[choice] = self._made(choice, now + KEPT_S)
        return kept

    def _made(self, choice: Choice, until: float) -> Kept:
        words = words_in(choice.language)
        seen, book = self._overview(), self._book()
        if choice.path == "/":
            html = render(words, view(words, seen, choice.language, book.last()), choice)
        else:
            told = book.revisions(choice.path.rpartition("/")[2])
            html = render_incident(words, incident_view(words, told, choice.language, seen.at), choice)
        return Kept(until=until, tag=sha256(html.encode()).hexdigest()[:32], html=html)


def add_page(app: web.Application, overview: Callable[[], Overview], book: Callable[[], Book] = Book) -> None:
    """Serve the status page at `/` of `app`, incidents under `/incidents/`, and files under `/static/`."""
    pages = Pages(overview, book)

    async def page(request: web.Request) -> web.Response:
        choice = choose(request.query, request.headers.get("Accept-Language", ""))
        return _answered(request, choice, pages.get(choice, get_running_loop().time()))

    async def incident(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not book().revisions(name):
            raise web.HTTPNotFound
        choice = choose(request.query, request.headers.get("Accept-Language", ""), f"/incidents/{name}")
        return _answered(request, choice, pages.get(choice, get_running_loop().time()))

    app.router.add_get("/", page)
    app.router.add_get("/incidents/{name}", incident)
    app.router.add_get("/static/{name}", static)


async def static(request: web.Request) -> web.Response:
    """A file of the page; its name changes with its content."""
    asset = by_printed_name().get(request.match_info["name"])
    if asset is None:
        return web.Response(status=404, text="no such file\n", headers=SAFETY)
    response = web.Response(body=asset.content, content_type=asset.media_type, headers=SAFETY)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    response.enable_compression()
    return response


def _answered(request: web.Request, choice: Choice, kept: Kept) -> web.Response:
    known = {tag.value for tag in request.if_none_match or ()}
    same = kept.tag in known
    response = web.Response(status=304) if same else web.Response(text=kept.html, content_type="text/html")
    response.headers.update(SAFETY)
    response.headers["Content-Language"] = choice.language
    response.headers["Vary"] = "Accept-Language, Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask before showing it again
    response.headers["ETag"] = f'W/"{kept.tag}"'  # weak: the same text, compressed or not
    if not same:
        response.enable_compression()
    return response
