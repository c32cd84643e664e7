from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import msgspec
import pytest
from openapi_spec_validator import validate

from collector import Settings, StoreEnded, read_settings, revoke, serve
from collector.core.intake import Limits
from collector.core.refusals import REASONS, RULES
from collector.core.times import stamp
from collector.settings import split_address
from collector.store.archive import read_archive
from collector.store.session import Session
from dabyl.cli import main
from tests.collector.core.scenes import ABROAD, NOW, key, seen
from tests.collector.harness import BOOT, Running, TestClock, TestRandomness, running, sealed
from wire.enrol import enrolment
from wire.errors import BadInput
from wire.records import Measurement, Network, StationReport

PROBE, VANTAGE, GATEWAY = key(1), key(2), key(3)
RECORDS = [
    seen("egov.kz", side="domestic", category="egov", probe=PROBE.id),
    seen("bbc.com", "likely_blocked", "tls.reset.sni", probe=PROBE.id),
]


async def test_a_batch_is_acknowledged_once_and_shows_everywhere(tmp_path: Path) -> None:
    async with running(tmp_path, publish_from=1) as collector:
        await collector.enrol(PROBE)
        receipt = {"v": 1, "result": "new", "boot": BOOT, "high_water": 1, "missing": []}
        assert await collector.send(PROBE, RECORDS) == (200, receipt)
        assert await collector.send(PROBE, RECORDS) == (200, {**receipt, "result": "known"})
        status = await collector.get("/v1/status")
        astana = next(one for one in status["regions"] if one["code"] == "KZ-71")
        assert (astana["probes"], astana["domestic"]["ratio"], astana["foreign"]["ratio"]) == (1, 1.0, 0.0)
        assert status["freshness"] == {
            "started_at": stamp(NOW), "last_heard": stamp(NOW), "age_s": 0.0,
            "probes_reporting": 1, "probes_expected": 1, "blind": False,
        }  # fmt: skip
        ratio = 'dabyl_reachability_ratio{category="news",operator="AS9198",region="KZ-71",side="foreign"}'
        assert await collector.metric(ratio) == 0.0
        counted = 'dabyl_measurements_total{category="egov",operator="AS9198",region="KZ-71",state="ok"}'
        assert await collector.metric(counted) == 1


async def test_one_persons_line_shows_nowhere(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(PROBE)
        await collector.send(PROBE, RECORDS)
        status = await collector.get("/v1/status")
        astana = next(one for one in status["regions"] if one["code"] == "KZ-71")
        assert (astana["probes"], astana["domestic"]["ratio"], astana["foreign"]["ratio"]) == (1, None, None)
        assert 'region="KZ-71"' not in await collector.text("/metrics")


async def test_a_gap_is_asked_for_and_a_conflict_told(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(PROBE)
        await collector.send(PROBE, RECORDS, 1)
        assert (await collector.send(PROBE, RECORDS, 4))[1]["missing"] == [2, 3]
        status, refusal = await collector.send(PROBE, RECORDS[:1], 1)
        assert (status, refusal["error"], refusal["retry"]) == (409, "conflict", False)
        assert await collector.metric('dabyl_batches_rejected_total{reason="conflict"}') == 1


async def test_after_a_restart_all_is_as_it_was(tmp_path: Path) -> None:
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at=stamp(NOW))
    async with running(tmp_path) as collector:
        for signer, role, network in (
            (PROBE, "probe", Network()),
            (VANTAGE, "vantage", ABROAD),
            (GATEWAY, "gateway", Network()),
        ):
            await collector.enrol(signer, role, network)  # type: ignore[arg-type]  # a role
        await collector.send(PROBE, RECORDS)
        await collector.send(VANTAGE, [seen("bbc.com", network=ABROAD, probe=VANTAGE.id)])
        await collector.report(GATEWAY, [report])
        before = await everything(collector)
    async with running(tmp_path) as collector:
        assert await everything(collector) == before
        assert (await collector.send(PROBE, RECORDS))[1]["result"] == "known"


async def everything(collector: Running) -> list[object]:
    return [
        await collector.text(path)
        for path in ("/v1/status", "/v1/control", "/v1/stations", "/metrics/stations")
    ]


async def test_the_control_table_is_given_out_with_a_tag(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(VANTAGE, "vantage", ABROAD)
        await collector.send(VANTAGE, [seen("bbc.com", network=ABROAD, probe=VANTAGE.id)])
        async with collector.client.get(collector.url + "/v1/control") as answer:
            (record,) = [
                msgspec.json.decode(line, type=Measurement) for line in (await answer.read()).splitlines()
            ]
            tag = answer.headers["ETag"]
        assert (record.probe, record.received_at, record.channel) == (VANTAGE.id, stamp(NOW), "https")
        async with collector.client.get(
            collector.url + "/v1/control", headers={"If-None-Match": tag}
        ) as answer:
            assert (answer.status, await answer.read()) == (304, b"")


async def test_stations_can_be_asked_for_by_region(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(GATEWAY, "gateway")
        reports = [
            StationReport(id=name, station=name, kind="closed", at=stamp(NOW))
            for name in ("KZ-71-0379", "KZ-10-0001")
        ]
        await collector.report(GATEWAY, reports)
        found = (await collector.get("/v1/stations?region=KZ-71"))["stations"]
        assert [(one["station"], one["state"]) for one in found] == [("KZ-71-0379", "closed")]
        assert len((await collector.get("/v1/stations"))["stations"]) == 2
        series = 'dabyl_station_state_code{region="KZ-71",station="KZ-71-0379"}'
        assert await collector.metric(series, "/metrics/stations") == 3
        async with collector.client.get(collector.url + "/v1/stations?region=KZ-99") as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "query")


async def test_no_incident_is_known_yet(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        assert await collector.get("/v1/incidents") == {"v": 1, "incidents": []}


async def test_a_key_is_enrolled_once_by_an_invite(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(PROBE)
        bad = msgspec.json.encode(enrolment(key(9), "no-such-invite-at-all", Network()))
        assert (await collector.post("/v1/enrol", bad))[1]["error"] == "invite"
        assert (await collector.post("/v1/enrol", b"{}"))[1]["error"] == "schema"
        assert (await collector.post("/v1/enrol", bytes(5000)))[1]["error"] == "too_large"
        stolen = json.loads(bad) | {
            "key": json.loads(msgspec.json.encode(enrolment(key(8), "x" * 20, Network())))["key"]
        }
        assert (await collector.post("/v1/enrol", json.dumps(stolen).encode()))[1]["error"] == "signature"


async def test_who_tries_invites_without_end_is_slowed_down(tmp_path: Path) -> None:
    async with running(tmp_path, limits=Limits(enrolments_burst=2)) as collector:
        bad = msgspec.json.encode(enrolment(key(9), "no-such-invite-at-all", Network()))
        answers = [(await collector.post("/v1/enrol", bad))[1]["error"] for _ in range(3)]
        assert answers == ["invite", "invite", "rate"]
        async with collector.client.post(collector.url + "/v1/enrol", data=bad) as answer:
            assert answer.headers["Retry-After"] == "5"


async def test_a_revoked_key_is_refused_by_the_running_collector(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(PROBE)
        await asyncio.to_thread(revoke, tmp_path, PROBE.id, TestClock())
        async with asyncio.timeout(5):
            sequence = 1
            while (answer := await collector.send(PROBE, RECORDS, sequence))[0] == 200:
                sequence += 1
        assert answer == (403, {"v": 1, "error": "revoked", "detail": "this key was revoked", "retry": False})


async def test_the_archive_holds_the_exact_bytes(tmp_path: Path) -> None:
    async with running(tmp_path, archive_every_s=0.05) as collector:
        await collector.enrol(PROBE)
        await collector.send(PROBE, RECORDS)
        await asyncio.sleep(0.5)
    (path,) = (tmp_path / "archive").glob("batches-*")
    assert [line.raw for line in read_archive(path)] == [sealed(PROBE, RECORDS)]


async def test_every_path_of_the_app_is_described_and_the_other_way_round(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        described = await collector.get("/openapi.json")
        validate(described)
        for path, methods in described["paths"].items():
            for method in methods:
                url = collector.url + path.replace("{name}", "none.css")
                async with collector.client.request(method, url) as answer:
                    told = set(methods[method]["responses"])
                    assert str(answer.status) in told, (method, path, answer.status)


async def test_answers_are_careful(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        for path in ("/v1/status", "/nowhere", "/metrics", "/"):
            async with collector.client.get(collector.url + path) as answer:
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
                assert "ython" not in answer.headers["Server"]


async def test_what_is_not_there_is_told_as_json(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        async with collector.client.get(collector.url + "/v1/nothing") as answer:
            assert (answer.status, (await answer.json())["error"]) == (404, "not_found")
        async with collector.client.delete(collector.url + "/v1/status") as answer:
            assert (answer.status, (await answer.json())["error"]) == (405, "method")
            assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "listen", ["127.0.0.1", "127.0.0.1:", ":8080", "127.0.0.1:http", "127.0.0.1:65536", "::1:80", ""]
)
def test_an_address_that_is_none_is_one_line(listen: str) -> None:
    with pytest.raises(BadInput, match=r"HOST:PORT|port"):
        split_address(listen)


@pytest.mark.parametrize(("listen", "parts"), [("[::1]:80", ("::1", 80)), ("localhost:0", ("localhost", 0))])
def test_an_address_is_taken_apart(listen: str, parts: tuple[str, int]) -> None:
    assert split_address(listen) == parts


async def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    async with running(tmp_path / "a") as collector:
        settings = Settings(listen=collector.url.removeprefix("http://"), data=str(tmp_path / "b"))
        with pytest.raises(BadInput, match="cannot listen on"):
            await serve(settings, TestClock(), TestRandomness(), print)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("listen = 5", "listen"),
        ("colour = 'red'", "unknown field `colour`"),
        ("keep_rows_s = 1", "keep_rows_s"),
        ("[limits]\nbatches_per_s = 'many'", "limits.batches_per_s"),
        ("[limits]\nreports_per_s = 0", "limits.reports_per_s"),
        ("[late]\nremote_write = 'prometheus:9090'", "late.remote_write"),
        ("[late]\nwindow_s = -1", "late.window_s"),
        ("listen", "Expected"),
        ("", "--data DIR"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(BadInput, match=reason):
        read_settings(file, None, None if reason == "--data DIR" else str(tmp_path))


def test_the_command_line_stands_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("listen = '127.0.0.1:1'\ndata = 'a'\nmax_bodies = 3")
    settings = read_settings(file, "127.0.0.1:2", None)
    assert (settings.listen, settings.data, settings.max_bodies) == ("127.0.0.1:2", "a", 3)


def test_no_reason_stands_without_a_rule() -> None:
    assert set(REASONS) == set(RULES)
    assert len(set(REASONS)) == len(REASONS)


async def test_a_writer_that_ended_by_a_fault_of_ours_ends_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    monkeypatch.setattr(Session, "picture", broken)
    settings = Settings(data=str(tmp_path), listen="127.0.0.1:0", picture_every_s=0.01)
    with pytest.raises(StoreEnded):
        async with asyncio.timeout(10):
            await serve(settings, TestClock(), TestRandomness(), lambda _: None)


def test_such_an_end_is_one_line_and_1_so_that_it_is_started_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def ended(*_: object) -> None:
        raise StoreEnded("the writer has ended")

    monkeypatch.setattr("collector.serve", ended)
    assert main(["collector", "serve", "--data", str(tmp_path)]) == 1
    assert capsys.readouterr().err == "dabyl: the writer has ended\n"
