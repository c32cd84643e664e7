"""Lines, servers and names that are slow, and lines that lose packets."""

from __future__ import annotations

from typing import Final

from tests.lab import quality
from tests.lab.fair import UNACCUSED, Fair
from tests.lab.names import BY_NAME
from tests.lab.scenario import NEWS, PAGES, TALK, Scenario, everywhere

ROWS: Final = (
    Scenario(
        name="slow_line",
        about="the volunteer's line carries half a megabit a second",
        actions=quality.slow_line(512),
    ),
    Scenario(
        name="slow_server",
        about="a site's own machine sends slowly, to everybody and under every name",
        actions=(quality.slow_site(BY_NAME[TALK]),),
    ),
    Scenario(
        name="slow_name",
        about="what follows a ClientHello with one name comes slowly",
        actions=(quality.slow_name(NEWS),),
        fair={NEWS: Fair("impaired", "tls", "tls.throttle.sni")},
    ),
    Scenario(
        name="lossy_line",
        about="a tenth of the packets is lost, each way",
        actions=(quality.lose(0.10),),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="questions_lost",
        about="a third of the questions to the operator's resolver are lost",
        actions=(quality.lose_questions(0.33),),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="very_lossy_line",
        about="a quarter of the packets is lost, each way",
        actions=(quality.lose(0.25),),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="half_the_questions_lost",
        about="half of the questions to the operator's resolver are lost",
        actions=(quality.lose_questions(0.5),),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="slow_host",
        about="what follows a plain request for one name comes slowly",
        actions=(quality.slow_host(PAGES),),
        fair={PAGES: Fair("impaired", "http", "http.throttle.host")},
    ),
)
