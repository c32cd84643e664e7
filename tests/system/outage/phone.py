"""What a phone got, read as its owner reads it, and judged by what was true."""

from __future__ import annotations

import re
from collections import Counter
from math import inf
from typing import Final, NamedTuple

from tests.servers.smsc import Submitted

_JOINED: Final = 0x40
_HEADER: Final = 6


class Text(NamedTuple):
    """A text and when it came (seconds of the run)."""

    at: float
    text: str

    @property
    def subject(self) -> str:
        """What it is about, whether it begins or ends."""
        return self.text.partition(" ")[2]


class Truth(NamedTuple):
    """An outage: the word by which texts tell of it, from when until when (seconds of the run)."""

    word: str
    since: float
    until: float


class Judgement(NamedTuple):
    """What is to be zero, and the latencies of what was told."""

    false_restored: int
    lost: int
    ends_lost: int
    twice: int
    told_after_s: tuple[float, ...]
    ended_after_s: tuple[float, ...]


def readable(one: Submitted) -> str:
    """The text of a part; Latin letters only."""
    return one.text[_HEADER if one.esm & _JOINED else 0 :].decode("latin-1")


def judge(texts: list[Text], truths: list[Truth]) -> Judgement:
    """Every outage once, every end once and not before it; nothing twice between."""
    nexts = [_next(truths, one) for one in truths]
    spans = list(zip(truths, nexts, strict=True))
    begun = [_first(texts, f"ALERT .*{one.word}", one.since, end) for one, end in spans]
    ended = [_first(texts, f"RESTORED .*{one.word}", one.until, end) for one, end in spans]
    return Judgement(
        false_restored=sum(any(_is_false(text, one) for one in truths) for text in texts),
        lost=begun.count(None),
        ends_lost=ended.count(None),
        twice=_twice(texts),
        told_after_s=tuple(at - one.since for at, one in zip(begun, truths, strict=True) if at is not None),
        ended_after_s=tuple(at - one.until for at, one in zip(ended, truths, strict=True) if at is not None),
    )


def _is_false(text: Text, truth: Truth) -> bool:
    says = text.text.startswith("RESTORED") and truth.word in text.text
    return says and truth.since <= text.at < truth.until


def _next(truths: list[Truth], this: Truth) -> float:
    """When the next outage of the same sort begins."""
    return min((one.since for one in truths if one.word == this.word and one.since > this.since), default=inf)


def _first(texts: list[Text], form: str, since: float, until: float) -> float | None:
    found = (one.at for one in texts if since <= one.at < until and re.match(form, one.text))
    return next(found, None)


def _twice(texts: list[Text]) -> int:
    """Texts that say what the one before on the same subject said."""
    last: dict[str, str] = {}
    count: Counter[str] = Counter()
    for one in texts:
        count[one.subject] += last.get(one.subject) == one.text
        last[one.subject] = one.text
    return count.total()
