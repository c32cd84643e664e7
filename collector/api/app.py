"""The aiohttp application: the table of paths joined to its handlers."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from aiohttp import web

from collector.api.answers import Handler, answer, careful_headers, refusals
from collector.api.giving import Giving
from collector.api.openapi import document
from collector.api.routes import ROUTES
from collector.api.sheets import SheetRoutes, add_preflight
from collector.api.taking import Taking
from collector.page import add_feeds, add_page

MAX_HEADER_BYTES: Final = 8_190  # of one line; aiohttp's own default, named so that it stays


def make_app(taking: Taking, giving: Giving, sheets: SheetRoutes) -> web.Application:
    """Every path of the table, and the status page."""
    app = web.Application(middlewares=[refusals])
    handlers = {**_handlers(taking, giving), **sheets.handlers()}
    for route in ROUTES:
        app.router.add_route(route.method, route.path, handlers[route.name])
    add_feeds(app, giving.book, giving.sender, giving.started)
    add_page(app, giving.overview, giving.book, giving.past)
    add_preflight(app)
    app.on_response_prepare.append(careful_headers)
    return app


def _handlers(taking: Taking, giving: Giving) -> Mapping[str, Handler]:
    description = document(version("dabyl"))

    async def openapi(_: web.Request) -> web.Response:
        return answer(description)

    return {
        "measurements": taking.measurements,
        "reports": taking.reports,
        "enrol": taking.enrol,
        "vouch": taking.invites,
        "incidents": giving.incidents,
        "incident": giving.incident,
        "control": giving.control,
        "status": giving.status,
        "stations": giving.stations,
        "metrics": giving.metrics,
        "station_metrics": giving.station_metrics,
        "health": giving.health,
        "openapi": openapi,
    }
