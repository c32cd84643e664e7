"""The lab itself: every row of the table, with the real command and real packets."""

from __future__ import annotations

from concurrent.futures import Future

import pytest

from tests.lab.conftest import OFTEN, repeats
from tests.lab.judging import table
from tests.lab.pool import Runs
from tests.lab.scenario import Scenario
from tests.lab.scenarios import SCENARIOS

pytestmark = pytest.mark.lab


@pytest.mark.parametrize("row", SCENARIOS, ids=lambda row: row.name)
def test_every_target_gets_its_fair_verdict_each_time(
    row: Scenario, outcomes: dict[str, Future[Runs]]
) -> None:
    runs = outcomes[row.name].result()
    wrong = [line for run in runs for line in run if not line.is_right]
    assert len(runs) == repeats(row)
    assert not wrong, f"{row.about}\n{table(wrong)}"


def test_the_rows_that_are_repeated_exist() -> None:
    assert {row.name for row in SCENARIOS} >= OFTEN
