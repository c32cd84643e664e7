"""The whole way in one real Chromium, three languages: key card, sheet, sealed text, upload, and the proof on the page.

The page, the reading of the text, the collector, its ledger and its public page are the real ones.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dabyl.system import SystemClock
from sms_gateway import Reader, read_book
from sms_gateway.station_page import PageOptions, write_page
from tests.browser import Tab, browser
from tests.collector.harness import Running
from tests.collector.sheets.scenes import GATEWAY, STATION, collecting
from tests.sms_gateway.station_page.phone import Phone, fill_in, photo_of_card, take_card
from tests.system.sheet_server import verified
from tests.system.test_sheet_pages import HELD
from wire.facts import LANGUAGES
from wire.records import Network, StationReport
from wire.signing import to_text

CARD = f"dabyl:station?id={STATION}&key={to_text((40).to_bytes(32, 'big'))}"
COUNTS = {
    "voters_on_list": 1200,
    "ballots_issued": 700,
    "ballots_in_boxes": 700,
    "ballots_invalid": 10,
    "against_all": 5,
}
VOTES = {"Ә": 400, "Б": 285}


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


@pytest.fixture
async def collector(tmp_path: Path) -> AsyncIterator[Running]:
    # The browser's clock is the machine's, so the collector's is too.
    async with collecting(tmp_path, SystemClock()) as found:
        await found.enrol(GATEWAY, "gateway", Network(asn="AS0", side="outside"))
        yield found


def told(text: str, folder: Path) -> StationReport:
    """What the gateway makes of a text that came in, with the file of keys that the collector has too."""
    found = json.loads(Reader(read_book(folder / "stations.jsonl")).line(json.dumps({"text": text}).encode()))
    assert found["proof"] == "seal", found
    fields = {name: found[name] for name in ("station", "kind", "value", "at", "mark", "proof")}
    return StationReport(id=found["report"], sealed=text, **fields)


async def until_it_matches(collector: Running, sheet: int) -> set[str]:
    """Wait until the sheet equals its text; gives the kinds of what the ledger holds of it."""
    address = f"/v1/sheets?station={STATION}&sheet={sheet}"
    async with asyncio.timeout(10):
        while (found := (await collector.get(address))["sheets"][0])["status"] != "matches":  # noqa: ASYNC110 - asked over HTTP
            await asyncio.sleep(0.02)
    return {copy["kind"] for copy in found["copies"]}


async def sealed_and_uploaded(phone: Phone, sheet: int, photo: Path) -> str:
    """One sheet by hand, its photo beside it; gives the text once the collector has sheet and photo."""
    await fill_in(phone, sheet, COUNTS | {"voters_on_list": 1200 + sheet}, VOTES)
    await phone.go(f"photo-{sheet}")
    await phone.choose("#photo", photo)
    await phone.until("document.querySelector('#scan-hash')")
    await phone.go(f"check-{sheet}")
    await phone.press("button.main")
    await phone.at(f"sealed-{sheet}")
    text = await phone.shown("#text")
    await phone.press("#upload")
    await phone.until("document.querySelector('#upload-told .good, #upload-told .fault')")
    assert await phone.value(f"dabyl.store.sheet({sheet}).seals[0].told") == "in"
    return text


async def test_a_sheet_goes_from_the_key_card_to_its_proof_in_three_languages(
    tab: Tab, collector: Running, tmp_path: Path
) -> None:
    write_page(tmp_path / "station.html", PageOptions(collector=collector.url))
    phone, photo = Phone(tab), photo_of_card(tmp_path / "photo.png")
    for sheet, language in enumerate(LANGUAGES, 1):
        await phone.open((tmp_path / "station.html").as_uri())
        await take_card(phone, language, CARD)
        text = await sealed_and_uploaded(phone, sheet, photo)
        await phone.value("dabyl.store.erase()")
        assert (await collector.report(GATEWAY, [told(text, tmp_path)], sheet))[0] == 200
        assert await until_it_matches(collector, sheet) == {"claim", "sheet", "scan"}
        proofs = "\n".join(await verified(tab, f"{collector.url}/sheets/{STATION}?lang={language}"))
        assert proofs.count(HELD[language]) == len(
            await tab.value("[...document.querySelectorAll('.proof')].map(() => 1)")
        )
    scan = hashlib.sha256(photo.read_bytes()).hexdigest()
    async with collector.client.get(f"{collector.url}/v1/scans/{scan}") as answer:
        assert await answer.read() == photo.read_bytes()
