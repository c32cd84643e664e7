"""What may still be said when every control is old; and which controls a verdict rests on."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET, UnsetType

from wire.judge.case import Case, Finding, mechanism_of
from wire.judge.controls import any_passed

MAX_NAMED: Final = 8
# Rules that would have said something else without the controls.
RESTS_ON_CONTROLS: Final = frozenset(
    {
        "throttled_address", "works_as_control", "known_block_page", "differs_per_visit", "invented_answer",
        "block_redirect", "forged_certificate", "bogon_answer", "forged_answer", "block_page", "turned_away",
        "forged_by_resolver",
        "stream_frozen", "stream_masked", "stream_absent", "own_certificate_out_of_date",
        "redirected_elsewhere", "down_everywhere", "only_old_controls", "fails_here_only",
        "name_closes_address", "sunk_with_others",
        "forged_at_one_address", "shows_another_certificate", "declines_the_name",
    }
)  # fmt: skip


def only_old_controls(case: Case) -> Finding | None:
    """Only a control of more than 14 days saw it work: enough where the name was shown to be the trigger."""
    stage, label = case.end.stage, mechanism_of(case)
    if case.controls or stage is None or not any_passed(case.outdated, stage):
        return None
    by_name = (label or "").endswith((".sni", ".host"))
    witness = case.line is not None and (case.line.connected or case.line.ok)
    return Finding(
        state="likely_blocked" if by_name and witness else "insufficient", stage=stage, mechanism=label
    )


def controls_of(case: Case, rule: str) -> tuple[str, ...] | UnsetType:
    """The names of the controls that a rule's verdict rests on, sorted; unset when it rests on none."""
    names = sorted({one.name for one in case.controls or case.outdated if one.name})
    return tuple(names[:MAX_NAMED]) if names and rule in RESTS_ON_CONTROLS else UNSET
