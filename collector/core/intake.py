"""From bytes to a batch that may be kept, or to a refusal with a reason.

The order is that of what each check costs and of what may be believed: size, rate, signature,
and only then what the batch says: schema, whose it is, time. The rate is looked at before
the signature and spent after it: a stranger who knows a probe's name cannot use it up.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from collector.core.bucket import Buckets
from collector.core.reading import Batch, Verified, read
from collector.core.refusals import Reason, Refused
from collector.core.roster import Member, Roster
from wire import batch
from wire.batch import Envelope
from wire.enrol import Role
from wire.errors import BadInput, BadSignature

_DAY_S: Final = 86_400.0
Positive = Annotated[float, Meta(gt=0)]
Kind = Literal["dabyl/v1/batch", "dabyl/v1/report"]
ROLES: Final[dict[Kind, frozenset[Role]]] = {
    "dabyl/v1/batch": frozenset({"probe", "vantage"}),
    "dabyl/v1/report": frozenset({"gateway"}),
}


class Limits(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a sender may do. Rates are per key, of enrolments per caller; times are seconds.

    `invites_per_key`: how many others a probe may invite; 0: none.
    """

    batches_per_s: Positive = 2.0
    batches_burst: Positive = 120.0
    reports_per_s: Positive = 50.0
    reports_burst: Positive = 1_000.0
    enrolments_per_s: Positive = 0.2
    enrolments_burst: Positive = 20.0
    invites_per_key: Annotated[int, Meta(ge=0)] = 5
    max_ahead_s: Positive = 600.0
    max_age_s: Positive = 60 * 86_400.0


class Intake:
    """The checks with what they need to remember: the roster and the rates."""

    def __init__(self, roster: Roster, limits: Limits) -> None:
        """The roster is shared with whoever enrols."""
        self._roster, self._limits = roster, limits
        self._buckets: dict[Kind, Buckets] = {
            "dabyl/v1/batch": Buckets(limits.batches_per_s, limits.batches_burst),
            "dabyl/v1/report": Buckets(limits.reports_per_s, limits.reports_burst),
        }

    def take(self, raw: bytes, kind: Kind, now: float) -> Batch:
        """A batch of that kind which arrived at `now` (Unix seconds); raises `Refused`."""
        return read(self._verified(raw, kind, now), self._check_time, self._roster)

    def _verified(self, raw: bytes, kind: Kind, now: float) -> Verified:
        envelope = _envelope(raw)
        if envelope.purpose != kind:
            raise Refused("purpose", f"made for {envelope.purpose}, not for {kind}")
        member = _member(self._roster.get(envelope.probe), kind)
        buckets = self._buckets[kind]
        _limit(buckets.wait_s(member.id, now))
        try:
            batch.verify(envelope, member.key, kind)
        except BadSignature as error:
            raise Refused("signature", str(error)) from error
        _limit(buckets.spend(member.id, now))
        return Verified(member=member, envelope=envelope, raw=raw, arrived=now)

    def _check_time(self, at: float, now: float) -> None:
        if at - now > self._limits.max_ahead_s:
            # A clock that is a little ahead: the same bytes are right later. So are all where ours fell back.
            later = at - now < _DAY_S or self._fell_back(now)
            raise Refused("time", f"a record is {at - now:.0f} s ahead of our clock", retry=later)
        if now - at > self._limits.max_age_s:
            raise Refused("time", f"a record is {(now - at) / _DAY_S:.0f} days old")

    def _fell_back(self, now: float) -> bool:
        """Whether our own clock stands before what it said when somebody was heard."""
        return any(
            one.heard is not None and one.heard - now > self._limits.max_ahead_s for one in self._roster
        )


def _envelope(raw: bytes) -> Envelope:
    try:
        return batch.take_apart(raw)
    except BadInput as error:
        reason: Reason = "too_large" if len(raw) > batch.MAX_BATCH_BYTES else "malformed"
        raise Refused(reason, str(error)) from error


def _member(member: Member | None, kind: Kind) -> Member:
    if member is None:
        raise Refused("unknown_probe")
    if member.revoked:
        raise Refused("revoked")
    if member.role not in ROLES[kind]:
        raise Refused("role", f"a {member.role} does not send {kind}")
    return member


def _limit(wait_s: float) -> None:
    if wait_s > 0:
        raise Refused("rate", wait_s=wait_s)
