from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import BadRecord
from wire.times import EPOCH, after, epoch_seconds, format_time, parse_time, seconds_between


@given(
    st.one_of(st.integers(-2_000_000_000, 7_000_000_000), st.integers(-62_135_596_800, 253_402_300_799)).map(
        lambda seconds: EPOCH + timedelta(seconds=seconds, microseconds=seconds % 999_999)
    )
)
def test_a_time_comes_back_to_the_millisecond(moment: datetime) -> None:
    assert moment - parse_time(format_time(moment)) < timedelta(milliseconds=1)


def test_another_zone_is_written_as_utc() -> None:
    local = datetime(2022, 1, 5, 16, 30, tzinfo=timezone(timedelta(hours=6)))
    assert format_time(local) == "2022-01-05T10:30:00.000Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        format_time(EPOCH.replace(tzinfo=None))


@pytest.mark.parametrize(
    "text", ["", "2022-01-05", "2022-01-05T10:30:00", "2022-13-05T10:30:00Z", "2022-01-05 10:30:00Z", "٢022-01-05T10:30:00Z"]
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadRecord):
        parse_time(text)


def test_arithmetic_is_in_seconds() -> None:
    start = "1970-01-01T00:00:10.500Z"
    assert epoch_seconds(start) == 10.5
    assert seconds_between(start, after(start, 90)) == 90
