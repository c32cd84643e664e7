"""Which hosts may have one owner, as far as their names tell."""

from __future__ import annotations


def kin(one: str, other: str) -> bool:
    """Whether two hosts share their last two labels, so that one owner may send to the other."""
    return family(one) == family(other)


def family(host: str) -> str:
    """The last two labels of a host."""
    return ".".join(host.split(".")[-2:])
