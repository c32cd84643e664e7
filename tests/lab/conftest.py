"""The lab's fixtures: one country to look at, and the rows rehearsed in the background."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from tests.lab.country import Country
from tests.lab.pool import Runs, rehearsals
from tests.lab.scenarios import SCENARIOS

REPEAT = 3


@pytest.fixture(scope="session")
def country() -> Iterator[Country]:
    """A country in which nothing is amiss until a test says so."""
    with Country() as built:
        yield built


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Runs]]]:
    """The lines of every row that this session asks for, each rehearsed `REPEAT` times."""
    chosen = [getattr(item, "callspec", None) for item in request.session.items]
    rows = [spec.params.get("row") for spec in chosen if spec]
    with rehearsals([row for row in SCENARIOS if row in rows], REPEAT) as futures:
        yield futures
