"""Where to go: a URL taken apart, and where a redirect leads."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urljoin, urlsplit

from msgspec import Struct

from probes.core.hosts import scrub_url, spoken
from wire.errors import BadInput

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
MAX_HOPS: Final = 10
# Services that are asked by POST, such as Telegram's access points (ooni/spec ts-020).
_POST: Final = "post+"
# Playlists of streams, fetched by HTTP.
_PLAYLIST: Final = "hls+"
_DEFAULT_PORTS: Final = {
    "http": 80, "https": 443, "dns": 53, "dot": 853, "doh": 443, "zone": 53, "quic": 443, "rtsp": 554,
    "rtmp": 1_935,
}  # fmt: skip
_ASKED: Final = frozenset({"dns", "dot", "doh"})  # their path is the name that a resolver is asked for
_MAX_URL_CHARS: Final = 2_048
# What may stand in a request's target as it is; the rest is percent-encoded (RFC 3986, 3.3 and 3.4).
_SAFE: Final = "/?:@!$&'()*+,;=%-._~[]|"


class Place(Struct, frozen=True, kw_only=True):
    """A place to observe. `host` is as the URL writes it, `name` as it is asked for and sent (A-labels).

    `full` is the URL itself, `url` what a record may hold of it: of a redirect only scheme, host and path.
    """

    scheme: str
    host: str
    name: str
    port: int
    full: str
    url: str
    path: str
    hop: int = 0
    method: str = "GET"


def place_of(url: str, hop: int = 0) -> Place:
    """A URL taken apart; raises `ValueError` for one without host or port, or a name that cannot be sent."""
    parts = urlsplit(url)
    scheme = parts.scheme.removeprefix(_POST).removeprefix(_PLAYLIST)
    port = parts.port or _DEFAULT_PORTS.get(scheme, 0)
    host = (parts.hostname or "").lower()
    if not host or not port:
        raise ValueError("there is no host or no port in it")
    if len(url) > _MAX_URL_CHARS:
        raise ValueError("the URL is too long")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(
        scheme=scheme,
        host=host,
        name=spoken(host).removesuffix("."),
        port=port,
        full=url.removeprefix(_PLAYLIST),
        url=scrub_url(url) if hop else url,
        path=quote(path, safe=_SAFE),
        hop=hop,
        method="POST" if parts.scheme.startswith(_POST) else "GET",
    )


def asked_name(url: str) -> str:
    """The name that a `dns://resolver/name` asks for; so for `dot` and `doh`."""
    return urlsplit(url).path.strip("/").lower()


def check_url(url: str) -> None:
    """Refuse a target's URL that leads nowhere, before anything is sent; raises `BadInput`."""
    try:
        place = place_of(url)
    except ValueError as error:
        raise BadInput(f"{url[:80]}: {error}") from error
    if place.scheme in _ASKED and not _is_name(asked_name(url)):
        raise BadInput(f"{url[:80]}: no name to ask for, as in {place.scheme}://1.1.1.1/example.com")


def _is_name(text: str) -> bool:
    try:
        return bool(spoken(text))
    except ValueError:
        return False


def redirect(place: Place, status: int, location: str) -> Place | None:
    """The place that an answer sends to; None when it sends nowhere that we go.

    Only http and https are followed, at most `MAX_HOPS` times, and never to the same URL again at once.
    """
    if status not in REDIRECTS or not location or place.hop >= MAX_HOPS:
        return None
    try:
        further = place_of(urljoin(place.full, location), place.hop + 1)
    except ValueError:
        return None
    goes_on = further.scheme in {"http", "https"} and further.full != place.full
    return further if goes_on else None
