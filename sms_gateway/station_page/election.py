"""What an election commission prepares for the page: which election, which sheets, what the ballots name.

{"election": "2026-11-22", "sheets": [{"sheet": 1, "kk": "…", "ru": "…", "en": "…", "choices": ["…", "…"]}]}
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from wire import canonical, sheets
from wire.errors import BadInput, BadRecord

_Short = Annotated[str, Meta(min_length=1, max_length=64)]
_Label = Annotated[str, Meta(min_length=1, max_length=120)]


class Ballot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of ballot, so one sheet a station: number, names, the choices as the ballot has them."""

    sheet: Annotated[int, Meta(ge=1, le=9)]
    kk: _Label
    ru: _Label
    en: _Label
    choices: Annotated[tuple[_Short, ...], Meta(max_length=128)] = ()


class Election(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One day of voting. `schema`: the form of its sheets, an id of `wire/data/sheets.json`."""

    election: _Short
    schema: _Short = "kz-count-1"
    sheets: Annotated[tuple[Ballot, ...], Meta(min_length=1, max_length=9)]


_election = canonical.Decoder(Election)


def read_election(path: Path) -> Election:
    """An election from its file; raises `BadInput`: no file, no such record, a number or a name twice."""
    try:
        return checked(_election(path.read_bytes()))
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}") from error
    except (BadRecord, BadInput) as error:
        raise BadInput(f"{path}: {error}") from error


def checked(election: Election) -> Election:
    """The same election; raises `BadInput` when the page could not make its sheets."""
    if election.schema not in sheets.schemas():
        raise BadInput(f"no form is called {election.schema}")
    if _twice([str(ballot.sheet) for ballot in election.sheets]):
        raise BadInput("a sheet's number stands twice")
    for ballot in election.sheets:
        _check_choices(ballot)
    return election


def _check_choices(ballot: Ballot) -> None:
    names = [_one_form(choice) for choice in ballot.choices]
    if "" in names:
        raise BadInput(f"sheet {ballot.sheet}: a choice has no name")
    if twice := _twice(names):
        raise BadInput(f"sheet {ballot.sheet}: {twice} stands twice")


def _one_form(name: str) -> str:
    """A name as the page writes it into the record: composed characters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _twice(names: list[str]) -> str:
    return next((name for place, name in enumerate(names) if name in names[:place]), "")
