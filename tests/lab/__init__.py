"""The censorship lab: the country in network namespaces, real servers, real packets.

`Country` builds it, `SCENARIOS` is its table; see README.md beside this file.
"""

from tests.lab.country import Country
from tests.lab.namespaces import sweep
from tests.lab.scenario import Scenario
from tests.lab.scenarios import SCENARIOS

__all__ = ["SCENARIOS", "Country", "Scenario", "sweep"]
