"""Files of measurements, however they are cut into blocks and compressed."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from functools import cache

import pytest
import zstandard

from collector.detecting import detect_streams
from tests.collector.core.detect.world import HOUR, START, Event, World, lines, simulate
from wire.canonical import encode
from wire.errors import BadInput
from wire.incidents import Incident

Cut = Callable[[list[bytes]], bytes]


@cache
def story() -> tuple[bytes, ...]:
    """Some hours of a small country with a cut in it."""
    world = World(probes=12, abroad=0, hours=2.0, events=(Event("cut", 1.0, 1.5),), seed=3, sleepers=0.0)
    return tuple(lines(simulate(world)))


def found(*files: bytes, now: float | None = None) -> list[bytes]:
    return list(map(encode, detected(*files, now=now)))


def detected(*files: bytes, now: float | None = None) -> list[Incident]:
    return detect_streams([(f"file {n}", io.BytesIO(one)) for n, one in enumerate(files, 1)], now)


@pytest.fixture(scope="module")
def expected() -> list[bytes]:
    told = found(b"\n".join(story()) + b"\n")
    assert told
    return told


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collector.detecting._BLOCK_BYTES", 100_000)


CUTS: dict[str, Cut] = {
    "plain": lambda all_: b"\n".join(all_) + b"\n",
    "without an end of its last line": b"\n".join,
    "with two letters at the end of a line": lambda all_: b"\r\n".join(all_) + b"\r\n",
    "with empty lines": lambda all_: b"\n\n".join(all_) + b"\n\n\n",
    "gzip": lambda all_: gzip.compress(b"\n".join(all_) + b"\n", 1),
    "zstd": lambda all_: zstandard.compress(b"\n".join(all_) + b"\n"),
    "a row of zstd frames": lambda all_: b"".join(
        zstandard.compress(b"\n".join(all_[first : first + 999]) + b"\n")
        for first in range(0, len(all_), 999)
    ),
    "everything twice": lambda all_: b"\n".join([*all_, *all_]) + b"\n",
}


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("cut", CUTS.values(), ids=CUTS)
def test_the_same_measurements_are_the_same_incidents(cut: Cut, expected: list[bytes]) -> None:
    assert found(cut(list(story()))) == expected


def test_the_order_of_the_lines_does_not_matter(expected: list[bytes]) -> None:
    def told(one: Incident) -> tuple[object, ...]:
        return one.kind, one.scope, one.started_at, one.ended_at, one.detected_at

    backwards = detected(b"\n".join(reversed(story())))
    assert list(map(told, backwards)) == list(map(told, detected(b"\n".join(story()))))
    assert len(backwards) == len(expected)


@pytest.mark.usefixtures("small_blocks")
def test_some_files_are_one_stream(expected: list[bytes]) -> None:
    half = len(story()) // 2
    assert found(b"\n".join(story()[half:]), b"", b"\n".join(story()[:half])) == expected


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("at", [0, 1, 777, -1])
def test_a_line_that_is_none_is_named_by_its_file_and_number(at: int) -> None:
    wrong = list(story())
    wrong[at] = b'{"id": 7}'
    number = range(1, len(wrong) + 1)[at]
    with pytest.raises(BadInput, match=rf"^file 2: line {number}: "):
        found(b"\n".join(story()[:500]), b"\n".join(wrong))


@pytest.mark.usefixtures("small_blocks")
def test_empty_lines_count_where_a_wrong_line_is_named() -> None:
    with pytest.raises(BadInput, match=r"^file 1: line 4: "):
        found(b"\n".join([story()[0], b"", b"", b"no", *story()]))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_broken_file_is_told_with_the_last_line_that_was_whole(pack: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadInput, match=r"^file 1: "):
        found(pack(b"\n".join(story()))[:-20])


@pytest.mark.parametrize("file", [b"", b"\n", b"\n\n\n"])
def test_nothing_is_no_incident(file: bytes) -> None:
    assert found(file) == []


def test_what_arrived_later_is_left_out() -> None:
    (early,) = detected(b"\n".join(story()), now=START + 1.25 * HOUR)
    assert early.ended_at is None
    assert found(b"\n".join(story()), now=START + 0.9 * HOUR) == []
