"""Which link sends a text now: its own first, another operator's when that one cannot.

Pure: the shell says how the links are and does what is chosen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final, Literal

from msgspec import Struct

Priority = Literal["alert", "reply"]
PRIORITIES: Final[tuple[Priority, ...]] = ("alert", "reply")
"""In the order in which they are sent; a text keeps its place in this list as a number."""
Choice = Literal["wait", "end"]
_TRIES: Final = 2
"""So often one link is tried for a reason of the text itself; then another one."""


class LinkNow(Struct, frozen=True, kw_only=True):
    """A link that can send. `free`: it may send this text now; `capped`: not any more today."""

    name: str
    up: bool
    free: bool = True
    capped: bool = False


def pick(
    preferred: str, tries: int, refused_by: Collection[str], links: Sequence[LinkNow]
) -> tuple[str, Choice]:
    """The link for a text, or `""` with what that means: `wait`, or `end` where every link refused it.

    `tries` that failed turn the order of the links; a link that is not up is tried only when none is,
    since some links find out only by sending that they are up again.
    """
    open_ = [link for link in _ordered(preferred, links) if link.name not in refused_by]
    if not open_:
        return "", "end"
    turned = tries // _TRIES % len(open_)
    usable = [link for link in open_[turned:] + open_[:turned] if not link.capped]
    up = [link for link in usable if link.up]
    free = [link for link in up or usable[:1] if link.free]
    return (free[0].name, "wait") if free else ("", "wait")


def _ordered(preferred: str, links: Sequence[LinkNow]) -> list[LinkNow]:
    return sorted(links, key=lambda link: link.name != preferred)
