"""An election evening's sheets: a ledger on the disk, the book that it makes, the bytes that are published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient
from msgspec.structs import replace

from collector.core.refusals import Refused
from collector.core.sheets import SheetBook, SheetNow, book_of, due
from collector.ledger import Log, Shelf, add_ledger
from collector.page import add_page
from collector.page.sheets import add_sheet_pages
from tests.collector.page.scenes import evening
from wire.ledger import Entry, entry_bytes, parse_entry
from wire.notes import ED25519, Signer
from wire.sheets import Sheet, parse_sheet, sheet_bytes
from wire.signing import SigningKey
from wire.times import after
from wire.uploads import sheet_hash

Client = TestClient[web.Request, web.Application]
AT = "2026-11-22T15:30:00.000Z"
NOW = "2026-11-22T16:00:00.000Z"
POLLS_CLOSE = "2026-11-22T15:00:00.000Z"
SIGNER = Signer("ledger.example/2026", ED25519, SigningKey(b"l" * 32))
OBSERVER = "obsrvraaaaaaaaaaaaaaaaaaaa"
COMMISSION = "commssnaaaaaaaaaaaaaaaaaaa"
ASTANA = "KZ-71-0379"
DISTRICTS = {ASTANA: "Есіл", "KZ-71-0001": "Алматы ауданы", "KZ-75-0012": "Медеу"}
COUNTS = {
    "voters_on_list": 2494, "ballots_received": 2519, "ballots_issued": 1900, "ballots_issued_outside": 40,
    "ballots_unused": 612, "ballots_spoiled": 7, "ballots_in_boxes": 1898, "ballots_invalid": 21, "against_all": 77,
}  # fmt: skip
VOTES = {"«Алға» партиясы": 1000, "Партия <роста> & мира": 700, "Green list": 100}


def sheet(station: str = ASTANA, number: int = 1, **changed: int) -> Sheet:
    """A sheet whose relations all hold, but for what is changed."""
    return Sheet(
        election="2026-parliament", station=station, sheet=number, counts=COUNTS | changed, votes=VOTES
    )


class Scene:
    """Entries with the published bytes, in the order in which they came; it is a `Source` of the pages."""

    def __init__(self, folder: Path, polls_close: str = "") -> None:
        self.folder, self.polls_close = folder, polls_close
        self.revealed = True
        self.entries: list[Entry] = []
        self.raw: dict[str, bytes] = {}
        self.book: Callable[[], SheetBook] = lambda: book_of(self.entries, DISTRICTS)

    @staticmethod
    def name_of(signer: str) -> str:
        return {COMMISSION: "Есіл аудандық комиссиясы"}.get(signer, "")

    def sheet(self, sha256: str) -> bytes:
        if not self.revealed or sha256 not in self.raw:
            raise Refused("not_found")
        return self.raw[sha256]

    def add(self, entry: Entry) -> int:
        self.entries.append(replace(entry, at=after(AT, len(self.entries))))
        return len(self.entries) - 1

    def claim(self, one: Sheet, proof: str = "seal") -> int:
        return self.add(
            Entry(kind="claim", at=AT, station=one.station, sheet=str(one.sheet), sha256=self.hashed(one),
                  link="sms", by="station", proof=proof, sealed="QAZ7 9KfB2 xYm1" if proof == "seal" else ""),
        )  # fmt: skip

    def copy(self, one: Sheet, by: str = "station", signer: str = "") -> int:
        self.raw[self.hashed(one)] = sheet_bytes(one)
        return self.add(
            Entry(kind="sheet", at=AT, station=one.station, sheet=str(one.sheet), sha256=self.hashed(one),
                  by=by, signer=signer or one.station),
        )  # fmt: skip

    def scan(self, one: Sheet, of: int) -> int:
        return self.add(
            Entry(kind="scan", at=AT, station=one.station, sheet=str(one.sheet), sha256="5c" * 32, by="station",
                  signer=one.station, of=(of,)),
        )  # fmt: skip

    def void(self, index: int) -> int:
        return self.add(Entry(kind="void", at=AT, of=(index,), note="typed wrongly"))

    def compared(self) -> Scene:
        """With the comparisons that the collector adds."""
        known = {sha256: parse_sheet(raw) for sha256, raw in self.raw.items()}
        for now in list(self.book()):
            for entry in due(now, known):
                self.add(entry)
        return self

    @staticmethod
    def hashed(one: Sheet) -> str:
        return sheet_hash(sheet_bytes(one))

    def log(self) -> Shelf:
        """The ledger of these entries on the disk."""
        with Log(self.folder, SIGNER) as log:
            log.append([entry_bytes(entry) for entry in self.entries])
            assert log.head.checkpoint.size == len(self.entries)
        return Shelf(self.folder, str(SIGNER.key))


def station(scene: Scene, name: str = ASTANA) -> list[SheetNow]:
    return scene.book().station(name)


def evening_of_sheets(folder: Path, claims: int = 300) -> Scene:
    """Every state is there: a dispute, a match, a lone claim, a lone copy, one with its scan, one taken back."""
    scene = Scene(folder)
    disputed, third = sheet(), sheet(number=3)
    scene.claim(disputed)
    scene.copy(disputed)
    scene.copy(disputed, "commission", COMMISSION)
    scene.copy(sheet(ballots_in_boxes=1899, against_all=87), "observer", OBSERVER)
    scene.claim(sheet(number=2))
    scene.claim(sheet(number=2, against_all=1), proof="none")
    scene.claim(third)
    scene.scan(third, scene.copy(third))
    scene.scan(sheet("KZ-75-0012"), scene.copy(sheet("KZ-75-0012")))
    scene.copy(sheet("KZ-71-0001"))
    scene.void(scene.copy(sheet("KZ-10-0007")))
    for number in range(claims):
        scene.claim(sheet(f"KZ-{('10', '19', '63')[number % 3]}-{1000 + number}"))
    return scene.compared()


def app_of(scene: Scene, now: str = NOW) -> web.Application:
    """The collector's pages and its ledger."""
    app = web.Application()
    add_page(app, evening)
    add_sheet_pages(app, scene, str(SIGNER.key), lambda: now)
    add_ledger(app, scene.log())
    return app


def entry_at(scene: Scene, index: int) -> Entry:
    return parse_entry(entry_bytes(scene.entries[index]))
