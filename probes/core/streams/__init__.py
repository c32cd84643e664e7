"""Cameras' uplinks: the protocols spoken far enough to see that media flows. Media is counted, never kept.

Pure: bytes and the time in, bytes and figures out.
"""

from __future__ import annotations

from probes.core.streams.flow import Expected, Flow, Tally, state_of
from probes.core.streams.rtmp import RtmpMachine
from probes.core.streams.rtsp import RtspMachine
from probes.core.streams.srt import SrtMachine

__all__ = ["Expected", "Flow", "RtmpMachine", "RtspMachine", "SrtMachine", "Tally", "state_of"]
