"""A day's data: what may still be spent, and whom a round leaves out when it is short. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec import Struct

from wire.records import Target

DAY_S: Final = 86_400.0
# So much may be spent at once, at any time of the day; the rest is spread over it.
HEAD_START: Final = 0.2
UNKNOWN_BYTES: Final = 9_000  # names, one handshake with its chain, a small page
BIG_BYTES: Final = 24_000
MAX_SLOWER: Final = 12.0
DOMESTIC_ANCHORS: Final = 3
_FIRST: Final = frozenset({"messenger", "election", "egov"})
# How much sooner it is somebody's turn again.
_TURNS: Final = {1: 3.0, 2: 1.0, 3: 0.5}


class Ledger(Struct, frozen=True, kw_only=True):
    """What was spent on a day (UTC, `2026-11-20`)."""

    day: str = ""
    spent_bytes: int = 0


class Day(Struct, frozen=True, kw_only=True):
    """A moment of a day, and how often rounds begin."""

    date: str
    second: float
    every_s: float


class Ration(Struct, frozen=True, kw_only=True):
    """What one round may do. `state`: "" enough, "short" fewer targets, "low" rounds further apart too."""

    targets: tuple[Target, ...]
    state: str = ""
    slower: float = 1.0


class Habits(Struct, frozen=True, kw_only=True):
    """What is known of targets, by URL: bytes of the last look, and the number of the round of it."""

    cost: dict[str, int]
    seen: dict[str, int]

    def bytes_of(self, target: Target) -> int:
        """What a look at a target will take."""
        return self.cost.get(target.url, UNKNOWN_BYTES)


def on_day(ledger: Ledger, date: str) -> Ledger:
    """The ledger of a day: a new one begins at nothing."""
    return ledger if ledger.day == date else Ledger(day=date)


def spent(ledger: Ledger, date: str, more_bytes: int) -> Ledger:
    """The ledger after some more."""
    today = on_day(ledger, date)
    return Ledger(day=date, spent_bytes=today.spent_bytes + more_bytes)


def ration(targets: Sequence[Target], habits: Habits, ledger: Ledger, limit_bytes: int, day: Day) -> Ration:
    """Whom the next round may look at. With a limit of 0, or as long as spending is on course, everybody.

    Else a round has an equal share of what is left: the anchors that tell the own line apart, and then
    whose turn it is; messengers, elections and the state's services come three times as often as the
    rest, large pages half as often. Where not even the anchors fit (or, without any, the next in turn),
    rounds are further apart.
    """
    gone = on_day(ledger, day.date).spent_bytes
    whole = sum(map(habits.bytes_of, targets))
    on_course = limit_bytes * (HEAD_START + (1 - HEAD_START) * day.second / DAY_S)
    if not limit_bytes or gone + whole <= min(on_course, limit_bytes):
        return Ration(targets=tuple(targets))
    left = max(0, limit_bytes - gone)
    share = left / max(1.0, (DAY_S - day.second) / day.every_s)
    least = _anchors(targets) or _by_turn(targets, (), habits)[:1]
    need = sum(map(habits.bytes_of, least))
    if need > share:
        slower = min(MAX_SLOWER, need / share) if share else MAX_SLOWER
        return Ration(targets=_that_fit(least, habits, left), state="low", slower=slower)
    return Ration(
        targets=_that_fit([*least, *_by_turn(targets, least, habits)], habits, share), state="short"
    )


def _anchors(targets: Sequence[Target]) -> list[Target]:
    """The controls, and the first few domestic targets: without both sides a line cannot be told."""
    domestic = [one for one in targets if one.side == "domestic" and one.category != "control"]
    return [*(one for one in targets if one.category == "control"), *domestic[:DOMESTIC_ANCHORS]]


def _by_turn(targets: Sequence[Target], anchors: Sequence[Target], habits: Habits) -> list[Target]:
    known = {one.url for one in anchors}
    newest = max(habits.seen.values(), default=0)

    def due(target: Target) -> float:
        age = newest + 1 - habits.seen.get(target.url, -newest - 1)
        return age * _TURNS[_rank(target, habits)]

    return sorted((one for one in targets if one.url not in known), key=due, reverse=True)


def _rank(target: Target, habits: Habits) -> int:
    if habits.bytes_of(target) > BIG_BYTES:
        return 3
    return 1 if target.category in _FIRST else 2


def _that_fit(targets: Sequence[Target], habits: Habits, share_bytes: float) -> tuple[Target, ...]:
    """In their order, those that the share suffices for; a smaller one may follow one that did not fit."""
    found: list[Target] = []
    for target in targets:
        if habits.bytes_of(target) <= share_bytes:
            share_bytes -= habits.bytes_of(target)
            found.append(target)
    return tuple(found)
