"""The page of one station's sheets: every copy beside the others, what differs, what does not hold. Pure.

Rules of this file: nothing is corrected, nothing is left out. A copy that was taken back stays and says so.
Numbers of copies that may not be seen yet never come in here: only their hashes do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from typing import Final

from collector.core.paper import numbers_of
from collector.core.sheets import Comparison, Copy, SheetNow
from collector.page.figures import Chip, Mark
from collector.page.moments import dated, exact, moment
from collector.page.sampled import number_label
from collector.page.sheets.asked import Asked
from collector.page.sheets.parts import (
    Broken,
    Cell,
    ClaimView,
    ComparisonView,
    CopyView,
    NumberRow,
    ScanView,
    Seen,
    SheetView,
    StationView,
)
from collector.page.sheets.search import chip_of, place_of
from collector.page.words import Words
from wire.errors import BadRecord
from wire.facts import Language
from wire.sheets import Sheet, broken, parse_sheet, schemas

_BY: Final = {"station": "by-station", "commission": "by-commission", "observer": "by-observer"}
_PROOF: Final = {"seal": "proof-seal", "code": "proof-code"}
_PROVEN: Final = frozenset(_PROOF)


def station_view(words: Words, seen: Seen, asked: Asked) -> StationView:
    """The page of a station of which at least one sheet is known."""
    first, hidden = seen.sheets[0], seen.hidden_until
    return StationView(
        language=asked.language,
        station=first.station,
        place=place_of(first, asked.language),
        hidden=words("sheets-hidden", moment=exact(words, hidden, seen.now)) if hidden else "",
        sheets=tuple(_sheet(words, one, seen, asked.language) for one in seen.sheets),
        made=dated(words, seen.now),
        made_iso=seen.now,
        key=seen.key,
    )


def _sheet(words: Words, now: SheetNow, seen: Seen, language: Language) -> SheetView:
    copies = tuple(_copy(words, one, now, seen) for one in now.copies if one.kind == "sheet")
    read = _read(copies)
    columns = tuple(one for one in copies if one.entry in read)
    rows = tuple(_rows(columns, read, language))
    forms = {sheet.schema for sheet in read.values()}
    return SheetView(
        number=now.sheet,
        chip=chip_of(words, now.status),
        title=", ".join(dict.fromkeys(sheet.election for sheet in read.values())),
        copies=copies,
        columns=columns,
        rows=rows,
        agree=_agree(words, columns, rows),
        certainty=any(schemas()[form].certainty == "C" for form in forms),
        broken=tuple(_broken(columns, read, language)),
        claims=tuple(_claim(words, one, now, seen) for one in now.copies if one.kind == "claim"),
        scans=tuple(_scan(words, one, seen) for one in now.copies if one.kind == "scan"),
        comparisons=tuple(_comparison(words, one, language) for one in now.comparisons),
    )


def _read(copies: Iterable[CopyView]) -> dict[int, Sheet]:
    """The copies that can be read, by entry; stored bytes may have been changed, and the page says so."""
    found = {}
    for one in copies:
        with suppress(BadRecord):
            found[one.entry] = parse_sheet(one.text.encode())
    return found


def _copy(words: Words, one: Copy, now: SheetNow, seen: Seen) -> CopyView:
    claims = [claim for claim in now.copies if claim.kind == "claim" and claim.proof in _PROVEN]
    scans = [scan for scan in now.copies if scan.kind == "scan" and scan.sheet_entry == one.entry]
    raw = seen.contents.get(one.sha256, b"")
    who, called = words(_BY[one.by]), seen.names.get(one.signer, "") if one.by != "station" else ""
    return CopyView(
        entry=one.entry,
        who=who,
        signer="" if one.by == "station" else one.signer,
        called=called,
        seen=moment(words, one.at, seen.now),
        sha256=one.sha256,
        text=raw.decode("utf-8", "replace"),
        void=one.void,
        altered=bool(raw) and sha256(raw).hexdigest() != one.sha256,
        claims=" ".join(str(claim.entry) for claim in claims if not claim.void),
        scans=" ".join(f"{scan.entry}:{scan.sha256}" for scan in scans if not scan.void),
        names=words("copy-name", who=f"{who} {called}".rstrip(), entry=str(one.entry)),
    )


def _rows(columns: Sequence[CopyView], read: Mapping[int, Sheet], language: Language) -> Iterator[NumberRow]:
    numbers = {entry: numbers_of(sheet) for entry, sheet in read.items()}
    standing = [one.entry for one in columns if not one.void] or [one.entry for one in columns]
    for name in _names(read.values()):
        said = [numbers[one.entry].get(name) for one in columns]
        first = numbers[standing[0]].get(name)
        yield NumberRow(
            name=name,
            label=number_label(name, language),
            cells=tuple(
                Cell("" if number is None else str(number), number != first, one.entry)
                for one, number in zip(columns, said, strict=True)
            ),
            differs=len({numbers[entry].get(name) for entry in standing}) > 1,
        )


def _names(sheets: Iterable[Sheet]) -> list[str]:
    """All numbers' names: the form's fields in its order, then the choices as the first copy has them."""
    found = list(sheets)
    fields = [field.name for form in schemas().values() for field in form.fields]
    named = dict.fromkeys(name for name in fields if any(name in one.counts for one in found))
    votes = dict.fromkeys(f"votes/{choice}" for one in found for choice in one.votes)
    return [*named, *votes]


def _agree(words: Words, columns: Sequence[CopyView], rows: Sequence[NumberRow]) -> str:
    standing = sum(not one.void for one in columns)
    differing = sum(row.differs for row in rows)
    if standing < 2:  # noqa: PLR2004  # one copy has nothing to agree with
        return words("copies-one") if standing else ""
    return words("copies-differ", count=differing) if differing else words("copies-agree", count=standing)


def _broken(columns: Sequence[CopyView], read: Mapping[int, Sheet], language: Language) -> Iterator[Broken]:
    for one in columns:
        form = schemas()[read[one.entry].schema]
        labels = {field.key: field.label(language) for field in form.fields}
        for found in broken(read[one.entry], form):
            keys = [key for key in labels if key in found.relation.replace("+", " ").split()]
            yield Broken(
                who=one.names,
                relation=found.relation,
                names="; ".join(f"{key}: {labels[key]}" for key in keys),
                left=str(found.left),
                right=str(found.right),
            )


def _claim(words: Words, one: Copy, now: SheetNow, seen: Seen) -> ClaimView:
    return ClaimView(
        entry=one.entry,
        seen=moment(words, one.at, seen.now),
        proof=words(_PROOF.get(one.proof, "proof-none")),
        link=words("link-sms" if one.link == "sms" else "link-https"),
        sha256=one.sha256,
        sealed=one.sealed,
        chip=_claim_chip(words, one, now),
        void=one.void,
    )


def _claim_chip(words: Words, claim: Copy, now: SheetNow) -> Chip:
    """Against the station's own copies: a commission's or an observer's is compared in the table."""
    own = [one for one in now.copies if one.kind == "sheet" and one.by == "station" and not one.void]
    if not own:
        return Chip(mark="unknown", word=words("claim-waits"))
    if any(one.sha256 == claim.sha256 for one in own):
        return Chip(mark="ok", word=words("claim-same"))
    return Chip(mark="cut", word=words("claim-differs"))


def _scan(words: Words, one: Copy, seen: Seen) -> ScanView:
    return ScanView(
        entry=one.entry,
        who=words(_BY[one.by]),
        sha256=one.sha256,
        seen=moment(words, one.at, seen.now),
        void=one.void,
    )


def _comparison(words: Words, one: Comparison, language: Language) -> ComparisonView:
    mark: Mark = "ok" if one.same else "cut"
    names = (name.replace("votes: ", "votes/", 1) for name in one.differs)
    return ComparisonView(
        entry=one.entry,
        chip=Chip(mark=mark, word=words("compared-same" if one.same else "compared-differs")),
        of=words("compared-of", first=str(one.of[0]), second=str(one.of[1])),
        names=", ".join(number_label(name, language) for name in names),
        void=one.void,
    )
