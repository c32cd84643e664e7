"""Taking result sheets in: who sent it, is it whole, keep it, put it into the ledger, and only then say so.

Rules of this file: what is acknowledged is durable and covered by a signed head. The same again gives the
same answer. Times of entries are those of the first arrival, so that one that is added again is the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from collector.core.bucket import Buckets
from collector.core.refusals import Refused
from collector.core.sheets import SheetBook
from collector.core.times import seconds_of
from collector.ledger import Desk, LedgerFault
from collector.settings import Settings
from collector.sheets.following import Follower
from collector.sheets.senders import Known, Senders
from collector.sheets.store import FOLDER, Scan, Sent, SheetStore
from wire import canonical
from wire.errors import BadInput, BadSignature
from wire.ledger import Entry, Hash
from wire.ports import Clock
from wire.sheets import Sheet
from wire.times import format_time
from wire.uploads import (
    MAX_SCAN_BYTES,
    Upload,
    Void,
    message,
    parse_upload,
    parse_void,
    scan_type,
    sheet_hash,
    sheet_of,
    verify,
)

_NO_SCAN: Final = "-"
_LOT: Final = 1_000
STATIONS, SENDERS = "stations.jsonl", "senders.jsonl"  # in the folder of the sheets, unless others are named


class Accepted(Struct, frozen=True, kw_only=True):
    """Where it stands in the ledger, and the hash of what was taken; of a void the hash is "".

    `entry`: of a scan the first of its entries, one for each upload that names it.
    """

    v: int = 1
    entry: int
    sha256: Hash | None = None


class Office:
    """The checks, the store and the ledger, put together."""

    def __init__(
        self, settings: Settings, store: SheetStore, desk: Desk, follower: Follower, clock: Clock
    ) -> None:
        """Raises `BadInput` for files of keys that are named and are not there, or cannot be read."""
        self.senders = senders_of(settings)
        self._store, self._desk, self._follower, self._clock = store, desk, follower, clock
        self._rates = Buckets(settings.sheets.uploads_per_s, settings.sheets.uploads_burst)
        self._most = settings.sheets.copies

    async def upload(self, raw: bytes) -> Accepted:
        """Take a sheet in; raises `Refused`."""
        upload = _parsed(raw)
        known = self._checked(upload)
        sheet, published = _sheet(upload)
        if known.regions and sheet.station[:5] not in known.regions:
            raise Refused("role", f"this key sends sheets of {', '.join(known.regions)} only")
        sha256 = sheet_hash(published)
        sent = Sent(
            id=f"sheet {upload.by} {upload.signer} {sha256} {upload.scan}",
            kind="sheet",
            received=self._now(),
            signer=upload.signer,
            about=f"{sheet.station}/{sheet.sheet}",
            sha256=sha256,
            scan=upload.scan,
            raw=canonical.encode(upload),
        )
        kept = await self._store.keep(sent, published, self._most)
        index = await self._entered([entry_of(kept)])
        await self._enter_scan(upload.scan)
        return Accepted(entry=index, sha256=sha256)

    async def void(self, raw: bytes) -> Accepted:
        """Take entries back, by who sent them; raises `Refused`."""
        try:
            void = parse_void(raw)
        except BadInput as error:
            raise Refused("schema", str(error)) from error
        self._checked(void)
        about = self._own(void)
        sent = Sent(
            id=f"void {hashlib.sha256(message(void)).hexdigest()}",
            kind="void",
            received=self._now(),
            signer=void.signer,
            about=about,
            raw=canonical.encode(void),
        )
        kept = await self._store.keep(sent, most=self._most)
        return Accepted(entry=await self._entered([entry_of(kept)]))

    def wants_scan(self, sha256: str) -> None:
        """Nothing when a signed upload named this scan; raises `Refused` ("unasked")."""
        if not self._store.naming(sha256):
            raise Refused("unasked")

    async def scan(self, sha256: str, raw: bytes) -> Accepted:
        """Take a scan in that an upload named; raises `Refused`."""
        self.wants_scan(sha256)
        if len(raw) > MAX_SCAN_BYTES:
            raise Refused("too_large")
        if hashlib.sha256(raw).hexdigest() != sha256:
            raise Refused("hash")
        try:
            media = scan_type(raw)
        except BadInput as error:
            raise Refused("schema", str(error)) from error
        scan = Scan(sha256=sha256, media=media, size=len(raw), received=self._now())
        await self._store.keep_scan(scan, raw)
        return Accepted(entry=await self._enter_scan(sha256) or 0, sha256=sha256)

    async def catch_up(self) -> None:
        """Add to the ledger what is durable here but was not added before a crash; adds nothing twice."""
        book = self._follower.book()
        lot = [entry_of(sent) for sent in self._store.all() if not _stands(book, sent)]
        for first in range(0, len(lot), _LOT):
            await self._entered(lot[first : first + _LOT])
        for scan in list(self._store.scans()):
            if len(book.of_hash(scan.sha256)) < len(self._store.naming(scan.sha256)):
                await self._enter_scan(scan.sha256)

    async def _enter_scan(self, sha256: str) -> int | None:
        """An entry for each upload that names a scan which is here; the index of the first."""
        scan = self._store.scan(sha256) if sha256 else None
        if scan is None:
            return None
        uploads = self._store.naming(sha256)
        sheets = await self._added([entry_of(one) for one in uploads])
        entries = [_scan_entry(one, scan, index) for one, index in zip(uploads, sheets, strict=True)]
        return await self._entered(entries)

    def _checked(self, record: Upload | Void) -> Known:
        known = self.senders.of(record, self._clock.monotonic())
        try:
            verify(record, known.keys)
        except BadSignature as error:
            raise Refused("signature", str(error)) from error
        # Spent after the signature was checked: a stranger cannot use up a station's rate.
        wait_s = self._rates.spend(record.signer, seconds_of(self._clock.now()))
        if wait_s > 0:
            raise Refused("rate", wait_s=wait_s)
        return known

    def _own(self, void: Void) -> str:
        """The station and sheet that the entries are about, all of one, all sent by who takes them back."""
        book = self._follower.book()
        found = [one for index in void.of if (one := book.entry(index)) is not None]
        about = {f"{now.station}/{now.sheet}" for now, copy in found if copy.signer == void.signer}
        if len(found) != len(void.of) or len(about) != 1 or any(c.signer != void.signer for _, c in found):
            raise Refused("role", "these entries are not all of one sheet and sent with this key")
        return about.pop()

    async def _entered(self, entries: Sequence[Entry]) -> int:
        indexes = await self._added(entries)
        return indexes[0]

    async def _added(self, entries: Sequence[Entry]) -> tuple[int, ...]:
        try:
            return await self._desk.add(entries)
        except LedgerFault as error:
            raise Refused("storage") from error

    def _now(self) -> str:
        return format_time(self._clock.now())


def senders_of(settings: Settings) -> Senders:
    """The files of keys: those that are named, else those in the collector's folder, once they are there."""
    chosen, files = settings.sheets, list[Path]()
    for named, usual in ((chosen.stations, STATIONS), (chosen.senders, SENDERS)):
        if named and not Path(named).exists():
            raise BadInput(f"{named}: No such file or directory")
        files.append(Path(named) if named else settings.folder / FOLDER / usual)
    return Senders(*files)


def _stands(book: SheetBook, sent: Sent) -> bool:
    """Whether the ledger has this copy already; a void is always added again, which changes nothing."""
    found = book.of_hash(sent.sha256) if sent.kind == "sheet" else []
    return any(one.kind == "sheet" and (one.signer, one.at) == (sent.signer, sent.received) for one in found)


def entry_of(sent: Sent) -> Entry:
    """The ledger's entry for an upload or a void that is kept.

    `sealed` has what the published sheet lacks for checking the signature: when it was signed, the scan's
    hash (`-` for none) and the signature; of a void the time and the signature.
    """
    station, _, sheet = sent.about.partition("/")
    if sent.kind == "void":
        void = parse_void(sent.raw)
        return Entry(
            kind="void",
            at=sent.received,
            station=station,
            sheet=sheet,
            by=void.by,
            signer=void.signer,
            of=void.of,
            sealed=f"{void.at} {void.signature}",
            note=void.note,
        )
    upload = parse_upload(sent.raw)
    return Entry(
        kind="sheet",
        at=sent.received,
        sha256=sent.sha256,
        station=station,
        sheet=sheet,
        by=upload.by,
        signer=upload.signer,
        sealed=f"{upload.at} {upload.scan or _NO_SCAN} {upload.signature}",
    )


def _scan_entry(sent: Sent, scan: Scan, sheet_entry: int) -> Entry:
    station, _, sheet = sent.about.partition("/")
    return Entry(
        kind="scan",
        at=max(scan.received, sent.received),
        sha256=scan.sha256,
        station=station,
        sheet=sheet,
        by=parse_upload(sent.raw).by,
        signer=sent.signer,
        of=(sheet_entry,),
    )


def _parsed(raw: bytes) -> Upload:
    try:
        return parse_upload(raw)
    except BadInput as error:
        raise Refused("schema", str(error)) from error


def _sheet(upload: Upload) -> tuple[Sheet, bytes]:
    try:
        return sheet_of(upload)
    except BadInput as error:
        raise Refused("schema", str(error)) from error
