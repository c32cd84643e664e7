"""A messenger has many doors: some closed, all closed, or a stranger who opens them all."""

from __future__ import annotations

from typing import Final

from tests.lab import censor
from tests.lab.censor import RESET
from tests.lab.fair import OK, Fair, down, likely_blocked
from tests.lab.names import BY_NAME, DOOR_PORT
from tests.lab.scenario import Scenario
from tests.lab.targets import BARE, DOORS, PIGEON

_SITES: Final = tuple(BY_NAME[name] for name in DOORS)

ROWS: Final = (
    Scenario(
        name="messenger_well",
        about="every door of a messenger opens",
        actions=(),
        also=PIGEON,
        groups={"pigeon": (True, True)},
    ),
    Scenario(
        name="messenger_one_door_closed",
        about="packets to one of a messenger's machines vanish",
        actions=(censor.blackhole(_SITES[0]),),
        fair={"pigeon/dc1": likely_blocked("tcp.timeout")},
        also=PIGEON,
        groups={"pigeon": (True, False)},
    ),
    Scenario(
        name="messenger_all_doors_closed",
        about="packets to all of a messenger's machines vanish",
        actions=tuple(censor.blackhole(site) for site in _SITES),
        fair={one.name: likely_blocked("tcp.timeout") for one in PIGEON},
        also=PIGEON,
        groups={"pigeon": (False, False)},
    ),
    Scenario(
        name="messenger_machine_off",
        about="one of a messenger's machines is off, here and at the control",
        actions=(censor.fall_silent(_SITES[1]),),
        fair={"pigeon/dc2": down("tcp")},
        also=PIGEON,
        groups={"pigeon": (True, False)},
    ),
    Scenario(
        name="doors_refused",
        about="a RST answers connections to a messenger's port on two of its machines; on the third they vanish",
        actions=(
            censor.close_port(_SITES[0], DOOR_PORT, f"{RESET}"),
            censor.close_port(_SITES[1], DOOR_PORT, f"{RESET}"),
            censor.close_port(_SITES[2], DOOR_PORT),
        ),
        fair={
            "pigeon/tcp1": likely_blocked("tcp.refused"),
            "pigeon/tcp2": likely_blocked("tcp.refused"),
            "pigeon/tcp3": likely_blocked("tcp.timeout"),
        },
        also=BARE,
        groups={"pigeon": (False, False)},
    ),
    Scenario(
        name="stand_in",
        about="somebody near accepts every connection to a messenger's port, wherever it was to go",
        actions=(censor.accept_all(DOOR_PORT),),
        fair={one.name: Fair("insufficient", "line") for one in BARE},
        also=BARE,
        groups={"pigeon": (None, None)},
    ),
    Scenario(
        name="stand_in_hides_a_closed_door",
        about="the stand-in accepts for a machine that the operator has blackholed too",
        actions=(censor.accept_all(DOOR_PORT), censor.blackhole(_SITES[0])),
        fair={
            **{one.name: Fair("insufficient", "line") for one in BARE},
            "pigeon/dc1": likely_blocked("tcp.timeout"),
            "pigeon/dc2": OK,
        },
        also=(*BARE, *PIGEON[:2]),
        groups={"pigeon": (True, False)},
    ),
)
