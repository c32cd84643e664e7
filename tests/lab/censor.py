"""What a network may do to packets, as small rules that compose; each is data until a row applies it.

Rules of this file: functions give rules, nothing is run (`country.py` hands them to iptables-restore).
A rule that speaks of a site is made for each of the site's address families.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from msgspec import Struct

from tests.lab.names import FAMILIES, GATEWAY, OPERATOR_RESOLVER, Family, Place, Site
from tests.lab.servers import Port

Table = Literal["mangle", "nat", "filter"]
TABLES: Final[dict[Table, tuple[str, ...]]] = {
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
}
DOOMED: Final = "0x51"  # the mark of a flow that the censor has decided to kill
RESET: Final = "REJECT --reject-with tcp-reset"


class Rule(Struct, frozen=True):
    """One line of iptables (family 4) or ip6tables (6) at a place, without its `-A`."""

    place: Place
    family: Family
    table: Table
    line: str


Rules = tuple[Rule, ...]


def restore_text(rules: Iterable[Rule]) -> str:
    """The whole of one place's firewall in one family, as iptables-restore takes it; no rules: all open."""
    given = tuple(rules)
    return "".join(
        _table_text(table, (rule.line for rule in given if rule.table == table)) for table in TABLES
    )


def _table_text(table: Table, lines: Iterable[str]) -> str:
    chains = (f":{chain} ACCEPT [0:0]" for chain in TABLES[table])
    return "\n".join([f"*{table}", *chains, *(f"-A {line}" for line in lines), "COMMIT", ""])


def _each(site: Site, table: Table, line: str, place: Place = "operator") -> Iterator[Rule]:
    for family, address in site.addresses.items():
        yield Rule(place, family, table, line.format(address=address))


def both(table: Table, line: str) -> Rules:
    """A rule of the operator in both families."""
    return tuple(Rule("operator", family, table, line) for family in FAMILIES)


def hello_match(name: str) -> str:
    """An iptables match of a ClientHello that names `name`: type 0, two bytes of length (RFC 6066, 3)."""
    return f'-p tcp --dport 443 -m string --algo bm --hex-string "|00{len(name):04x}|{name}"'


def host_match(name: str) -> str:
    """An iptables match of a plain request for `name`."""
    return f'-p tcp --dport 80 -m string --algo bm --hex-string "Host: {name}|0d0a|"'


# The operator, address by address.


def blackhole(site: Site) -> Rules:
    """Packets to the site vanish."""
    return tuple(_each(site, "filter", "FORWARD -d {address} -j DROP"))


def refuse(site: Site) -> Rules:
    """A RST answers every SYN to the site."""
    return tuple(_each(site, "filter", f"FORWARD -d {{address}} -p tcp --syn -j {RESET}"))


def unreachable(site: Site) -> Rules:
    """An ICMP message says that the site's machine cannot be reached."""
    message = {4: "icmp-host-unreachable", 6: "icmp6-addr-unreachable"}
    return tuple(
        Rule("operator", family, "filter", f"FORWARD -d {address} -j REJECT --reject-with {message[family]}")
        for family, address in site.addresses.items()
    )


def intercept(site: Site, port: Port) -> Rules:
    """TLS to the site ends at the operator's interceptor, which passes on what is inside."""
    return tuple(
        _each(site, "nat", f"PREROUTING -d {{address}} -p tcp --dport 443 -j REDIRECT --to-ports {port}")
    )


def intercept_by_family(site: Site, port: Port, family: Family) -> Rules:
    """The same on the way of one address family alone."""
    return tuple(rule for rule in intercept(site, port) if rule.family == family)


def notice(site: Site, port: Port = Port.NOTICE) -> Rules:
    """Plain HTTP to the site is answered by the operator."""
    return tuple(
        _each(site, "nat", f"PREROUTING -d {{address}} -p tcp --dport 80 -j REDIRECT --to-ports {port}")
    )


def drop_port(address: str, port: int) -> Rules:
    """Connections to one port of an IPv4 address vanish."""
    return (Rule("operator", 4, "filter", f"FORWARD -d {address} -p tcp --dport {port} -j DROP"),)


def intercept_port(address: str, port: int, to: Port) -> Rules:
    """TLS to one port of an IPv4 address ends at the operator's interceptor."""
    line = f"PREROUTING -d {address} -p tcp --dport {port} -j REDIRECT --to-ports {to}"
    return (Rule("operator", 4, "nat", line),)


# The operator, name by name.


def silence_after_hello(name: str) -> Rules:
    """From the ClientHello with the name on, the flow is dead in both directions."""
    return (
        *both("mangle", f"FORWARD {hello_match(name)} -j CONNMARK --set-mark {DOOMED}"),
        *both("filter", f"FORWARD -m connmark --mark {DOOMED} -j DROP"),
    )


def reset_after_hello(name: str) -> Rules:
    """A RST answers the ClientHello with the name."""
    return both("filter", f"FORWARD {hello_match(name)} -j {RESET}")


def reset_after_host(name: str) -> Rules:
    """A RST answers a plain request whose Host header has the name."""
    return both("filter", f"FORWARD {host_match(name)} -j {RESET}")


# The operator, line by line.


def cut_foreign() -> Rules:
    """Nothing crosses the border any more."""
    return (
        *both("filter", "FORWARD -o to-foreign -j DROP"),
        *both("filter", "FORWARD -i to-foreign -j DROP"),
    )


def cut_everything() -> Rules:
    """Nothing passes the operator's router; what it answers itself, it still answers."""
    return both("filter", "FORWARD -j DROP")


def allow_only(*sites: Site) -> Rules:
    """Only packets to and from these sites pass."""
    passing = (
        _each(site, "filter", f"FORWARD {way} {{address}} -j ACCEPT")
        for site in sites
        for way in ["-s", "-d"]
    )
    return (*(rule for rules in passing for rule in rules), *cut_everything())


def silence_resolver() -> Rules:
    """The operator's resolver does not hear its customers."""
    return (*silence_resolver_by("udp"), *silence_resolver_by("tcp"))


def silence_resolver_by(protocol: str) -> Rules:
    """The same by UDP or by TCP alone."""
    line = f"INPUT -d {OPERATOR_RESOLVER} -p {protocol} --dport 53 -j DROP"
    return (Rule("operator", 4, "filter", line),)


def kill_line() -> Rules:
    """The cable to the volunteer's host carries nothing."""
    return (*both("filter", "INPUT -i to-home -j DROP"), *cut_everything())


def capture() -> Rules:
    """A portal answers for everybody: a redirect on port 80, its own certificate on port 443."""
    to = "PREROUTING -i to-home -p tcp --dport {} -j REDIRECT --to-ports {}"
    return (
        *both("nat", to.format(80, Port.NOTICE_REDIRECT)),
        *both("nat", to.format(443, Port.PORTAL_TLS)),
    )


def capture_pages() -> Rules:
    """A portal answers on port 80 with its page; connections to port 443 vanish."""
    to = f"PREROUTING -i to-home -p tcp --dport 80 -j REDIRECT --to-ports {Port.NOTICE}"
    return (*both("nat", to), *both("filter", "FORWARD -p tcp --dport 443 -j DROP"))


def capture_tls() -> Rules:
    """Somebody answers every handshake with one certificate; plain pages pass."""
    return both("nat", f"PREROUTING -i to-home -p tcp --dport 443 -j REDIRECT --to-ports {Port.PORTAL_TLS}")


def portal_at_gateway() -> Rules:
    """The router's own address serves a portal."""
    to = f"PREROUTING -i to-home -d {GATEWAY} -p tcp --dport {{}} -j REDIRECT --to-ports {{}}"
    ports = ((80, Port.NOTICE), (443, Port.PORTAL_TLS))
    return tuple(Rule("operator", 4, "nat", to.format(*one)) for one in ports)


def proxy_pages() -> Rules:
    """Plain HTTP passes through the operator's cache, which fetches the true page."""
    return both("nat", f"PREROUTING -i to-home -p tcp --dport 80 -j REDIRECT --to-ports {Port.PROXY}")


def accept_all(*ports: int) -> Rules:
    """Somebody near accepts every connection to these ports, and says nothing."""
    to = "PREROUTING -i to-home -p tcp --dport {} -j REDIRECT --to-ports {}"
    return tuple(rule for port in ports for rule in both("nat", to.format(port, Port.MUTE)))


def cut_domestic() -> Rules:
    """Nothing reaches the country's own servers any more."""
    return (
        *both("filter", "FORWARD -o to-domestic -j DROP"),
        *both("filter", "FORWARD -i to-domestic -j DROP"),
    )


def blackhole_by(site: Site, family: Family) -> Rules:
    """Packets to the site vanish in one address family."""
    return tuple(rule for rule in blackhole(site) if rule.family == family)


def drop_datagrams(site: Site, port: int = 443) -> Rules:
    """Datagrams to a port of the site vanish."""
    return tuple(_each(site, "filter", f"FORWARD -d {{address}} -p udp --dport {port} -j DROP"))


def close_port(site: Site, port: int, verdict: str = "DROP") -> Rules:
    """Connections to one port of the site get nowhere."""
    return tuple(_each(site, "filter", f"FORWARD -d {{address}} -p tcp --dport {port} -j {verdict}"))


def drop_ipv6() -> Rules:
    """IPv6 is announced and routed, and nothing of it arrives."""
    return (Rule("operator", 6, "filter", "FORWARD -j DROP"),)


def reject_ipv6() -> Rules:
    """IPv6 is announced, and the router says that there is no way."""
    return (Rule("operator", 6, "filter", "FORWARD -j REJECT --reject-with no-route"),)


# The servers themselves: their own will, whoever comes.


def take_down(site: Site) -> Rules:
    """The site's machine refuses connections."""
    return tuple(_each(site, "filter", f"INPUT -d {{address}} -p tcp -j {RESET}", site.side))


def fall_silent(site: Site) -> Rules:
    """The site's machine is off."""
    return tuple(_each(site, "filter", "INPUT -d {address} -j DROP", site.side))


def behave(site: Site, port: Port) -> Rules:
    """The site's service behaves as its nginx does on `port`: 443 for https sites, 80 for http ones."""
    wanted = 443 if site.scheme == "https" else 80
    line = f"PREROUTING -d {{address}} -p tcp --dport {wanted} -j REDIRECT --to-ports {port}"
    return tuple(_each(site, "nat", line, site.side))


def behave_towards(visitors: Place, site: Site, port: Port) -> Rules:
    """As `behave`, only for who comes by the cable from a place."""
    came_from: dict[Place, Place] = {"home": "operator", "abroad": "abroad"}
    cable = f"PREROUTING -i to-{came_from[visitors]}"
    return tuple(
        Rule(rule.place, rule.family, rule.table, rule.line.replace("PREROUTING", cable))
        for rule in behave(site, port)
    )


def shut_out_abroad(site: Site) -> Rules:
    """The site is silent towards whoever comes from abroad."""
    return tuple(_each(site, "filter", "INPUT -i to-abroad -d {address} -j DROP", site.side))
