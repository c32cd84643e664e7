"""A stream of our records as a stream of OONI's measurements.

A website is one record and one measurement. A messenger is one measurement made of a round's
records; a round of a messenger ends where one of its targets stands a second time, or after
`ROUND_S`. So websites are given out at once and messengers when the stream ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from probes.core.ooni.base import Reason, refusal
from probes.core.ooni.format import OoniMeasurement
from probes.core.ooni.messengers import messenger_measurement, messenger_of
from probes.core.ooni.web import SCHEMES, web_measurement
from wire.judge.trail import scheme_of
from wire.records import Measurement, Network
from wire.times import seconds_between

ROUND_S: Final = 600.0
_Group = tuple[str, str, Network]


class Refused(Struct, frozen=True):
    """A record that was left out, and why."""

    reason: Reason


def to_ooni(records: Iterable[Measurement], software: str) -> Iterator[OoniMeasurement | Refused]:
    """Every record that OONI has a test for; the others as `Refused`. `software`: our version."""
    groups: dict[_Group, list[Measurement]] = defaultdict(list)
    for one in records:
        messenger = messenger_of(one)
        reason = refusal(one)
        if reason is not None:
            yield Refused(reason)
        elif messenger is not None:
            groups[messenger, one.probe, one.network].append(one)
        elif scheme_of(one.target) in SCHEMES:
            yield web_measurement(one, software)
        else:
            yield Refused("no test at OONI")
    for (messenger, _, _), found in groups.items():
        for round_ in rounds(found):
            yield messenger_measurement(messenger, round_, software)


def rounds(records: Iterable[Measurement]) -> Iterator[list[Measurement]]:
    """The records of one messenger and probe, cut into rounds."""
    current: list[Measurement] = []
    seen: set[str] = set()
    for one in sorted(records, key=lambda one: one.at):
        if current and (one.target.url in seen or seconds_between(current[0].at, one.at) > ROUND_S):
            yield current
            current, seen = [], set()
        current.append(one)
        seen.add(one.target.url)
    if current:
        yield current
