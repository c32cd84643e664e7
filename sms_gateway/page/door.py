"""The page's addresses: `/`, `/coverage.csv`, `/disputes.csv`, answered to this machine alone."""

from __future__ import annotations

import ipaddress
import sqlite3
from collections.abc import Callable
from functools import cache
from typing import Final, TypeVar

from aiohttp import web
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from sms_gateway import catalogue
from sms_gateway.core.coverage import as_csv, coverage
from sms_gateway.disputes import as_csv as as_lines
from sms_gateway.disputes import disputes
from sms_gateway.office import Office
from sms_gateway.page import facts
from sms_gateway.page.facts import Facts
from sms_gateway.store import StoreFailed
from wire.facts import Language, regions
from wire.times import EPOCH, format_time

_NAMES: Final[dict[Language, str]] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
_MOST_SILENT: Final = 200
_MOST_DISPUTES: Final = 1_000
T = TypeVar("T")
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
}


class PageDoor:
    """The handlers, for one office."""

    def __init__(self, office: Office) -> None:
        """Nothing is kept between two looks."""
        self._office = office

    async def page(self, request: web.Request) -> web.Response:
        """The page, in the language of `?lang=`."""
        _only_here(request)
        found = await self._collect()
        html = _template().render(self._values(found, _language(request)))
        return web.Response(text=html, content_type="text/html", headers=_HEADERS)

    async def csv(self, request: web.Request) -> web.Response:
        """Every station, expected or heard."""
        _only_here(request)
        text = as_csv(self._office.desk.book.stations, await self._ask(facts.heard))
        return web.Response(text=text, content_type="text/csv", headers=_HEADERS)

    async def disputed(self, request: web.Request) -> web.Response:
        """Everything that stations told in two ways, as CSV."""
        _only_here(request)
        found = await self._ask(lambda connection: disputes(connection, _MOST_DISPUTES))
        return web.Response(text=as_lines(found), content_type="text/csv", headers=_HEADERS)

    async def _collect(self) -> Facts:
        now = self._office.now_s()
        return await self._ask(lambda connection: facts.collect(connection, now))

    async def _ask(self, job: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return await self._office.store.run(job)
        except StoreFailed as error:
            raise web.HTTPServiceUnavailable(text=f"{error}\n") from error

    def _values(self, found: Facts, language: Language) -> dict[str, object]:
        office = self._office
        expected = office.desk.book.stations
        return {
            "t": _teller(language),
            "wanted": lambda why: _wanted(why, language),
            "language": language,
            "names": _NAMES,
            "now": format_time(office.clock.now())[:19],
            "links": [self._link(name, found) for name in office.links],
            "queues": {name: found.waiting.get(name) for name in ("journal", "collector", "alerts")},
            "refused": found.refused,
            "odd": found.odd,
            "disputes": found.disputes,
            "regions": coverage(list(regions()), expected, found.heard),
            "region_names": {code: getattr(one, language) for code, one in regions().items()},
            "enrolled": bool(expected),
            "most_silent": _MOST_SILENT,
        }

    def _link(self, name: str, found: Facts) -> dict[str, object]:
        health = self._office.links[name].health()
        queue = found.waiting.get(name)
        settings = next(one for one in self._office.settings.link if one.name == name)
        heard = (
            format_time(EPOCH.fromtimestamp(health.heard_at, EPOCH.tzinfo))[:19] if health.heard_at else ""
        )
        return {
            "name": name,
            "kind": settings.kind,
            "operator": settings.operator,
            "up": health.up,
            "state": health.state,
            "why": health.why,
            "signal": None if health.signal is None else round(100 * health.signal),
            "heard": heard,
            "waiting": queue.length if queue else 0,
            "sent": {state: parts for (link, state), parts in sorted(found.sent.items()) if link == name},
        }


def _only_here(request: web.Request) -> None:
    """Texts are shown here: whoever is elsewhere comes by a tunnel."""
    try:
        here = ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        here = False
    if not here:
        raise web.HTTPForbidden(text="this page is for the gateway's own machine\n")


def _language(request: web.Request) -> Language:
    asked = request.query.get("lang", "")
    return next((one for one in _NAMES if one == asked), "ru")


def _wanted(why: str, language: Language) -> str:
    """What the sender was told to send; empty for a reason that has no such words."""
    try:
        return catalogue.say(language, f"wanted-{why.replace('_', '-')}", {})
    except LookupError:
        return ""


def _teller(language: Language) -> Callable[[str], str]:
    return lambda name: catalogue.say(language, f"page-{name}", {})


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("sms_gateway.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("operator.html.j2")
