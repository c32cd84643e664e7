"""The censorship lab: the country in network namespaces, real servers, real packets.

`Country` builds it, `SCENARIOS` is its table; see README.md beside this file.
"""

from tests.lab.country import Country
from tests.lab.namespaces import sweep
from tests.lab.scenarios import SCENARIOS, Scenario

__all__ = ["SCENARIOS", "Country", "Scenario", "sweep"]
