"""Batches that were kept, made into what they were when they came: for the start and after a failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from collector.core.intake import Batch
from collector.core.roster import Member
from collector.core.times import epoch_seconds
from wire import batch
from wire.batch import Envelope
from wire.records import Measurement, StationReport

R = TypeVar("R", Measurement, StationReport)


def measurements_again(member: Member, raw: bytes, arrived: float) -> Batch[Measurement]:
    """A kept batch of a probe's; raises `BadInput` when this version cannot read it any more."""
    return _again(member, raw, arrived, batch.measurements)


def reports_again(member: Member, raw: bytes, arrived: float) -> Batch[StationReport]:
    """A kept batch of a gateway's; raises `BadInput` as above."""
    return _again(member, raw, arrived, batch.reports)


def _again(member: Member, raw: bytes, arrived: float, decode: Callable[[Envelope], list[R]]) -> Batch[R]:
    envelope = batch.take_apart(raw)
    records = decode(envelope)
    newest = max((epoch_seconds(record.at) for record in records), default=None)
    return Batch(member=member, envelope=envelope, raw=raw, records=records, arrived=arrived, newest=newest)
