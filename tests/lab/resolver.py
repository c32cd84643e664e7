"""Real unbound twice: the operator's resolver, which rows tamper with, and a clean one abroad.

Both answer from the sites' table alone and never ask anyone. Tampering goes through unbound's
own control socket, takes effect at once and is undone the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.lab import names
from tests.lab.names import SITES, Place, Site
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
{sealed}
    access-control: 0.0.0.0/0 allow
    local-zone: "." static
{data}
forward-zone:
    name: "."
    forward-addr: 127.0.0.1@1
remote-control:
    control-enable: yes
    control-use-cert: no
    control-interface: {folder}/unbound-{place}.sock
"""
# The clean resolver also answers over TLS and over HTTPS.
_SEALED: Final = """
    interface: {address}@853
    interface: {address}@443
    tls-port: 853
    https-port: 443
    tls-service-key: "{folder}/certificates/true/{address}.pem"
    tls-service-pem: "{folder}/certificates/true/{address}.pem"
"""
_TYPE: Final = {4: "A", 6: "AAAA"}


class Zone(Struct, frozen=True):
    """What a resolver says of a name: unbound's zone type and, for `redirect`, the records.

    `place`: the operator's resolver lies; the clean one, in `foreign`, tells how the name truly is.
    """

    name: str
    kind: str
    records: tuple[str, ...] = ()
    place: Place = "operator"


def unbound_conf(place: Place, folder: Path) -> str:
    """The configuration of the resolver at a place."""
    data = "\n".join(line for site in SITES for line in _zone_lines(site))
    address = RESOLVERS[place]
    sealed = _SEALED.format(folder=folder, address=address) if address == names.CLEAN_RESOLVER else ""
    return _CONF.format(folder=folder, place=place, address=address, data=data, sealed=sealed)


def _zone_lines(site: Site) -> Iterator[str]:
    # Each name is a zone from the start: a zone that unbound 1.17 is told of later gets no parent, and
    # names that sort behind it are no longer found in the zone above.
    yield f'    local-zone: "{site.name}" static'
    yield from (f'    local-data: "{_record(site.name, record)}"' for record in _true_records(site))


def _true_records(site: Site) -> tuple[str, ...]:
    return tuple(f"{_TYPE[family]} {address}" for family, address in site.addresses.items())


def _record(name: str, record: str) -> str:
    return f"{name}. 300 IN {record}"


def write_resolv_conf(namespace_folder: Path, address: str) -> None:
    """Make `address` the system's resolver of a namespace: `ip netns exec` mounts this over /etc."""
    namespace_folder.mkdir(parents=True, exist_ok=True)
    (namespace_folder / "resolv.conf").write_text(f"nameserver {address}\n", encoding="ascii")


def tamper(folder: Path, zone: Zone) -> None:
    """Let a resolver answer for a name as the zone says."""
    control = ("unbound-control", "-c", str(folder / f"unbound-{zone.place}.conf"))
    must((*control, "local_data_remove", zone.name))
    must((*control, "local_zone", zone.name, zone.kind))
    for record in zone.records:
        must((*control, "local_data", _record(zone.name, record)))


def restore(folder: Path, zone: Zone) -> None:
    """Let the resolver answer for a name as on a calm day again."""
    tamper(folder, Zone(zone.name, "static", _true_records(names.BY_NAME[zone.name]), zone.place))


def nxdomain(name: str, place: Place = "operator") -> Zone:
    """The name does not exist, says the resolver."""
    return Zone(name, "always_nxdomain", place=place)


def refused(name: str) -> Zone:
    """The resolver refuses the question."""
    return Zone(name, "always_refuse")


def servfail(name: str, place: Place = "operator") -> Zone:
    """The resolver says that it could not find out: it is sent to ask where nobody listens."""
    return Zone(name, "transparent", place=place)


def silent(name: str) -> Zone:
    """No answer to questions about the name."""
    return Zone(name, "always_deny")


def forged(name: str, address: str) -> Zone:
    """The name has this IPv4 address and no IPv6 one, says the resolver."""
    return Zone(name, "redirect", (f"A {address}",))
