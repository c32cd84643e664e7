"""The gateway as a whole: from a text to a report and an answer; how it begins and ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from sms_gateway import KannelLink, Settings, new_station, serve, store, write_keys
from sms_gateway.core.intake import receipt_of
from tests.servers.receiver import receiver
from tests.servers.sendsms import smsbox
from tests.sms_gateway.harness import (
    NOW,
    NOWHERE,
    PHONE,
    RECEIVED,
    REJECTED,
    MovableClock,
    SeededRandomness,
    eventually,
    gateway,
    kannel_link,
    rows,
)
from wire import BadInput
from wire.sealed import seal_sheet


async def test_a_text_is_reported_signed_and_answered(tmp_path: Path) -> None:
    async with receiver() as collector, smsbox() as kannel:
        async with gateway(tmp_path, collector.url, link=(kannel_link(kannel.url),)) as here:
            assert await here.text("света нет 71 379") == 200
            await eventually(lambda: collector.reports() and kannel.asked)
        (report,) = collector.reports()
        assert (report.station, report.kind, report.value, report.link) == (
            "KZ-71-0379",
            "power",
            "off",
            "kannel",
        )
        assert "7011234567" not in report.sender
        assert kannel.asked == [
            {
                "username": "dabyl", "password": "p&w", "from": "1234", "to": PHONE,
                "text": f"KZ-71-0379 СВЕТ НЕТ: принято, № {receipt_of(report)}", "charset": "UTF-8", "coding": "2",
            }
        ]  # fmt: skip
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("sent",)]
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(0,)]


async def test_a_sealed_sheet_over_two_operators_is_one_report_with_two_witnesses(tmp_path: Path) -> None:
    key, _, listed = new_station("KZ-71-0379", SeededRandomness())
    write_keys(tmp_path / "keys.jsonl", [listed])
    text = seal_sheet(key, "KZ-71-0379", bytes(range(32)), int(NOW.timestamp()))
    async with receiver() as collector, smsbox() as kannel:
        links = (
            replace(kannel_link(kannel.url), name="one", key="first-secret"),
            replace(kannel_link(kannel.url), name="two", key="second-secret"),
        )
        keys = str(tmp_path / "keys.jsonl")
        async with gateway(tmp_path / "data", collector.url, link=links, keys=keys) as here:
            for secret in ("first-secret", "second-secret", "second-secret"):
                assert await here.text(text, key=secret) == 200
            assert await here.text(text[:-1], key="first-secret") == 200
            await eventually(lambda: len(collector.reports()) == 2 and len(kannel.asked) == 2)
            assert await here.metric(RECEIVED + '{kind="witness",link="two"}') == 1
            assert await here.metric(RECEIVED + '{kind="repeat",link="two"}') == 1
            assert await here.metric(REJECTED + '{link="one",reason="typo"}') == 1
    first, second = collector.reports()
    assert first.id == second.id
    assert {first.link, second.link} == {"one", "two"}
    assert (first.proof, first.sealed, first.value) == ("seal", text, bytes(range(32)).hex())
    assert rows(tmp_path / "data", "SELECT count(*) FROM told") == [(1,)]


async def test_a_file_of_keys_that_is_none_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "keys.jsonl").write_text("{}\n")
    settings = Settings(
        listen="127.0.0.1:0", data=str(tmp_path / "data"), collector=NOWHERE, link=(KannelLink(),),
        invite="invite-of-the-tests-01", keys=str(tmp_path / "keys.jsonl"),
    )  # fmt: skip
    with pytest.raises(BadInput, match=r"keys\.jsonl: line 1: "):
        await serve(settings, MovableClock(), SeededRandomness())


async def test_the_same_message_is_counted_and_answered_once(tmp_path: Path) -> None:
    async with receiver() as collector, smsbox() as kannel:
        async with gateway(tmp_path, collector.url, link=(kannel_link(kannel.url),)) as here:
            for _ in range(3):
                assert await here.text(id="the-same") == 200
            await eventually(lambda: collector.reports() and kannel.asked)
            assert await here.metric(RECEIVED + '{kind="open",link="kannel"}') == 1
            assert await here.metric(RECEIVED + '{kind="known",link="kannel"}') == 2
        assert (len(collector.reports()), len(kannel.asked)) == (1, 1)


async def _ask_for_metrics_and_wait(folder: Path) -> None:
    async with gateway(folder, NOWHERE) as here:
        assert (await here.get("/metrics"))[0] == 503
        await asyncio.sleep(5)


async def test_a_store_that_died_ends_the_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    monkeypatch.setattr("sms_gateway.web.queues.waiting", lambda _: int("no number"))
    with pytest.raises(ExceptionGroup) as failed:
        await _ask_for_metrics_and_wait(tmp_path)
    assert failed.group_contains(store.StoreFailed)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"invite": ""}, "invite: the first start needs one"),
        ({"listen": "127.0.0.1"}, "listen: '127.0.0.1' is not HOST:PORT"),
        ({"listen": "192.0.2.1:80"}, "listen: 192.0.2.1:80: "),
        ({"data": "/proc/nothing/here"}, "data: /proc/nothing/here: "),
    ],
)
async def test_what_cannot_begin_says_why_in_one_line(
    tmp_path: Path, changes: dict[str, str], line: str
) -> None:
    chosen = {"listen": "127.0.0.1:0", "data": str(tmp_path), "invite": "x" * 16} | changes
    settings = Settings(collector=NOWHERE, link=(KannelLink(),), **chosen)  # type: ignore[arg-type]  # strings all
    with pytest.raises(BadInput) as error:
        await serve(settings, MovableClock(), SeededRandomness())
    assert str(error.value).startswith(line)


async def test_a_port_in_use_is_one_clear_line(tmp_path: Path) -> None:
    async with gateway(tmp_path / "a", NOWHERE) as here:
        settings = Settings(
            listen=here.url.removeprefix("http://"), data=str(tmp_path / "b"), collector=NOWHERE, invite="x" * 16,
            link=(KannelLink(),),
        )  # fmt: skip
        with pytest.raises(BadInput, match="listen: 127"):
            await serve(settings, MovableClock(), SeededRandomness())
