"""The verdict: a pure function of the steps and the control."""

from __future__ import annotations

from wire.judge.controls import ControlTable
from wire.judge.groups import group_of, with_groups
from wire.judge.line import flaky, read_line, worked_later
from wire.judge.rules import RULES, judge
from wire.judge.signatures import NO_SIGNATURES, Signatures

__all__ = [
    "NO_SIGNATURES",
    "RULES",
    "ControlTable",
    "Signatures",
    "flaky",
    "group_of",
    "judge",
    "read_line",
    "with_groups",
    "worked_later",
]
