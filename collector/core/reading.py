"""What a verified batch says: its digest, and the records themselves where they are needed.

Used when a batch arrives, and again for kept ones at the start and after a failed commit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from collector.core.brought import Brought, all_brought
from collector.core.digest import Digest
from collector.core.refusals import Reason, Refused
from collector.core.roster import Member, Roster
from collector.core.times import epoch_seconds, stamp
from wire import batch
from wire.batch import Envelope
from wire.columns import Table, records_of
from wire.errors import BadInput, TooMuch
from wire.facts import regions
from wire.records import Measurement, ProbeDigest, StationReport

_REGION: Final = len("KZ-71")
NOBODY: Final = Roster()
CheckTime = Callable[[float, float], None]


class Verified(Struct, frozen=True, kw_only=True):
    """A batch whose signature fits, not yet read. `arrived` is in Unix seconds."""

    member: Member
    envelope: Envelope
    raw: bytes
    arrived: float


class Batch(Verified, frozen=True, kw_only=True):
    """A batch that was read.

    `newest`: when its newest record was made (Unix seconds), None when it is empty. `digest`: of its
    measurements. `control`, `reports`: a vantage's and a gateway's records, with the time and the way
    of their arrival, which only we can tell. `digests`: of probes, as a gateway got them by text;
    `astray`: why others of them are not believed. `cameras`: those of the measurements that look at cameras.
    """

    newest: float | None
    digest: Digest
    control: tuple[Measurement, ...] = ()
    reports: tuple[StationReport, ...] = ()
    digests: tuple[Brought, ...] = ()
    astray: tuple[Reason, ...] = ()
    cameras: tuple[Measurement, ...] = ()


def read(verified: Verified, check_time: CheckTime, roster: Roster) -> Batch:
    """The batch behind a signature; `check_time` is given its newest and its oldest time, and the arrival.

    `roster`: whose digests a gateway may bring.

    Raises `Refused` ("bomb", "schema", and what `check_time` raises).
    """
    try:
        if verified.envelope.purpose == "dabyl/v1/report":
            return _reports(verified, check_time, roster)
        return _measurements(verified, check_time)
    except TooMuch as error:
        raise Refused("bomb", str(error)) from error
    except BadInput as error:
        raise Refused("schema", str(error)) from error


def reread(member: Member, raw: bytes, arrived: float, roster: Roster = NOBODY) -> Batch:
    """A kept batch, as it was when it came; without a `roster` no digest is believed.

    Raises `Refused` when this version cannot read it.
    """
    try:
        envelope = batch.take_apart(raw)
    except BadInput as error:
        raise Refused("malformed", str(error)) from error
    return read(Verified(member=member, envelope=envelope, raw=raw, arrived=arrived), lambda *_: None, roster)


def _measurements(verified: Verified, check_time: CheckTime) -> Batch:
    table = batch.table(verified.envelope)
    digest, control = Digest(table), []
    if digest.rows is not None:
        for at in (digest.rows.at.max(), digest.rows.at.min()):
            check_time(float(at), verified.arrived)
    if verified.member.role == "vantage":
        received_at = stamp(verified.arrived)
        records = records_of(table, verified.envelope.probe)
        control = [replace(one, received_at=received_at, channel="https") for one in records]
    cameras = _cameras(table, verified) if digest.rows is not None and digest.rows.targets.cameras else ()
    return _batch(verified, newest=digest.newest, digest=digest, control=tuple(control), cameras=cameras)


def _cameras(table: Table, verified: Verified) -> tuple[Measurement, ...]:
    """Few targets are cameras, and only of these the steps are read one by one."""
    records = records_of(table, verified.envelope.probe)
    return tuple(one for one in records if one.target.category == "camera")


def _reports(verified: Verified, check_time: CheckTime, roster: Roster) -> Batch:
    told = batch.told(verified.envelope)
    times = [epoch_seconds(one.at) for one in told]
    for at in times:
        check_time(at, verified.arrived)
    reports = tuple(_report(one, verified.arrived) for one in told if isinstance(one, StationReport))
    texts = [one for one in told if isinstance(one, ProbeDigest)]
    digests, astray = all_brought(texts, roster, verified.arrived)
    newest = max(times, default=None)
    return _batch(
        verified, newest=newest, digest=Digest(None), reports=reports, digests=digests, astray=astray
    )


def _report(report: StationReport, arrived: float) -> StationReport:
    if report.station[:_REGION] not in regions():
        raise Refused("schema", f"there is no region {report.station[:_REGION]}")
    return replace(report, received_at=stamp(arrived), channel="sms")


def _batch(verified: Verified, **found: Any) -> Batch:
    return Batch(
        member=verified.member,
        envelope=verified.envelope,
        raw=verified.raw,
        arrived=verified.arrived,
        **found,
    )
