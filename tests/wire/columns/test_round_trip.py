from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.wire.columns.strategies import any_step, measurements
from tests.wire.judge.scenes import AT, SITE, WELL, measured
from wire import canonical
from wire.columns import pack, records_of, unpack
from wire.errors import BadRecord
from wire.records import Measurement, Step

PROBE = "control"


def there_and_back(records: list[Measurement]) -> list[Measurement]:
    return list(records_of(unpack(pack(records)), PROBE))


@settings(max_examples=60)
@given(measurements(PROBE))
def test_any_records_come_back_bit_for_bit_as_the_same_json(records: list[Measurement]) -> None:
    assert list(map(canonical.encode, there_and_back(records))) == list(map(canonical.encode, records))


@settings(max_examples=30)
@given(st.lists(any_step(), min_size=1, max_size=40))
def test_any_steps_come_back_in_their_order(steps: list[Step]) -> None:
    record = measured(SITE, steps)
    assert [canonical.encode(one) for one in there_and_back([record])] == [canonical.encode(record)]


@pytest.mark.parametrize("count", [0, 1, 2, 255, 256, 257, 2_000])
def test_every_width_of_an_index_comes_back(count: int) -> None:
    seen = [replace(WELL[0], host=f"h{number % 300}") if number % 3 else WELL[0] for number in range(count)]
    records = [replace(measured(SITE, [step]), id=f"i{number}") for number, step in enumerate(seen)]
    assert there_and_back(records) == records


def test_a_dictionary_of_more_than_two_bytes_comes_back() -> None:
    steps = tuple(Step(step="dns", failure=None, t0=0.0, t=0.0, host=f"h{n}") for n in range(256))
    names = iter(range(66_600))
    records = [
        measured(SITE, [replace(step, host=f"h{next(names)}") for step in (*steps, *steps)[:256]])
        for _ in range(260)
    ]
    one_without = [*records[:-1], measured(SITE, [Step(step="tcp", failure=None, t0=0.0, t=0.0)])]
    assert there_and_back(one_without) == one_without


def test_so_many_names_of_steps_are_no_batch() -> None:
    steps = [Step(step=f"s{number}", failure=None, t0=0.0, t=0.0, host="h") for number in range(256)]
    assert there_and_back([measured(SITE, steps[:255])]) == [measured(SITE, steps[:255])]
    with pytest.raises(BadRecord, match="length <= 255"):
        there_and_back([measured(SITE, steps)])


def test_steps_of_one_name_stand_together_and_come_back_in_their_order() -> None:
    mixed = [replace(WELL[number % 4], address=f"a{number}", t0=number / 10) for number in range(40)]
    assert there_and_back([measured(SITE, mixed), measured(SITE, mixed[::-1])])[1].steps == (*mixed[::-1],)


@pytest.mark.parametrize("second", [0.0, -0.0, 1e-6, 0.1234567, 4294.967295, 4294.967296, 86_400.0])
def test_a_time_within_a_record_is_exact_or_kept_as_it_is(second: float) -> None:
    [record] = there_and_back([measured(SITE, [replace(WELL[0], t0=second, t=0.25)])])
    assert canonical.encode(record.steps[0].t0) == canonical.encode(second)


def test_small_times_take_four_bytes() -> None:
    exact, odd = (len(pack([measured(SITE, [replace(WELL[0], t0=one)] * 100)])) for one in (0.5, 1 / 3))
    assert odd - exact == pytest.approx(400, abs=5)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"at": "2026-11-20T12:00:00Z"}, "not a time as ours"),
        ({"at": "2026-11-20T12:00:00.000+05:00"}, "not a time as ours"),
        ({"at": "1969-11-20T12:00:00.000Z"}, "not a time as ours"),
        ({"at": "yesterday"}, "not an RFC 3339 time"),
        ({"received_at": AT}, "told by who receives"),
    ],
)
def test_what_has_no_place_in_the_columns_is_not_packed(change: dict[str, str], why: str) -> None:
    with pytest.raises(BadRecord, match=why):
        pack([replace(measured(SITE, WELL), **change)])


def test_the_columns_are_a_fraction_of_the_lines() -> None:
    records = [replace(measured(SITE, WELL), id=f"0011223344556677-{n:x}") for n in range(200)]
    lines = sum(len(canonical.encode(record)) + 1 for record in records)
    assert len(pack(records)) < lines / 5


def test_the_same_dictionary_of_targets_is_one_object() -> None:
    one, other = (
        unpack(pack([measured(SITE, WELL)])).of_records.columns["target"].dictionary for _ in range(2)
    )
    assert one is other
