"""`dabyl probe run`, `what` and `purge`: the volunteer's probe, with the volunteer's consent."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from msgspec.structs import replace

from dabyl import loop
from dabyl.commands import measuring
from dabyl.system import SystemClock, SystemRandom
from probes import (
    Contacts,
    ProbeSettings,
    RealDisk,
    check_folder,
    command_of,
    has_consent,
    keep_consent,
    limits_in_words,
    purge,
    run_probe,
    what_is_contacted,
    what_is_told,
)
from wire.errors import BadInput

_SENSITIVE: Final = (
    "Among them are sensitive ones; contacting those may be held against you. Measure them too?"
)
_INVITE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")


def run(options: argparse.Namespace) -> int:
    """Ask, then measure and deliver until stopped; what is in the spool stays for the next start."""
    settings = _settings(options)
    _agree(options, settings)
    loop.run_until_stopped(lambda: run_probe(settings, SystemClock(), SystemRandom(), _say))
    return 0


def _say(line: str) -> None:
    print(f"dabyl: {line}", file=sys.stderr, flush=True)


def what(options: argparse.Namespace) -> int:
    """Print what would be contacted."""
    for line in _contacts(options, _settings(options)):
        print(line)
    return 0


def purge_all(options: argparse.Namespace) -> int:
    """Remove everything after a yes."""
    folder = _folder(options)
    check_folder(folder)
    question = f"Remove this probe's key, spool and all else in {folder}? What was not delivered is lost."
    if not options.yes and not _says_yes(question):
        raise BadInput("nothing was removed")
    try:
        purge(folder)
    except OSError as error:
        raise BadInput(f"{folder}: {error.strerror}") from error
    return 0


def _folder(options: argparse.Namespace) -> Path:
    return Path(options.data).expanduser()


def _settings(options: argparse.Namespace) -> ProbeSettings:
    for url in options.collector:
        _check_collector(url)
    invite = getattr(options, "invite", "")
    _check_invite(invite)
    settings = measuring.probe_settings(options, _folder(options), invite, *options.collector)
    return replace(settings, text_command=command_of(getattr(options, "text_command", "")))


def _check_collector(url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise BadInput(f"--collector {url[:80]}: not an address like https://collector.example")


def _check_invite(invite: str) -> None:
    if invite and not _INVITE.fullmatch(invite):
        raise BadInput("--invite: not a token of 'dabyl collector invite'")


def _contacts(options: argparse.Namespace, settings: ProbeSettings) -> list[str]:
    places = what_is_contacted(
        Contacts(
            targets=settings.targets,
            collectors=settings.collectors,
            controls=settings.controls,
            resolvers=tuple(options.resolver),
            public_resolvers=tuple(one.address for one in settings.public_resolvers),
            sensitive=tuple(measuring.sensitive(options)),
        )
    )
    return [*places, *limits_in_words(settings.manners)]


def _agree(options: argparse.Namespace, settings: ProbeSettings) -> None:
    """Consent to exactly these places, before the first packet; raises `BadInput` without it."""
    lines, disk = _contacts(options, settings), RealDisk()
    try:
        if has_consent(settings.data, disk, lines):
            return
        for line in (*lines, "", what_is_told(settings.network)):
            print(line, file=sys.stderr)
        if not options.yes and not _says_yes("This machine will contact these places. Go on?"):
            raise BadInput("nothing was contacted; --yes agrees beforehand")
        if options.sensitive and not options.yes and not _says_yes(_SENSITIVE):
            raise BadInput("nothing was contacted; without --sensitive only targets of low risk are")
        keep_consent(settings.data, disk, lines)
    except OSError as error:
        raise BadInput(f"--data {settings.data}: {error.strerror}") from error


def _says_yes(question: str) -> bool:
    """Ask on the terminal; where there is none, the answer is no."""
    if not sys.stdin.isatty():
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes", "д", "да", "и", "иә"}
