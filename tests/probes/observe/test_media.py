"""Cameras as small servers show them: silent, strange, absent, still, flowing."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web

from probes.core.streams import Expected
from probes.observe import hls, watch
from tests.lab.authority import make_authority
from tests.probes.observe.looking import look, one
from tests.servers.deaf import Talk, deaf_datagrams, say_nothing, saying, talking
from tests.servers.processes import free_ports
from wire import names
from wire.records import Step

SDP = b"v=0\r\nm=video 0 RTP/AVP 96\r\na=control:one\r\n"


@pytest.fixture(autouse=True)
def _short_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "MIN_WATCH_S", 0.0)


def _rtsp_camera(packets: int, ticks: int) -> Talk:
    """A camera that agrees to everything and sends so many packets at once."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for number in range(1, 5):
            asked = await reader.readuntil(b"\r\n\r\n")
            body = SDP if asked.startswith(b"DESCRIBE") else b""
            writer.write(b"RTSP/1.0 200 OK\r\nCSeq: %d\r\nSession: 7\r\n" % number)
            writer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        for number in range(packets):
            stamp = (ticks * number).to_bytes(4, "big")
            writer.write(b"$\x00" + (1000).to_bytes(2, "big") + b"\x80\x60\x00\x01" + stamp + bytes(992))
        await reader.read(4096)

    return talk


async def test_a_camera_that_flows_is_fine_and_its_figures_are_kept() -> None:
    async with talking(_rtsp_camera(31, 9_000)) as port:
        step = one(await look(f"rtsp://127.0.0.1:{port}/cam"), "stream")
    assert (step.failure, step.stream_state, step.advancing, step.tracks) == (None, "fine", True, 1)
    assert (step.bytes_seen, step.bitrate_bps, step.status) == (31_000, 82_667, 200)


async def test_a_camera_far_below_its_usual_rate_is_masked() -> None:
    async with talking(_rtsp_camera(31, 9_000)) as port:
        steps = await look(f"rtsp://127.0.0.1:{port}/cam", expected=Expected(usual_bps=2_000_000))
    assert one(steps, "stream").stream_state == "masked"


async def test_a_picture_that_stands_still_is_frozen() -> None:
    async with talking(_rtsp_camera(3, 0)) as port:
        step = one(await look(f"rtsp://127.0.0.1:{port}/cam", timeout_s=1), "stream")
    assert (step.failure, step.stream_state, step.advancing) == (None, "frozen", False)


async def test_a_camera_that_agrees_and_sends_nothing_is_off() -> None:
    async with talking(_rtsp_camera(0, 0)) as port:
        step = one(await look(f"rtsp://127.0.0.1:{port}/cam", timeout_s=1), "stream")
    assert (step.failure, step.stream_state) == (names.TIMEOUT, "off")


@pytest.mark.parametrize("scheme", ["rtsp", "rtmp"])
async def test_silence_after_the_connection_is_a_timeout(scheme: str) -> None:
    async with talking(say_nothing) as port:
        steps = await look(f"{scheme}://127.0.0.1:{port}/live/cam", timeout_s=0.5)
    assert one(steps, "tcp").failure is None
    step = one(steps, "stream")
    assert (step.failure, step.answered, step.stream_state) == (names.TIMEOUT, False, "")


@pytest.mark.parametrize("scheme", ["rtsp", "rtmp"])
async def test_another_protocol_at_the_port_is_named(scheme: str) -> None:
    async with talking(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as port:
        step = one(await look(f"{scheme}://127.0.0.1:{port}/live/cam"), "stream")
    assert (step.failure, step.answered) == (f"unknown_failure: no {scheme.upper()}", False)


@pytest.mark.parametrize("scheme", ["rtsp", "rtmp"])
async def test_nobody_at_the_port_is_a_failure_of_the_connection(scheme: str) -> None:
    steps = await look(f"{scheme}://127.0.0.1:{free_ports(1)[0]}/live/cam")
    assert [(step.step, step.failure) for step in steps] == [("tcp", names.REFUSED)]


async def test_a_deaf_srt_port_is_a_timeout_and_a_closed_one_refuses() -> None:
    with deaf_datagrams() as port:
        silent = one(await look(f"srt://127.0.0.1:{port}", timeout_s=0.6), "stream")
    closed = one(await look(f"srt://127.0.0.1:{free_ports(1)[0]}", timeout_s=0.6), "stream")
    assert (silent.failure, silent.answered) == (names.TIMEOUT, False)
    assert closed.failure == names.REFUSED


class _Playlists:
    """A server of one live playlist that goes on, or does not."""

    def __init__(self, *, moves: bool) -> None:
        self._moves = moves
        self._reads = 0
        self.segment_bytes = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/one.m3u8", self._playlist)
        app.router.add_get("/all.m3u8", self._master)
        app.router.add_get("/moved.m3u8", self._moved)
        app.router.add_get("/page.m3u8", self._page)
        app.router.add_get("/busy.m3u8", self._busy)
        app.router.add_get("/closed.m3u8", self._closed)
        app.router.add_get("/{name}.ts", self._segment)
        return app

    async def _playlist(self, _: web.Request) -> web.Response:
        self._reads += self._moves or not self._reads
        first = self._reads
        text = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:{first}\n"
        return web.Response(text=text + f"#EXTINF:1.0,\ns{first}.ts\n#EXTINF:1.0,\ns{first + 1}.ts\n")

    async def _master(self, _: web.Request) -> web.Response:
        return web.Response(text="#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=5\none.m3u8\n")

    async def _moved(self, _: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/one.m3u8?token=1"})

    async def _page(self, _: web.Request) -> web.Response:
        return web.Response(text="<html>This resource is blocked</html>", content_type="text/html")

    async def _busy(self, _: web.Request) -> web.Response:
        return web.Response(status=503, text="busy")

    async def _closed(self, _: web.Request) -> web.Response:
        return web.Response(status=403, text="#EXTM3U\n")

    async def _segment(self, request: web.Request) -> web.Response:
        assert request.headers["Range"] == "bytes=0-0"
        self.segment_bytes += 1
        return web.Response(status=206, body=b"G", headers={"Content-Range": "bytes 0-0/50000"})


@asynccontextmanager
async def _serving(playlists: _Playlists) -> AsyncIterator[str]:
    runner = web.AppRunner(playlists.app())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"hls+http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.mark.parametrize("path", ["one.m3u8", "all.m3u8", "moved.m3u8"])
async def test_a_playlist_that_goes_on_is_fine_also_behind_a_redirect_or_a_choice(path: str) -> None:
    playlists = _Playlists(moves=True)
    async with _serving(playlists) as url:
        step = one(await look(f"{url}/{path}"), "stream")
    assert (step.failure, step.stream_state, step.advancing) == (None, "fine", True)
    assert (step.bitrate_bps, playlists.segment_bytes) == (400_000, 1)
    assert "token" not in step.url


async def test_a_playlist_that_stands_still_is_frozen() -> None:
    async with _serving(_Playlists(moves=False)) as url:
        step = one(await look(f"{url}/one.m3u8"), "stream")
    assert (step.failure, step.stream_state, step.advancing, step.media_sequence) == (
        None,
        "frozen",
        False,
        2,
    )
    assert (step.watched_s or 0) >= 1.5


@pytest.mark.parametrize(
    ("path", "failure", "state"),
    [
        ("nothing.m3u8", None, "off"),
        ("busy.m3u8", None, "off"),
        ("page.m3u8", "unknown_failure: no HLS playlist", ""),
        ("closed.m3u8", "unknown_failure: http 403", ""),
    ],
)
async def test_what_is_no_playlist_is_told(path: str, failure: str | None, state: str) -> None:
    async with _serving(_Playlists(moves=True)) as url:
        step = one(await look(f"{url}/{path}"), "stream")
    assert (step.failure, step.stream_state) == (failure, state)


async def test_a_playlist_that_goes_away_while_it_is_watched_was_seen_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hls, "_MIN_WAIT_S", 0.01)
    text = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://elsewhere.example/a.ts\n"
    answers = iter([b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(next(answers, b""))

    async with talking(talk) as port:
        step = one(await look(f"hls+http://127.0.0.1:{port}/one.m3u8"), "stream")
    assert (step.stream_state, step.advancing, step.bitrate_bps) == ("", None, None)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    authority = make_authority("Test", datetime.now(UTC))  # noqa: TID251  # a certificate of today
    (tmp_path / "ca.pem").write_bytes(authority.root.pem)
    (tmp_path / "site.pem").write_bytes(authority.leaf("localhost"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return tmp_path / "site.pem"


async def test_a_playlist_behind_tls_is_watched_too(certificate: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    runner = web.AppRunner(_Playlists(moves=True).app())
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        steps = await look(f"hls+https://localhost:{runner.addresses[0][1]}/one.m3u8")
    finally:
        await runner.cleanup()
    assert one(steps, "stream").stream_state == "fine"
    assert all(step.failure is None for step in _of(steps, "tls"))


def _of(steps: tuple[Step, ...], name: str) -> list[Step]:
    return [step for step in steps if step.step == name]
