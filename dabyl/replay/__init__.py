"""Events of the past, played again: what the network did, from sources, against what is detected."""

from __future__ import annotations

from dabyl.replay.crowd import calm_script, play
from dabyl.replay.report import Line, compare
from dabyl.replay.script import Script, read_script, truths

__all__ = ["Line", "Script", "calm_script", "compare", "play", "read_script", "truths"]
