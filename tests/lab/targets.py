"""The targets of a round: every listed site, and the further ones that a row asks for.

Rules of this file: plain data, as a person would write it into a targets file.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

from tests.lab.fair import OK, Fair, down
from tests.lab.names import BY_NAME, CLEAN_RESOLVER, DOOR_PORT, LISTED, UNLISTED, Site


class Target(Struct, frozen=True, kw_only=True):
    """One line of a targets file, and the fair verdict of it on a calm day."""

    name: str
    url: str
    category: str = "news"
    side: str = "foreign"
    usual: Fair = OK


def of_site(site: Site) -> Target:
    """A site as a target: its page."""
    return Target(name=site.name, url=site.url, category=site.category, side=site.side, usual=site.usual)


def sites(*names: str) -> tuple[Target, ...]:
    """Pages of sites that are not listed."""
    return tuple(of_site(BY_NAME[name]) for name in names)


DOORS: Final = ("dc-one.example", "dc-two.example", "dc-three.example")
HOUSES: Final = ("row-house-one.example", "row-house-two.example", "row-house-three.example")
# A messenger, by the addresses of its access points and by one name.
PIGEON: Final = tuple(
    Target(name=f"pigeon/dc{number}", url=f"post+http://{BY_NAME[name].address(4)}/", category="messenger")
    for number, name in enumerate(DOORS, 1)
)
# The same machines, by connections alone.
BARE: Final = tuple(
    Target(name=f"pigeon/tcp{number}", url=f"tcp://{name}:{DOOR_PORT}", category="messenger")
    for number, name in enumerate(DOORS, 1)
)
QUIC: Final = (
    Target(name="quic", url="quic://harbour-news.example"),
    Target(name="no-quic", url="quic://pigeon-post.example", usual=down("quic")),
)
# A resolver abroad, asked inside a handshake.
SEALED: Final = tuple(
    Target(name=kind, url=f"{kind}://{CLEAN_RESOLVER}/harbour-news.example", category="control")
    for kind in ("dot", "doh")
)
# A resolver abroad, asked in the open, about three names.
ASKED: Final = tuple(
    Target(name=f"asked-{number}", url=f"dns://{CLEAN_RESOLVER}/{name}", category="control")
    for number, name in enumerate(("harbour-news.example", "pigeon-post.example", "meadow-talk.example"), 1)
)
GHOST: Final = Target(name="ghost-town.example", url="https://ghost-town.example/", usual=down("dns"))
SHIP_GHOST: Final = Target(name="ghost-ship.example", url="https://ghost-ship.example/", usual=down("dns"))
LONG: Final = tuple(f"long-read-{number}.example" for number in ("one", "two", "three", "four"))
PLAIN_GHOST: Final = Target(name="ghost-farm.example", url="http://ghost-farm.example/", usual=down("dns"))
# All that a row may ask for while servers are as ever, so that one control of a calm day knows it.
FURTHER: Final = (
    *(of_site(site) for site in UNLISTED if site.manner != "door"), *PIGEON, *BARE, *SEALED, *ASKED, GHOST,
    PLAIN_GHOST, SHIP_GHOST,
)  # fmt: skip
ALWAYS: Final = tuple(of_site(site) for site in LISTED)


def targets_csv(further: Iterable[Target] = ()) -> str:
    """The targets file of a round: what is always measured, then `further`."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(("url", "category", "name", "side"))
    rows.writerows((one.url, one.category, one.name, one.side) for one in (*ALWAYS, *further))
    return out.getvalue()
