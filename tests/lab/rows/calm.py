"""Calm days: what looks like interference and is none."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, names, resolver
from tests.lab.fair import down
from tests.lab.names import BY_NAME
from tests.lab.scenario import BANK, NEWS, PAGES, PORTAL, POST, TALK, Scenario
from tests.lab.servers import Port

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
)
