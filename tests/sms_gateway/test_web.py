"""What links and Prometheus meet: real HTTP on loopback."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from sms_gateway import KannelLink, store
from tests.sms_gateway.harness import (
    NOWHERE,
    PHONE,
    REJECTED,
    eventually,
    gateway,
    kannel_link,
    rows,
)


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


async def test_no_number_and_no_password_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with gateway(tmp_path, NOWHERE, link=(kannel_link(NOWHERE),)) as here:
        await here.text()
        await here.get(f"/kannel?from={PHONE[1:]}&nonsense=1")
        await here.get(f"/kannel?from={PHONE[1:]}&text=" + "x" * 60_000)
        await eventually(lambda: "sendsms" in caplog.text and "collector" in caplog.text)
    assert "sendsms: ClientConnectorError" in caplog.text
    assert "the web server: an error while answering" in caplog.text
    assert not any(secret in caplog.text for secret in ("7011234567", "p&w", "p%26w"))


async def test_the_health_page_counts_what_waits_and_a_missing_collector_is_no_illness(
    tmp_path: Path,
) -> None:
    async with gateway(tmp_path, NOWHERE) as here:
        await here.text()
        assert await here.get("/healthz") == (200, '{"status":"ok","waiting":{"collector":1}}')
