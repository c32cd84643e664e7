"""What a verified batch says: its digest, and the records themselves where they are needed.

Used when a batch arrives, and again for kept ones at the start and after a failed commit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from collector.core.digest import Digest
from collector.core.refusals import Refused
from collector.core.roster import Member
from collector.core.times import epoch_seconds, stamp
from wire import batch
from wire.batch import Envelope
from wire.columns import Table, records_of
from wire.errors import BadInput, TooMuch
from wire.facts import regions
from wire.records import Measurement, StationReport

_REGION: Final = len("KZ-71")
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
    of their arrival, which only we can tell. `cameras`: those of the measurements that look at cameras.
    """

    newest: float | None
    digest: Digest
    control: tuple[Measurement, ...] = ()
    reports: tuple[StationReport, ...] = ()
    cameras: tuple[Measurement, ...] = ()


def read(verified: Verified, check_time: CheckTime) -> Batch:
    """The batch behind a signature; `check_time` is given its newest and its oldest time, and the arrival.

    Raises `Refused` ("bomb", "schema", and what `check_time` raises).
    """
    try:
        if verified.envelope.purpose == "dabyl/v1/report":
            return _reports(verified, check_time)
        return _measurements(verified, check_time)
    except TooMuch as error:
        raise Refused("bomb", str(error)) from error
    except BadInput as error:
        raise Refused("schema", str(error)) from error


def reread(member: Member, raw: bytes, arrived: float) -> Batch:
    """A kept batch, as it was when it came; raises `Refused` when this version cannot read it."""
    try:
        envelope = batch.take_apart(raw)
    except BadInput as error:
        raise Refused("malformed", str(error)) from error
    return read(Verified(member=member, envelope=envelope, raw=raw, arrived=arrived), lambda *_: None)


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


def _reports(verified: Verified, check_time: CheckTime) -> Batch:
    reports = batch.reports(verified.envelope)
    times = [epoch_seconds(report.at) for report in reports]
    for report, at in zip(reports, times, strict=True):
        check_time(at, verified.arrived)
        if report.station[:_REGION] not in regions():
            raise Refused("schema", f"there is no region {report.station[:_REGION]}")
    received_at = stamp(verified.arrived)
    taken = tuple(replace(report, received_at=received_at, channel="sms") for report in reports)
    return _batch(verified, newest=max(times, default=None), digest=Digest(None), reports=taken)


def _batch(verified: Verified, **found: Any) -> Batch:
    return Batch(
        member=verified.member,
        envelope=verified.envelope,
        raw=verified.raw,
        arrived=verified.arrived,
        **found,
    )
