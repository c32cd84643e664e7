"""A small fuzzer that keeps what reaches new lines: for where atheris is not installed."""

from __future__ import annotations

import random  # noqa: TID251  # seeded: the same inputs in every run
import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

Target = Callable[[bytes], None]
_PIECES: tuple[str, ...] = (
    *"0123456789 -\n.,:/OoIlЗ", "71", "0379", "KZ", "КЗ", "482913", "12", "00", "1250", "не ", "no ", "жоқ", "нет",
    "off", "явка", "turnout", "ашылды", "камера", "MY", "DBY1", "\u00a0", "\u200b", "\ufe0f", "\ud7ff", "²", "٣",
)  # fmt: skip


class Guided:
    """Mutates inputs, one after the other; an input that reaches a new line is mutated in turn."""

    def __init__(self, target: Target, seeds: Sequence[bytes], watched: str, seed: int = 1) -> None:
        """`watched`: a part of the paths of the files whose lines count."""
        self._target, self._watched = target, watched
        self._chance = random.Random(seed)
        self._kept = list(seeds)
        self._lines: set[tuple[str, int]] = set()
        for one in seeds:
            self._run(one)

    @property
    def lines(self) -> int:
        """How many lines were reached."""
        return len(self._lines)

    def run(self, times: int) -> None:
        """Try so many inputs; raises what the target raises."""
        for _ in range(times):
            data = self._mutated()
            if self._run(data):
                self._kept.append(data)

    def _run(self, data: bytes) -> bool:
        before = len(self._lines)
        tracer = sys.gettrace()  # coverage's own, which goes on afterwards
        sys.settrace(self._trace)
        try:
            self._target(data)
        finally:
            sys.settrace(tracer)
        return len(self._lines) > before

    def _trace(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        if self._watched not in frame.f_code.co_filename:
            return None
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._trace

    def _mutated(self) -> bytes:
        text = self._chance.choice(self._kept).decode("utf-8", "ignore")
        for _ in range(self._chance.randint(1, 4)):
            text = self._one(text)
        return text.encode("utf-8", "ignore")

    def _one(self, text: str) -> str:
        place = self._chance.randint(0, len(text))
        match self._chance.randrange(5):
            case 0:
                return text[:place] + self._chance.choice(_PIECES) + text[place:]
            case 1:
                return text[:place] + text[place + self._chance.randint(1, 3) :]
            case 2:
                return text[:place] + self._chance.choice(_PIECES) + text[place + 1 :]
            case 3:
                return text[:place] + text[place : place + 2][::-1] + text[place + 2 :]
            case _:
                other = self._chance.choice(self._kept).decode("utf-8", "ignore")
                return text[:place] + other[self._chance.randint(0, len(other)) :]
