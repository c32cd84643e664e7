"""Events of the past, played again: what the network did, from sources, against what is detected."""

from __future__ import annotations

from dabyl.replay.crowd import Habits
from dabyl.replay.playing import Play, play
from dabyl.replay.report import Line, Window, compare, windows
from dabyl.replay.script import Script, moved, part, read_script, truths
from dabyl.replay.stage import Course

__all__ = [
    "Course",
    "Habits",
    "Line",
    "Play",
    "Script",
    "Window",
    "compare",
    "moved",
    "part",
    "play",
    "read_script",
    "truths",
    "windows",
]
