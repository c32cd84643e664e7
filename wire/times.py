"""Times on the wire: RFC 3339, UTC, milliseconds, `Z`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from wire.errors import BadRecord

_SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_time(moment: datetime) -> str:
    """An aware time as `2022-01-05T10:30:00.000Z`; a naive one raises `ValueError`."""
    if moment.tzinfo is None:
        raise ValueError("a time without a zone says nothing")
    # Not `%Y`: of the year 1, which strange clocks say, it makes one digit.
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def parse_time(text: str) -> datetime:
    """The aware UTC time of an RFC 3339 text; raises `BadRecord` for anything else."""
    if not _SHAPE.fullmatch(text):
        raise BadRecord(f"not an RFC 3339 time: {text[:40]!r}")
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadRecord(f"not a time of the calendar: {text[:40]!r}") from error


def seconds_between(earlier: str, later: str) -> float:
    """Seconds from one wire time to another; negative when they are the wrong way round."""
    return (parse_time(later) - parse_time(earlier)).total_seconds()


def epoch_seconds(text: str) -> float:
    """A wire time as Unix seconds, the unit of Prometheus."""
    return (parse_time(text) - EPOCH).total_seconds()


def after(text: str, seconds: float) -> str:
    """The wire time that lies `seconds` after another."""
    return format_time(parse_time(text) + timedelta(seconds=seconds))
