"""Real media servers and cameras on free ports of loopback: nginx-rtmp, GStreamer, srt-live-transmit, ffmpeg."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.servers.processes import free_ports, listening, started

FRAGMENT_S: Final = 1
COLOURFUL: Final = "testsrc2=size=640x360:rate=15"
COVERED: Final = "color=c=black:size=640x360:rate=15"
_GST_CAMERA: Final = Path(__file__).with_name("gst_camera.py")
_NGINX: Final = """
load_module /usr/lib/nginx/modules/ngx_rtmp_module.so;
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log info;
events {{ worker_connections 64; }}
rtmp {{ server {{ listen 127.0.0.1:{rtmp};
  application live {{ live on; hls on; hls_path {folder}/hls; hls_fragment {fragment}s; hls_playlist_length 6s; }}
}} }}
http {{ access_log off; server {{ listen 127.0.0.1:{http}; location /hls {{ root {folder}; }} }} }}
"""


@dataclass(frozen=True)
class Station:
    """Where a station's streams are taken in and given out."""

    rtmp: str
    hls: str


@asynccontextmanager
async def station_server(folder: Path) -> AsyncIterator[Station]:
    """nginx with its RTMP module, which also writes HLS."""
    rtmp, http = free_ports(2)
    (folder / "hls").mkdir()
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, rtmp=rtmp, http=http, fragment=FRAGMENT_S))
    async with started(folder / "out.log", "nginx", "-c", str(configuration), "-p", str(folder)):
        await listening(rtmp)
        await listening(http)
        yield Station(f"rtmp://127.0.0.1:{rtmp}/live", f"hls+http://127.0.0.1:{http}/hls")


@asynccontextmanager
async def pushing(
    folder: Path, to: str, form: str, picture: str = COLOURFUL
) -> AsyncIterator[asyncio.subprocess.Process]:
    """ffmpeg as a camera that sends a made picture to an address, in real time."""
    command = (
        "ffmpeg", "-loglevel", "error", "-re", "-f", "lavfi", "-i", picture, "-c:v", "libx264",
        "-preset", "ultrafast", "-g", "15", "-pix_fmt", "yuv420p", "-f", form, to,
    )  # fmt: skip
    async with started(folder / "ffmpeg.log", *command) as camera:
        yield camera


async def appears(file: Path, what: str = "#EXTINF", times: int = 2, within_s: float = 20.0) -> str:
    """Wait until a text stands in a file so many times; the file's whole text."""
    async with asyncio.timeout(within_s):
        while True:
            text = _text(file)
            if text.count(what) >= times:
                return text
            await asyncio.sleep(0.1)


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


@asynccontextmanager
async def rtsp_camera(folder: Path, frames: int) -> AsyncIterator[str]:
    """GStreamer's server; `/live` flows, `/short` ends after so many frames."""
    log = folder / "gst.log"
    async with started(log, "/usr/bin/python3", str(_GST_CAMERA), str(frames)):
        port, _, _ = (await appears(log, "\n", times=1)).partition("\n")
        yield f"rtsp://127.0.0.1:{port}"


@asynccontextmanager
async def srt_listener(folder: Path) -> AsyncIterator[str]:
    """srt-live-transmit as a listener that gives out what an ffmpeg sends to it."""
    inner, port = free_ports(2)
    listener = f"srt://127.0.0.1:{port}?mode=listener"
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(
            started(folder / "srt.log", "srt-live-transmit", "-q", f"udp://127.0.0.1:{inner}", listener)
        )
        await stack.enter_async_context(pushing(folder, f"udp://127.0.0.1:{inner}?pkt_size=1316", "mpegts"))
        await asyncio.sleep(1.0)  # it says nowhere that it listens
        yield f"srt://127.0.0.1:{port}"
