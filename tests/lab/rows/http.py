"""Plain HTTP is answered by somebody else."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, flows, programs
from tests.lab.fair import UNACCUSED, blocked, likely_blocked
from tests.lab.names import BY_NAME
from tests.lab.scenario import INFO, NEWS, PAGES, Scenario
from tests.lab.servers import Port
from tests.lab.targets import QUIC, sites

ROWS: Final = (
    Scenario(
        name="block_page",
        about="the operator answers an http site's visitors with its notice",
        actions=(censor.notice(BY_NAME[PAGES]),),
        fair={PAGES: blocked("http.blockpage")},
    ),
    Scenario(
        name="reset_after_host",
        about="a RST answers plain requests for one name",
        actions=(censor.reset_after_host(PAGES),),
        fair={PAGES: likely_blocked("http.reset.host")},
    ),
    Scenario(
        name="block_redirect",
        about="the operator sends an http site's visitors to its notice",
        actions=(censor.notice(BY_NAME[PAGES], Port.NOTICE_REDIRECT),),
        fair={PAGES: blocked("http.redirect")},
    ),
    Scenario(
        name="block_page_forbidden",
        about="the operator's notice comes with status 403",
        actions=(censor.notice(BY_NAME[PAGES], Port.NOTICE_FORBIDDEN),),
        fair={PAGES: blocked("http.blockpage")},
    ),
    Scenario(
        name="block_page_legal",
        about="the operator's notice comes with status 451",
        actions=(censor.notice(BY_NAME[INFO], Port.NOTICE_LEGAL),),
        fair={INFO: blocked("http.blockpage")},
    ),
    Scenario(
        name="silence_after_host",
        about="flows die after a plain request for one name",
        actions=(flows.silence_after_host(PAGES),),
        fair={PAGES: likely_blocked("http.timeout")},
    ),
    Scenario(
        name="signpost_into_a_block",
        about="a plain site sends its visitors to one whose name kills the flow",
        actions=(censor.silence_after_hello(NEWS),),
        fair={
            NEWS: likely_blocked("tls.timeout.sni"),
            "signpost.example": likely_blocked("tls.timeout.sni"),
        },
        also=sites("signpost.example"),
    ),
    Scenario(
        name="notice_for_a_ghost",
        about="the operator answers for one plain site, and the site's machine is off for everyone",
        actions=(censor.fall_silent(BY_NAME[PAGES]), censor.notice(BY_NAME[PAGES])),
        fair={PAGES: UNACCUSED},
    ),
    Scenario(
        name="quic_dropped",
        about="datagrams to one site's port 443 vanish, and TCP works",
        actions=(programs.serve_quic(BY_NAME[NEWS]), censor.drop_datagrams(BY_NAME[NEWS])),
        fair={"quic": likely_blocked("quic.timeout")},
        also=QUIC,
    ),
)
