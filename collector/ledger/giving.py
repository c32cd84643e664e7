"""The ledger over HTTP: static files by the layout of c2sp.org/tlog-tiles, made from the log as it is."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from collector.ledger.sources import CHECKPOINT, KEY, Shelf

PREFIX: Final = "/ledger"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_A_MOMENT: Final = "public, max-age=2"
_ANYWHERE: Final = {"Access-Control-Allow-Origin": "*"}  # any page may verify; there is nothing private here


def add_ledger(app: web.Application, shelf: Shelf) -> None:
    """Serve a ledger below `/ledger`."""

    async def text(request: web.Request) -> web.Response:
        raw = shelf.get(request.path.removeprefix(f"{PREFIX}/"))
        if raw is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _A_MOMENT, **_ANYWHERE}
        return web.Response(body=raw, content_type="text/plain", charset="utf-8", headers=headers)

    async def tile(request: web.Request) -> web.Response:
        raw = shelf.get(f"tile/{request.match_info['tile']}")
        if raw is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": _FOR_EVER, **_ANYWHERE}
        return web.Response(body=raw, content_type="application/octet-stream", headers=headers)

    app.router.add_get(f"{PREFIX}/{CHECKPOINT}", text)
    app.router.add_get(f"{PREFIX}/{KEY}", text)
    app.router.add_get(f"{PREFIX}/tile/{{tile:.+}}", tile)
