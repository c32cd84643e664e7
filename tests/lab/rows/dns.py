"""The resolver lies, refuses or keeps silent."""

from __future__ import annotations

from typing import Final

from tests.lab import censor, names, resolver
from tests.lab.fair import blocked, likely_blocked, unsaid
from tests.lab.scenario import NEWS, PAGES, POST, TALK, Scenario, everywhere

ROWS: Final = (
    Scenario(
        name="dns_nxdomain",
        about="the resolver denies that a name exists",
        actions=(resolver.nxdomain(NEWS),),
        fair={NEWS: likely_blocked("dns.nxdomain")},
    ),
    Scenario(
        name="dns_refused",
        about="the resolver refuses questions about a name",
        actions=(resolver.refused(NEWS),),
        fair={NEWS: likely_blocked("dns.refused")},
    ),
    Scenario(
        name="dns_servfail",
        about="the resolver pretends to fail at one name",
        actions=(resolver.servfail(POST),),
        fair={POST: likely_blocked("dns.servfail")},
    ),
    Scenario(
        name="dns_forged",
        about="the resolver points at a server that has no valid certificate for the name",
        actions=(resolver.forged(NEWS, names.NOTICE),),
        fair={NEWS: blocked("dns.injection.other")},
    ),
    Scenario(
        name="dns_forged_private",
        about="the resolver points at a private address",
        actions=(resolver.forged(POST, names.PRIVATE),),
        fair={POST: blocked("dns.injection.bogon")},
    ),
    Scenario(
        name="dns_forged_notice",
        about="the resolver points an http site's name at the operator's notice",
        actions=(resolver.forged(PAGES, names.NOTICE),),
        fair={PAGES: blocked("dns.injection.blockpage")},
    ),
    Scenario(
        name="dns_silent_for_one",
        about="the resolver leaves questions about one name without answer",
        actions=(resolver.silent(TALK),),
        fair={TALK: likely_blocked("dns.timeout")},
    ),
    Scenario(
        name="dns_silent",
        about="the resolver answers nothing at all",
        actions=(censor.silence_resolver(),),
        fair=everywhere(unsaid("dns.timeout")),
    ),
)
