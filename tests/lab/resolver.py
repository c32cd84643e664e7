"""Real unbound twice: the operator's resolver, which rows tamper with, and a clean one abroad.

Both answer from the sites' table alone and never ask anyone. Tampering goes through unbound's
own control socket, takes effect at once and is undone by removing the zone again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.lab import names
from tests.lab.names import SITES, Place
from tests.lab.shell import must

RESOLVERS: Final[dict[Place, str]] = {"operator": names.OPERATOR_RESOLVER, "foreign": names.CLEAN_RESOLVER}
_CONF: Final = """
server:
    directory: "{folder}"
    chroot: ""
    username: ""
    pidfile: "{folder}/unbound-{place}.pid"
    logfile: "{folder}/unbound-{place}.log"
    use-syslog: no
    do-daemonize: yes
    num-threads: 1
    module-config: "iterator"
    interface: {address}
    access-control: 0.0.0.0/0 allow
    local-zone: "." static
{data}
remote-control:
    control-enable: yes
    control-use-cert: no
    control-interface: {folder}/unbound-{place}.sock
"""
_TYPE: Final = {4: "A", 6: "AAAA"}


class Zone(Struct, frozen=True):
    """What the operator's resolver says of a name: unbound's zone type and, for `redirect`, the records."""

    name: str
    kind: str
    records: tuple[str, ...] = ()


def unbound_conf(place: Place, folder: Path) -> str:
    """The configuration of the resolver at a place."""
    data = "\n".join(f"    local-data: '{record}'" for record in _records())
    return _CONF.format(folder=folder, place=place, address=RESOLVERS[place], data=data)


def _records() -> Iterator[str]:
    for site in SITES:
        for family, address in site.addresses.items():
            yield f"{site.name}. 300 IN {_TYPE[family]} {address}"


def write_resolv_conf(namespace_folder: Path, address: str) -> None:
    """Make `address` the system's resolver of a namespace: `ip netns exec` mounts this over /etc."""
    namespace_folder.mkdir(parents=True, exist_ok=True)
    (namespace_folder / "resolv.conf").write_text(f"nameserver {address}\n", encoding="ascii")


def tamper(folder: Path, zone: Zone) -> None:
    """Let the operator's resolver answer for a name as the zone says."""
    _control(folder, "local_zone", zone.name, zone.kind)
    for record in zone.records:
        _control(folder, "local_data", f"{zone.name}. 300 IN {record}")


def restore(folder: Path, zone: Zone) -> None:
    """Let the operator's resolver tell the truth about a name again."""
    _control(folder, "local_zone_remove", zone.name)


def _control(folder: Path, *words: str) -> None:
    must(("unbound-control", "-c", str(folder / "unbound-operator.conf"), *words))


def nxdomain(name: str) -> Zone:
    """The name does not exist, says the resolver."""
    return Zone(name, "always_nxdomain")


def refused(name: str) -> Zone:
    """The resolver refuses the question."""
    return Zone(name, "always_refuse")


def silent(name: str) -> Zone:
    """No answer to questions about the name."""
    return Zone(name, "always_deny")


def forged(name: str, address: str) -> Zone:
    """The name has this IPv4 address and no IPv6 one, says the resolver."""
    return Zone(name, "redirect", (f"A {address}",))
