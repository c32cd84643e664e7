"""Whatever a server says, a look ends with steps: nobody at the other end can stop a probe."""

from __future__ import annotations

import pytest

from tests.probes.observe.looking import look
from tests.servers.deaf import saying, talking

HUGE = b"9" * 5_000  # more digits than Python turns into a number
PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n"


def page(head: bytes = b"", body: bytes = b"hi", status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), head, body)


@pytest.mark.parametrize(
    "answer",
    [
        page(b"Date: Fri, 20 Nov 99999999999 12:00:00 GMT\r\n"),
        page(b"Date: Fri, 20 Nov 2026 12:00:00 +99999999999999999999\r\n"),
        page(b"Date: Fri, 20 Nov 2026 12:00:00 GMT\r\nAge: %s\r\n" % HUGE),
        page(body=b"<title>&#%s;</title>" % HUGE),
        page(body=b"&#%s" % HUGE),
        page(b"Content-Type: text/html; charset=utf-16\r\n", b"\xff\xfe<\x00"),
        page(b"Location: http://[::1\r\n", status=b"302 Found"),
        page(b"Location: http://a:%s/\r\n" % HUGE, status=b"302 Found"),
        page(b"Location: //\r\n", status=b"302 Found"),
        page(b"Location: https://\xff\xfe..kz/\r\n", status=b"302 Found"),
        page(b"Location: https://a b.test/\r\n", status=b"302 Found"),
        page(status=b"999 "),
        page(status=b"%s " % HUGE),
        b"HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n" % HUGE,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n" % HUGE,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n\xff",
    ],
    ids=lambda answer: answer[:60].decode("latin-1"),
)
async def test_no_page_ends_a_probe(answer: bytes) -> None:
    async with talking(saying(answer)) as port:
        steps = await look(f"http://127.0.0.1:{port}/", timeout_s=2.0)
    assert [step.step for step in steps if step.hop == 0][:2] == ["tcp", "http"]


@pytest.mark.parametrize(
    "playlist",
    [
        b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttps://a\0b.test/x\n",
        b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=%s\nhttp://[\n" % HUGE,
        PLAYLIST
        + b"#EXT-X-PROGRAM-DATE-TIME:9999-12-31T23:59:59Z\n#EXTINF:9,\nhttp://a\0b/\n#EXT-X-ENDLIST\n",
        PLAYLIST + b"#EXT-X-MEDIA-SEQUENCE:%s\n#EXTINF:%s,\na\n#EXT-X-ENDLIST\n" % (HUGE, HUGE),
    ],
    ids=["a host with a hole", "a large bandwidth", "the last second", "large numbers"],
)
async def test_no_playlist_ends_a_probe(playlist: bytes) -> None:
    answer = page(b"Last-Modified: Fri, 20 Nov 99999999999 12:00:00 GMT\r\n", playlist)
    async with talking(saying(answer)) as port:
        steps = await look(f"hls+http://127.0.0.1:{port}/live.m3u8", timeout_s=1.0)
    assert "stream" in {step.step for step in steps}
