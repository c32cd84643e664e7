"""Feeds over HTTP: `/incidents.atom` and an alert for each incident."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from aiohttp import web

from collector.core.book import Book
from collector.page import atom, cap
from collector.page.choice import choose


def add_feeds(app: web.Application, book: Callable[[], Book], sender: str, started: float) -> None:
    """Serve both; before the page, whose paths are wider. `sender`: who we are; `started`: Unix seconds."""

    async def feed(request: web.Request) -> web.Response:
        known = book()
        told = {one.incident.id: known.revisions(one.incident.id) for one in known.last()}
        language = choose(request.query, request.headers.get("Accept-Language", "")).language
        body = atom.feed(told, language, sender, started)
        return _answered(request, body, atom.MEDIA)

    async def alert(request: web.Request) -> web.Response:
        told = book().revisions(request.match_info["name"])
        if not told:
            raise web.HTTPNotFound
        return _answered(request, cap.alert(told, sender), cap.MEDIA)

    app.router.add_get("/incidents.atom", feed)
    app.router.add_get("/incidents/{name}.cap", alert)


def _answered(request: web.Request, body: bytes, media: str) -> web.Response:
    tag = sha256(body).hexdigest()[:32]
    same = tag in {one.value for one in request.if_none_match or ()}
    response = (
        web.Response(status=304) if same else web.Response(body=body, content_type=media, charset="utf-8")
    )
    response.headers.update({"ETag": f'"{tag}"', "Cache-Control": "no-cache", "Vary": "Accept-Language"})
    return response
