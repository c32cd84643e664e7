"""The ClientHello's name kills the flow, or somebody else answers the handshake."""

from __future__ import annotations

from typing import Final

from tests.lab import censor
from tests.lab.fair import blocked, likely_blocked
from tests.lab.names import BY_NAME
from tests.lab.scenario import NEWS, POST, TALK, Scenario
from tests.lab.servers import Port

ROWS: Final = (
    Scenario(
        name="silence_after_hello",
        about="flows die after a ClientHello with one name",
        actions=(censor.silence_after_hello(NEWS),),
        fair={NEWS: likely_blocked("tls.timeout.sni")},
    ),
    Scenario(
        name="reset_after_hello",
        about="a RST answers a ClientHello with one name",
        actions=(censor.reset_after_hello(POST),),
        fair={POST: likely_blocked("tls.reset.sni")},
    ),
    Scenario(
        name="certificate_forged",
        about="an interceptor with an authority of its own reads one site's traffic",
        actions=(censor.intercept(BY_NAME[NEWS], Port.FORGED),),
        fair={NEWS: blocked("tls.mitm.ca_signed")},
    ),
    Scenario(
        name="certificate_forged_self_signed",
        about="an interceptor shows a self-signed certificate for one site",
        actions=(censor.intercept(BY_NAME[TALK], Port.FORGED_SELF_SIGNED),),
        fair={TALK: blocked("tls.mitm.self_signed")},
    ),
    Scenario(
        name="certificate_forged_expired",
        about="the interceptor's certificate has expired on top",
        actions=(censor.intercept(BY_NAME[POST], Port.FORGED_EXPIRED),),
        fair={POST: blocked("tls.mitm.ca_signed")},
    ),
)
