"""Lines of JSON into columns, at a few microseconds a line.

Rules of this file: only what detection needs is decoded; a network, a target and a verdict
are few different texts that repeat, so each text is understood once and then looked up.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

import msgspec
import numpy as np
import numpy.typing as npt

from collector.core.detect.arrays import Floats, Ints
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
    Columns,
    Place,
    Role,
)  # fmt: skip
from wire.errors import BadRecord
from wire.records import Network, Target, Verdict
from wire.times import epoch_seconds

_STAMP: Final = len("2022-01-05T10:30:00.000Z")
_DIGITS: Final = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 22)
_SIGNS: Final = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: ".", 23: "Z"}
_DAYS_BEFORE: Final = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_LENGTHS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_YEAR_1_TO_1970: Final = 719_528  # days
_NO_TIME: Final = ""
_ORDINARY: Final = ((1, 12), (1, 31), (0, 23), (0, 59), (0, 59))  # month, day, hour, minute, second
_FEBRUARY: Final = 2
Number = TypeVar("Number", bound=np.generic)


class BadLine(BadRecord):
    """A line that is no measurement; `number` counts from 1."""

    def __init__(self, number: int, why: str) -> None:
        super().__init__(f"line {number}: {why}")
        self.number, self.why = number, why


class _Line(msgspec.Struct, gc=False):
    id: str
    probe: str
    at: str
    network: msgspec.Raw
    target: msgspec.Raw
    verdict: msgspec.Raw
    received_at: str | None = None


class _Part(msgspec.Struct):
    at: Floats
    arrival: Floats
    probe: Ints
    place: Ints
    target: Ints
    outcome: Ints
    key: Ints
    ids: bytes


class Reader:
    """Takes blocks of lines, gives columns."""

    def __init__(self) -> None:
        """Nothing read yet."""
        self._decode = msgspec.json.Decoder(_Line).decode
        self._probes: dict[str, int] = {}
        self._texts: tuple[dict[bytes, int], ...] = ({}, {}, {})
        self._places: dict[Place, int] = {}
        self._roles: dict[Role, int] = {}
        self._parts: list[_Part] = []
        self.lines = 0

    def take(self, lines: Sequence[bytes]) -> None:
        """Some whole lines; raises `BadLine`. Empty lines are passed over."""
        numbered = [(n, line) for n, line in enumerate(lines, self.lines + 1) if line.strip()]
        if numbered:
            self._parts.append(self._part(numbered))
        self.lines += len(lines)

    def columns(self) -> Columns:
        """All that was read, in the order of arrival, without duplicates."""
        key = self._joined("key", np.int64)
        arrival = self._joined("arrival", np.float64)
        order = np.argsort(arrival, kind="stable")
        order = order[_first_seen(key[order])]
        return Columns(
            self._joined("at", np.float64)[order], arrival[order], self._joined("probe", np.int64)[order],
            self._joined("place", np.int64)[order], self._joined("target", np.int64)[order],
            self._joined("outcome", np.int8)[order], order, list(self._probes), list(self._places),
            list(self._roles), self._id_of,
        )  # fmt: skip

    def _joined(self, name: str, kind: type[Number]) -> npt.NDArray[Number]:
        parts = [getattr(part, name) for part in self._parts]
        return np.concatenate(parts).astype(kind, copy=False) if parts else np.empty(0, kind)

    def _part(self, numbered: list[tuple[int, bytes]]) -> _Part:
        records = self._decoded(numbered)
        at = _seconds([one.at for one in records], numbered)
        given = [one.received_at or _NO_TIME for one in records]
        arrival = _seconds([late or one.at for late, one in zip(given, records, strict=True)], numbered)
        try:
            return self._made(records, at, arrival)
        except msgspec.MsgspecError as error:
            raise self._blame(numbered, error) from error

    def _made(self, records: list[_Line], at: Floats, arrival: Floats) -> _Part:
        networks, targets, verdicts = self._texts
        count = len(records)
        return _Part(
            at=at,
            arrival=arrival,
            probe=np.fromiter((self._probe(one.probe) for one in records), np.int32, count),
            place=_numbers([one.network for one in records], networks, self._place),
            target=_numbers([one.target for one in records], targets, self._role),
            outcome=_numbers([one.verdict for one in records], verdicts, outcome_of),
            key=np.fromiter((hash(one.id) for one in records), np.int64, count),
            ids="\n".join([one.id for one in records]).encode(),
        )

    def _decoded(self, numbered: list[tuple[int, bytes]]) -> list[_Line]:
        decode = self._decode
        try:
            return [decode(line) for _, line in numbered]
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self._blame(numbered, error) from error

    def _blame(self, numbered: list[tuple[int, bytes]], fallback: Exception) -> BadLine:
        """The first line that is at fault."""
        for number, line in numbered:
            try:
                one = self._decode(line)
                self._place(bytes(one.network))
                self._role(bytes(one.target))
                outcome_of(bytes(one.verdict))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                return BadLine(number, str(error).splitlines()[0])
        return BadLine(numbered[0][0], str(fallback))

    def _probe(self, name: str) -> int:
        return self._probes.setdefault(name, len(self._probes))

    def _place(self, text: bytes) -> int:
        network = _networks.decode(text)
        place = Place(network.region, network.asn, network.access, network.side)
        return self._places.setdefault(place, len(self._places))

    def _role(self, text: bytes) -> int:
        target = _targets.decode(text)
        return self._roles.setdefault(Role(target.id, target.category, hosted(target)), len(self._roles))

    def _id_of(self, row: int) -> str:
        for part in self._parts:
            if row < len(part.at):
                return part.ids.decode().split("\n")[row]
            row -= len(part.at)
        raise IndexError(row)


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
    verdict = _verdicts.decode(text)
    mechanism = verdict.mechanism or ""
    if mechanism == "line.down":
        return LINE_DOWN
    if verdict.state in {"blocked", "likely_blocked"}:
        return FORGED if mechanism.startswith("tls.mitm") else BAD
    if verdict.state == "impaired":
        return _impaired(mechanism)
    return {"ok": GOOD, "down": TARGETS_FAULT}.get(verdict.state, NOTHING)


def _impaired(mechanism: str) -> int:
    if "throttle" in mechanism:
        return SLOW
    return GOOD if mechanism.startswith("line.") else SLUGGISH


def _numbers(raws: list[msgspec.Raw], known: dict[bytes, int], understand: Callable[[bytes], int]) -> Ints:
    """A number for each text; what was never seen is understood first."""
    texts = [bytes(raw) for raw in raws]
    for text in set(texts).difference(known):
        known[text] = understand(text)
    return np.fromiter((known[text] for text in texts), np.int32, len(texts)).astype(np.int64)


def _first_seen(keys: Ints) -> Ints:
    """Positions of the first of each key, in their order."""
    _, first = np.unique(keys, return_index=True)
    first.sort()
    return first


def _seconds(texts: list[str], numbered: list[tuple[int, bytes]]) -> Floats:
    """Wire times as Unix seconds: in one go where all have our own form, else one by one."""
    try:
        raw = np.array(texts, dtype=f"S{_STAMP + 1}")
    except UnicodeEncodeError:
        return _one_by_one(texts, numbered)
    letters = raw.view(np.uint8).reshape(len(texts), _STAMP + 1)
    if not _is_ours(letters):
        return _one_by_one(texts, numbered)
    return _calendar(letters.astype(np.int64) - ord("0"), texts, numbered)


def _is_ours(letters: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bool:
    digits = letters[:, _DIGITS]
    signs = all((letters[:, place] == ord(sign)).all() for place, sign in _SIGNS.items())
    return bool(
        signs and ((digits >= ord("0")) & (digits <= ord("9"))).all() and (letters[:, _STAMP] == 0).all()
    )


def _calendar(d: Ints, texts: list[str], numbered: list[tuple[int, bytes]]) -> Floats:
    year = d[:, 0] * 1000 + d[:, 1] * 100 + d[:, 2] * 10 + d[:, 3]
    month, day, hour, minute, second = (d[:, at] * 10 + d[:, at + 1] for at in (5, 8, 11, 14, 17))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    parts = zip((month, day, hour, minute, second), _ORDINARY, strict=True)
    sound = np.logical_and.reduce([(low <= part) & (part <= high) for part, (low, high) in parts])
    if not (sound & (day <= _LENGTHS[month % 13] + (leap & (month == _FEBRUARY)))).all():
        return _one_by_one(texts, numbered)
    past = year - 1
    leap_days = past // 4 - past // 100 + past // 400 + (leap & (month > _FEBRUARY))
    days = year * 365 + leap_days + _DAYS_BEFORE[month] + day - _YEAR_1_TO_1970
    millis = d[:, 20] * 100 + d[:, 21] * 10 + d[:, 22]
    found: Floats = (days * 86_400 + hour * 3600 + minute * 60 + second) + millis / 1000.0
    return found


def _one_by_one(texts: list[str], numbered: list[tuple[int, bytes]]) -> Floats:
    found = np.empty(len(texts))
    for index, text in enumerate(texts):
        try:
            found[index] = epoch_seconds(text)
        except BadRecord as error:
            raise BadLine(numbered[index][0], str(error)) from error
    return found
