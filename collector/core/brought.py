"""What probes said by text: their digests, as gateways bring them, made into measurements.

Rules of this file: a digest is believed for the signature inside it, whoever brought it; one that cannot be
believed is counted and left out, and never keeps the rest of its batch from being taken. The measurements
have names made from the digest, so that the same text over two gateways is the same measurements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from collector.core.digest import Digest
from collector.core.refusals import Reason, Refused
from collector.core.roster import Member, Roster
from collector.core.times import epoch_seconds, stamp
from wire import digest
from wire.columns import pack, unpack
from wire.digest import PARTS, Line, Reach
from wire.names import Mechanism, Side, Stage, State
from wire.records import Measurement, ProbeDigest, Step, Target, Verdict

RULE: Final = "digest"
STEP: Final = "digest"
LINE: Final = "line"
MAX_AHEAD_S: Final = 600.0
MAX_AGE_S: Final = 31 * 86_400.0
MOST: Final = 50_000  # a day of two thousand probes, once an hour
_LEAST_SHARE: Final = 0.5
_LINES: Final[dict[Line, tuple[State, Mechanism | None]]] = {
    "ok": ("ok", None),
    "down": ("insufficient", "line.down"),
    "lossy": ("impaired", "line.lossy"),
    "captive_portal": ("insufficient", "line.captive_portal"),
}


class Brought(Struct, frozen=True, kw_only=True):
    """A probe's digest that may be believed. `name`: the same for the same digest; `at`: Unix seconds.

    `records`: its measurements, with the time and the way of their arrival.
    """

    member: Member
    name: str
    at: float
    records: tuple[Measurement, ...]

    @property
    def digest(self) -> Digest:
        """The sums of its measurements."""
        return digest_of(self.records)


class Once:
    """Names that were seen, the newest of them: what two gateways bring is taken once."""

    def __init__(self, most: int = MOST) -> None:
        """`most`: how many are remembered."""
        self._names: dict[str, None] = {}
        self._most = most

    def is_first(self, name: str) -> bool:
        """Whether it was not seen; from now on it was."""
        if name in self._names:
            return False
        self._names[name] = None
        if len(self._names) > self._most:
            del self._names[next(iter(self._names))]
        return True


def digest_of(records: Iterable[Measurement]) -> Digest:
    """The sums of one probe's measurements."""
    return Digest(unpack(pack([replace(one, received_at=None) for one in records])))


def all_brought(
    found: Iterable[ProbeDigest], roster: Roster, arrived: float
) -> tuple[tuple[Brought, ...], tuple[Reason, ...]]:
    """What may be believed of a batch's digests, and why the others may not."""
    taken: list[Brought] = []
    refused: list[Reason] = []
    for one in found:
        try:
            taken.append(brought(one, roster, arrived))
        except Refused as error:
            refused.append(error.reason)
    return tuple(taken), tuple(refused)


def brought(found: ProbeDigest, roster: Roster, arrived: float) -> Brought:
    """The probe and the measurements of a digest that a gateway brought at `arrived` (Unix seconds).

    Raises `Refused` with the names that a batch is refused with: "malformed", "unknown_probe", "revoked",
    "role", "signature", "time".
    """
    read = digest.read(found.text)
    if read is None:
        raise Refused("malformed", "not a digest of this version")
    told, payload = read
    member = _member(roster.by_print(told.probe), arrived)
    if not digest.is_signed_by(payload, member.key):
        raise Refused("signature")
    at, name = epoch_seconds(told.at), digest.identity(payload)
    if not arrived - MAX_AGE_S <= at <= arrived + MAX_AHEAD_S:
        raise Refused("time")
    records = _records(told, (member.id, name), stamp(arrived))
    return Brought(member=member, name=name, at=at, records=tuple(records))


def _member(found: Member | None, arrived: float) -> Member:
    """As a batch's sender. What came before its key was enrolled is not believed in hindsight."""
    if found is None or found.enrolled > arrived:
        raise Refused("unknown_probe")
    if found.revoked:
        raise Refused("revoked")
    if found.role != "probe":
        raise Refused("role", f"a {found.role} sends no digest")
    return found


def _records(told: digest.Digest, names: tuple[str, str], received_at: str) -> Iterator[Measurement]:
    """One for each category and side, and one for the line; nothing for what the probe could not say."""
    probe, name = names
    for target, step, verdict in _said(told):
        yield Measurement(
            id=f"{name}-{target.id}",
            probe=probe,
            at=told.at,
            received_at=received_at,
            channel="sms",
            network=told.network,
            target=target,
            steps=(step,),
            verdict=verdict,
        )


def _said(told: digest.Digest) -> Iterator[tuple[Target, Step, Verdict]]:
    for one in told.reach:
        step = Step(step=STEP, failure=None, t0=0.0, t=0.0, tried=PARTS, ok=round(one.share * PARTS))
        target = _target(f"{one.category}/{one.side}", one.category, one.side)
        yield target, step, _reached(one, told.worst)
    if told.line in _LINES:
        state, mechanism = _LINES[told.line]
        stage: Stage | None = "line" if mechanism else None
        step = Step(step=STEP, failure=None, t0=0.0, t=0.0)
        verdict = Verdict(state=state, stage=stage, mechanism=mechanism, rule=RULE)
        # Domestic: it says that a line is there, nothing of what lies beyond the border. Of no category.
        yield _target(LINE, "", "domestic"), step, verdict


def _target(role: str, category: str, side: Side) -> Target:
    """No host stands behind it: the address only keeps it apart from what probes measure."""
    return Target(id=role, url=f"digest:{role}", category=category, side=side)


def _reached(reach: Reach, worst: Mechanism | None) -> Verdict:
    """Whether most of it worked; the step tells how much. One mechanism is told for all that did not."""
    if reach.share >= _LEAST_SHARE:
        return Verdict(state="ok", rule=RULE)
    blamed = None if worst is None or worst.startswith("line") else worst
    return Verdict(state="likely_blocked", mechanism=blamed, rule=RULE)
