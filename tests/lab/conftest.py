"""The lab's fixtures: one country to look at, and the rows rehearsed in the background."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.lab.country import Country
from tests.lab.pool import Runs, rehearsals, times
from tests.lab.scenario import Scenario
from tests.lab.scenarios import SCENARIOS

REPEAT = 3
# The plain words of a censor, and the days nearest to them: lived through so often in every test run.
# All rows, as often as wanted: `python -m tests.lab --repeat N`.
OFTEN = frozenset(
    {
        "all_well", "dns_nxdomain", "dns_forged", "dns_silent_for_one", "dns_silent", "address_blackholed",
        "reset_on_syn", "silence_after_hello", "reset_after_hello", "certificate_forged", "certificate_expired",
        "block_page", "site_down", "forbidden_to_all", "foreign_cut", "everything_cut", "ipv6_dead",
    }
)  # fmt: skip


def repeats(row: Scenario) -> int:
    """How often a row is lived through here."""
    return times(row, REPEAT if row.name in OFTEN else 1)


@pytest.fixture(scope="session")
def country() -> Iterator[Country]:
    """A country in which nothing is amiss until a test says so."""
    with Country() as built:
        yield built


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Runs]]]:
    """The lines of every row that this session asks for, each rehearsed as often as `repeats` says."""
    chosen = [getattr(item, "callspec", None) for item in request.session.items]
    rows = [spec.params.get("row") for spec in chosen if spec]
    with rehearsals([row for row in SCENARIOS if row in rows], repeats) as futures:
        yield futures
