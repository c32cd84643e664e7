"""Packets to an address vanish or are refused."""

from __future__ import annotations

from typing import Final

from tests.lab import censor
from tests.lab.fair import Fair, likely_blocked
from tests.lab.names import BY_NAME
from tests.lab.scenario import NEWS, POST, TALK, Scenario

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
)
