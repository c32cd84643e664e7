"""Playlists: what they hold, how old they are, whether they go on; and any bytes at all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.streams import hls
from probes.core.streams.flow import Expected
from probes.core.streams.hls import Look, Master, Media, read_playlist
from wire.errors import BadInput

NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


def playlist(first: int = 10, count: int = 3, target: int = 4, extra: str = "", end: str = "") -> Media:
    segments = "".join(f"#EXTINF:{target}.0,\nseg{first + n}.ts\n" for n in range(count))
    text = f"#EXTM3U\n#EXT-X-TARGETDURATION:{target}\n#EXT-X-MEDIA-SEQUENCE:{first}\n{extra}{segments}{end}"
    found = read_playlist(text.encode())
    assert isinstance(found, Media)
    return found


def test_a_media_playlist_is_read() -> None:
    found = playlist(
        extra="#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:00:00.000Z\n", end="#EXT-X-DISCONTINUITY\n"
    )
    assert (found.target_s, found.first, found.after, found.discontinuities) == (4.0, 10, 13, 1)
    assert found.segments[-1].uri == "seg12.ts"
    assert found.segments[-1].ends == datetime(2026, 11, 20, 12, 0, 12, tzinfo=UTC)
    assert not found.ended


def test_a_date_does_not_count_on_over_a_discontinuity() -> None:
    text = (
        "#EXTM3U\r\n#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:00:00Z\r\n#EXTINF:4,\r\na\r\n"
        "#EXT-X-DISCONTINUITY\r\n#EXTINF:4,\r\nb\r\n"
    )
    found = read_playlist(text.encode())
    assert isinstance(found, Media)
    assert found.segments[-1].ends is None


def test_of_several_renditions_the_lightest_is_taken() -> None:
    text = (
        '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS="avc1,mp4a",RESOLUTION=1280x720\nhigh.m3u8\n'
        "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=300000\nlow.m3u8\n"
    )
    found = read_playlist(text.encode())
    assert isinstance(found, Master)
    chosen = hls.lightest(found)
    assert chosen is not None
    assert (chosen.uri, chosen.bandwidth_bps) == ("low.m3u8", 300_000)


@pytest.mark.parametrize("data", [b"", b"<html>blocked</html>", b"#EXTM3", b"\xff\xfe"])
def test_what_is_no_playlist_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="no HLS playlist"):
        read_playlist(data)


def test_the_age_is_told_by_the_playlist_else_by_the_file_and_never_by_our_clock() -> None:
    dated = playlist(extra="#EXT-X-PROGRAM-DATE-TIME:2026-11-20T12:00:00Z\n")
    wrong = datetime(2001, 1, 1, tzinfo=UTC)
    written = {"last-modified": "Fri, 20 Nov 2026 12:00:25 GMT", "date": "Fri, 20 Nov 2026 12:00:30 GMT"}
    assert hls.age_s(dated, {}, NOW) == 18.0
    assert hls.age_s(dated, written, wrong) == 18.0
    assert hls.age_s(playlist(), written, wrong) == 5.0
    assert hls.age_s(playlist(), {"last-modified": "yesterday"}, NOW) is None
    assert hls.age_s(playlist(), {"last-modified": "Fri, 20 Nov 99999999999 12:00:00 GMT"}, NOW) is None


@pytest.mark.parametrize("year", ["0001", "1969", "9999"])
def test_a_year_of_no_camera_tells_no_age(year: str) -> None:
    dated = playlist(extra=f"#EXT-X-PROGRAM-DATE-TIME:{year}-12-31T23:59:59Z\n")
    assert hls.age_s(dated, {}, NOW) is None


class Row(NamedTuple):
    name: str
    look: Look
    expected: Expected
    state: str


FIRST = playlist()
ROWS = (
    Row("a new segment came", Look(first=FIRST, last=playlist(11), watched_s=4.0), Expected(), "fine"),
    Row("it began anew", Look(first=FIRST, last=playlist(0, 1), watched_s=4.0), Expected(), "fine"),
    Row("no new one in time", Look(first=FIRST, last=FIRST, watched_s=6.0), Expected(), "frozen"),
    Row("not watched for long, but old", Look(first=FIRST, last=FIRST, watched_s=1.0, age_s=60.0), Expected(), "frozen"),
    Row("not watched for long", Look(first=FIRST, last=FIRST, watched_s=1.0, age_s=5.0), Expected(), ""),
    Row("it has ended", Look(first=FIRST, last=playlist(end="#EXT-X-ENDLIST\n"), watched_s=0.0), Expected(), "off"),
    Row("nothing in it", Look(first=FIRST, last=playlist(count=0), watched_s=0.0), Expected(), "off"),
    Row("a recording", Look(first=FIRST, last=playlist(extra="#EXT-X-PLAYLIST-TYPE:VOD\n", end="#EXT-X-ENDLIST"),
        watched_s=0.0), Expected(), "fine"),
    Row("a covered lens", Look(first=FIRST, last=playlist(11), watched_s=4.0, bitrate_bps=9_000),
        Expected(usual_bps=500_000), "masked"),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_state_follows_from_two_reads(row: Row) -> None:
    assert hls.state_of(row.look, row.expected) == row.state


def test_segments_that_nobody_could_read_are_a_gap() -> None:
    assert Look(first=FIRST, last=playlist(15), watched_s=4.0).gap_s == 8.0
    assert Look(first=FIRST, last=playlist(13), watched_s=4.0).gap_s == 0.0


def test_a_segments_size_is_told_without_reading_it() -> None:
    assert hls.size_told(206, {"content-range": "bytes 0-0/51200", "content-length": "1"}) == 51_200
    assert hls.size_told(200, {"content-length": "51200"}) == 51_200
    assert hls.size_told(206, {"content-range": "bytes 0-0/*"}) is None
    assert hls.newest_rate(FIRST, 51_200) == 102_400


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: b"#EXTM3U\n" + text.encode()))
def test_any_bytes_are_a_playlist_or_bad_input(data: bytes) -> None:
    try:
        read_playlist(data)
    except BadInput:
        return


TAGS = st.sampled_from(
    ["#EXTINF:", "#EXT-X-TARGETDURATION:", "#EXT-X-MEDIA-SEQUENCE:", "#EXT-X-PROGRAM-DATE-TIME:",
     "#EXT-X-STREAM-INF:BANDWIDTH=", "#EXT-X-DISCONTINUITY", ""]
)  # fmt: skip
VALUES = (
    st.text(max_size=12)
    | st.floats().map(str)
    | st.integers().map(str)
    | st.datetimes(timezones=st.just(UTC)).map(str)
)


@given(st.lists(st.tuples(TAGS, VALUES), max_size=12))
def test_any_tags_are_read(lines: list[tuple[str, str]]) -> None:
    found = read_playlist("\n".join(["#EXTM3U", *(tag + value for tag, value in lines)]).encode())
    if isinstance(found, Media):
        assert hls.age_s(found, {}, NOW) is None or found.segments
        assert found.target_s >= 0
