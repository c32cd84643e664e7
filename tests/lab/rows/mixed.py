"""Several things at once, and controls that are missing or old."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, resolver
from tests.lab.fair import Fair, blocked, down, likely_blocked, unsaid
from tests.lab.names import BY_NAME, LISTED
from tests.lab.scenario import BANK, CLOSED, NEWS, PAGES, POST, TALK, Scenario
from tests.lab.servers import Port

# Without a control, what works is known to work if nobody could have forged it; the rest is not known.
_UNTOLD: Final = {
    **{site.name: Fair("insufficient", "http") for site in LISTED if site.scheme == "http"},
    CLOSED: unsaid("tcp.refused"),
    NEWS: unsaid("tcp.timeout"),
    POST: unsaid("dns.nxdomain"),
}

ROWS: Final = (
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
        name="name_gone_since_the_control",
        about="a site's name was given up after the control was made, years ago",
        actions=(resolver.nxdomain(POST), resolver.nxdomain(POST, "foreign")),
        fair={name: fair for name, fair in _UNTOLD.items() if name != NEWS},
        control="old",
    ),
    Scenario(
        name="control_old",
        about="an address is blackholed and a name denied, and the control is years old",
        actions=(censor.blackhole(BY_NAME[NEWS]), resolver.nxdomain(POST)),
        fair=_UNTOLD,
        control="old",
    ),
    Scenario(
        name="control_of_last_month_and_no_more",
        about="an address is blackholed and a name denied, and the only control is a month old",
        actions=(censor.blackhole(BY_NAME[NEWS]), resolver.nxdomain(POST)),
        fair=_UNTOLD,
        control="weeks",
    ),
    Scenario(
        name="control_of_last_month_and_a_name",
        about="flows die after a ClientHello with one name; the only control is a month old, but the name tells",
        actions=(censor.silence_after_hello(NEWS),),
        fair={
            **{name: fair for name, fair in _UNTOLD.items() if name != POST},
            NEWS: likely_blocked("tls.timeout.sni"),
        },
        control="weeks",
    ),
    Scenario(
        name="controls_disagree_since_the_site_went",
        about="a site went down since yesterday's control; the one of now sees it down, too",
        actions=(censor.take_down(BY_NAME[NEWS]),),
        fair={NEWS: down("tcp")},
        control="yesterday_and_fresh",
    ),
    Scenario(
        name="controls_disagree_but_the_newer_works",
        about="a site is blackholed; another one went down since yesterday's control",
        actions=(censor.blackhole(BY_NAME[NEWS]), censor.take_down(BY_NAME[TALK])),
        fair={NEWS: likely_blocked("tcp.timeout"), TALK: down("tcp")},
        control="yesterday_and_fresh",
    ),
    Scenario(
        name="control_behind_the_same_censor",
        about="flows die after a ClientHello with one name, here and where the only control was made",
        actions=(censor.silence_after_hello(NEWS),),
        fair={NEWS: unsaid("tls.timeout.sni")},
        control="hampered",
    ),
    Scenario(
        name="one_control_behind_the_same_censor",
        about="as above, and another control is clean",
        actions=(censor.silence_after_hello(NEWS), censor.intercept(BY_NAME[TALK], Port.FORGED)),
        fair={NEWS: likely_blocked("tls.timeout.sni"), TALK: blocked("tls.mitm.ca_signed")},
        control="hampered_and_fresh",
    ),
)
