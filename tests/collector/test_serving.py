from __future__ import annotations

from pathlib import Path

from tests.collector.core.scenes import key, seen
from tests.collector.harness import running

PROBE, VANTAGE, GATEWAY = key(1), key(2), key(3)


async def test_a_batch_is_acknowledged_once_and_shows_everywhere(tmp_path: Path) -> None:
    records = [
        seen("egov.kz", side="domestic", category="egov", probe=PROBE.id),
        seen("bbc.com", "likely_blocked", "tls.reset.sni", probe=PROBE.id),
    ]
    async with running(tmp_path) as collector:
        await collector.enrol(PROBE)
        assert await collector.send(PROBE, records) == (
            200,
            {"v": 1, "result": "new", "boot": "00112233aabbccdd", "high_water": 1, "missing": []},
        )
        assert (await collector.send(PROBE, records))[1]["result"] == "known"
        status = await collector.get("/v1/status")
        astana = next(one for one in status["regions"] if one["code"] == "KZ-71")
        assert (astana["probes"], astana["domestic"]["ratio"], astana["foreign"]["ratio"]) == (1, 1.0, 0.0)
        assert not status["freshness"]["blind"]
        ratio = 'dabyl_reachability_ratio{category="news",operator="AS9198",region="KZ-71",side="foreign"}'
        assert await collector.metric(ratio) == 0.0
        assert (
            await collector.metric(
                'dabyl_measurements_total{category="egov",operator="AS9198",region="KZ-71",state="ok"}'
            )
            == 1
        )
