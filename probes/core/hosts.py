"""Hosts as they are written, spoken and hidden: A-labels, literal addresses, scrubbing.

Rules of this file: an address that some page tells back to us may be the volunteer's own.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import idna

_MAX_LABEL_CHARS: Final = 63
_MAX_NAME_CHARS: Final = 253
_VISIBLE: Final = re.compile(r"[!-~]*")
HIDDEN: Final = "[address]"
_V4: Final = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]*\d)")
_V6: Final = re.compile(
    r"(?<![0-9A-Fa-f:.])(?=[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:)[0-9A-Fa-f:]{3,39}(?![0-9A-Fa-f:])"
)


@lru_cache(maxsize=4096)
def literal(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is, else None."""
    if ":" not in host and not host[-1:].isdigit():  # most hosts, and reading one costs as much as asking
        return None
    try:
        return ip_address(host)
    except ValueError:
        return None


def spoken(host: str) -> str:
    """A host as it goes over the wire: an IDN as A-labels (UTS 46).

    Raises `ValueError` for a name that has no place in the DNS (RFC 1035, 2.3.4), or that no program can say:
    a page or a playlist may send anywhere.
    """
    name = host if host.isascii() else idna.encode(host, uts46=True).decode()
    if not _VISIBLE.fullmatch(name):
        raise ValueError("a space or a control character is in the name")
    labels = name.removesuffix(".").split(".")
    if literal(name) is None and not all(0 < len(label) <= _MAX_LABEL_CHARS for label in labels):
        raise ValueError("a label of the name is empty or too long")
    if len(name) > _MAX_NAME_CHARS:
        raise ValueError("the name is too long")
    return name


def scrub_text(text: str) -> str:
    """A text without literal addresses."""
    return _V6.sub(_hide, _V4.sub(_hide, text))


def _hide(found: re.Match[str]) -> str:
    return HIDDEN if literal(found[0]) else found[0]


def scrub_location(base: str, location: str) -> str:
    """Where a `Location` leads from a URL, scrubbed; "" when there is none, or none that can be read."""
    try:
        return scrub_url(urljoin(base, location)) if location else ""
    except ValueError:
        return ""


def scrub_url(url: str) -> str:
    """Scheme, host and path of a URL: portals write their visitors' addresses into query and fragment."""
    try:
        parts = urlsplit(url)
        place = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if ":" in place:
        place = f"[{place}]"
    return urlunsplit((parts.scheme, place + port, scrub_text(parts.path), "", ""))[:2_000]
