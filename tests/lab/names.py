"""The country's map: places, links, routes and sites, as plain data.

Rules of this file: nothing is built here. A new site or link is a line in a table. Addresses are
documentation prefixes (RFC 5737, RFC 3849) with two exceptions, and 10.71.0.0/16 for links; no packet
leaves the namespaces: none has a way out, and unknown destinations end in the operator's void.
"""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from tests.lab.fair import OK, Fair, down

Place = Literal["home", "operator", "domestic", "foreign", "abroad"]
Family = Literal[4, 6]

PLACES: Final[tuple[Place, ...]] = ("home", "operator", "domestic", "foreign", "abroad")
ROUTERS: Final[tuple[Place, ...]] = ("operator",)
FAMILIES: Final[tuple[Family, ...]] = (4, 6)

NETS: Final[dict[str, dict[Family, str]]] = {
    "domestic": {4: "198.51.100.0/24", 6: "2001:db8:d::/64"},
    "foreign": {4: "203.0.113.0/24", 6: "2001:db8:f::/64"},
    "nearby": {4: "11.72.0.0/24", 6: "2001:db8:c::/64"},
    "home": {4: "10.71.0.0/24", 6: "2001:db8:71:0::/64"},
    "default": {4: "0.0.0.0/0", 6: "::/0"},
}
OPERATOR_RESOLVER: Final = "198.51.100.253"
CLEAN_RESOLVER: Final = "203.0.113.253"
# These two are not in a documentation block: an answer that points at one where the true address has none
# would rightly be called bogus, and the sites' own blocks are too near. Nothing routes them out of the lab.
NOTICE: Final = "11.71.0.80"  # the operator's "access restricted" server
NOTICE_NAME: Final = "notice.invalid"
GATEWAY: Final = "10.71.0.1"  # the operator's end of the volunteer's cable
# A content network's other machine, in another network: it has a valid certificate for every site.
NEARBY: Final = "11.72.0.90"
CENSORED: Final = "row-house-one.example"  # whom an interceptor that chooses by name chooses
SIGN: Final = "harbour-news.example"  # where the signpost sends
DOOR_PORT: Final = 5222
PRIVATE: Final = "10.10.34.36"  # where some censors let a forged answer point: nowhere
SERVICES: Final[dict[Place, tuple[str, ...]]] = {
    "operator": (OPERATOR_RESOLVER, NOTICE),
    "foreign": (CLEAN_RESOLVER, NEARBY),
}


class Link(Struct, frozen=True):
    """A cable: `first` has .1, `second` .2 of 10.71.NUMBER.0/24 and of 2001:db8:71:NUMBER::/64."""

    number: int
    first: Place
    second: Place

    def address(self, place: Place, family: Family) -> str:
        """The address of one of the two ends."""
        host = 1 if place == self.first else 2
        return f"10.71.{self.number}.{host}" if family == 4 else f"2001:db8:71:{self.number:x}::{host:x}"

    def other(self, place: Place) -> Place:
        """The end that is not `place`."""
        return self.second if place == self.first else self.first


LINKS: Final = (
    Link(0, "operator", "home"),
    Link(1, "operator", "domestic"),
    Link(2, "operator", "foreign"),
    Link(3, "abroad", "domestic"),
    Link(4, "abroad", "foreign"),
)


class Route(Struct, frozen=True):
    """At `place`, what goes to `net` (a key of `NETS`) goes to `via`; None: into the void."""

    place: Place
    net: str
    via: Place | None


ROUTES: Final = (
    Route("home", "default", "operator"),
    Route("operator", "domestic", "domestic"),
    Route("operator", "foreign", "foreign"),
    Route("operator", "nearby", "foreign"),
    Route("operator", "default", None),
    Route("domestic", "home", "operator"),
    Route("domestic", "default", "abroad"),
    Route("foreign", "home", "operator"),
    Route("foreign", "default", "abroad"),
    Route("abroad", "domestic", "domestic"),
    Route("abroad", "foreign", "foreign"),
    Route("abroad", "nearby", "foreign"),
    Route("abroad", "default", None),
)


Manner = Literal[
    "fine", "closed", "expired", "forbidden", "personal", "legal", "signpost", "astray", "loop", "door", "long",
]  # fmt: skip


class Site(Struct, frozen=True, kw_only=True):
    """A server of the country: an address of its own in each family, and how it is on a calm day.

    `host` is the last part of its addresses. `usual` is the fair verdict while nobody interferes.
    `manner` names the server block that it gets (`servers.py`). `listed`: it is a target of every
    round; of the others, only rows that name them make targets (`targets.py`).
    """

    name: str
    side: Literal["domestic", "foreign"]
    category: str
    host: int
    scheme: Literal["https", "http"] = "https"
    families: tuple[Family, ...] = FAMILIES
    manner: Manner = "fine"
    usual: Fair = OK
    listed: bool = True

    def address(self, family: Family) -> str:
        """Its address in a family, whether or not it has published it."""
        return NETS[self.side][family].replace(".0/24", f".{self.host}").replace("::/64", f"::{self.host:x}")

    @property
    def url(self) -> str:
        """As a person would write it: an IDN in its own letters."""
        return f"{self.scheme}://{self.name.encode().decode('idna')}/"

    @property
    def addresses(self) -> dict[Family, str]:
        """The addresses that it has."""
        return {family: self.address(family) for family in self.families}


def _domestic(host: int, name: str, category: str, **more: object) -> Site:
    return Site(name=name, side="domestic", category=category, host=host, **more)  # type: ignore[arg-type]  # the table's fields


def _foreign(host: int, name: str, category: str, **more: object) -> Site:
    return Site(name=name, side="foreign", category=category, host=host, **more)  # type: ignore[arg-type]  # the table's fields


LISTED: Final = (
    _domestic(10, "tirek-one.kz", "control"),
    _domestic(11, "tirek-two.kz", "control"),
    _domestic(12, "qyzmet-portal.kz", "egov"),
    _domestic(13, "dala-bank.kz", "bank", families=(4,)),
    _domestic(14, "keste-info.kz", "government", scheme="http"),
    _domestic(15, "jabyq-esik.kz", "government", manner="closed", usual=down("tcp")),
    _domestic(16, "eski-mor.kz", "court", manner="expired", usual=down("tls")),
    _foreign(10, "anchor-one.example", "control"),
    _foreign(11, "anchor-two.example", "control"),
    _foreign(12, "harbour-news.example", "news"),
    _foreign(13, "pigeon-post.example", "messenger"),
    _foreign(14, "meadow-talk.example", "social", families=(4,)),
    _foreign(15, "plain-pages.example", "news", scheme="http"),
    _foreign(16, "members-only.example", "social", manner="forbidden"),
    _foreign(17, "xn--80avmfg08d.example", "news"),
    _foreign(18, "mirror-hall.example", "social", scheme="http", manner="personal"),
)
# Three names share one address; the others stand alone.
UNLISTED: Final = (
    _foreign(20, "row-house-one.example", "news", families=(4,), listed=False),
    _foreign(20, "row-house-two.example", "news", families=(4,), listed=False),
    _foreign(20, "row-house-three.example", "social", families=(4,), listed=False),
    _foreign(23, "six-lanes.example", "news", families=(6,), listed=False),
    _foreign(25, "signpost.example", "news", scheme="http", manner="signpost", listed=False),
    _foreign(26, "roundabout.example", "news", manner="loop", listed=False),
    _foreign(27, "astray.example", "news", scheme="http", manner="astray", usual=down("dns"), listed=False),
    _foreign(28, "court-order.example", "news", manner="legal", listed=False),
    _foreign(32, "long-read-one.example", "news", families=(4,), manner="long", listed=False),
    _foreign(33, "long-read-two.example", "news", families=(4,), manner="long", listed=False),
    _foreign(34, "long-read-three.example", "news", families=(4,), manner="long", listed=False),
    _foreign(35, "long-read-four.example", "news", families=(4,), manner="long", listed=False),
    _foreign(29, "dc-one.example", "messenger", scheme="http", manner="door", families=(4,), listed=False),
    _foreign(30, "dc-two.example", "messenger", scheme="http", manner="door", families=(4,), listed=False),
    _foreign(31, "dc-three.example", "messenger", scheme="http", manner="door", families=(4,), listed=False),
)
SITES: Final = (*LISTED, *UNLISTED)
BY_NAME: Final = {site.name: site for site in SITES}


def link_between(first: Place, second: Place) -> Link:
    """The cable between two places; `StopIteration` when the map has none."""
    return next(link for link in LINKS if {link.first, link.second} == {first, second})
