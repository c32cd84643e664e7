"""Plain HTTP is answered by somebody else."""

from __future__ import annotations

from typing import Final

from tests.lab import censor
from tests.lab.fair import blocked, likely_blocked
from tests.lab.names import BY_NAME
from tests.lab.scenario import PAGES, Scenario
from tests.lab.servers import Port

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
)
