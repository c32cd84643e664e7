"""What a network brings again, told from what a person sends again.

An SMPP centre gives a text no name. When a connection breaks, it brings again what it has no answer for, and
nobody can know which answers still reached it. So: the same bytes, in another session than before, where
the former session is over, the former copy came in its last moments, and not long ago. Each former copy
excuses one. Within one session nothing is taken for a repetition here: off, on, off are three texts.
Times are of a clock that may be set back: a session's last piece is the one that came last.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from typing import Final

from msgspec import Struct

DOUBT_S: Final = 60.0
"""How long before its session's last piece an answer may still have been on its way."""
AGAIN_S: Final = 600.0
"""How long after it the network may bring a piece again."""


class Came(Struct, frozen=True, kw_only=True):
    """A piece that came, in a session, at a time in Unix seconds."""

    link: str
    session: str
    at: float
    print: bytes


def print_of(key: bytes, piece: bytes) -> bytes:
    """A keyed print of a piece, since the piece itself holds a number."""
    return hashlib.blake2b(piece, key=key, digest_size=12).digest()


class Lately:
    """What came lately. The shell keeps the rows durable; this is their mirror."""

    def __init__(self, rows: Collection[Came] = ()) -> None:
        """`rows` in the order in which they came."""
        self._by_print: dict[tuple[str, bytes], list[Came]] = {}
        self._last_at: dict[str, float] = {}
        for row in rows:
            self._add(row)

    def is_again(self, came: Came, live: Collection[str]) -> bool:
        """Whether a piece was brought before; it is remembered either way. `live`: sessions not over."""
        copies = self._by_print.get((came.link, came.print), [])
        former = next((one for one in copies if self._excuses(one, came, live)), None)
        if former is not None:
            copies.remove(former)
        self._add(came)
        return former is not None

    def forget(self, before: float) -> None:
        """Drop what came before this time, and what its session has left behind: it can excuse nothing."""
        for key, copies in list(self._by_print.items()):
            copies[:] = [one for one in copies if one.at >= before and self._in_doubt(one)]
            if not copies:
                del self._by_print[key]
        self._last_at = {session: at for session, at in self._last_at.items() if at >= before}

    def _add(self, came: Came) -> None:
        self._by_print.setdefault((came.link, came.print), []).append(came)
        self._last_at[came.session] = came.at

    def _excuses(self, former: Came, came: Came, live: Collection[str]) -> bool:
        return (
            former.session != came.session
            and former.session not in live
            and self._in_doubt(former)
            and abs(came.at - former.at) <= AGAIN_S
        )

    def _in_doubt(self, former: Came) -> bool:
        return self._last_at.get(former.session, former.at) - former.at <= DOUBT_S
