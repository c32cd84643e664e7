"""The rules in their order: the first that finds something decides, and signs with its name.

The reasons behind each, and the reason for the order, stand in docs/rules.md. No host name,
no address and no country stands in any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from wire.judge import ageing, artefacts, clock, comparisons, goodput, handshakes, media, pages, speed, zones
from wire.judge.case import Case, Finding, make_case
from wire.judge.signatures import Signatures
from wire.records import Measurement, Step, Target, Verdict

Rule = Callable[[Case], Finding | None]

RULES: Final[tuple[Rule, ...]] = (
    comparisons.nothing_measured,
    artefacts.known_interceptor,
    handshakes.forged_at_one_address,
    speed.throttled_name,
    goodput.throttled_page,
    goodput.throttled_address,
    media.stream_flows,
    media.stream_frozen,
    media.stream_masked,
    media.stream_absent,
    zones.zone_answers,
    zones.zone_answers_in_part,
    comparisons.works_authenticated,
    comparisons.answers_in_its_protocol,
    comparisons.works_as_control,
    comparisons.resolver_declines,
    comparisons.captive_portal,
    comparisons.own_line_down,
    pages.known_block_page,
    pages.differs_per_visit,
    artefacts.invented_answer,
    artefacts.block_redirect,
    artefacts.forged_certificate,
    artefacts.injected_answer,
    artefacts.bogon_answer,
    artefacts.forged_answer,
    artefacts.forged_by_resolver,
    pages.turned_away,
    artefacts.block_page,
    comparisons.accepted_by_a_stand_in,
    comparisons.works,
    comparisons.page_without_control,
    comparisons.own_resolver_silent,
    zones.zone_answered_by_another,
    comparisons.own_ipv6_broken,
    comparisons.worked_again,
    comparisons.found_later,
    comparisons.fails_differently,
    comparisons.breaks_off_now_and_then,
    goodput.page_still_comes,
    comparisons.own_line_lossy,
    clock.own_clock_wrong,
    comparisons.own_certificate_out_of_date,
    comparisons.redirected_elsewhere,
    comparisons.down_everywhere,
    comparisons.only_the_resolver_denies,
    comparisons.no_witness_of_layer,
    comparisons.foreign_links_cut,
    comparisons.allowlist_only,
    ageing.only_old_controls,
    comparisons.no_control,
    comparisons.no_witness_of_line,
    handshakes.shows_another_certificate,
    handshakes.declines_the_name,
    comparisons.refused_handshake,
    comparisons.name_closes_address,
    artefacts.sunk_with_others,
    comparisons.fails_here_only,
)


def judge(
    target: Target, steps: Sequence[Step], controls: Sequence[Measurement], signatures: Signatures, at: str
) -> Verdict:
    """What the steps of one target mean, beside the controls. Pure; no order of either matters.

    `steps` hold the round's line step; without it nothing is said of the own line. `at` is the
    time of the measurement, by which a control is too old or not.
    """
    case = make_case(target, steps, controls, signatures, at)
    for rule in RULES:
        finding = rule(case)
        if finding is not None:
            return Verdict(
                state=finding.state,
                stage=finding.stage,
                mechanism=finding.mechanism,
                rule=rule.__name__,
                controls=ageing.controls_of(case, rule.__name__),
            )
    raise AssertionError("the last rule always finds")
