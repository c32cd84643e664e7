"""Result sheets: what a sheet holds, its published bytes, and which of its control relations do not hold.

Rules of this file: a schema is data, see `wire/data/sheets.json`. A relation that does not hold is named,
never mended; a field that a sheet leaves out makes its relations "not known", which is no fault.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from wire import canonical, jcs
from wire.errors import BadInput, BadRecord
from wire.facts import Language, read_text

MAX_SHEET_BYTES: Final = 65_536
_Short = Annotated[str, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=0, le=10_000_000)]
_RELATION: Final = re.compile(r"\s*(?P<left>[^<=>]+?)\s*(?P<sign><=|=)\s*(?P<right>[^<=>]+?)\s*")
_VOTES: Final = "sum(V)"


class Field(Struct, frozen=True, forbid_unknown_fields=True):
    """One number of a sheet: its letter in relations, its name in the record, and its labels."""

    key: str
    name: str
    kk: str
    ru: str
    en: str

    def label(self, language: Language) -> str:
        """What stands beside it on the page."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language]


class Schema(Struct, frozen=True, forbid_unknown_fields=True):
    """One form: its fields and its relations (`F = G + H + sum(V)`, `C <= A`), and how certain it is."""

    id: str
    certainty: str
    fields: tuple[Field, ...]
    relations: tuple[str, ...]


class Sheet(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One count document. `sheet`: which of the station's, from 1. `counts`: by the schema's names.

    `votes`: by choice, as the ballot names them.
    """

    v: Literal[1] = 1
    election: _Short
    station: Annotated[str, Meta(pattern=r"^KZ-[0-9]{2}-[0-9]{4}$(?!\n)")]
    sheet: Annotated[int, Meta(ge=1, le=9)] = 1
    schema: _Short = "kz-count-1"
    counts: Annotated[dict[_Short, Count], Meta(max_length=64)]
    votes: Annotated[dict[_Short, Count], Meta(max_length=128)] = {}


class Broken(Struct, frozen=True):
    """A relation that does not hold: as it is written, and what its two sides come to."""

    relation: str
    left: int
    right: int


_sheet = canonical.Decoder(Sheet)


@cache
def schemas() -> dict[str, Schema]:
    """The shipped forms by id."""
    raw = msgspec.json.decode(read_text("sheets.json"))
    return {one.id: one for one in msgspec.convert(raw["schemas"], tuple[Schema, ...])}


def parse_sheet(raw: bytes) -> Sheet:
    """A sheet from JSON; raises `BadRecord`: no such record, an unknown form, a field that the form lacks."""
    if len(raw) > MAX_SHEET_BYTES:
        raise BadRecord(f"a sheet of {len(raw)} bytes; {MAX_SHEET_BYTES} are allowed")
    sheet = _sheet(raw)
    form = schemas().get(sheet.schema)
    if form is None:
        raise BadRecord(f"no form is called {sheet.schema}")
    strange = sheet.counts.keys() - {field.name for field in form.fields}
    if strange:
        raise BadRecord(f"the form {form.id} has no field {min(strange)}")
    return sheet


def sheet_bytes(sheet: Sheet) -> bytes:
    """The bytes that are hashed and published: JSON by RFC 8785."""
    return jcs.canonical_bytes(canonical.encode(sheet))


def broken(sheet: Sheet, form: Schema) -> list[Broken]:
    """The relations that do not hold, in the form's order, but for those with a number that is missing."""
    names = {field.key: field.name for field in form.fields}
    known = {key: sheet.counts[name] for key, name in names.items() if name in sheet.counts}
    if sheet.votes:
        known[_VOTES] = sum(sheet.votes.values())
    found = (_checked(relation, known) for relation in form.relations)
    return [one for one in found if one is not None]


def _checked(relation: str, known: dict[str, int]) -> Broken | None:
    parts = _RELATION.fullmatch(relation)
    if parts is None:
        raise BadInput(f"not a relation: {relation}")
    left, right = (_sum(parts[side], known) for side in ("left", "right"))
    if left is None or right is None:
        return None
    holds = left == right if parts["sign"] == "=" else left <= right
    return None if holds else Broken(relation, left, right)


def _sum(terms: str, known: dict[str, int]) -> int | None:
    found = [known.get(term.strip()) for term in terms.split("+")]
    numbers = [one for one in found if one is not None]
    return sum(numbers) if len(numbers) == len(found) else None
