"""The status page over HTTP: `GET /` and the files beside it.

A crowd on election night must not cost more than one reader: a page is made at most once in
`KEPT_S` for each choice, and a reader who has it already gets 304.
"""

from __future__ import annotations

from asyncio import get_running_loop
from collections.abc import Awaitable, Callable
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from collector.core.book import Book
from collector.core.overview import Overview
from collector.core.pictures import Picture
from collector.core.refusals import Refused
from collector.page.assets import by_printed_name
from collector.page.catalogues import words_in
from collector.page.choice import Choice, choose
from collector.page.incidents import incident_view
from collector.page.missing import Missing
from collector.page.moments import clock_of
from collector.page.past import moment_of, past_view
from collector.page.render import render, render_incident, render_missing, render_past, render_wall
from collector.page.view import view
from collector.page.wall import wall
from wire.facts import Language
from wire.times import epoch_seconds, parse_time

MOST_KEPT: Final = 256  # pages; each incident has six
WALL: Final = "/wall"
KEPT_S: Final = 1.0  # a station's text must show within seconds
_YEAR_S: Final = 31_536_000
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
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
        found = self._kept.get(choice)
        if found is None or now >= found.until:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            found = self._kept[choice] = self._made(choice, now + KEPT_S)
        return found

    def _made(self, choice: Choice, until: float) -> Kept:
        words = words_in(choice.language)
        seen, book = self._overview(), self._book()
        if choice.path == "/":
            html = render(words, view(words, seen, choice.language, book.last()), choice)
        elif choice.path == WALL:
            html = render_wall(words, wall(words, seen, choice.language, book.last()), choice)
        else:
            told = book.revisions(choice.path.rpartition("/")[2])
            html = render_incident(words, incident_view(words, told, choice.language, seen.at), choice)
        return kept(html, until)


def kept(html: str, until: float) -> Kept:
    """A page with its tag."""
    return Kept(until=until, tag=sha256(html.encode()).hexdigest()[:32], html=html)


PastOf = Callable[[float], Awaitable[Picture | None]]


async def no_past(_: float) -> Picture | None:
    """Where no pictures are kept."""
    return None


def add_page(
    app: web.Application,
    overview: Callable[[], Overview],
    book: Callable[[], Book] = Book,
    past_of: PastOf = no_past,
) -> None:
    """Serve the status page at `/` of `app`, incidents under `/incidents/`, and files under `/static/`.

    `past_of`: the picture that was kept of a moment (Unix seconds), for `/past`.
    """
    pages = Pages(overview, book)

    async def past(request: web.Request) -> web.Response:
        now = overview().at
        at = moment_of(request.query.get("at", ""), parse_time(now))
        if at is None and wants_page(request):
            return missing(request, "missing-moment", HTTPStatus.BAD_REQUEST, clock_of(now))
        if at is None:
            raise Refused("query", "at is no moment of the past, as in 2026-11-20T18:30 or 2026-11-20T13:30Z")
        choice = choose(request.query, request.headers.get("Accept-Language", ""), "/past")
        choice = replace(choice, at=at)
        words = words_in(choice.language)
        view = past_view(words, await past_of(epoch_seconds(at)), book().last(), choice.language, (at, now))
        return answered(request, choice.language, kept(render_past(words, view, choice), 0.0))

    async def page(request: web.Request) -> web.Response:
        choice = choose(request.query, request.headers.get("Accept-Language", ""), request.path)
        return answered(request, choice.language, pages.get(choice, get_running_loop().time()))

    async def incident(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not book().revisions(name):
            return missing(request, "missing-incident")
        choice = choose(request.query, request.headers.get("Accept-Language", ""), f"/incidents/{name}")
        return answered(request, choice.language, pages.get(choice, get_running_loop().time()))

    app.router.add_get("/", page)
    app.router.add_get(WALL, page)
    app.router.add_get("/past", past)
    app.router.add_get("/incidents/{name}", incident)
    app.router.add_get("/static/{name}", static)


def wants_page(request: web.Request) -> bool:
    """Whether a browser asks: what takes anything is a program, and gets the refusal that the API gives."""
    return "text/html" in request.headers.get("Accept", "")


def missing(
    request: web.Request, message: str, status: HTTPStatus = HTTPStatus.NOT_FOUND, local: str = ""
) -> web.Response:
    """What a browser gets whose address leads nowhere; `message`: what is told, `local`: as in `Missing`.

    Raises `HTTPNotFound` for a program.
    """
    if not wants_page(request):
        raise web.HTTPNotFound
    choice = choose(request.query, request.headers.get("Accept-Language", ""), request.path)
    words = words_in(choice.language)
    page = Missing(
        language=choice.language, headline=words("missing-heading"), told=words(message), local=local
    )
    html = render_missing(words, page, choice)
    response = web.Response(text=html, status=status, content_type="text/html", headers=SAFETY)
    response.headers["Content-Language"] = choice.language
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


async def static(request: web.Request) -> web.Response:
    """A file of the page; its name changes with its content."""
    asset = by_printed_name().get(request.match_info["name"])
    if asset is None:
        return web.Response(status=404, text="no such file\n", headers=SAFETY)
    response = web.Response(body=asset.content, content_type=asset.media_type, headers=SAFETY)
    response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable"
    response.enable_compression()
    return response


def answered(request: web.Request, language: Language, page: Kept) -> web.Response:
    """A page, or 304 to a reader who has it."""
    known = {tag.value for tag in request.if_none_match or ()}
    same = page.tag in known
    response = web.Response(status=304) if same else web.Response(text=page.html, content_type="text/html")
    response.headers.update(SAFETY)
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept-Language, Accept-Encoding"
    response.headers["Cache-Control"] = "no-cache"  # keep it, but ask before showing it again
    response.headers["ETag"] = f'W/"{page.tag}"'  # weak: the same text, compressed or not
    if not same:
        response.enable_compression()
    return response
