"""The country as shipped data: regions, operators. The one file of this floor that reads files.

Sources and their certainty stand in docs/data.md; nothing below certainty B is shipped.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from importlib import resources
from typing import Literal

from msgspec import Struct, convert

from wire.judge.signatures import Signatures

Language = Literal["kk", "ru", "en"]
LANGUAGES: tuple[Language, ...] = ("kk", "ru", "en")


class Region(Struct, frozen=True, kw_only=True):
    """One of the 20 regions: ISO 3166-2 code, names, its place on the tile map (row, column from 0)."""

    code: str
    kk: str
    ru: str
    en: str
    tile_row: int
    tile_col: int
    tile_label: str

    def name(self, language: Language) -> str:
        """The region's name in a language."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language]


class Operator(Struct, frozen=True, kw_only=True):
    """A network operator: its id, brand and AS numbers (`AS9198`)."""

    id: str
    brand: str
    asns: tuple[str, ...]


@cache
def read_text(name: str) -> str:
    """A shipped data file as text."""
    return resources.files("wire").joinpath("data", name).read_text(encoding="utf-8")


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(read_text(name).splitlines()))


@cache
def regions() -> dict[str, Region]:
    """All regions by code, in the order of the codes."""
    found = [
        Region(
            code=row["iso_3166_2"],
            kk=row["kk"],
            ru=row["ru"],
            en=row["en"],
            tile_row=int(row["tile_row"]),
            tile_col=int(row["tile_col"]),
            tile_label=row["tile_label"],
        )
        for row in _rows("regions.csv")
    ]
    return {region.code: region for region in sorted(found, key=lambda region: region.code)}


@cache
def operators() -> dict[str, Operator]:
    """All operators that have AS numbers, by id."""
    return {
        row["operator_id"]: Operator(
            id=row["operator_id"], brand=row["brand"], asns=tuple(row["asns"].split(";"))
        )
        for row in _rows("operators.csv")
    }


@cache
def _prefixes() -> dict[str, str]:
    return {row["e164_prefix"].lstrip("+"): row["operator_id"] for row in _rows("mobile_prefixes.csv")}


def operator_by_prefix(number: str) -> str:
    """The id of the operator that a mobile number's first digits were given to (`77011234567`), or "".

    A hint only: since 2016 numbers are ported between operators. The number is digits only.
    """
    return _prefixes().get(number[:4], "")


@cache
def operator_brand(asn: str) -> str:
    """The brand behind an AS number, or the number itself."""
    brands = {one: operator.brand for operator in operators().values() for one in operator.asns}
    return brands.get(asn, asn)


def known_region(code: str) -> str:
    """`code` when it is one of the 20 regions, else `unknown`: what a metric's label may hold."""
    return code if code in regions() else "unknown"


@cache
def known_asns() -> frozenset[str]:
    """Every AS number that a metric's label may hold: the operators' and those of asns.csv."""
    listed = {f"AS{row['asn']}" for row in _rows("asns.csv")}
    return frozenset(listed | {asn for operator in operators().values() for asn in operator.asns})


def known_operator(asn: str) -> str:
    """`asn` when it is a Kazakh network that we know, else `other`, `AS0` when not told."""
    return asn if asn in known_asns() or asn == "AS0" else "other"


# Messengers that trust one authority of their own and no public one; the files stand in data/authorities.
_WITH_AUTHORITY = ("signal",)


@cache
def authorities() -> dict[str, str]:
    """The own authorities of messengers, by group (what stands before the slash of a name), as PEM."""
    return {group: read_text(f"authorities/{group}.pem") for group in _WITH_AUTHORITY}


class BlockPage(Struct, frozen=True, kw_only=True):
    """A block page: case-folded phrases that all stand on it, or how the URL of a redirect to it begins."""

    name: str
    phrases: tuple[str, ...] = ()
    location: str = ""
    certainty: str
    source: str


@cache
def block_pages() -> tuple[BlockPage, ...]:
    """The fingerprints of block pages, in the order in which they are tried."""
    found = json.loads(read_text("blockpages.json"))
    return tuple(convert(one, BlockPage) for one in found["fingerprints"])


@cache
def signatures() -> Signatures:
    """The published roots and intermediates of known interceptors (OONI 2024, Censored Planet 2019)."""
    found = json.loads(read_text("tls-signatures.json"))
    return Signatures(
        common_names=frozenset(root["cn"].casefold() for root in found["root_common_names"]),
        sha1=frozenset([*found["root_sha1"], *found["intermediate_sha1"]]),
    )
