"""The options of a measuring command as what the probe needs; bad ones raise `BadInput` with one line."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from dabyl.system import SystemClock, SystemRandom
from probes import (
    BUDGET_MB,
    MEGABYTE,
    METERED_BUDGET_MB,
    SCHEMES,
    Manners,
    ProbeSettings,
    Resolver,
    Tools,
    Usual,
    check_url,
    given,
    make_trust,
    read_source,
    system_resolvers,
)
from wire.errors import BadInput
from wire.facts import regions
from wire.judge import ControlTable
from wire.records import Measurement, Network, Target
from wire.targets import Row, default_rows, read_rows, target_of_url

DOMESTIC_ANCHORS: Final = 3
# Asked only about a name whose own answer is missing or strange.
PUBLIC_RESOLVERS: Final = ("1.1.1.1", "8.8.8.8")


def targets(options: argparse.Namespace) -> tuple[list[Target], list[Target]]:
    """The targets to show, and those that are only measured to judge the own line."""
    urls: list[str] = getattr(options, "urls", [])
    asked = _by_hand(urls)
    if options.targets:
        return [*asked, *_of_file(Path(options.targets), sensitive=options.sensitive)], []
    shipped = [row.target for row in default_rows(SCHEMES) if options.sensitive or not row.sensitive]
    return (asked, anchors(shipped, asked)) if asked else (shipped, [])


def anchors(shipped: list[Target], asked: list[Target]) -> list[Target]:
    """The shipped controls and the first domestic sites, less what was asked for anyway."""
    domestic = [one for one in shipped if one.side == "domestic" and one.category != "control"]
    chosen = [*(one for one in shipped if one.category == "control"), *domestic[:DOMESTIC_ANCHORS]]
    known = {one.url for one in asked}
    return [one for one in chosen if one.url not in known]


def _by_hand(urls: list[str]) -> list[Target]:
    found = [target_of_url(url, SCHEMES) for url in dict.fromkeys(urls)]
    for target in found:
        check_url(target.url)
    return found


def sensitive(options: argparse.Namespace) -> list[Target]:
    """The sensitive targets among those that were asked for by a list."""
    if not options.sensitive:
        return []
    rows = _rows(Path(options.targets)) if options.targets else default_rows(SCHEMES)
    return [row.target for row in rows if row.sensitive]


def tell_of_sensitive(options: argparse.Namespace) -> None:
    """Say on standard error, before the first packet, that sensitive targets are among those asked for."""
    found = sensitive(options)
    if found:
        print(
            f"dabyl: {len(found)} sensitive targets are contacted too; that may be held against you",
            file=sys.stderr,
        )


def manners(options: argparse.Namespace) -> Manners:
    """The day's data and the battery."""
    metered = options.metered or os.environ.get("DABYL_METERED", "") not in {"", "0"}
    budget_mb = options.budget
    if budget_mb is None:
        budget_mb = METERED_BUDGET_MB if metered else BUDGET_MB
    return Manners(budget_bytes=round(budget_mb * MEGABYTE), battery_low=options.battery_low)


def _of_file(path: Path, *, sensitive: bool) -> list[Target]:
    rows = _rows(path)
    left_out = 0 if sensitive else sum(row.sensitive for row in rows)
    if left_out:
        print(f"dabyl: {path}: {left_out} sensitive targets are left out; see --sensitive", file=sys.stderr)
    return [row.target for row in rows if sensitive or not row.sensitive]


def _rows(path: Path) -> list[Row]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found = read_rows(lines, str(path), SCHEMES)
    except OSError as error:
        raise BadInput(f"--targets {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8") from error
    for row in found:
        _check(row.target, path)
    return found


def _check(target: Target, path: Path) -> None:
    try:
        check_url(target.url)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from error


def network(options: argparse.Namespace) -> Network:
    """Where the probe stands."""
    if options.region and options.region not in regions():
        raise BadInput(f"--region {options.region[:20]}: none of the regions, KZ-10 to KZ-79")
    try:
        place = {"asn": options.asn.upper(), "region": options.region}
        return msgspec.convert({**place, "access": options.access, "side": options.side}, Network)
    except msgspec.ValidationError as error:
        raise BadInput(f"--asn {options.asn[:20]}: not an AS number like AS9198") from error


async def controls(sources: list[str]) -> ControlTable:
    """The control records of all files and collectors."""
    found: list[Measurement] = []
    for source in sources:
        found += await read_source(source)
    return ControlTable(found)


def resolvers(options: argparse.Namespace) -> tuple[Resolver, ...]:
    """The name servers that were given; none: the machine's own."""
    return tuple(given(text) for text in options.resolver)


def public_resolvers(options: argparse.Namespace) -> tuple[Resolver, ...]:
    """Those that give a second opinion."""
    return tuple(given(text) for text in options.public_resolver or PUBLIC_RESOLVERS)


def probe_settings(options: argparse.Namespace, data: Path, invite: str, *collectors: str) -> ProbeSettings:
    """What a probe that goes on does, as the options of `dabyl probe run` and `dabyl up` say it."""
    return ProbeSettings(
        collectors=collectors,
        data=data,
        targets=tuple(targets(options)[0]),
        network=network(options),
        invite=invite,
        every_s=options.every,
        manners=manners(options),
        controls=tuple(options.control),
        resolvers=resolvers(options),
        public_resolvers=public_resolvers(options),
        timeout_s=options.timeout,
        concurrency=options.concurrency,
        packets=options.packets,
    )


def tools(options: argparse.Namespace, table: ControlTable) -> Tools:
    """Clock, trust, resolvers and limits for a round."""
    return Tools(
        clock=SystemClock(),
        randomness=SystemRandom(),
        trust=make_trust(),
        resolvers=resolvers(options) or system_resolvers(),
        public_resolvers=public_resolvers(options),
        known_addresses=table.addresses,
        timeout_s=options.timeout,
        expected=lambda target: Usual().expected(target, table.of(target)),
    )


def progress(what: str) -> Callable[[int, int], None]:
    """A counter on standard error, where that is a terminal."""
    if not sys.stderr.isatty():
        return lambda _done, _of: None
    return lambda done, of: _count(what, done, of)


def _count(what: str, done: int, of: int) -> None:
    end = "\n" if done == of else ""
    print(f"\r{what} {done}/{of}", end=end, file=sys.stderr, flush=True)
