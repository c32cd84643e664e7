"""Lines, servers and names that are slow, and lines that lose packets."""

from __future__ import annotations

from typing import Final

from tests.lab import flows, quality
from tests.lab.fair import UNACCUSED, Fair, likely_blocked
from tests.lab.names import BY_NAME
from tests.lab.scenario import NEWS, PAGES, TALK, Scenario, everywhere
from tests.lab.targets import LONG, sites

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
    Scenario(
        name="incoming_lost",
        about="a fifth of what comes to the volunteer is lost, and nothing that goes out",
        actions=(quality.lose_incoming(0.2),),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="large_packets_lost",
        about="what is longer than 900 bytes does not come through, and nobody says so",
        actions=(quality.lose_large(900),),
        fair=everywhere(UNACCUSED),
    ),
    Scenario(
        name="name_shaped",
        about="what follows a ClientHello with one name is queued at 64 kbit/s",
        actions=quality.shape_name(LONG[0], 64),
        fair={LONG[0]: Fair("impaired", "tls", "tls.throttle.sni")},
        also=sites(*LONG),
    ),
    Scenario(
        name="address_shaped",
        about="what comes from one site's address is queued at 128 kbit/s, whatever the name",
        actions=quality.shape_site(BY_NAME[LONG[1]], 128),
        fair={LONG[1]: Fair("impaired", "tcp", "ip.throttle")},
        also=sites(*LONG),
    ),
    Scenario(
        name="long_pages_on_a_slow_line",
        about="the volunteer's line carries 512 kbit/s, and four pages are long",
        actions=quality.slow_line(512),
        also=sites(*LONG),
        fair={**everywhere(UNACCUSED), **dict.fromkeys(LONG, UNACCUSED)},
    ),
    Scenario(
        name="address_freezes",
        about="of each flow from one site's address 16 KB come, and then nothing",
        actions=(flows.freeze_after(BY_NAME[LONG[2]], 16_384),),
        fair={LONG[2]: likely_blocked("http.timeout")},
        also=sites(*LONG),
    ),
)
