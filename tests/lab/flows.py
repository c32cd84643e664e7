"""What a censor with a memory does: flows that it has marked, and addresses that it closes for a while.

Rules of this file: functions give rules, nothing is run. Marks live with a connection (conntrack),
closed doors in the kernel's list of recent addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.lab.censor import DOOMED, RESET, Rule, Rules, both, hello_match, host_match
from tests.lab.names import FAMILIES, OPERATOR_RESOLVER, Family, Place, Site
from tests.lab.programs import LIAR_PORT

_ALLOWED = "0x52"
# Longer than a handshake's own acknowledgements, shorter than any ClientHello and any request.
_WITH_DATA = {4: "-m length --length 100:", 6: "-m length --length 120:"}


def silence_after_hello_by(name: str, family: Family) -> Rules:
    """As `silence_after_hello`, in one address family alone."""
    return (
        Rule("operator", family, "mangle", f"FORWARD {hello_match(name)} -j CONNMARK --set-mark {DOOMED}"),
        Rule("operator", family, "filter", f"FORWARD -m connmark --mark {DOOMED} -j DROP"),
    )


def close_after_hello(name: str, seconds: int, verdict: str = "DROP", *, deaf: bool = False) -> Rules:
    """A ClientHello with the name kills its flow, and the address is closed on port 443 for a while.

    `deaf`: connections stand all the same, and nothing that is said on them passes. Only a flow's first
    ClientHello counts, so that what a dead flow repeats does not close the door anew.
    """
    recent, doomed = "-m recent --name closed --rdest", f"-m connmark --mark {DOOMED}"
    hello = f"FORWARD {hello_match(name)}"
    closed = (
        f"FORWARD -p tcp --dport 443 {size if deaf else ''} {recent} --rcheck --seconds {seconds} -j {verdict}"
        for size in _WITH_DATA.values()
    )
    return (
        *both("mangle", f"{hello} -m connmark ! --mark {DOOMED} {recent} --set"),
        *both("mangle", f"{hello} -j CONNMARK --set-mark {DOOMED}"),
        *(Rule("operator", family, "filter", line) for family, line in zip(FAMILIES, closed, strict=True)),
        *both("filter", f"FORWARD -p tcp {doomed} -j {verdict}"),
    )


def deafen(site: Site, verdict: str = "DROP") -> Rules:
    """Connections to the site's port 443 stand, and nothing that is said on them passes, whatever the name."""
    return tuple(_deaf(site, "operator", "FORWARD", verdict))


def grow_deaf(site: Site) -> Rules:
    """The site's own machine accepts connections and hears nothing."""
    return tuple(_deaf(site, site.side, "INPUT", "DROP"))


def _deaf(site: Site, place: Place, chain: str, verdict: str) -> Iterator[Rule]:
    for family, address in site.addresses.items():
        what = f"-d {address} -p tcp --dport 443 {_WITH_DATA[family]}"
        yield Rule(place, family, "filter", f"{chain} {what} -j {verdict}")


def reset_on_established(site: Site, port: int = 443, place: Place = "operator") -> Rules:
    """A connection to a port of the site stands, and is reset before anything is said."""
    chain = "FORWARD" if place == "operator" else "INPUT"
    met = "-m conntrack --ctstate ESTABLISHED"
    return tuple(
        Rule(place, family, "filter", f"{chain} -d {address} -p tcp --dport {port} {met} -j {RESET}")
        for family, address in site.addresses.items()
    )


def reset_after_hello_by(name: str, family: Family) -> Rules:
    """A RST answers the ClientHello with the name, in one address family alone."""
    return (Rule("operator", family, "filter", f"FORWARD {hello_match(name)} -j {RESET}"),)


def break_off(site: Site, share: float) -> Rules:
    """The site's own machine resets a share of the flows on which something is said."""
    chance = f"-m statistic --mode random --probability {share}"
    return tuple(
        Rule(rule.place, rule.family, rule.table, rule.line.replace(" -j ", f" {chance} -j "))
        for rule in _deaf(site, site.side, "INPUT", RESET)
    )


def allow_only_names(*names: str) -> Rules:
    """Connections stand, and what is said on them passes only where it names one of these."""
    passing = [
        *(f"FORWARD {hello_match(name)} -j CONNMARK --set-mark {_ALLOWED}" for name in names),
        *(f"FORWARD {host_match(name)} -j CONNMARK --set-mark {_ALLOWED}" for name in names),
    ]
    closed = (
        Rule("operator", family, "filter", f"FORWARD -p tcp -m multiport --dports 80,443 {_WITH_DATA[family]} -m connmark ! --mark {_ALLOWED} -j DROP")
        for family in FAMILIES
    )  # fmt: skip
    return (*(rule for line in passing for rule in both("mangle", line)), *closed)


def silence_after_host(name: str) -> Rules:
    """A plain request whose Host header has the name vanishes, and its flow with it."""
    return (
        *both("mangle", f"FORWARD {host_match(name)} -j CONNMARK --set-mark {DOOMED}"),
        *both("filter", f"FORWARD -m connmark --mark {DOOMED} -j DROP"),
    )


def questions_to_liar(*names: str) -> Rules:
    """Questions about these names (none: about all) end at the liar, whomever they were sent to."""
    matches = [f'-m string --algo bm --hex-string "{_in_dns(name)}"' for name in names] or [""]
    return tuple(
        Rule("operator", 4, "nat", f"PREROUTING -i to-home -p udp --dport 53 {match} -j REDIRECT --to-ports {LIAR_PORT}")
        for match in matches
    )  # fmt: skip


def questions_to_operator(*names: str) -> Rules:
    """Questions about these names end at the operator's resolver, whomever they were sent to."""
    to = f"--to-destination {OPERATOR_RESOLVER}"
    return tuple(
        Rule(
            "operator",
            4,
            "nat",
            f'PREROUTING -i to-home -p udp --dport 53 -m string --algo bm --hex-string "{_in_dns(name)}" -j DNAT {to}',
        )
        for name in names
    )


def some_questions_to_liar(share: float) -> Rules:
    """A share of all questions ends at the liar."""
    chance = f"-m statistic --mode random --probability {share}"
    return tuple(
        Rule(rule.place, rule.family, rule.table, rule.line.replace(" -j ", f" {chance} -j "))
        for rule in questions_to_liar()
    )


def freeze_after(site: Site, size_bytes: int) -> Rules:
    """So much comes from the site's port 443, and then nothing more on that flow."""
    counted = f"-m connbytes --connbytes {size_bytes}: --connbytes-dir reply --connbytes-mode bytes"
    return tuple(
        Rule("operator", family, "filter", f"FORWARD -s {address} -p tcp --sport 443 {counted} -j DROP")
        for family, address in site.addresses.items()
    )


def _in_dns(name: str) -> str:
    """A name as DNS writes it: each label after its length (RFC 1035, 3.1)."""
    return "".join(f"|{len(label):02x}|{label}" for label in name.split("."))
