"""What the ledger alone proves of a sheet, without any word of the collector's."""

from __future__ import annotations

from pathlib import Path

import msgspec

from tests.collector.harness import Running
from tests.collector.sheets.scenes import PHOTO_HASH, a_sheet, collecting, send, upload_of
from wire.uploads import Upload


async def test_the_signature_can_be_checked_from_the_ledger_alone(tmp_path: Path) -> None:
    upload = upload_of(a_sheet(), scan=PHOTO_HASH)
    async with collecting(tmp_path) as collector:
        await send(collector, upload)
        entry = msgspec.json.decode(await _first_entry(collector))
        at, scan, signature = entry["sealed"].split()
        published = await collector.text(f"/v1/sheets/{entry['sha256']}")
        again = Upload(
            by=entry["by"], signer=entry["signer"], at=at, sheet=published, scan=scan, signature=signature
        )
        assert again == upload


async def _first_entry(collector: Running) -> bytes:
    async with collector.client.get(f"{collector.url}/ledger/tile/entries/000.p/1") as answer:
        return (await answer.read())[2:]
