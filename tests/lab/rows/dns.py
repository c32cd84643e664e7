"""The resolver lies, refuses or keeps silent."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, flows, names, programs, resolver
from tests.lab.fair import UNACCUSED, Fair, blocked, down, likely_blocked, unsaid
from tests.lab.names import LISTED
from tests.lab.scenario import CLOSED, NEWS, PAGES, POST, TALK, Scenario, everywhere
from tests.lab.servers import Port
from tests.lab.targets import ASKED, GHOST, PLAIN_GHOST, SEALED, SHIP_GHOST

ROWS: Final = (
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
    Scenario(
        name="dns_injected_first",
        about="a forged answer about a name comes before the true one, whoever was asked",
        actions=(flows.questions_to_liar(NEWS), programs.liar(names.NOTICE, truth_too=True)),
        fair={NEWS: blocked("dns.injection.other")},
    ),
    Scenario(
        name="dns_injected_nearby",
        about="an early answer points at a nearer machine of the site's own network",
        actions=(flows.questions_to_liar(NEWS), programs.liar(names.NEARBY, truth_too=True)),
    ),
    Scenario(
        name="ghosts_forged",
        about="three names that exist nowhere are answered with the notice's address all the same",
        actions=(
            flows.questions_to_liar(GHOST.name, PLAIN_GHOST.name, SHIP_GHOST.name),
            programs.liar(names.NOTICE, truth_too=False),
        ),
        fair={ghost.name: UNACCUSED for ghost in (GHOST, PLAIN_GHOST, SHIP_GHOST)},
        also=(GHOST, PLAIN_GHOST, SHIP_GHOST),
    ),
    Scenario(
        name="dns_denied_and_public_resolvers_tell",
        about="the resolver denies a name, a public one knows it, and there is no control",
        actions=(resolver.nxdomain(NEWS),),
        fair={
            **{site.name: Fair("insufficient", "http") for site in LISTED if site.scheme == "http"},
            CLOSED: unsaid("tcp.refused"),
            NEWS: likely_blocked("dns.nxdomain"),
        },
        control="none",
        options=("--public-resolver", names.CLEAN_RESOLVER),
    ),
    Scenario(
        name="dns_denied_everywhere_since",
        about="a name was given up after the control was made; a public resolver says so too",
        actions=(resolver.nxdomain(POST), resolver.nxdomain(POST, "foreign")),
        fair={POST: down("dns")},
        options=("--public-resolver", names.CLEAN_RESOLVER),
    ),
    Scenario(
        name="dns_cut_abroad",
        about="questions to resolvers abroad vanish; the operator's own answers well",
        actions=(tuple(censor.both("filter", "FORWARD -o to-foreign -p udp --dport 53 -j DROP")),),
        options=("--public-resolver", names.CLEAN_RESOLVER),
    ),
    Scenario(
        name="dot_dropped",
        about="connections to the port of DNS over TLS vanish",
        actions=(censor.drop_port(names.CLEAN_RESOLVER, 853),),
        also=SEALED,
        fair={"dot": likely_blocked("tcp.timeout")},
    ),
    Scenario(
        name="dot_intercepted",
        about="an interceptor answers for a resolver over TLS",
        actions=(censor.intercept_port(names.CLEAN_RESOLVER, 853, Port.FORGED),),
        also=SEALED,
        fair={"dot": blocked("tls.mitm.ca_signed")},
    ),
    Scenario(
        name="doh_dropped",
        about="connections to a resolver over HTTPS vanish",
        actions=(censor.drop_port(names.CLEAN_RESOLVER, 443),),
        also=SEALED,
        fair={"doh": likely_blocked("tcp.timeout")},
    ),
    Scenario(
        name="dns_injected_private",
        about="a forged answer about a name, with a private address, comes in place of the true one",
        actions=(flows.questions_to_liar(POST), programs.liar(names.PRIVATE, truth_too=False)),
        fair={POST: blocked("dns.injection.bogon")},
    ),
    Scenario(
        name="dns_injected_notice",
        about="a forged answer sends a plain site's visitors to the operator's notice",
        actions=(flows.questions_to_liar(PAGES), programs.liar(names.NOTICE, truth_too=True)),
        fair={PAGES: blocked("dns.injection.blockpage")},
    ),
    Scenario(
        name="dns_forged_nowhere",
        about="the resolver points names at addresses of this very machine, of an operator's inner network, of no one",
        actions=(
            resolver.forged(NEWS, "127.0.0.1"),
            resolver.forged(POST, "0.0.0.0"),  # noqa: S104  # an answer, nobody listens there
            resolver.forged(TALK, "100.64.7.7"),
            resolver.forged(PAGES, "127.0.0.1"),
        ),
        fair={name: blocked("dns.injection.bogon") for name in (NEWS, POST, TALK, PAGES)},
    ),
    Scenario(
        name="dns_cut_short",
        about="answers about a name are too long for a datagram, and by TCP the resolver is silent",
        actions=(
            flows.questions_to_liar(TALK),
            programs.liar("CUT", truth_too=False),
            censor.silence_resolver_by("tcp"),
        ),
        fair={TALK: likely_blocked("dns.timeout")},
    ),
    Scenario(
        name="resolver_fails_now_and_then",
        about="the resolver says of two questions in five that it could not find out",
        actions=(flows.some_questions_to_liar(0.4), programs.liar("SERVFAIL", truth_too=False)),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="resolver_abroad_answered_for",
        about="questions about two names that are sent to a resolver abroad end at the operator's, which lies about both",
        actions=(
            flows.questions_to_operator(NEWS, POST),
            resolver.forged(NEWS, names.NOTICE),
            resolver.forged(POST, names.NEARBY),
        ),
        fair={NEWS: blocked("dns.injection.other"), "asked-1": blocked("dns.injection.other")},
        also=ASKED,
    ),
)
