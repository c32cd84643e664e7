"""Two address families: one dead, one blocked, one alone; and one address that many names share."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, flows
from tests.lab.fair import UNACCUSED, Fair, blocked, likely_blocked
from tests.lab.names import BY_NAME
from tests.lab.scenario import NEWS, POST, Scenario
from tests.lab.servers import Port
from tests.lab.targets import HOUSES, sites

SIX: Final = "six-lanes.example"

ROWS: Final = (
    Scenario(
        name="ipv6_only_site",
        about="a site has no IPv4 address, and all is well",
        also=sites(SIX),
        actions=(),
    ),
    Scenario(
        name="ipv6_only_site_on_a_dead_line",
        about="a site has no IPv4 address, and all of the line's IPv6 is lost",
        actions=(censor.drop_ipv6(),),
        fair={SIX: Fair("insufficient", "line")},
        also=sites(SIX),
    ),
    Scenario(
        name="ipv6_only_site_blackholed",
        about="packets to a site that has no IPv4 address vanish; other IPv6 is well",
        actions=(censor.blackhole(BY_NAME[SIX]),),
        fair={SIX: likely_blocked("tcp.timeout")},
        also=sites(SIX),
    ),
    Scenario(
        name="ipv6_blackholed_alone",
        about="packets to a site's IPv6 address vanish, and by IPv4 it is reached",
        actions=(censor.blackhole_by(BY_NAME[NEWS], 6),),
    ),
    Scenario(
        name="ipv4_blackholed_alone",
        about="packets to a site's IPv4 address vanish, and by IPv6 it is reached",
        actions=(censor.blackhole_by(BY_NAME[NEWS], 4),),
    ),
    Scenario(
        name="one_path_reads_names",
        about="only the IPv4 path has a middlebox that kills flows by name; by IPv6 the site is reached",
        actions=(flows.silence_after_hello_by(POST, 4),),
    ),
    Scenario(
        name="interceptor_chooses_by_name",
        about="three names share an address, and an interceptor there forges one of them only",
        actions=(censor.intercept(BY_NAME[HOUSES[0]], Port.FORGED_SOME),),
        fair={HOUSES[0]: blocked("tls.mitm.ca_signed")},
        also=sites(*HOUSES),
    ),
    Scenario(
        name="shared_address_well",
        about="three names share an address, and nobody interferes",
        also=sites(*HOUSES),
        actions=(),
    ),
    Scenario(
        name="shared_address_silence",
        about="three names share an address, and flows die after a ClientHello with one of them",
        actions=(censor.silence_after_hello(HOUSES[0]),),
        fair={HOUSES[0]: likely_blocked("tls.timeout.sni")},
        also=sites(*HOUSES),
    ),
    Scenario(
        name="address_resets_for_a_while",
        about="after a ClientHello with a name, a RST answers all that is said to its address for ten seconds",
        actions=(flows.close_after_hello(NEWS, 10, censor.RESET, deaf=True),),
        fair={NEWS: likely_blocked("tls.reset.sni")},
        patient=True,
    ),
    Scenario(
        name="address_deaf_for_a_while",
        about="after a ClientHello with a name, its address hears nothing for ten seconds",
        actions=(flows.close_after_hello(NEWS, 10, deaf=True),),
        fair={NEWS: likely_blocked("tls.timeout.sni")},
        patient=True,
    ),
    Scenario(
        name="address_refuses_for_a_while",
        about="after a ClientHello with a name, a RST answers all that goes to its address for ten seconds",
        actions=(flows.close_after_hello(NEWS, 10, censor.RESET),),
        fair={NEWS: likely_blocked("tls.reset.sni")},
        patient=True,
    ),
    Scenario(
        name="address_closed_for_a_while",
        about="after a ClientHello with a name, its address is silent for ten seconds",
        actions=(flows.close_after_hello(NEWS, 10),),
        fair={NEWS: likely_blocked("tls.timeout.sni")},
        patient=True,
    ),
    Scenario(
        name="shared_address_closed_for_a_while",
        about="after a ClientHello with one of three names, their address is silent for ten seconds",
        actions=(flows.close_after_hello(HOUSES[0], 10),),
        fair={
            HOUSES[0]: likely_blocked("tls.timeout.sni"),
            HOUSES[1]: UNACCUSED,
            HOUSES[2]: UNACCUSED,
        },
        also=sites(*HOUSES),
        patient=True,
    ),
    Scenario(
        name="shared_address_deaf_for_a_while",
        about="after a ClientHello with one of three names, their address hears nothing for ten seconds",
        actions=(flows.close_after_hello(HOUSES[0], 10, deaf=True),),
        fair={
            HOUSES[0]: likely_blocked("tls.timeout.sni"),
            HOUSES[1]: UNACCUSED,
            HOUSES[2]: UNACCUSED,
        },
        also=sites(*HOUSES),
        patient=True,
    ),
    Scenario(
        name="ipv6_path_resets_names",
        about="only the IPv6 path has a middlebox that resets flows by name; by IPv4 the site is reached",
        actions=(flows.reset_after_hello_by(NEWS, 6), flows.reset_after_hello_by(SIX, 6)),
        fair={SIX: likely_blocked("tls.reset.sni")},
        also=sites(SIX),
    ),
    Scenario(
        name="address_closed_for_a_minute",
        about="after a ClientHello with a name, its address is silent for a minute",
        actions=(flows.close_after_hello(POST, 60),),
        fair={POST: likely_blocked("tls.timeout.sni")},
        patient=True,
    ),
)
