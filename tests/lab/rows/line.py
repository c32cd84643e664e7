"""The whole line: cut at the border, cut altogether, captured."""

from __future__ import annotations

from typing import Final

from tests.lab import censor
from tests.lab.fair import likely_blocked, unsaid
from tests.lab.names import BY_NAME
from tests.lab.scenario import CLOSED, INFO, PORTAL, Scenario, abroad, everywhere

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
)
