"""Which hosts may have one owner, as far as their names tell."""

from __future__ import annotations

from typing import Final

from wire.judge.addresses import parse_address

# Where owners begin one label further on.
_SHELVES: Final = frozenset({"ac", "co", "com", "edu", "gov", "mil", "net", "org"})
_OF_A_COUNTRY: Final = 2  # letters (ISO 3166-1)


def kin(one: str, other: str) -> bool:
    """Whether two hosts may have one owner, who may send from one to the other."""
    return family(one) == family(other)


def family(host: str) -> str:
    """The last two labels of a host, three where a country sells names below `com.`, `gov.` and the like.

    A literal address is a family of its own.
    """
    labels = host.split(".")
    if parse_address(host) is not None:
        return host
    shelf = len(labels) > 2 and labels[-2] in _SHELVES and len(labels[-1]) == _OF_A_COUNTRY  # noqa: PLR2004  # name, shelf, country
    return ".".join(labels[-3:] if shelf else labels[-2:])
