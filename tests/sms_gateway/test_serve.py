"""The gateway as a whole: from a text to a report and an answer; how it begins and ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sms_gateway import KannelLink, Settings, serve, store
from sms_gateway.core.intake import receipt_of
from tests.servers.receiver import receiver
from tests.servers.sendsms import smsbox
from tests.sms_gateway.harness import (
    NOWHERE,
    PHONE,
    RECEIVED,
    MovableClock,
    SeededRandomness,
    eventually,
    gateway,
    kannel_link,
    rows,
)
from wire import BadInput


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
