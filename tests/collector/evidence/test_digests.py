"""What probes told by text is evidence too: counted again from signed bytes, and told to a court once."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from collector.core.times import stamp
from collector.evidence import Selection, Wish, export, verify, verify_bundle
from tests.collector.core.scenes import ASTANA, NOW, key, seen
from tests.collector.core.test_brought import text_of
from tests.collector.evidence.scenes import counters
from tests.collector.evidence.test_bundle import CHANCE, contents
from tests.collector.harness import running

PROBE, CUT, FIRST, SECOND = key(1), key(2), key(3), key(4)
SPAN = Selection(since=stamp(NOW - 60), until=stamp(NOW + 60))


async def lived(folder: Path) -> dict[str, float]:
    """Two gateways bring the same text of a probe that is cut, and one of a stranger's; another probe reports."""
    told = text_of(
        seen("a", "blocked", "dns.nxdomain"), seen("b", category="egov", side="domestic"), number=2
    )
    async with running(folder, publish_from=1) as collector:
        for signer in (PROBE, CUT):
            await collector.enrol(signer)
        for signer in (FIRST, SECOND):
            await collector.enrol(signer, "gateway")
            assert (await collector.report(signer, [told, text_of(seen("c"), number=5)]))[0] == 200
        assert (await collector.send(PROBE, [seen("d")]))[0] == 200
        return counters(await collector.text("/metrics"))


async def test_a_text_counts_again_as_it_counted_and_is_told_once(tmp_path: Path) -> None:
    live = await lived(tmp_path / "data")
    tally = await asyncio.to_thread(verify, tmp_path / "data")
    assert (tally.faults, tally.batches) == ([], 3)
    counted = {
        f'dabyl_measurements_total{{category="{category}",operator="{operator}",region="{region}",state="{state}"}}': n
        for (region, operator, category, state), n in tally.measurements.items()
    }
    assert counted == {name: n for name, n in live.items() if name.startswith("dabyl_measurements")}

    manifest, faults = await asyncio.to_thread(
        export, tmp_path / "data", Wish(SPAN, tmp_path / "b.tar"), CHANCE
    )
    assert (manifest.counts, faults) == ({"batches": 2, "measurements": 4, "stations": 0}, [])
    inside = contents(tmp_path / "b.tar")
    records = [json.loads(line) for line in inside["measurements.jsonl"].splitlines()]
    assert sorted((one["target"]["id"], one["channel"], one["probe"]) for one in records) == sorted(
        [
            ("d", "https", PROBE.id),
            *((role, "sms", CUT.id) for role in ("egov/domestic", "line", "news/foreign")),
        ]
    )
    assert {json.loads(line)["probe"] for line in inside["keys.jsonl"].splitlines()} == {
        PROBE.id, CUT.id, FIRST.id,
    }  # fmt: skip
    assert verify_bundle(tmp_path / "b.tar")[:2] == (manifest.counts, [])
    assert {record["network"]["region"] for record in records} == {ASTANA.region}
