"""Whom a station can call: the dated directory of duty prosecutors and higher commissions, by region."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from sms_gateway.core.replies import Say, Script, first_that_fits, spoken
from wire.facts import Language

_SHOWN: Final = 6
Phone = Annotated[str, Meta(pattern=r"^\+?[0-9 ()-]{3,20}$")]


class Duty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The two numbers of a region."""

    prosecutor: Phone
    commission: Phone


class Directory(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All regions (`KZ-71`), and the day on which somebody checked the numbers."""

    v: Literal[1] = 1
    as_of: Annotated[str, Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    regions: dict[Annotated[str, Meta(pattern=r"^KZ-\d\d$")], Duty]


class Line(Struct, frozen=True, kw_only=True):
    """One thing that is recorded of a station, and its time of day there, `12:05`."""

    kind: str
    mark: str
    value: str
    time: str


def telephones(directory: Directory | None, region: str, tongue: tuple[Language, Script], say: Say) -> str:
    """The answer to TEL, in one part."""
    language, script = tongue
    listed = None if directory is None else directory.regions.get(region)
    if directory is None or listed is None:
        return first_that_fits(lambda in_: [in_(language, "tel-none", {"region": region})], script, say)
    values = {
        "region": region, "prosecutor": _bare(listed.prosecutor), "commission": _bare(listed.commission),
        "dated": directory.as_of,
    }  # fmt: skip
    return first_that_fits(lambda in_: [in_(language, "tel", values)], script, say)


def words(tongue: tuple[Language, Script], say: Say) -> str:
    """The answer to INFO, in one part."""
    language, script = tongue
    return first_that_fits(
        lambda in_: [in_(language, name, {}) for name in ("info", "info-short")], script, say
    )


def recorded(station: str, lines: list[Line], tongue: tuple[Language, Script], say: Say) -> str:
    """The answer to MY, in one part: as much as fits, the newest first."""
    language, script = tongue
    if not lines:
        return first_that_fits(lambda in_: [in_(language, "my-none", {"station": station})], script, say)

    def forms(say_in: Say) -> list[str]:
        told = [_line(one, language, say_in) for one in lines[:_SHOWN]]
        return [
            say_in(language, "my", {"station": station, "list": ", ".join(told[:count])})
            for count in range(len(told), 0, -1)
        ]

    return first_that_fits(forms, script, say)


def _line(one: Line, language: Language, say: Say) -> str:
    return f"{spoken(one.kind, one.mark, one.value, language, say)} {one.time}"


def _bare(phone: str) -> str:
    return "".join(char for char in phone if char in "+0123456789")
