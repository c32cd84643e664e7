"""How well a line carries: packets that are lost by chance, and rates; as data that rows compose.

Rules of this file: nothing is run. Chance is the kernel's own, so rows with loss accuse nobody whatever falls.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from tests.lab.censor import DOOMED, Rule, Rules, hello_match
from tests.lab.names import FAMILIES, OPERATOR_RESOLVER, Place, Site

_SLOW_CLASS: Final = "1:9"


class Shaping(Struct, frozen=True):
    """At `place`, the cable to `towards` carries so many kbit/s.

    `some`: only packets that a rule sent to the slow class; the others pass as fast as ever.
    """

    place: Place
    towards: Place
    kbit: int
    some: bool = False

    @property
    def begin(self) -> tuple[str, ...]:
        """Lines for `tc -batch`."""
        device, minor = f"dev to-{self.towards}", "9" if self.some else "1"
        return (
            f"qdisc add {device} root handle 1: htb default {0 if self.some else 1} r2q 1",
            f"class add {device} parent 1: classid 1:{minor} htb rate {self.kbit}kbit burst 1600 cburst 1600",
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


def lose_questions(share: float) -> Rules:
    """Questions to the operator's resolver are lost with a probability."""
    chance = f"-m statistic --mode random --probability {share} -j DROP"
    return (Rule("operator", 4, "filter", f"INPUT -d {OPERATOR_RESOLVER} -p udp --dport 53 {chance}"),)


def slow_line(kbit: int) -> tuple[Shaping, ...]:
    """The volunteer's line is slow both ways."""
    return (Shaping("operator", "home", kbit), Shaping("home", "operator", kbit))


def slow_name(name: str, kbit: int) -> tuple[Rules, Shaping]:
    """What follows a ClientHello with the name comes slowly."""
    return (*_marked(hello_match(name)), *_classed(f"-m connmark --mark {DOOMED}")), Shaping(
        "operator", "home", kbit, some=True
    )


def slow_site(site: Site, kbit: int) -> tuple[Rules | Shaping, ...]:
    """The site's own machine is slow to send, whoever asks for whatever name."""
    ways: tuple[Place, ...] = ("operator", "abroad")
    rules = tuple(
        Rule(site.side, family, "mangle", f"POSTROUTING -s {address} -j CLASSIFY --set-class {_SLOW_CLASS}")
        for family, address in site.addresses.items()
    )
    return (rules, *(Shaping(site.side, way, kbit, some=True) for way in ways))


def _marked(match: str) -> Iterator[Rule]:
    for family in FAMILIES:
        yield Rule("operator", family, "mangle", f"FORWARD {match} -j CONNMARK --set-mark {DOOMED}")


def _classed(match: str) -> Iterator[Rule]:
    for family in FAMILIES:
        line = f"POSTROUTING -o to-home {match} -j CLASSIFY --set-class {_SLOW_CLASS}"
        yield Rule("operator", family, "mangle", line)
