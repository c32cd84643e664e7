"""When a probe that cannot deliver tells its round by text: after a while, and then now and again."""

from __future__ import annotations

from typing import Final

AGAIN_S: Final = 3_600.0
"""A text costs money, and an hour's news is enough to know that a line is still cut."""


class CutWatch:
    """Sees how long nothing was delivered. Times are of any clock that does not go back."""

    def __init__(self, after_s: float) -> None:
        """`after_s`: for how long something must have waited."""
        self._after_s = after_s
        self._since: float | None = None
        self._told: float | None = None

    def is_due(self, now: float, waiting: bool) -> bool:
        """Whether it is time for a text; `waiting`: whether rounds wait that were made before this one."""
        if not waiting:
            self._since = self._told = None
            return False
        self._since = now if self._since is None else self._since
        long_enough = now - self._since >= self._after_s
        quiet = self._told is None or now - self._told >= AGAIN_S
        if long_enough and quiet:
            self._told = now
        return long_enough and quiet
