"""Real nginx for the country: one for each place that serves, made of the sites' table.

Beside its sites, every nginx listens with wildcard ports for conduct that a row may give to any site
(a rule redirects the site's port there, see `censor.py`): expired or forged certificates, 403, notices.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import Final

from tests.lab import names
from tests.lab.names import SITES, Place, Site

_MAIN: Final = """
user root;
worker_processes 1;
pid {folder}/{place}.pid;
error_log {folder}/{place}.error.log warn;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type "text/html; charset=utf-8";
    types {{ text/html html; }}
    server_names_hash_bucket_size 128;
    client_body_temp_path {folder}/{place}.body;
    proxy_temp_path {folder}/{place}.proxy;
    fastcgi_temp_path {folder}/{place}.fastcgi;
    uwsgi_temp_path {folder}/{place}.uwsgi;
    scgi_temp_path {folder}/{place}.scgi;
    {maps}
    {blocks}
}}
"""
# Forged certificates are chosen by the ClientHello's name; a name that the country does not know
# gets the notice's certificate, so that its handshake ends too.
_MAPS: Final = (
    "map $ssl_server_name $spoken {{ default {notice}; {known} }}\n    map $spoken $origin {{ {origins} }}\n"
    "    map $host $asked {{ {origins} }}\n    map $spoken $maker {{ default true; {censored} forged; }}"
)
_TLS: Final = "server {{ {listen} ssl_certificate {certificate}; ssl_certificate_key {certificate}; {body} }}"
_HTTPS: Final = """
    server {{ {listen_tls} server_name {name}; ssl_certificate {folder}/certificates/{kind}/{name}.pem;
        ssl_certificate_key {folder}/certificates/{kind}/{name}.pem; {body} }}
    server {{ {listen_plain} server_name {name}; return 301 https://{name}$request_uri; }}
"""
_HTTP: Final = "server {{ {listen_plain} server_name {name}; {body} }}"
_DOOR: Final = (
    "server {{ {listen_plain} server_name {name}; return 405; }} server {{ {listen_door} return 405; }}"
)
_DECLINE: Final = "server {{ {listen} server_name {name}; ssl_reject_handshake on; }}"
_PLAIN: Final = "server {{ listen {port}; listen [::]:{port}; {body} }}"
_RELAY: Final = "location / { proxy_pass https://$origin; proxy_ssl_server_name on; proxy_ssl_name $spoken; }"
_CACHE: Final = "location / { proxy_pass http://$asked; proxy_set_header Host $host; add_header Via '1.1 operator-cache'; }"
_RIDDLE: Final = (
    "<html><head><title>Are you human?</title></head><body>Choose every picture with a bridge.</body></html>"
)
_PAGE: Final = """<!doctype html><html lang="kk"><head><title>{title}</title></head>
<body><h1>{title}</h1>{text}</body></html>
"""
_VARIED: Final = "<title>Poem $request_id</title><p>of visit $request_id"
_GREETING: Final = (
    '<p>You are visitor <!--#echo var="request_id" -->.</p>'  # filled in where a site is personal
)
_LONG: Final = frozenset(site.name for site in SITES if site.manner == "long")
_NOTICE_TEXT: Final = "<p>Access to this resource is restricted by decision of the authorised body.</p>"


class Port(IntEnum):
    """Where a place's nginx keeps each kind of conduct."""

    EXPIRED = 4401
    SELF_SIGNED = 4402
    FORBIDDEN_TLS = 4403
    FORBIDDEN = 4404
    WRONG_NAME = 4405
    RIDDLE_TLS = 4406
    BUSY = 4407
    VARIED = 4408
    RIDDLE = 4409
    HEADLESS = 4410
    DECLINED = 4416
    DECLINED_ALL = 4417
    FORGED = 4411
    FORGED_SELF_SIGNED = 4412
    FORGED_EXPIRED = 4413
    FORGED_KNOWN = 4414
    FORGED_SOME = 4415
    ANOTHERS = 4418
    DECLINED_ON_THE_WAY = 4419
    NOTICE = 4421
    NOTICE_REDIRECT = 4422
    PORTAL_TLS = 4423
    NOTICE_FORBIDDEN = 4424
    NOTICE_LEGAL = 4425
    PROXY = 4431
    MUTE = 4432


def hosts() -> list[str]:
    """Whoever needs a certificate: the sites, the notice, and the clean resolver by its address."""
    return [*(site.name for site in SITES), names.NOTICE_NAME, names.CLEAN_RESOLVER]


def write_pages(folder: Path) -> None:
    """Write the sites' pages and the notice below `folder`/pages."""
    for host in hosts():
        home = folder / "pages" / host
        home.mkdir(parents=True)
        (home / "index.html").write_text(_page(host), encoding="utf-8")


def _page(host: str) -> str:
    if host == names.NOTICE_NAME:
        return _PAGE.format(title="Access restricted", text=_NOTICE_TEXT)
    length = 900 if host in _LONG else 40
    lines = (f"<p>{host}, paragraph {number}: nothing here but the weather.</p>" for number in range(length))
    return _PAGE.format(title=f"Welcome to {host}", text="\n".join([_GREETING, *lines]))


def nginx_conf(place: Place, folder: Path) -> str:
    """The configuration of a place's nginx; `folder` is the run's own."""
    blocks = [_site_block(site, folder) for site in SITES if site.side == place]
    return _MAIN.format(
        folder=folder, place=place, maps=_maps(), blocks="\n".join([*blocks, *_conduct(place, folder)])
    )


def _maps() -> str:
    known = " ".join(f"{site.name} {site.name};" for site in SITES)
    origins = " ".join(f"{site.name} {site.address(4)};" for site in SITES)
    return _MAPS.format(notice=names.NOTICE_NAME, known=known, origins=origins, censored=names.CENSORED)


def _site_block(site: Site, folder: Path) -> str:
    if site.manner == "closed":
        return ""
    kind = "expired" if site.manner == "expired" else "true"
    block = _DOOR if site.manner == "door" else _HTTPS if site.scheme == "https" else _HTTP
    return block.format(
        listen_tls=_listen(site, "443 ssl"), listen_plain=_listen(site, "80"),
        listen_door=_listen(site, str(names.DOOR_PORT)),
        name=site.name, folder=folder, kind=kind, body=_body(site, folder),
    )  # fmt: skip


_BODIES: Final = {
    "forbidden": "return 403;",
    "legal": "return 451;",
    "signpost": f"return 302 https://{names.SIGN}/;",
    "astray": "return 302 http://nowhere.invalid/;",
    "loop": "return 302 https://$host/round$request_uri;",
}


def _body(site: Site, folder: Path) -> str:
    personal = " ssi on;" if site.manner == "personal" else ""
    return _BODIES.get(site.manner, _root(site.name, folder) + personal)


def _listen(site: Site, port: str) -> str:
    return " ".join(f"listen {f'[{a}]' if ':' in a else a}:{port};" for a in site.addresses.values())


def _root(host: str, folder: Path) -> str:
    return f"root {folder}/pages/{host};"


def _conduct(place: Place, folder: Path) -> Iterator[str]:
    if place == "operator":
        yield from _operator_conduct(folder)
        return
    if place == "foreign":
        yield _nearby(folder)
    pages = f"root {folder}/pages/$spoken;"
    for port, kind, body in (
        (Port.EXPIRED, "expired", pages),
        (Port.SELF_SIGNED, "self", pages),
        (Port.HEADLESS, "headless", pages),
        (Port.FORBIDDEN_TLS, "true", "return 403;"),
        (Port.RIDDLE_TLS, "true", f"default_type text/html; return 403 '{_RIDDLE}';"),
    ):
        yield _by_name(port, kind, body, folder)
    yield _PLAIN.format(port=Port.FORBIDDEN.value, body="return 403;")
    yield _PLAIN.format(port=Port.BUSY.value, body="return 503;")
    yield _PLAIN.format(port=Port.VARIED.value, body=f"return 200 '{_VARIED}';")
    yield _PLAIN.format(port=Port.RIDDLE.value, body=f"default_type text/html; return 200 '{_RIDDLE}';")
    wrong = f"{folder}/certificates/true/{SITES[0].name}.pem"
    yield _TLS.format(listen=_anywhere(Port.WRONG_NAME), certificate=wrong, body=pages)
    yield from _declining(Port.DECLINED, pages, folder)
    yield _DECLINE.format(listen=_anywhere(Port.DECLINED_ALL), name="_")


def _declining(port: Port, body: str, folder: Path) -> Iterator[str]:
    """One name is declined by an alert; any other is shown its certificate."""
    yield _by_name(port, "true", body, folder)
    yield _DECLINE.format(listen=_anywhere(port), name=names.CENSORED)


def _by_name(port: Port, kind: str, body: str, folder: Path) -> str:
    """A wildcard server that shows the certificate of a kind for whatever name the ClientHello has."""
    certificate = f"{folder}/certificates/{kind}/$spoken.pem"
    return _TLS.format(listen=_anywhere(port), certificate=certificate, body=body)


def _nearby(folder: Path) -> str:
    certificate = f"{folder}/certificates/true/$spoken.pem"
    body = f"root {folder}/pages/$spoken;"
    return _TLS.format(listen=f"listen {names.NEARBY}:443 ssl;", certificate=certificate, body=body)


def _operator_conduct(folder: Path) -> Iterator[str]:
    for port, kind in (
        (Port.FORGED, "forged"),
        (Port.FORGED_SELF_SIGNED, "self"),
        (Port.FORGED_EXPIRED, "forged_expired"),
        (Port.FORGED_KNOWN, "forged_known"),
        (Port.FORGED_SOME, "$maker"),
    ):
        yield _by_name(port, kind, _RELAY, folder)
    yield from _declining(Port.DECLINED_ON_THE_WAY, _RELAY, folder)
    another = f"{folder}/certificates/true/{SITES[0].name}.pem"
    yield _TLS.format(listen=_anywhere(Port.ANOTHERS), certificate=another, body=_RELAY)
    notice = f"{_root(names.NOTICE_NAME, folder)} try_files /index.html =404;"
    yield _PLAIN.format(port=Port.NOTICE.value, body=notice)
    yield _PLAIN.format(port=Port.NOTICE_REDIRECT.value, body=f"return 302 http://{names.NOTICE}/;")
    yield from (_refusal(port, status, folder) for port, status in _REFUSALS)
    yield _PLAIN.format(port=Port.PROXY.value, body=_CACHE)
    yield _PLAIN.format(port=Port.MUTE.value, body="return 204;")
    yield f"server {{ listen {names.NOTICE}:80; {notice} }}"
    certificate = f"{folder}/certificates/self/{names.NOTICE_NAME}.pem"
    for listen in (f"listen {names.NOTICE}:443 ssl;", _anywhere(Port.PORTAL_TLS)):
        yield _TLS.format(listen=listen, certificate=certificate, body=notice)


_REFUSALS: Final = ((Port.NOTICE_FORBIDDEN, 403), (Port.NOTICE_LEGAL, 451))


def _refusal(port: Port, status: int, folder: Path) -> str:
    """The notice, under a status that says no."""
    page = f"error_page {status} /index.html; location = /index.html {{ }} location / {{ return {status}; }}"
    return _PLAIN.format(port=port.value, body=f"{_root(names.NOTICE_NAME, folder)} {page}")


def _anywhere(port: Port) -> str:
    return f"listen {port} ssl; listen [::]:{port} ssl;"
