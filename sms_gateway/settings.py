"""The gateway's settings: a TOML file, read strictly. The reference of every key is docs/sms.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from sms_gateway.link_settings import MAX_PORT, AnyLink, KannelLink, LinkSettings, check_url
from wire.errors import BadInput
from wire.facts import Language

Phone = Annotated[str, Meta(pattern=r"^\+[0-9]{10,15}$")]
_OUR_QUEUES: Final = frozenset({"collector", "journal", "alerts"})


class Alerts(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What Alertmanager may tell, with which token, and who gets it as a text.

    `watchdog_minutes`: without the alert Watchdog for so long, people are told that nobody watches; 0: never.
    """

    token: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{16,128}$")]
    to: Annotated[tuple[Phone, ...], Meta(min_length=1, max_length=50)]
    link: str = ""
    language: Language = "ru"
    gather_s: Annotated[float, Meta(gt=0, le=600)] = 10.0
    confirm_every_s: Annotated[float, Meta(gt=0, le=600)] = 15.0
    hours: Annotated[float, Meta(gt=0, le=168)] = 12.0
    watchdog_minutes: Annotated[float, Meta(ge=0, le=1_440)] = 10.0


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the gateway listens, keeps its data, reports to, and its links."""

    listen: str = "127.0.0.1:8081"
    data: str
    collector: str
    invite: Annotated[str, Meta(pattern=r"^([A-Za-z0-9_-]{16,64})?$")] = ""
    keep_days: Annotated[float, Meta(gt=0, le=3_650)] = 30.0
    reply_hours: Annotated[float, Meta(gt=0, le=168)] = 6.0
    replies_per_hour: Annotated[int, Meta(ge=0, le=10_000)] = 20
    link_replies_per_hour: Annotated[int, Meta(ge=0, le=1_000_000)] = 20_000
    answer_to: Literal["all", "enrolled"] = "all"
    keys: str = ""
    probes: str = ""
    directory: str = ""
    own_numbers: Annotated[tuple[Annotated[str, Meta(max_length=20)], ...], Meta(max_length=64)] = ()
    partial_minutes: Annotated[float, Meta(gt=0, le=10_080)] = 60.0
    alerts: Alerts | None = None
    link: Annotated[tuple[AnyLink, ...], Meta(min_length=1, max_length=16)]


def read_settings(path: Path) -> Settings:
    """The settings of a file; raises `BadInput` in one line that names the file and the key."""
    try:
        settings = msgspec.convert(_with_kinds(msgspec.toml.decode(path.read_bytes())), Settings)
        check(settings)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except (msgspec.MsgspecError, UnicodeDecodeError, BadInput) as error:
        raise BadInput(f"{path}: {error}") from error
    return settings


def check(settings: Settings) -> None:
    """What types cannot say; raises `BadInput`."""
    address(settings.listen)
    check_url("collector", settings.collector)
    if not settings.data:
        raise BadInput("data: a folder is needed")
    for link in settings.link:
        _check_link(link)
    sending = {"", *(link.name for link in settings.link if link.sends)}
    if settings.alerts and settings.alerts.link not in sending:
        raise BadInput(f"alerts: link: no link that sends is called {settings.alerts.link!r}")
    _check_different("name", (link.name for link in settings.link))
    _check_different("key", (link.key for link in settings.link if isinstance(link, KannelLink)))


def address(listen: str) -> tuple[str, int]:
    """Host and port of `127.0.0.1:8081` or `[::1]:8081`; port 0 lets the system choose. Raises `BadInput`."""
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > MAX_PORT:
        raise BadInput(f"listen: {listen!r} is not HOST:PORT")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _with_kinds(found: Any) -> Any:
    """A link that names no kind is a Kannel's, as it was when there was no other."""
    links = found.get("link")
    if isinstance(links, list):
        found["link"] = [{"kind": "kannel"} | one if isinstance(one, dict) else one for one in links]
    return found


def _check_link(link: LinkSettings) -> None:
    where = f"link {link.name}"
    if link.name in _OUR_QUEUES:
        raise BadInput(f"{where}: the name is taken by a queue of ours")
    try:
        link.check()
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error


def _check_different(key: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            what = f"are called {value}" if key == "name" else "have the same key (or none)"
            raise BadInput(f"two links {what}; each needs its own {key}")
        seen.add(value)
