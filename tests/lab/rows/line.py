"""The whole line: cut at the border, cut altogether, captured."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, flows, names, programs
from tests.lab.fair import down, likely_blocked, unsaid
from tests.lab.names import BY_NAME, LISTED
from tests.lab.scenario import CLOSED, INFO, PORTAL, Scenario, abroad, at_home, everywhere

STALE: Final = "eski-mor.kz"  # its own certificate has expired: down at the handshake, here and everywhere
_ALLOWED: Final = ("tirek-one.kz", PORTAL, INFO)

ROWS: Final = (
    Scenario(
        name="foreign_cut",
        about="nothing crosses the border",
        actions=(censor.cut_foreign(),),
        fair=abroad(likely_blocked("tcp.timeout")),
    ),
    Scenario(
        name="allowlist",
        about="only three domestic sites may be reached",
        actions=(censor.allow_only(*(BY_NAME[name] for name in _ALLOWED)),),
        fair={
            **everywhere(likely_blocked("tcp.timeout")),
            **{name: BY_NAME[name].usual for name in (*_ALLOWED, CLOSED)},
        },
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
    Scenario(
        name="domestic_cut",
        about="nothing reaches the country's own servers; the world is there",
        actions=(censor.cut_domestic(),),
        fair={**at_home(likely_blocked("tcp.timeout")), CLOSED: down("tcp")},
    ),
    Scenario(
        name="allowlist_of_names",
        about="connections stand everywhere, and only three names may be said on them",
        actions=(flows.allow_only_names(*_ALLOWED),),
        fair={
            **everywhere(likely_blocked("tls.timeout.*")),
            **{site.name: likely_blocked("http.timeout") for site in LISTED if site.scheme == "http"},
            **{name: BY_NAME[name].usual for name in (*_ALLOWED, CLOSED, STALE)},
        },
        patient=True,
    ),
    Scenario(
        name="captive_portal_by_dns",
        about="every name is given the router's address, where a portal answers",
        actions=(
            flows.questions_to_liar(),
            programs.liar(names.GATEWAY, truth_too=False),
            censor.portal_at_gateway(),
        ),
        fair=everywhere(unsaid("line.captive_portal")),
    ),
    Scenario(
        name="captive_portal_tls",
        about="a portal ends every handshake with one certificate; plain pages pass",
        actions=(censor.capture_tls(),),
        fair={
            **everywhere(unsaid("line.captive_portal")),
            **{site.name: site.usual for site in LISTED if site.scheme == "http"},
        },
    ),
    Scenario(
        name="captive_portal_drops_handshakes",
        about="a portal answers for all plain pages, and connections for encrypted ones vanish",
        actions=(censor.capture_pages(),),
        fair=everywhere(unsaid("line.captive_portal")),
    ),
)
