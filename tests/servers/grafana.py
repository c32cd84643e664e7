"""A server that keeps folders, datasources and boards as Grafana's HTTP interface does; Grafana is not in Debian."""

from __future__ import annotations

from typing import Any

from aiohttp import web

TOKEN = "glsa_made_up"


class Grafana:
    """What it was given, and how often it was changed."""

    def __init__(self) -> None:
        self.folders: dict[str, Any] = {}
        self.sources: dict[str, Any] = {}
        self.boards: dict[str, Any] = {}
        self.writes = 0

    def app(self) -> web.Application:
        """The paths that a deployment needs."""
        app = web.Application(middlewares=[_authorized])
        app.router.add_get("/api/datasources/uid/{uid}", self._get("sources"))
        app.router.add_post("/api/datasources", self._put_source)
        app.router.add_put("/api/datasources/uid/{uid}", self._put_source)
        app.router.add_get("/api/folders/{uid}", self._get("folders"))
        app.router.add_post("/api/folders", self._put_folder)
        app.router.add_get("/api/dashboards/uid/{uid}", self._get("boards"))
        app.router.add_post("/api/dashboards/db", self._put_board)
        return app

    def _get(self, kind: str) -> Any:
        async def get(request: web.Request) -> web.Response:
            found = getattr(self, kind).get(request.match_info["uid"])
            if found is None:
                return web.json_response({"message": "not found"}, status=404)
            return web.json_response(found)

        return get

    async def _put_source(self, request: web.Request) -> web.Response:
        given = await request.json()
        self.sources[given["uid"]] = {**given, "id": 1, "readOnly": False}
        self.writes += 1
        return web.json_response({"message": "Datasource added"})

    async def _put_folder(self, request: web.Request) -> web.Response:
        given = await request.json()
        self.folders[given["uid"]] = given
        self.writes += 1
        return web.json_response(given)

    async def _put_board(self, request: web.Request) -> web.Response:
        given = await request.json()
        board = given["dashboard"]
        known = self.boards.get(board["uid"])
        if given["folderUid"] not in self.folders:
            return web.json_response({"message": "folder not found"}, status=400)
        version = known["dashboard"]["version"] + 1 if known else 1
        if known and not given.get("overwrite"):
            return web.json_response({"message": "version mismatch"}, status=412)
        self.boards[board["uid"]] = {"dashboard": {**board, "id": 7, "version": version}, "meta": {}}
        self.writes += 1
        return web.json_response({"uid": board["uid"], "version": version})


@web.middleware
async def _authorized(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return web.json_response({"message": "Invalid API key"}, status=401)
    answer: web.StreamResponse = await handler(request)
    return answer
