"""The gateway as Kannel and the collector meet it: real HTTP on loopback."""

from __future__ import annotations

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest

from sms_gateway import KannelLink, Settings, serve, store
from sms_gateway.schema import checkpoint
from tests.servers.receiver import receiver
from tests.servers.sendsms import Smsbox, smsbox
from tests.sms_gateway.harness import (
    PHONE,
    MovableClock,
    SeededRandomness,
    all_bytes,
    eventually,
    gateway,
    rows,
)
from wire import BadInput
from wire.receipts import Refusal

NOWHERE = "http://127.0.0.1:1"
RECEIVED = "dabyl_sms_received_total"
REJECTED = "dabyl_sms_rejected_total"
SENT = "dabyl_sms_sent_total"


def _set_back(folder: Path) -> None:
    """What restoring an old copy does: the sequences begin anew."""
    connection = sqlite3.connect(folder / "sms.sqlite3")
    connection.execute("UPDATE facts SET value = '0' WHERE name = 'sequence'")
    connection.commit()
    connection.close()


def _asked(kannel: Smsbox, times: int) -> bool:
    return len(kannel.asked) == times


def _sends(url: str, **more: str) -> KannelLink:
    return KannelLink(sendsms=url, username="dabyl", password="p&w", sender=more.get("sender", ""))


async def test_a_text_is_reported_signed_and_answered(tmp_path: Path) -> None:
    async with receiver() as collector, smsbox() as kannel:
        async with gateway(tmp_path, collector.url, link=(_sends(kannel.url),)) as here:
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
                "text": "KZ-71-0379 СВЕТ НЕТ: принято", "charset": "UTF-8", "coding": "2",
            }
        ]  # fmt: skip
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("sent",)]
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(0,)]


async def test_200_has_nothing_in_it_and_means_that_the_text_is_on_the_disk(tmp_path: Path) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        assert await here.get("/kannel?from=1&text=KZ-71-0379+OPEN&id=a") == (200, "")
    assert rows(tmp_path, "SELECT key, outcome FROM inbox") == [("id:a", "new")]


async def test_a_text_that_cannot_be_made_durable_is_not_acknowledged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = False

    def finish(connection: sqlite3.Connection) -> None:
        if full:
            raise sqlite3.OperationalError("database or disk is full")
        connection.execute("COMMIT")

    monkeypatch.setattr("sms_gateway.office.Store", partial(store.Store, finish=finish))
    async with gateway(tmp_path, NOWHERE) as here:
        full = True
        assert await here.text() == 503
        assert (await here.get("/healthz"))[0] == 503
        full = False
        assert await here.metric(REJECTED + '{link="",reason="storage"}') == 1
        assert await here.text() == 200
        assert (await here.get("/healthz"))[0] == 200


async def test_the_same_message_is_counted_and_answered_once(tmp_path: Path) -> None:
    async with receiver() as collector, smsbox() as kannel:
        async with gateway(tmp_path, collector.url, link=(_sends(kannel.url),)) as here:
            for _ in range(3):
                assert await here.text(id="the-same") == 200
            await eventually(lambda: collector.reports() and kannel.asked)
            assert await here.metric(RECEIVED + '{kind="open",link="kannel"}') == 1
            assert await here.metric(RECEIVED + '{kind="known",link="kannel"}') == 2
        assert (len(collector.reports()), len(kannel.asked)) == (1, 1)


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("", "unknown parameter: ''"),
        ("text=x", "the parameter 'from' is missing"),
        ("from=1", "the parameter 'text' is missing"),
        ("from=1&text=x&sender=2", "unknown parameter: 'sender'"),
    ],
)
async def test_a_wrong_request_is_400_with_a_line(tmp_path: Path, query: str, line: str) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        assert await here.get(f"/kannel?{query}") == (400, f"{line}\n")
        assert await here.metric(REJECTED + '{link="",reason="bad_request"}') == 1
    assert rows(tmp_path, "SELECT count(*) FROM inbox") == [(0,)]


async def test_an_endless_text_is_refused_and_a_long_one_is_kept_as_too_long(tmp_path: Path) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        assert (await here.get("/kannel?from=1&text=" + "x" * 16_500))[0] == 400
        assert (await here.get("/kannel?from=1&text=" + "x" * 60_000))[0] == 400
        assert await here.text("ж" * 1_500) == 200
        assert await here.metric(REJECTED + '{link="kannel",reason="too_long"}') == 1


async def test_a_link_with_a_key_is_closed_to_others(tmp_path: Path) -> None:
    links = (KannelLink(name="a", key="first-secret"), KannelLink(name="b", key="second-secret"))
    async with gateway(tmp_path, NOWHERE, link=links) as here:
        assert (await here.get("/kannel?from=1&text=x"))[0] == 403
        assert (await here.get("/kannel?from=1&text=x&key=wrong"))[0] == 403
        assert (await here.get("/kannel/wrong?from=1&text=x"))[0] == 403
        assert (await here.get("/kannel?from=1&text=x&key=first-secret&id=1"))[0] == 200
        assert (await here.get("/kannel/second-secret?from=1&text=x&id=1"))[0] == 200
        assert await here.metric(REJECTED + '{link="",reason="key"}') == 3
    assert rows(tmp_path, "SELECT link FROM inbox ORDER BY id") == [("a",), ("b",)]


async def test_a_link_that_brings_too_many_is_told_to_come_again(tmp_path: Path) -> None:
    async with gateway(tmp_path, NOWHERE, link=(KannelLink(texts_per_s=0.01, texts_burst=2),)) as here:
        assert [await here.text(f"open 71 {number}") for number in (1, 2, 3)] == [200, 200, 503]
        assert await here.metric(REJECTED + '{link="kannel",reason="rate"}') == 1


async def test_reports_wait_for_a_collector_that_is_away_and_arrive_once(tmp_path: Path) -> None:
    async with receiver() as collector:
        collector.answer = lambda _: (503, Refusal(error="storage", detail="full", retry=True))
        async with gateway(tmp_path, collector.url) as here:
            for number in range(1, 6):
                await here.text(f"open 71 {number}")
            await eventually(lambda: len(collector.seen) >= 3)
            assert await here.metric('dabyl_sms_queue_length{link="collector",priority="report"}') == 5
            collector.answer = lambda _: None
            await eventually(lambda: len(collector.reports()) == 5)
            assert await here.metric('dabyl_sms_queue_length{link="collector",priority="report"}') == 0
        assert [one.station[-1] for one in collector.reports()] == list("12345")


async def test_reports_survive_a_restart_without_a_collector(tmp_path: Path) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        await here.text("open 71 1")
    async with receiver() as collector:
        async with gateway(tmp_path, collector.url) as here:
            await here.text("open 71 2", id="second-life")
            await eventually(lambda: len(collector.reports()) == 2)
        assert len({boot for boot, _ in collector.batches}) == 1


async def test_an_answer_is_retried_until_kannel_takes_it(tmp_path: Path) -> None:
    clock = MovableClock()
    async with smsbox() as kannel:
        kannel.statuses = [503, 403]
        async with gateway(tmp_path, NOWHERE, clock, link=(_sends(kannel.url, sender="9999"),)) as here:
            await here.text()
            await eventually(lambda: len(kannel.asked) == 1)
            assert await here.metric('dabyl_sms_link_up{link="kannel",operator="AS0"}') == 0
            for attempts in (2, 3):
                clock.move(seconds=60)
                await here.text("hello", id=f"rings-the-bell-{attempts}", sender="1414")
                await eventually(partial(_asked, kannel, attempts))
            await eventually(lambda: kannel.statuses == [])
            assert {asked["from"] for asked in kannel.asked} == {"9999"}
        assert len(kannel.asked) == 3
    assert rows(tmp_path, "SELECT reply FROM inbox WHERE key = 'id:m1'") == [("sent",)]


async def test_an_answer_that_kannel_refuses_for_good_is_given_up(tmp_path: Path) -> None:
    async with smsbox() as kannel:
        kannel.statuses = [400]
        async with gateway(tmp_path, NOWHERE, link=(_sends(kannel.url),)) as here:
            await here.text()
            await eventually(lambda: kannel.asked)
            await here.counted(SENT + '{link="kannel",reason="refused"}')
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("refused",)]
    assert rows(tmp_path, "SELECT count(*) FROM outbox") == [(0,)]


async def test_a_number_is_in_no_file_after_its_answer_and_a_clean_stop(tmp_path: Path) -> None:
    async with smsbox() as kannel, gateway(tmp_path, NOWHERE, link=(_sends(kannel.url),)) as here:
        await here.text()
        await eventually(lambda: kannel.asked)
        await here.counted(SENT + '{link="kannel",reason="sent"}')
    assert b"7011234567" not in all_bytes(tmp_path)


async def test_no_number_and_no_password_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with gateway(tmp_path, NOWHERE, link=(_sends(NOWHERE),)) as here:
        await here.text()
        await here.get(f"/kannel?from={PHONE[1:]}&nonsense=1")
        await here.get(f"/kannel?from={PHONE[1:]}&text=" + "x" * 60_000)
        await eventually(lambda: "sendsms" in caplog.text and "collector" in caplog.text)
    assert "sendsms: ClientConnectorError" in caplog.text
    assert "the web server: an error while answering" in caplog.text
    assert not any(secret in caplog.text for secret in ("7011234567", "p&w", "p%26w"))


async def test_a_collector_that_forgot_the_key_is_enrolled_with_again(tmp_path: Path) -> None:
    async with receiver() as collector, gateway(tmp_path, collector.url) as here:
        await here.text("open 71 1")
        await eventually(collector.reports)
        collector.keys.clear()
        await here.text("open 71 2")
        await eventually(lambda: len(collector.reports()) == 2)


async def test_a_gateway_that_was_enrolled_once_starts_without_an_invite(tmp_path: Path) -> None:
    async with receiver() as collector:
        async with gateway(tmp_path, collector.url) as here:
            await here.text("open 71 1")
            await eventually(collector.reports)
        collector.keys.clear()
        async with gateway(tmp_path, collector.url, invite="") as here:
            assert await here.text("open 71 2", id="still-taken") == 200
            await eventually(lambda: len(collector.seen) == 2)


async def test_an_invite_for_another_role_is_said_and_nothing_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiver() as collector:
        collector.role = "probe"
        async with gateway(tmp_path, collector.url) as here:
            assert await here.text() == 200
            await eventually(lambda: "the invite was for a probe, not for a gateway" in caplog.text)
        collector.role = "gateway"
        async with gateway(tmp_path, collector.url):
            await eventually(collector.reports)


async def test_an_old_copy_of_the_store_begins_a_new_life(tmp_path: Path) -> None:
    async with receiver() as collector:
        async with gateway(tmp_path / "a", collector.url) as here:
            await here.text("open 71 1")
            await eventually(collector.reports)
        collector.batches = {place: raw + b"?" for place, raw in collector.batches.items()}
        _set_back(tmp_path / "a")
        async with gateway(tmp_path / "a", collector.url) as here:
            await here.text("open 71 2", id="after")
            await eventually(lambda: len(collector.batches) == 2)
        boots = [boot for boot, _ in collector.batches]
        assert boots[0] != boots[1]


async def test_a_batch_that_is_never_taken_is_set_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with receiver() as collector:
        collector.answer = lambda one: (
            (422, Refusal(error="schema", detail="why")) if one.sequence == 1 and len(one.body) > 60 else None
        )
        async with gateway(tmp_path, collector.url) as here:
            await here.text("open 71 1")
            await eventually(
                lambda: (collector.seen or [("", 0)])[-1][1] == 1 and len(collector.batches) == 1
            )
            await here.text("open 71 2")
            await eventually(lambda: len(collector.reports()) == 1)
        assert collector.reports()[0].station == "KZ-71-0002"
    assert rows(tmp_path, "SELECT why FROM aside") == [("schema: why",)]
    assert "a batch set aside: schema: why" in caplog.text


async def test_the_health_page_counts_what_waits_and_a_missing_collector_is_no_illness(
    tmp_path: Path,
) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        await here.text()
        assert await here.get("/healthz") == (200, '{"status":"ok","waiting":{"collector":1}}')


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


def test_the_checkpoint_is_harmless_on_an_empty_store(tmp_path: Path) -> None:
    one = store.Store(tmp_path / "sms.sqlite3")
    asyncio.run(one.run(checkpoint))
    one.close()
