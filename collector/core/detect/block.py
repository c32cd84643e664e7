"""A block of lines into columns, at a few microseconds a line; blocks can be read side by side.

Rules of this file: only what detection needs is decoded; a network, a target and a verdict
are few different texts that repeat, so each text is understood once and then looked up.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import msgspec
import numpy as np

from collector.core.detect.arrays import Codes, Floats, Ints, Small
from collector.core.detect.columns import (
    BAD,
    DOMESTIC,
    FOREIGN,
    FORGED,
    GOOD,
    LINE_DOWN,
    NOTHING,
    SLOW,
    SLUGGISH,
    TARGETS_FAULT,
    UNSURE,
    Place,
    Role,
)  # fmt: skip
from collector.core.detect.stamps import seconds_of
from wire.errors import BadRecord
from wire.records import Network, Target, Verdict

_FAULTS: Final = (msgspec.MsgspecError, UnicodeDecodeError, BadRecord)
_FORGERIES: Final = {"ssl_unknown_authority", "ssl_invalid_certificate", "ssl_invalid_hostname"}
T = TypeVar("T")


class BadLine(BadRecord):
    """A line that is no measurement; `number` counts from 1."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}")
        self.number, self.why = number, why

    def __reduce__(self) -> tuple[type[BadLine], tuple[int, str]]:
        return BadLine, (self.number, self.why)


class Block(msgspec.Struct):
    """Columns of some lines. `probe`, `place`, `target` count in the block's own tables."""

    lines: int
    records: int
    at: Floats
    arrival: Floats
    probe: Codes
    place: Codes
    target: Codes
    outcome: Small
    key: Ints
    ids: bytes
    probes: list[str]
    places: list[Place]
    roles: list[Role]


class _Line(msgspec.Struct, gc=False):
    id: str
    probe: str
    at: str
    network: msgspec.Raw
    target: msgspec.Raw
    verdict: msgspec.Raw
    received_at: str | None = None


class _Ended(msgspec.Struct, gc=False):
    failure: str | None = None


class _Vague(msgspec.Struct, gc=False):
    verdict: Verdict
    steps: list[_Ended] = []


_vague = msgspec.json.Decoder(_Vague).decode
_decode = msgspec.json.Decoder(_Line).decode
_networks = msgspec.json.Decoder(Network)
_targets = msgspec.json.Decoder(Target)
_verdicts = msgspec.json.Decoder(Verdict)


def hosted(target: Target) -> int:
    """Where a target is hosted; one that was not told by its name: .kz and .қаз are domestic."""
    if target.side:
        return DOMESTIC if target.side == "domestic" else FOREIGN
    host = target.url.partition("://")[2].partition("/")[0].partition(":")[0].lower()
    return DOMESTIC if host.endswith((".kz", ".қаз", ".xn--80ao21a")) else FOREIGN


def outcome_of(text: bytes) -> int:
    """What a verdict (JSON) says, as one of the outcomes of `columns`."""
    return said(_verdicts.decode(text))


def said(verdict: Verdict) -> int:
    """The same of a record."""
    mechanism = verdict.mechanism or ""
    if mechanism == "line.down":
        return LINE_DOWN
    if verdict.state in {"blocked", "likely_blocked"}:
        return FORGED if mechanism.startswith("tls.mitm") else BAD
    if verdict.state == "impaired":
        return _impaired(mechanism)
    return {"ok": GOOD, "down": TARGETS_FAULT}.get(verdict.state, NOTHING)


def _clear(text: bytes) -> int | None:
    """The outcome, None where the verdict names no mechanism and the steps may say more."""
    verdict = _verdicts.decode(text)
    vague = verdict.mechanism is None and verdict.state in {"blocked", "likely_blocked", "insufficient"}
    return None if vague else said(verdict)


def _by_steps(line: bytes) -> int:
    """The outcome of a vague verdict: forged by the certificate's failure; failed, whosever fault it is."""
    record = _vague(line)
    failures = {step.failure for step in record.steps if step.failure}
    if record.verdict.state != "insufficient":
        return FORGED if failures & _FORGERIES else BAD
    return UNSURE if failures else NOTHING


def _impaired(mechanism: str) -> int:
    if "throttle" in mechanism:
        return SLOW
    return GOOD if mechanism.startswith("line.") else SLUGGISH


def read_block(lines: list[bytes]) -> Block:
    """Some whole lines; raises `BadLine`. Empty lines are passed over."""
    try:
        return _read(lines, len(lines))
    except _FAULTS as error:
        full = [line for line in lines if line.strip()]
        if len(full) < len(lines):
            with suppress(*_FAULTS):
                return _read(full, len(lines))
        raise _fault(lines) or BadLine(1, str(error)) from error


def _read(lines: list[bytes], count: int) -> Block:
    records = list(map(_decode, lines))
    probe, probes = _numbers([one.probe for one in records], str)
    place, places = _numbers(list(map(bytes, [one.network for one in records])), place_of)
    target, roles = _numbers(list(map(bytes, [one.target for one in records])), role_of)
    verdict, outcomes = _numbers(list(map(bytes, [one.verdict for one in records])), _clear)
    ids = [one.id for one in records]
    outcome = np.array([one or NOTHING for one in outcomes], np.int8)[verdict]
    vague = np.array([one is None for one in outcomes], bool)[verdict]
    for row in np.flatnonzero(vague):
        outcome[row] = _by_steps(lines[row])
    return Block(
        lines=count,
        records=len(records),
        at=seconds_of([one.at for one in records]),
        arrival=seconds_of([one.received_at or one.at for one in records]),
        probe=probe,
        place=place,
        target=target,
        outcome=outcome,
        key=np.array(list(map(hash, ids)), np.int64),
        ids=msgspec.msgpack.encode(ids),
        probes=probes,
        places=places,
        roles=roles,
    )


def _fault(lines: list[bytes]) -> BadLine | None:
    """The first line that is at fault."""
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                _read([line], 1)
        except _FAULTS as error:
            return BadLine(number, str(error).splitlines()[0])
    return None


def place_of(text: bytes) -> Place:
    """A network (JSON) as a place."""
    network = _networks.decode(text)
    return Place(network.region, network.asn, network.access, network.side)


def role_of(text: bytes) -> Role:
    """A target (JSON) as a role."""
    target = _targets.decode(text)
    return Role(target.id, target.category, hosted(target))


def _numbers(texts: list[Any], understand: Callable[[Any], T]) -> tuple[Codes, list[T]]:
    """A number for each text, and what each number means."""
    known = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return np.array([known[text] for text in texts], np.int32), [understand(text) for text in known]
