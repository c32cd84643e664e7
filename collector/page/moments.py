"""Times as people read them: how long ago, and the clock of Kazakhstan with UTC beside it.

The whole country has kept one time, UTC+5, since 1 March 2024 (Asia/Almaty in the time zone
database). It stands here as a number, so that a machine with an older database is right too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from msgspec import Struct

from collector.page.words import Words
from wire.times import parse_time

KAZAKHSTAN: Final = timezone(timedelta(hours=5), "UTC+5")
CLOCK: Final = "%Y-%m-%dT%H:%M"
MINUTE_S: Final = 60.0
HOUR_S: Final = 3_600.0
DAY_S: Final = 86_400.0
_JUST_NOW_S: Final = 3.0


class Moment(Struct, frozen=True, kw_only=True):
    """One moment: `iso` for machines, `ago` in words, `exact` as both clocks tell it."""

    iso: str
    ago: str
    exact: str


def moment(words: Words, at: str, now: str) -> Moment:
    """A wire time, seen from `now` (a wire time). One that lies ahead is told as `just now`."""
    seconds = (parse_time(now) - parse_time(at)).total_seconds()
    return Moment(iso=at, ago=ago(words, seconds), exact=exact(words, at, now))


def ago(words: Words, seconds: float) -> str:
    """How long ago, in the largest unit that is not rounded away, always rounded down."""
    if seconds < _JUST_NOW_S:
        return words("ago-now")
    if seconds < MINUTE_S:
        return words("ago-seconds", count=int(seconds))
    if seconds < HOUR_S:
        return words("ago-minutes", count=int(seconds // MINUTE_S))
    if seconds < 2 * DAY_S:
        return words("ago-hours", count=int(seconds // HOUR_S))
    return words("ago-days", count=int(seconds // DAY_S))


def span(words: Words, seconds: float) -> str:
    """For how long, in the same steps; at least a minute."""
    if seconds < HOUR_S:
        return words("span-minutes", count=max(1, int(seconds // MINUTE_S)))
    if seconds < 2 * DAY_S:
        return words("span-hours", count=int(seconds // HOUR_S))
    return words("span-days", count=int(seconds // DAY_S))


def window(words: Words, seconds: float) -> str:
    """The time that counts as now: `the last 15 minutes`."""
    return words("window", count=round(seconds / MINUTE_S))


def exact(words: Words, at: str, now: str) -> str:
    """Both clocks, with the day before them when it is not today's in Kazakhstan."""
    return _told(words, "moment", at, now)


def dated(words: Words, at: str) -> str:
    """Both clocks with the day, whichever it is: for what is printed or kept."""
    return f"{day(words, at)}, {exact(words, at, at)}"


def narrow(words: Words, at: str, now: str) -> str:
    """The same in as few words as a table's column has room for."""
    return _told(words, "moment-narrow", at, now)


def day(words: Words, at: str) -> str:
    """The day in Kazakhstan, written out."""
    return words("moment-day", day=_local(at).date())


def clock_of(at: str) -> str:
    """A moment in Kazakhstan's time, as a browser's field for a moment writes it."""
    return _local(at).strftime(CLOCK)


def _told(words: Words, message: str, at: str, now: str) -> str:
    local, today = _local(at), _local(now)
    clocks = words(message, local=f"{local:%H:%M:%S}", utc=f"{local.astimezone(UTC):%H:%M:%S}")
    return clocks if local.date() == today.date() else f"{day(words, at)}, {clocks}"


def _local(at: str) -> datetime:
    return parse_time(at).astimezone(KAZAKHSTAN)
