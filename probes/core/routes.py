"""Whether this machine has a way out, read from Linux's routing tables."""

from __future__ import annotations

from typing import Final

_ZERO_V4: Final = "00000000"
_ZERO_V6: Final = "0" * 32
_UP: Final = 0x1  # RTF_UP of <linux/route.h>
_REJECT: Final = 0x200  # RTF_REJECT
_V4_FIELDS: Final = 8
_V6_FIELDS: Final = 10


def has_default_route(v4_table: str, v6_table: str) -> bool:
    """From the texts of /proc/net/route and /proc/net/ipv6_route; broken lines are passed over."""
    v4 = any(_leads_out_v4(line.split()) for line in v4_table.splitlines()[1:])
    return v4 or any(_leads_out_v6(line.split()) for line in v6_table.splitlines())


def _leads_out_v4(fields: list[str]) -> bool:
    if len(fields) < _V4_FIELDS:
        return False
    device, destination, flags, mask = fields[0], fields[1], fields[3], fields[7]
    return destination == mask == _ZERO_V4 and device != "lo" and _usable(flags)


def _leads_out_v6(fields: list[str]) -> bool:
    if len(fields) < _V6_FIELDS:
        return False
    destination, prefix, flags, device = fields[0], fields[1], fields[8], fields[9]
    return destination == _ZERO_V6 and prefix == "00" and device != "lo" and _usable(flags)


def _usable(flags: str) -> bool:
    try:
        return int(flags, 16) & (_UP | _REJECT) == _UP
    except ValueError:
        return False
