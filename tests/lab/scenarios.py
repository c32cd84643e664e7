"""The table: what the network does, and what a fair judge must say of every target.

A row is one `Scenario`. `fair` names the targets that are not as on a calm day; every other target
must get its site's usual verdict (`names.py`). To add a row, add a line.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from tests.lab import censor, names, resolver
from tests.lab.censor import Rule, Rules
from tests.lab.fair import Fair, blocked, down, likely_blocked, unsaid
from tests.lab.names import BY_NAME, SITES
from tests.lab.resolver import Zone
from tests.lab.servers import Port

ANCHOR: Final = "anchor-one.example"
CLOSED: Final = "jabyq-esik.kz"
BANK: Final = "dala-bank.kz"
PORTAL: Final = "qyzmet-portal.kz"
INFO: Final = "keste-info.kz"
NEWS: Final = "harbour-news.example"
POST: Final = "pigeon-post.example"
TALK: Final = "meadow-talk.example"
PAGES: Final = "plain-pages.example"


class Scenario(Struct, frozen=True, kw_only=True):
    """A row: its name, what happens in one line, the actions, and the fair verdicts that are unusual.

    `control`: made just now, made long ago, or not there.
    """

    name: str
    about: str
    actions: tuple[Rules | Zone, ...] = ()
    fair: Mapping[str, Fair] = {}
    control: Literal["fresh", "old", "none"] = "fresh"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every packet rule of the row, in order."""
        return tuple(rule for action in self.actions if not isinstance(action, Zone) for rule in action)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Every lie of the resolver."""
        return tuple(action for action in self.actions if isinstance(action, Zone))

    @property
    def changes_servers(self) -> bool:
        """True when the control has to be made anew, since servers themselves differ."""
        return any(rule.place in {"domestic", "foreign"} for rule in self.rules)

    @property
    def is_innocent(self) -> bool:
        """True when a fair judge accuses nobody in this row."""
        return not any(fair.accuses for fair in self.fair.values())

    def expected(self) -> dict[str, Fair]:
        """The fair verdict of every target."""
        return {site.name: self.fair.get(site.name, site.usual) for site in SITES}


def everywhere(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every target."""
    return {site.name: fair for site in SITES}


def abroad(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every foreign target."""
    return {site.name: fair for site in SITES if site.side == "foreign"}


# Without a control, what works is known to work if nobody could have forged it; the rest is not known.
_UNTOLD: Final = {
    **{site.name: Fair("insufficient", "http") for site in SITES if site.scheme == "http"},
    CLOSED: unsaid("tcp.refused"),
    NEWS: unsaid("tcp.timeout"),
    POST: unsaid("dns.nxdomain"),
}
_CALM: Final = (
    Scenario(
        name="all_well", about="nobody interferes; one site is closed, one has let its certificate expire"
    ),
    Scenario(
        name="site_down",
        about="a site's machine refuses connections, here and at the control",
        actions=(censor.take_down(BY_NAME[PORTAL]),),
        fair={PORTAL: down("tcp")},
    ),
    Scenario(
        name="site_silent",
        about="a site's machine is off, here and at the control",
        actions=(censor.fall_silent(BY_NAME[NEWS]),),
        fair={NEWS: down("tcp")},
    ),
    Scenario(
        name="certificate_expired",
        about="the true site serves an expired certificate",
        actions=(censor.behave(BY_NAME[NEWS], Port.EXPIRED),),
        fair={NEWS: down("tls")},
    ),
    Scenario(
        name="certificate_self_signed",
        about="the true site serves a certificate that it signed itself",
        actions=(censor.behave(BY_NAME[BANK], Port.SELF_SIGNED),),
        fair={BANK: down("tls")},
    ),
    Scenario(
        name="certificate_of_another_name",
        about="the true site serves the valid certificate of another site",
        actions=(censor.behave(BY_NAME[PORTAL], Port.WRONG_NAME),),
        fair={PORTAL: down("tls")},
    ),
    Scenario(
        name="forbidden_to_all",
        about="an https and an http site answer 403 to everyone",
        actions=(
            censor.behave(BY_NAME[TALK], Port.FORBIDDEN_TLS),
            censor.behave(BY_NAME[PAGES], Port.FORBIDDEN),
        ),
    ),
    Scenario(
        name="forbidden_to_the_country",
        about="a foreign site answers 403 to visitors from this country",
        actions=(censor.behave_towards("home", BY_NAME[TALK], Port.FORBIDDEN_TLS),),
    ),
    Scenario(
        name="closed_to_the_world",
        about="domestic sites do not answer visitors from abroad, so that the control sees nothing of them",
        actions=(censor.shut_out_abroad(BY_NAME[BANK]), censor.shut_out_abroad(BY_NAME[PORTAL])),
    ),
    Scenario(
        name="nearby_copy",
        about="the resolver points at a nearer machine of the site's network, with a valid certificate",
        actions=(resolver.forged(NEWS, names.NEARBY),),
    ),
    Scenario(
        name="ipv6_dead", about="IPv6 is announced, and all of it is lost", actions=(censor.drop_ipv6(),)
    ),
    Scenario(name="ipv6_unrouted", about="IPv6 is announced and refused", actions=(censor.reject_ipv6(),)),
)
_DNS: Final = (
    Scenario(
        name="dns_nxdomain",
        about="the resolver denies that a name exists",
        actions=(resolver.nxdomain(NEWS),),
        fair={NEWS: likely_blocked("dns.nxdomain")},
    ),
    Scenario(
        name="dns_refused",
        about="the resolver refuses questions about a name",
        actions=(resolver.refused(NEWS),),
        fair={NEWS: likely_blocked("dns.refused")},
    ),
    Scenario(
        name="dns_servfail",
        about="the resolver pretends to fail at one name",
        actions=(resolver.servfail(POST),),
        fair={POST: likely_blocked("dns.servfail")},
    ),
    Scenario(
        name="dns_forged",
        about="the resolver points at a server that has no valid certificate for the name",
        actions=(resolver.forged(NEWS, names.NOTICE),),
        fair={NEWS: blocked("dns.injection.other")},
    ),
    Scenario(
        name="dns_forged_private",
        about="the resolver points at a private address",
        actions=(resolver.forged(POST, names.PRIVATE),),
        fair={POST: blocked("dns.injection.bogon")},
    ),
    Scenario(
        name="dns_forged_notice",
        about="the resolver points an http site's name at the operator's notice",
        actions=(resolver.forged(PAGES, names.NOTICE),),
        fair={PAGES: blocked("dns.injection.blockpage")},
    ),
    Scenario(
        name="dns_silent_for_one",
        about="the resolver leaves questions about one name without answer",
        actions=(resolver.silent(TALK),),
        fair={TALK: likely_blocked("dns.timeout")},
    ),
    Scenario(
        name="dns_silent",
        about="the resolver answers nothing at all",
        actions=(censor.silence_resolver(),),
        fair=everywhere(unsaid("dns.timeout")),
    ),
)
_ADDRESS: Final = (
    Scenario(
        name="address_blackholed",
        about="packets to a site vanish",
        actions=(censor.blackhole(BY_NAME[NEWS]),),
        fair={NEWS: likely_blocked("tcp.timeout")},
    ),
    Scenario(
        name="reset_on_syn",
        about="a RST answers every SYN to a site",
        actions=(censor.refuse(BY_NAME[POST]),),
        fair={POST: likely_blocked("tcp.refused")},
    ),
    Scenario(
        name="address_unreachable",
        about="the router says that a site's machine cannot be reached",
        actions=(censor.unreachable(BY_NAME[TALK]),),
        fair={TALK: Fair("likely_blocked", "tcp", "ip.unreachable")},
    ),
)
_TLS: Final = (
    Scenario(
        name="silence_after_hello",
        about="flows die after a ClientHello with one name",
        actions=(censor.silence_after_hello(NEWS),),
        fair={NEWS: likely_blocked("tls.timeout.sni")},
    ),
    Scenario(
        name="reset_after_hello",
        about="a RST answers a ClientHello with one name",
        actions=(censor.reset_after_hello(POST),),
        fair={POST: likely_blocked("tls.reset.sni")},
    ),
    Scenario(
        name="certificate_forged",
        about="an interceptor with an authority of its own reads one site's traffic",
        actions=(censor.intercept(BY_NAME[NEWS], Port.FORGED),),
        fair={NEWS: blocked("tls.mitm.ca_signed")},
    ),
    Scenario(
        name="certificate_forged_self_signed",
        about="an interceptor shows a self-signed certificate for one site",
        actions=(censor.intercept(BY_NAME[TALK], Port.FORGED_SELF_SIGNED),),
        fair={TALK: blocked("tls.mitm.self_signed")},
    ),
    Scenario(
        name="certificate_forged_expired",
        about="the interceptor's certificate has expired on top",
        actions=(censor.intercept(BY_NAME[POST], Port.FORGED_EXPIRED),),
        fair={POST: blocked("tls.mitm.ca_signed")},
    ),
)
_HTTP: Final = (
    Scenario(
        name="block_page",
        about="the operator answers an http site's visitors with its notice",
        actions=(censor.notice(BY_NAME[PAGES]),),
        fair={PAGES: blocked("http.blockpage")},
    ),
    Scenario(
        name="block_redirect",
        about="the operator sends an http site's visitors to its notice",
        actions=(censor.notice(BY_NAME[PAGES], Port.NOTICE_REDIRECT),),
        fair={PAGES: blocked("http.redirect")},
    ),
)
_LINE: Final = (
    Scenario(
        name="foreign_cut",
        about="nothing crosses the border",
        actions=(censor.cut_foreign(),),
        fair=abroad(likely_blocked("tcp.timeout")),
    ),
    Scenario(
        name="everything_cut",
        about="the operator forwards nothing; its resolver still answers",
        actions=(censor.cut_everything(),),
        fair=everywhere(unsaid("line.down")),
    ),
    Scenario(
        name="everything_cut_resolver_too",
        about="the operator forwards nothing and its resolver is silent",
        actions=(censor.cut_everything(), censor.silence_resolver()),
        fair=everywhere(unsaid("line.down")),
    ),
    Scenario(
        name="line_dead",
        about="the volunteer's own line is dead",
        actions=(censor.kill_line(),),
        fair=everywhere(unsaid("line.down")),
    ),
    Scenario(
        name="captive_portal",
        about="a portal near the volunteer answers in everybody's name",
        actions=(censor.capture(),),
        fair=everywhere(unsaid("line.captive_portal")),
    ),
)
_MIXED: Final = (
    Scenario(
        name="several_at_once",
        about="each of five names is blocked in its own way, and IPv6 is dead",
        actions=(
            censor.silence_after_hello(NEWS),
            censor.intercept(BY_NAME[POST], Port.FORGED),
            censor.notice(BY_NAME[PAGES]),
            censor.blackhole(BY_NAME[BANK]),
            censor.drop_ipv6(),
            resolver.nxdomain(TALK),
        ),
        fair={
            NEWS: likely_blocked("tls.timeout.sni"),
            POST: blocked("tls.mitm.ca_signed"),
            PAGES: blocked("http.blockpage"),
            BANK: likely_blocked("tcp.timeout"),
            TALK: likely_blocked("dns.nxdomain"),
        },
    ),
    Scenario(
        name="control_missing",
        about="an address is blackholed and a name denied, and there is no control",
        actions=(censor.blackhole(BY_NAME[NEWS]), resolver.nxdomain(POST)),
        fair=_UNTOLD,
        control="none",
    ),
    Scenario(
        name="control_old",
        about="an address is blackholed and a name denied, and the control is years old",
        actions=(censor.blackhole(BY_NAME[NEWS]), resolver.nxdomain(POST)),
        fair=_UNTOLD,
        control="old",
    ),
)
SCENARIOS: Final = (*_CALM, *_DNS, *_ADDRESS, *_TLS, *_HTTP, *_LINE, *_MIXED)
