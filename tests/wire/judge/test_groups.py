from __future__ import annotations

import pytest
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from tests.wire.judge.scenes import SITE, WELL, measured
from wire.canonical import encode
from wire.judge.groups import all_work, any_works, with_groups
from wire.names import State
from wire.records import Measurement, Target, Verdict


@pytest.mark.parametrize(
    ("states", "any_", "all_"),
    [
        (["ok", "ok"], True, True),
        (["ok", "likely_blocked"], True, False),
        (["blocked", "down"], False, False),
        (["insufficient", "ok"], True, UNSET),
        (["insufficient", "blocked"], UNSET, False),
        (["insufficient"], UNSET, UNSET),
        (["impaired"], True, True),
    ],
)
def test_a_messenger_works_by_one_door_or_by_all(
    states: list[State], any_: bool | UnsetType, all_: bool | UnsetType
) -> None:
    assert (any_works(states), all_work(states)) == (any_, all_)


def door(name: str, state: State) -> Measurement:
    target = Target(id=name, url="tcp://1.2.3.4:443", category="messenger", side="foreign")
    return replace(measured(target, WELL), verdict=Verdict(state=state))


def test_groups_are_told_by_the_name_before_the_slash() -> None:
    told = with_groups(
        [door("a/1", "ok"), door("a/2", "likely_blocked"), door("b/1", "ok"), measured(SITE, WELL)]
    )
    verdicts = [one.verdict for one in told]
    assert [(one.any_works, one.all_work) for one in verdicts[:3]] == [
        (True, False),
        (True, False),
        (True, True),
    ]
    assert b"any_works" not in encode(told[3])
