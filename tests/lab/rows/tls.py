"""The ClientHello's name kills the flow, or somebody else answers the handshake."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, flows, programs, quality, resolver
from tests.lab.fair import UNACCUSED, Fair, blocked, down, likely_blocked, unsaid
from tests.lab.names import BY_NAME, CENSORED, LISTED
from tests.lab.scenario import CLOSED, IDN, NEWS, POST, TALK, Scenario, everywhere
from tests.lab.servers import Port
from tests.lab.targets import sites

ROWS: Final = (
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
    Scenario(
        name="certificate_by_a_known_interceptor",
        about="the forged certificate's root bears a published name, and there is no control",
        actions=(censor.intercept(BY_NAME[NEWS], Port.FORGED_KNOWN),),
        fair={
            **{site.name: Fair("insufficient", "http") for site in LISTED if site.scheme == "http"},
            CLOSED: unsaid("tcp.refused"),
            NEWS: blocked("tls.mitm.ca_signed"),
        },
        control="none",
    ),
    Scenario(
        name="certificate_forged_without_control",
        about="a forged certificate of nobody's acquaintance, and there is no control",
        actions=(censor.intercept(BY_NAME[NEWS], Port.FORGED),),
        fair={
            **{site.name: Fair("insufficient", "http") for site in LISTED if site.scheme == "http"},
            CLOSED: unsaid("tcp.refused"),
            NEWS: unsaid("tls.mitm.ca_signed"),
        },
        control="none",
    ),
    Scenario(
        name="silence_after_an_idn",
        about="flows die after a ClientHello with a name in Cyrillic letters",
        actions=(censor.silence_after_hello(IDN),),
        fair={IDN: likely_blocked("tls.timeout.sni")},
    ),
    Scenario(
        name="idn_denied",
        about="the resolver denies a name in Cyrillic letters",
        actions=(resolver.nxdomain(IDN),),
        fair={IDN: likely_blocked("dns.nxdomain")},
    ),
    Scenario(
        name="resets_beside_the_road",
        about="RSTs in both directions race with a slow server's data after a ClientHello with one name",
        actions=(
            flows.silence_after_hello_by(POST, 6),
            quality.slow_site(BY_NAME[POST]),
            programs.resetter(POST),
        ),
        fair={POST: likely_blocked("tls.reset.sni")},
    ),
    Scenario(
        name="own_clock_wrong",
        about="the volunteer's clock is 400 days ahead",
        actions=(),
        wrapper=("faketime", "-m", "-f", "+400d"),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="silence_after_any_hello",
        about="connections to a site's address stand, and no ClientHello passes, whatever name it has",
        actions=(flows.deafen(BY_NAME[NEWS]),),
        fair={NEWS: likely_blocked("tls.timeout.other")},
        patient=True,
    ),
    Scenario(
        name="reset_after_any_hello",
        about="a RST answers every ClientHello to a site's address, whatever name it has",
        actions=(flows.deafen(BY_NAME[TALK], censor.RESET),),
        fair={TALK: likely_blocked("tls.reset.other")},
        patient=True,
    ),
    Scenario(
        name="site_deaf",
        about="a site's machine accepts connections and hears nothing, here and at the control",
        actions=(flows.grow_deaf(BY_NAME[NEWS]),),
        fair={NEWS: down("tls")},
    ),
    Scenario(
        name="ended_after_hello",
        about="a FIN in the server's name answers a ClientHello with one name, which goes no further",
        actions=(censor.silence_after_hello(TALK), programs.closer(TALK)),
        fair={TALK: likely_blocked("tls.reset.sni")},
    ),
    Scenario(
        name="certificate_without_its_chain",
        about="the true site does not send the certificate between its own and the root",
        actions=(censor.behave(BY_NAME[NEWS], Port.HEADLESS),),
        fair={NEWS: down("tls")},
    ),
    Scenario(
        name="server_breaks_off_now_and_then",
        about="a site's own machine resets every third flow on which something is said",
        actions=(flows.break_off(BY_NAME[NEWS], 0.33),),
        fair={NEWS: UNACCUSED},
    ),
    Scenario(
        name="certificate_forged_in_one_family",
        about="an interceptor sits on one of the ways to a site, and the other way is true",
        actions=(censor.intercept_by_family(BY_NAME[NEWS], Port.FORGED, 4),),
        fair={NEWS: blocked("tls.mitm.ca_signed")},
    ),
    Scenario(
        name="certificate_broken_in_one_family",
        about="a site's machine shows a certificate that it signed itself to who comes by IPv4, here and at the control",
        actions=(censor.behave(BY_NAME[NEWS], Port.SELF_SIGNED)[:1],),
    ),
    Scenario(
        name="certificate_of_another_on_the_way",
        about="the operator leads one site's handshakes to a machine with a trusted certificate of another name",
        actions=(censor.intercept(BY_NAME[POST], Port.ANOTHERS),),
        fair={POST: likely_blocked("tls.mitm")},
    ),
    Scenario(
        name="declined_on_the_way",
        about="an alert answers a ClientHello with one name; its neighbour at the same address is let through",
        actions=(censor.intercept(BY_NAME[CENSORED], Port.DECLINED_ON_THE_WAY),),
        also=sites(CENSORED, "row-house-two.example"),
        fair={CENSORED: likely_blocked("tls")},
    ),
    Scenario(
        name="declined_by_the_site",
        about="a site's own machine declines one name by an alert, whoever comes",
        actions=(censor.behave(BY_NAME[CENSORED], Port.DECLINED),),
        also=sites(CENSORED, "row-house-two.example"),
        fair={CENSORED: down("tls")},
    ),
    Scenario(
        name="declined_towards_the_country",
        about="a site's machine declines every handshake of visitors from this country by an alert",
        actions=(censor.behave_towards("home", BY_NAME[NEWS], Port.DECLINED_ALL),),
        fair={NEWS: unsaid("tls")},
    ),
)
