"""From measurements to incidents: pure, so that live detection and a file give the same answers.

`Reader` turns lines into columns; `detect` turns columns and a moment into incidents.
How it thinks stands in docs/detection.md.
"""

from __future__ import annotations

from collector.core.detect.block import BadLine, Block, read_block
from collector.core.detect.engine import detect
from collector.core.detect.reader import Reader
from collector.core.detect.telling import own_id

__all__ = ["BadLine", "Block", "Reader", "detect", "own_id", "read_block"]
