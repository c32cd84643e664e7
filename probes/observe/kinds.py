"""Which prober looks at which kind of target: the one table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from probes.observe import answers, doh, dot, hls, http, quic, rtmp, rtsp, srt, tcp, tls, zone
from probes.observe.scene import Scene

Prober = Callable[[Scene], Awaitable[None]]

PROBERS: Final[Mapping[str, Prober]] = {
    "https": http.observe,
    "http": http.observe,
    "post+http": http.observe,
    "tcp": tcp.observe,
    "tls": tls.observe,
    "dns": answers.observe,
    "dot": dot.observe,
    "doh": doh.observe,
    "zone": zone.observe,
    "quic": quic.observe,
    "rtsp": rtsp.observe,
    "rtmp": rtmp.observe,
    "srt": srt.observe,
    "hls+https": hls.observe,
    "hls+http": hls.observe,
}
SCHEMES: Final = frozenset(PROBERS)
