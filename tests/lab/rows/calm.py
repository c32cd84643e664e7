"""Calm days: what looks like interference and is none."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, names, programs, resolver
from tests.lab.fair import Fair, down
from tests.lab.names import BY_NAME
from tests.lab.scenario import BANK, NEWS, PAGES, PORTAL, POST, TALK, Scenario
from tests.lab.servers import Port
from tests.lab.targets import GHOST, PLAIN_GHOST, QUIC, SEALED, sites

ROWS: Final = (
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
        name="name_gone",
        about="a site's name was given up: nobody's resolver knows it, though its machine still answers",
        actions=(resolver.nxdomain(POST), resolver.nxdomain(POST, "foreign")),
        fair={POST: down("dns")},
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
    Scenario(
        name="riddle_for_the_country",
        about="a foreign site asks visitors from this country to prove that they are human",
        actions=(censor.behave_towards("home", BY_NAME[TALK], Port.RIDDLE_TLS),),
    ),
    Scenario(
        name="busy_server",
        about="a site's server answers 503 to everyone",
        actions=(censor.behave(BY_NAME[PAGES], Port.BUSY),),
        fair={PAGES: down("http")},
    ),
    Scenario(
        name="every_visit_another_page",
        about="a plain site gives each visitor a page that is like no other",
        actions=(censor.behave(BY_NAME[PAGES], Port.VARIED),),
        fair={PAGES: Fair("insufficient", "http")},
    ),
    Scenario(
        name="court_order",
        about="a site answers 451 itself, over https",
        also=sites("court-order.example"),
        actions=(),
    ),
    Scenario(
        name="signpost",
        about="a plain site sends its visitors to another one",
        also=sites("signpost.example"),
        actions=(),
    ),
    Scenario(
        name="sent_astray",
        about="a plain site sends its visitors to a name that does not exist",
        also=sites("astray.example"),
        actions=(),
    ),
    Scenario(
        name="roundabout",
        about="a site sends its visitors round and round",
        also=sites("roundabout.example"),
        actions=(),
    ),
    Scenario(
        name="two_names_gone",
        about="two targets have names that exist nowhere",
        also=(GHOST, PLAIN_GHOST),
        actions=(),
    ),
    Scenario(
        name="name_servers_broken",
        about="nobody's resolver can find out about a name, as when its signatures are broken",
        actions=(resolver.servfail(POST), resolver.servfail(POST, "foreign")),
        fair={POST: down("dns")},
    ),
    Scenario(
        name="transparent_proxy",
        about="plain pages come through the operator's cache, as they are",
        actions=(censor.proxy_pages(),),
    ),
    Scenario(
        name="resolver_sealed",
        about="a resolver answers over TLS and over HTTPS",
        also=SEALED,
        actions=(),
    ),
    Scenario(
        name="quic_answered",
        about="one site answers by QUIC, another never did",
        actions=(programs.serve_quic(BY_NAME[NEWS]),),
        also=QUIC,
    ),
    Scenario(
        name="plain_site_refuses_the_country",
        about="a plain site answers 403 to visitors from this country: its own answer, or somebody's on the way",
        actions=(censor.behave_towards("home", BY_NAME[PAGES], Port.FORBIDDEN),),
        fair={PAGES: Fair("insufficient", "http", "http.blockpage")},
    ),
    Scenario(
        name="plain_site_is_busy_for_the_country",
        about="a plain site answers 503 to visitors from this country",
        actions=(censor.behave_towards("home", BY_NAME[PAGES], Port.BUSY),),
        fair={PAGES: Fair("insufficient", "http", "http.blockpage")},
    ),
    Scenario(
        name="plain_riddle_for_the_country",
        about="a plain site asks visitors from this country, with status 200, to prove that they are human",
        actions=(censor.behave_towards("home", BY_NAME[PAGES], Port.RIDDLE),),
        fair={PAGES: Fair("insufficient", "http", "http.blockpage")},
    ),
)
