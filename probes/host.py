"""What this machine knows about its own line."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from probes.core.power import Power, power_of
from probes.core.resolv_conf import Resolver, of_the_system
from probes.core.routes import has_default_route

_TABLES: Final = (Path("/proc/net/route"), Path("/proc/net/ipv6_route"))
_SUPPLIES: Final = Path("/sys/class/power_supply")
_RESOLV_CONF: Final = Path("/etc/resolv.conf")


def gateway() -> str:
    """Whether there is a way out: "yes", "no", or "" where the system does not tell."""
    v4, v6 = (_read(path) for path in _TABLES)
    if not v4 and not v6:
        return ""
    return "yes" if has_default_route(v4, v6) else "no"


def system_resolvers() -> tuple[Resolver, ...]:
    """The machine's own name servers."""
    return of_the_system(_read(_RESOLV_CONF))


def power() -> Power:
    """Whether this machine runs on battery now; where the system does not tell, it does not."""
    try:
        return power_of([_supply(folder) for folder in sorted(_SUPPLIES.iterdir())])
    except OSError:
        return Power()


def _supply(folder: Path) -> dict[str, str]:
    return {name: _read(folder / name).strip() for name in ("type", "scope", "status", "capacity")}


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
