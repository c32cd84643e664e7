"""`dabyl up`: collector, probe and SMS gateway on one machine, with embedded storage, in one process."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec.structs import replace

from dabyl import loop
from dabyl.commands import options as given
from dabyl.system import SystemClock, SystemRandom

if TYPE_CHECKING:
    from sms_gateway import Settings
    from wire.enrol import Role

DEFAULT_DATA: Final = "dabyl-data"
DEFAULT_LISTEN: Final = "127.0.0.1:8080"
DEFAULT_SMS_LISTEN: Final = "127.0.0.1:8081"
_INVITE_HOURS: Final = 1.0
_ABOUT: Final = """
Runs everything on this machine until Ctrl-C: a collector with its status page, a probe of the shipped
targets and an SMS gateway for a Kannel. All data stays in one folder. Starting it is the consent to
contact the shipped targets, which 'dabyl probe what' lists.
"""


def add(commands: Any) -> None:
    """Register the command."""
    up = commands.add_parser("up", help="run everything on this machine", description=_ABOUT)
    up.add_argument(
        "--data", type=Path, default=Path(DEFAULT_DATA), metavar="DIR", help="default: %(default)s"
    )
    up.add_argument("--listen", default=DEFAULT_LISTEN, metavar="ADDR", help="the page; default: %(default)s")
    up.add_argument(
        "--sms-listen", default=DEFAULT_SMS_LISTEN, metavar="ADDR", help="the gateway; default: %(default)s"
    )
    up.add_argument(
        "--sms-config",
        type=Path,
        metavar="FILE",
        help="the gateway's links and alerts; its listen, data, collector and invite are set here",
    )
    up.add_argument(
        "--every", type=given.every, default=300.0, metavar="S", help="between rounds (%(default)g)"
    )
    given.add_measuring(up)
    given.add_manners(up)
    up.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run until stopped."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="dabyl: %(message)s")
    loop.run_until_stopped(lambda: _up(options))
    _say("stopped; everything is kept in", str(options.data))
    return 0


async def _up(options: argparse.Namespace) -> None:
    async with asyncio.TaskGroup() as group:
        collector = await _collector(group, options)
        _say("collector", f"the status page is at {collector}/")
        group.create_task(_gateway(options, collector))
        group.create_task(_probe(options, collector))


async def _collector(group: asyncio.TaskGroup, options: argparse.Namespace) -> str:
    """Start the collector; its address once it can be used."""
    from collector import read_settings, serve

    listening: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = read_settings(None, options.listen, str(options.data / "collector"))
    if _only_here(options.listen):  # who reads the page is whose probe it is
        settings = msgspec.structs.replace(settings, publish_from=1)
    group.create_task(serve(settings, SystemClock(), SystemRandom(), listening.set_result))
    return await listening


def _only_here(listen: str) -> bool:
    """Whether nobody but this machine can read the page."""
    return listen.rpartition(":")[0] in {"localhost", "[::1]"} or listen.startswith("127.")


def _invite(options: argparse.Namespace, role: Role) -> str:
    """A fresh token; one that is not needed, since its owner is known already, expires unused."""
    from collector import new_invite

    return new_invite(options.data / "collector", role, _INVITE_HOURS, SystemClock(), SystemRandom())


async def _gateway(options: argparse.Namespace, collector: str) -> None:
    from sms_gateway import serve

    settings = msgspec.structs.replace(
        _links(options),
        listen=options.sms_listen,
        data=str(options.data / "sms"),
        collector=collector,
        invite=_invite(options, "gateway"),
    )
    await serve(
        settings,
        SystemClock(),
        SystemRandom(),
        lambda url: _say("sms", _door(url, [link.kind for link in settings.link])),
    )


def _door(url: str, kinds: list[str]) -> str:
    return f"a Kannel may send texts to {url}/kannel" if "kannel" in kinds else f"listens on {url}"


def _links(options: argparse.Namespace) -> Settings:
    """A Kannel that may bring texts, or what the file says; raises `BadInput`."""
    from sms_gateway import KannelLink, Settings, read_settings

    if options.sms_config is not None:
        return read_settings(options.sms_config)
    return Settings(data="", collector="", link=(KannelLink(),))


async def _probe(options: argparse.Namespace, collector: str) -> None:
    from dabyl.commands import measuring
    from probes import run_probe

    measuring.tell_of_sensitive(options)
    settings = measuring.probe_settings(options, options.data / "probe", _invite(options, "probe"), collector)
    settings = replace(settings, first_within_s=0.0)  # who starts everything waits at the page
    count = len(settings.targets)
    _say("probe", f"measuring {count} targets every {options.every:g} s; 'dabyl probe what' lists them")
    await run_probe(settings, SystemClock(), SystemRandom(), lambda line: _say("probe", line))


def _say(who: str, what: str) -> None:
    print(f"dabyl: {who}: {what}", file=sys.stderr, flush=True)
