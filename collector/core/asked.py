"""Which incidents somebody asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct

from collector.core.book import Book, Revision, is_active, span_of
from collector.core.refusals import Refused
from collector.core.times import epoch_seconds
from wire.errors import BadInput
from wire.facts import regions
from wire.incidents import KINDS, Incident

NAMES: Final = ("since", "until", "as_of", "kind", "region", "active")
_TRUTHS: Final = {"": None, "true": True, "1": True, "false": False, "0": False}


class Asked(Struct, frozen=True, kw_only=True):
    """The question. Times are Unix seconds; what is None or empty does not choose."""

    since: float | None = None
    until: float | None = None
    as_of: float | None = None
    kind: str = ""
    region: str = ""
    active: bool | None = None

    def of(self, book: Book) -> list[Revision]:
        """The last revisions of those that are asked for, by their start."""
        return [one for one in book.last(self.as_of) if self._wants(one.incident)]

    def _wants(self, one: Incident) -> bool:
        began, ended = span_of(one)
        return (
            (self.since is None or ended >= self.since)
            and (self.until is None or began < self.until)
            and self.kind in {"", one.kind}
            and (not self.region or not one.scope.regions or self.region in one.scope.regions)
            and self.active in {None, is_active(one)}
        )


def asked(query: Mapping[str, str]) -> Asked:
    """From the parameters of an address; raises `Refused` ("query")."""
    kind, region, active = (query.get(name, "") for name in ("kind", "region", "active"))
    if unknown := sorted(set(query) - set(NAMES)):
        raise Refused("query", f"{unknown[0][:40]} is none of {', '.join(NAMES)}")
    if kind and kind not in KINDS:
        raise Refused("query", f"kind is none of {', '.join(KINDS)}")
    if region and region not in regions():
        raise Refused("query", "region is none of the country's, as in KZ-71")
    if active not in _TRUTHS:
        raise Refused("query", "active is true or false")
    since, until, as_of = (_time(name, query) for name in ("since", "until", "as_of"))
    return Asked(since=since, until=until, as_of=as_of, kind=kind, region=region, active=_TRUTHS[active])


def _time(name: str, query: Mapping[str, str]) -> float | None:
    text = query.get(name, "")
    try:
        return epoch_seconds(text.replace(" ", "+")) if text else None  # a + that nobody escaped
    except BadInput as error:
        raise Refused("query", f"{name}: {error}") from error
