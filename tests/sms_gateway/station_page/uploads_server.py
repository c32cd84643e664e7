"""A collector that only takes uploads, as POST /v1/sheets and PUT /v1/scans/<sha256> do, open to other origins.

It keeps every byte that came, so that a test can look for what must not be among them.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestServer

from wire.signing import VerifyKey
from wire.uploads import Upload, parse_upload, scan_type, sheet_of, verify

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, PUT",
    "Access-Control-Allow-Headers": "Content-Type",
}


class Uploads:
    """What came. `refuse`: answer with this status instead."""

    def __init__(self, key: VerifyKey) -> None:
        self.uploads: list[Upload] = []
        self.scans: dict[str, bytes] = {}
        self.seen: list[bytes] = []
        self.refuse = 0
        self._key = key

    async def sheet(self, request: web.Request) -> web.Response:
        raw = await self._read(request)
        if self.refuse:
            return web.json_response({"error": "no"}, status=self.refuse, headers=OPEN)
        upload = parse_upload(raw)
        verify(upload, [self._key])
        sheet_of(upload)
        self.uploads.append(upload)
        digest = hashlib.sha256(upload.sheet.encode()).hexdigest()
        return web.json_response({"entry": 1000 + len(self.uploads), "sha256": digest}, headers=OPEN)

    async def scan(self, request: web.Request) -> web.Response:
        raw, named = await self._read(request), request.match_info["sha256"]
        assert hashlib.sha256(raw).hexdigest() == named
        assert scan_type(raw) == request.content_type
        self.scans[named] = raw
        return web.json_response({"entry": 2000}, headers=OPEN)

    async def _read(self, request: web.Request) -> bytes:
        raw = await request.read()
        self.seen.append(str(request.rel_url).encode() + repr(request.headers).encode() + raw)
        return raw


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=204, headers=OPEN)


@asynccontextmanager
async def uploads_server(key: VerifyKey) -> AsyncIterator[tuple[Uploads, str]]:
    """It, and its address on loopback."""
    kept = Uploads(key)
    app = web.Application(client_max_size=9 << 20)
    app.router.add_post("/v1/sheets", kept.sheet)
    app.router.add_put("/v1/scans/{sha256}", kept.scan)
    app.router.add_route("OPTIONS", "/{any:.*}", _preflight)
    async with TestServer(app) as server:
        yield kept, str(server.make_url("")).rstrip("/")
