"""A row of the table: what the network does, and what a fair judge must say of every target.

`fair` names the targets that are not as on a calm day; every other target must get its site's usual
verdict (`names.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from msgspec import Struct

from tests.lab.censor import Rule, Rules
from tests.lab.fair import Fair
from tests.lab.names import SITES
from tests.lab.resolver import Zone

# The sites that rows speak of.
ANCHOR: Final = "anchor-one.example"
CLOSED: Final = "jabyq-esik.kz"
BANK: Final = "dala-bank.kz"
PORTAL: Final = "qyzmet-portal.kz"
INFO: Final = "keste-info.kz"
NEWS: Final = "harbour-news.example"
POST: Final = "pigeon-post.example"
TALK: Final = "meadow-talk.example"
PAGES: Final = "plain-pages.example"


class Scenario(Struct, frozen=True, kw_only=True):
    """A row: its name, what happens in one line, the actions, and the fair verdicts that are unusual.

    `control`: made just now; made long ago, when all was well; or not there.
    """

    name: str
    about: str
    actions: tuple[Rules | Zone, ...] = ()
    fair: Mapping[str, Fair] = {}
    control: Literal["fresh", "old", "none"] = "fresh"

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every packet rule of the row, in order."""
        return tuple(rule for action in self.actions if not isinstance(action, Zone) for rule in action)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Everything that resolvers say differently."""
        return tuple(action for action in self.actions if isinstance(action, Zone))

    @property
    def changes_servers(self) -> bool:
        """True when the control has to be made anew, since servers themselves differ."""
        places = {rule.place for rule in self.rules} | {zone.place for zone in self.zones}
        return not places.isdisjoint({"domestic", "foreign"})

    @property
    def is_innocent(self) -> bool:
        """True when a fair judge accuses nobody in this row."""
        return not any(fair.accuses for fair in self.fair.values())

    def expected(self) -> dict[str, Fair]:
        """The fair verdict of every target."""
        return {site.name: self.fair.get(site.name, site.usual) for site in SITES}


def everywhere(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every target."""
    return {site.name: fair for site in SITES}


def abroad(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every foreign target."""
    return {site.name: fair for site in SITES if site.side == "foreign"}
