"""How answers look: JSON of ours, refusals with a reason, headers that keep browsers careful."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from collector.core.refusals import Refused
from wire import canonical

JSON: Final = "application/json"
LINES: Final = "application/jsonl"
_SECURITY: Final = {
    "Content-Security-Policy": "default-src 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(record: object, *, status: int = 200) -> web.Response:
    """A record as JSON."""
    return web.Response(body=canonical.encode(record) + b"\n", content_type=JSON, status=status)


def refuse(refused: Refused) -> web.Response:
    """A refusal; one that says when to come back does so in the header too."""
    response = answer(refused.refusal, status=refused.status)
    if refused.wait_s > 0:
        response.headers["Retry-After"] = str(math.ceil(refused.wait_s))
    if refused.reason in {"slow", "too_large", "encoding", "busy"}:
        response.force_close()  # the rest of the body is not worth reading
    return response


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal as JSON, those of the web server's own router too."""
    try:
        return await handler(request)
    except Refused as refused:
        return refuse(refused)
    except web.HTTPNotFound:
        return refuse(Refused("not_found"))
    except web.HTTPMethodNotAllowed as error:
        response = refuse(Refused("method"))
        response.headers["Allow"] = ", ".join(sorted(error.allowed_methods))
        return response


async def careful_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that every answer has; what a handler set itself stays."""
    for name, value in _SECURITY.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["Server"] = "dabyl"
