"""How properties are tried: the same examples in every run of the CI, fresh ones at a developer's desk."""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: on a shared machine it would measure the neighbours.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "desk")
