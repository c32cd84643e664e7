"""Look at one target, step by step. One prober a file, one signature, one table (`kinds.py`)."""

from __future__ import annotations

from probes.observe.kinds import PROBERS, SCHEMES, Prober
from probes.observe.sighting import Sighting, observe
from probes.observe.tools import Tools
from probes.observe.trust import make_trust

__all__ = ["PROBERS", "SCHEMES", "Prober", "Sighting", "Tools", "make_trust", "observe"]
