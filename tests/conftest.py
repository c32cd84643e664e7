"""How properties are tried: the same examples in every run of the CI, fresh ones at a developer's desk."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# No deadline: on a shared machine it would measure the neighbours.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means: three for two cores, since many tests wait for a clock or a socket."""
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2
