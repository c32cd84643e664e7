"""The gateway's settings: a TOML file, read strictly. The reference of every key is docs/sms.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from wire.errors import BadInput

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_-]{0,31}$")]
Secret = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{0,64}$")]
Rate = Annotated[float, Meta(gt=0, le=100_000)]
_MAX_PORT: Final = 65_535
_OUR_QUEUE: Final = "collector"


class KannelLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A Kannel. `sendsms`: smsbox's address, empty when nothing is answered; `key`: what it must present."""

    kind: Literal["kannel"] = "kannel"
    name: Name = "kannel"
    key: Secret = ""
    sendsms: str = ""
    username: str = ""
    password: str = ""
    sender: Annotated[str, Meta(max_length=20)] = ""
    operator: Annotated[str, Meta(pattern=r"^(AS\d{1,10})?$")] = ""
    texts_per_s: Rate = 100.0
    texts_burst: Rate = 1_000.0


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the gateway listens, keeps its data, reports to, and its links."""

    listen: str = "127.0.0.1:8081"
    data: str
    collector: str
    invite: Annotated[str, Meta(pattern=r"^([A-Za-z0-9_-]{16,64})?$")] = ""
    keep_days: Annotated[float, Meta(gt=0, le=3_650)] = 30.0
    reply_hours: Annotated[float, Meta(gt=0, le=168)] = 6.0
    replies_per_hour: Annotated[int, Meta(ge=0, le=10_000)] = 20
    link: Annotated[tuple[KannelLink, ...], Meta(min_length=1, max_length=16)]


def read_settings(path: Path) -> Settings:
    """The settings of a file; raises `BadInput` in one line that names the file and the key."""
    try:
        settings = msgspec.toml.decode(path.read_bytes(), type=Settings)
        check(settings)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, BadInput) as error:
        raise BadInput(f"{path}: {error}") from error
    return settings


def check(settings: Settings) -> None:
    """What types cannot say; raises `BadInput`."""
    address(settings.listen)
    _check_url("collector", settings.collector)
    if not settings.data:
        raise BadInput("data: a folder is needed")
    for link in settings.link:
        _check_link(link)
    _check_different("name", (link.name for link in settings.link))
    _check_different("key", (link.key for link in settings.link))


def address(listen: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8081` or `[::1]:8081`; port 0 lets the system choose. Raises `BadInput`."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > _MAX_PORT:
        raise BadInput(f"listen: {listen!r} is not HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _check_link(link: KannelLink) -> None:
    where = f"link {link.name}"
    if link.name == _OUR_QUEUE:
        raise BadInput(f"{where}: the name is taken by the queue of reports")
    if link.sendsms:
        _check_url(f"{where}: sendsms", link.sendsms)
        if not link.username or not link.password:
            raise BadInput(f"{where}: sendsms needs username and password")


def _check_url(key: str, url: str) -> None:
    try:
        found = urlsplit(url)
        port_fits = found.port is None or found.port > 0
    except ValueError as error:
        raise BadInput(f"{key}: {error}") from error
    if found.scheme not in {"http", "https"} or not found.hostname or not port_fits:
        raise BadInput(f"{key}: {url!r} is not an http(s) address")
    if found.query or found.fragment or found.username:
        raise BadInput(f"{key}: only scheme, host, port and path are wanted")


def _check_different(key: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            what = f"are called {value}" if key == "name" else "have the same key (or none)"
            raise BadInput(f"two links {what}; each needs its own {key}")
        seen.add(value)
