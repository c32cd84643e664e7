"""How well a line carries: packets that are lost by chance, and rates; as data that rows compose.

Rules of this file: nothing is run. Chance is the kernel's own, so rows with loss accuse nobody whatever falls.
"""

from __future__ import annotations

from msgspec import Struct

from tests.lab.censor import DOOMED, Rule, Rules, both, hello_match, host_match
from tests.lab.names import FAMILIES, OPERATOR_RESOLVER, Place, Site

_SLOW = "1:1"


class Shaping(Struct, frozen=True):
    """At `place`, the cable to `towards` carries so many kbit/s; `chosen`: of what a rule classified only."""

    place: Place
    towards: Place
    kbit: int
    chosen: bool = False

    @property
    def begin(self) -> tuple[str, ...]:
        """Lines for `tc -batch`."""
        device = f"dev to-{self.towards}"
        usual = "" if self.chosen else "default 1"  # what has no class is not delayed
        return (
            f"qdisc add {device} root handle 1: htb {usual} r2q 1",
            f"class add {device} parent 1: classid {_SLOW} htb rate {self.kbit}kbit burst 1600 cburst 1600",
        )

    @property
    def end(self) -> tuple[str, ...]:
        """Lines that undo it."""
        return (f"qdisc del dev to-{self.towards} root",)


def lose(share: float) -> Rules:
    """Every packet of the volunteer's line is lost with a probability, each way."""
    chance = f"-m statistic --mode random --probability {share} -j DROP"
    return tuple(
        Rule("operator", family, "mangle", f"{chain} {way} {chance}")
        for family in FAMILIES
        for chain, way in (("PREROUTING", "-i to-home"), ("POSTROUTING", "-o to-home"))
    )


def lose_incoming(share: float) -> Rules:
    """As `lose`, of what comes to the volunteer only."""
    return tuple(rule for rule in lose(share) if "POSTROUTING" in rule.line)


def lose_large(size_bytes: int) -> Rules:
    """Packets to the volunteer that are longer than so much are lost, and nobody is told."""
    return both("filter", f"FORWARD -o to-home -m length --length {size_bytes}: -j DROP")


def lose_questions(share: float) -> Rules:
    """Questions to the operator's resolver are lost with a probability."""
    chance = f"-m statistic --mode random --probability {share} -j DROP"
    return (Rule("operator", 4, "filter", f"INPUT -d {OPERATOR_RESOLVER} -p udp --dport 53 {chance}"),)


def slow_line(kbit: int) -> tuple[Shaping, ...]:
    """The volunteer's line is slow both ways."""
    return (Shaping("operator", "home", kbit), Shaping("home", "operator", kbit))


def shape_name(name: str, kbit: int) -> tuple[Rules, Shaping]:
    """What answers a ClientHello with the name is queued, and comes at so many kbit/s."""
    said = both("mangle", f"FORWARD {hello_match(name)} -j CONNMARK --set-mark {DOOMED}")
    return (*said, *_classified()), _shaped(kbit)


def shape_site(site: Site, kbit: int) -> tuple[Rules, Shaping]:
    """Whatever comes from the site's addresses is queued, and comes at so many kbit/s."""
    lines = (
        Rule("operator", family, "mangle", f"FORWARD -s {address} -j CONNMARK --set-mark {DOOMED}")
        for family, address in site.addresses.items()
    )
    return (*lines, *_classified()), _shaped(kbit)


def _classified() -> Rules:
    """What goes home on a marked flow goes into the slow class."""
    marked = f"-m connmark --mark {DOOMED}"
    return both("mangle", f"POSTROUTING -o to-home {marked} -j CLASSIFY --set-class {_SLOW}")


def _shaped(kbit: int) -> Shaping:
    return Shaping("operator", "home", kbit, chosen=True)


def slow_name(name: str) -> Rules:
    """Of what answers a ClientHello with the name only a few packets a second pass; the others are lost."""
    return _slow(hello_match(name))


def slow_host(name: str) -> Rules:
    """As `slow_name`, after a plain request for the name."""
    return _slow(host_match(name))


def _slow(match: str) -> Rules:
    few = _few_a_second("slowname")
    return (
        *both("mangle", f"FORWARD {match} -j CONNMARK --set-mark {DOOMED}"),
        *both("filter", f"FORWARD -o to-home -p tcp -m connmark --mark {DOOMED} {few} -j DROP"),
    )


def slow_site(site: Site) -> Rules:
    """The site's own machine sends as slowly, whoever asks for whatever name."""
    few = _few_a_second("slowsite")
    return tuple(
        Rule(site.side, family, "filter", f"OUTPUT -s {address} -p tcp --sport 443 {few} -j DROP")
        for family, address in site.addresses.items()
    )


def _few_a_second(name: str) -> str:
    """More than five packets a second in one flow: each flow has a budget of its own."""
    flow = "--hashlimit-mode srcip,dstip,dstport"
    return f"-m hashlimit --hashlimit-above 5/sec --hashlimit-burst 1 {flow} --hashlimit-name {name}"
