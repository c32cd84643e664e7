"""Packets to an address vanish or are refused."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, flows
from tests.lab.fair import Fair, down, likely_blocked
from tests.lab.names import BY_NAME, DOOR_PORT
from tests.lab.scenario import NEWS, POST, TALK, Scenario
from tests.lab.targets import BARE, DOORS

ROWS: Final = (
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
    Scenario(
        name="reset_on_established",
        about="connections to a site stand, and a RST comes before anything is said; so to a bare port",
        actions=(
            flows.reset_on_established(BY_NAME[NEWS]),
            flows.reset_on_established(BY_NAME[DOORS[0]], DOOR_PORT),
        ),
        fair={NEWS: likely_blocked("tcp.reset"), "pigeon/tcp1": likely_blocked("tcp.reset")},
        also=BARE[:2],
    ),
    Scenario(
        name="site_resets_everybody",
        about="a site's own machine resets connections before anything is said",
        actions=(flows.reset_on_established(BY_NAME[NEWS], place="foreign"),),
        fair={NEWS: down("tcp")},
    ),
)
