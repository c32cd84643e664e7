"""Wire times as Unix seconds, thousands at once."""

from __future__ import annotations

from typing import Final

import numpy as np

from collector.core.detect.arrays import Floats, Ints
from wire.times import epoch_seconds

_STAMP: Final = len("2022-01-05T10:30:00.000Z")
_DIGITS: Final = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18, 20, 21, 22)
_SIGNS: Final = {4: "-", 7: "-", 10: "T", 13: ":", 16: ":", 19: ".", 23: "Z"}
_DAYS_BEFORE: Final = np.array([0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334])
_LENGTHS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_YEAR_1_TO_1970: Final = 719_528  # days
_ORDINARY: Final = ((1, 12), (1, 31), (0, 23), (0, 59), (0, 59))  # month, day, hour, minute, second
_FEBRUARY: Final = 2


def seconds_of(texts: list[str]) -> Floats:
    """In one go where all have our own form, else one by one; raises `BadRecord`."""
    joined = "".join(texts).encode()
    if len(joined) != _STAMP * len(texts):
        return _one_by_one(texts)
    letters = np.frombuffer(joined, np.uint8).reshape(len(texts), _STAMP)
    if not _is_ours(letters):
        return _one_by_one(texts)
    return _calendar(letters.astype(np.int64) - ord("0"), texts)


def _is_ours(letters: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bool:
    digits = letters[:, _DIGITS]
    signs = all((letters[:, place] == ord(sign)).all() for place, sign in _SIGNS.items())
    return bool(signs and ((digits >= ord("0")) & (digits <= ord("9"))).all())


def _calendar(d: Ints, texts: list[str]) -> Floats:
    year = d[:, 0] * 1000 + d[:, 1] * 100 + d[:, 2] * 10 + d[:, 3]
    month, day, hour, minute, second = (d[:, at] * 10 + d[:, at + 1] for at in (5, 8, 11, 14, 17))
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    parts = zip((month, day, hour, minute, second), _ORDINARY, strict=True)
    sound = np.logical_and.reduce([(low <= part) & (part <= high) for part, (low, high) in parts])
    if not (sound & (day <= _LENGTHS[month % 13] + (leap & (month == _FEBRUARY)))).all():
        return _one_by_one(texts)
    past = year - 1
    leap_days = past // 4 - past // 100 + past // 400 + (leap & (month > _FEBRUARY))
    days = year * 365 + leap_days + _DAYS_BEFORE[month] + day - _YEAR_1_TO_1970
    millis = d[:, 20] * 100 + d[:, 21] * 10 + d[:, 22]
    found: Floats = (days * 86_400 + hour * 3600 + minute * 60 + second) + millis / 1000.0
    return found


def _one_by_one(texts: list[str]) -> Floats:
    return np.array([epoch_seconds(text) for text in texts])
