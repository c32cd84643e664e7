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
from tests.lab.names import LISTED
from tests.lab.programs import Program
from tests.lab.quality import Shaping
from tests.lab.resolver import Zone
from tests.lab.targets import ALWAYS, Target

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
IDN: Final = "xn--80avmfg08d.example"


Control = Literal[
    "fresh", "weeks", "old", "none", "hampered", "hampered_and_fresh", "yesterday_and_fresh"
]  # fmt: skip
Doors = tuple[bool | None, bool | None]  # any works, all work; None: nobody can say
Action = Rules | Zone | Shaping | Program


class Scenario(Struct, frozen=True, kw_only=True):
    """A row: its name, what happens in one line, the actions, and the fair verdicts that are unusual.

    `control`: made just now; made a month or years ago, when all was well; not there; made where the same
    censor sits; or one of that kind and a clean one; or one of yesterday and one of now. `also`: targets beside the listed ones. `options`: of the
    command. `wrapper`: the command runs below this one. `groups`: of a messenger, whether any door works
    and whether all do. `patient`: the judge has to wait for something, so the row is lived through once.
    """

    name: str
    about: str
    actions: tuple[Action, ...] = ()
    fair: Mapping[str, Fair] = {}
    control: Control = "fresh"
    also: tuple[Target, ...] = ()
    options: tuple[str, ...] = ()
    wrapper: tuple[str, ...] = ()
    groups: Mapping[str, Doors] = {}
    patient: bool = False

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every packet rule of the row, in order."""
        return tuple(rule for action in self.actions if isinstance(action, tuple) for rule in action)

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Everything that resolvers say differently."""
        return tuple(action for action in self.actions if isinstance(action, Zone))

    @property
    def shapings(self) -> tuple[Shaping, ...]:
        """Cables that carry less."""
        return tuple(action for action in self.actions if isinstance(action, Shaping))

    @property
    def programs(self) -> tuple[Program, ...]:
        """What runs beside the row."""
        return tuple(action for action in self.actions if isinstance(action, Program))

    @property
    def changes_servers(self) -> bool:
        """True when the control has to be made anew, since servers themselves differ."""
        placed: tuple[Rule | Zone | Shaping | Program, ...] = (
            *self.rules,
            *self.zones,
            *self.shapings,
            *self.programs,
        )
        places = {one.place for one in placed}
        return not places.isdisjoint({"domestic", "foreign"})

    @property
    def is_innocent(self) -> bool:
        """True when a fair judge accuses nobody in this row."""
        return not any(fair.accuses for fair in self.fair.values())

    def expected(self) -> dict[str, Fair]:
        """The fair verdict of every target."""
        return {one.name: self.fair.get(one.name, one.usual) for one in (*ALWAYS, *self.also)}


def everywhere(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every target."""
    return {site.name: fair for site in LISTED}


def at_home(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every domestic target."""
    return {site.name: fair for site in LISTED if site.side == "domestic"}


def abroad(fair: Fair) -> dict[str, Fair]:
    """The same verdict for every foreign target."""
    return {site.name: fair for site in LISTED if site.side == "foreign"}
