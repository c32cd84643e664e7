"""A phone with SMS Gateway for Android, over real HTTP: signed webhooks in, its local server out."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from sms_gateway.link_settings import AndroidLink
from sms_gateway.links.android import Android
from tests.servers.phone import USER, Phone, phone
from tests.sms_gateway.core.test_android import event
from tests.sms_gateway.harness import NOW, NOWHERE, Gateway, MovableClock, gateway
from tests.sms_gateway.modem_at_work import AtWork, link_at_work, outgoing

KEY = "a-signing-key"


async def _post(
    here: Gateway, body: bytes, stamp: float | None = None, key: str = KEY, path: str = "/android/android"
) -> int:
    """A webhook as the app brings it."""
    at = str(int(NOW.timestamp() if stamp is None else stamp))
    signature = hmac.new(key.encode(), body + at.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Signature": signature, "X-Timestamp": at, "Content-Type": "application/json; charset=UTF-8"}
    async with (
        aiohttp.ClientSession() as client,
        client.post(here.url + path, data=body, headers=headers) as answer,
    ):
        return answer.status


@asynccontextmanager
async def _gateway(folder: Path, clock: MovableClock | None = None) -> AsyncIterator[Gateway]:
    async with gateway(
        folder, NOWHERE, clock, link=(AndroidLink(signing_key=KEY, sender="+77770001122"),)
    ) as here:
        yield here


async def test_a_signed_text_is_durable_at_200_and_counts_once_however_often_it_comes(tmp_path: Path) -> None:
    async with _gateway(tmp_path) as here:
        for _ in range(3):
            assert await _post(here, event()) == 200
        assert await _post(here, event(ident="other", message="71 380 ашылды")) == 200
        open_ = 'dabyl_sms_received_total{kind="open",link="android"}'
        async with asyncio.timeout(5):
            while await here.metric(open_) < 2:  # noqa: ASYNC110  # a page is looked at, as Prometheus does
                await asyncio.sleep(0.01)
        assert await here.metric(open_) == 2


async def test_the_longest_text_that_a_phone_can_put_together_is_kept(tmp_path: Path) -> None:
    async with _gateway(tmp_path) as here:
        assert await _post(here, event(message="ж" * 17_085)) == 200
        assert await _post(here, event(message="ж" * 70_000)) == 413
        await here.counted('dabyl_sms_rejected_total{link="android",reason="too_long"}')


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"key": "another-key"}, 403), ({"stamp": NOW.timestamp() - 90_000}, 403), ({"stamp": NOW.timestamp() - 80_000}, 200),
        ({"path": "/android/nobody"}, 403),
    ],
)  # fmt: skip
async def test_only_what_the_app_signed_today_is_taken(
    tmp_path: Path, more: dict[str, Any], status: int
) -> None:
    async with _gateway(tmp_path) as here:
        assert await _post(here, event(), **more) == status
        assert await here.metric(
            f'dabyl_sms_rejected_total{{link="{"" if "path" in more else "android"}",reason="key"}}'
        ) == (status == 403)


async def test_a_request_without_a_signature_is_refused(tmp_path: Path) -> None:
    async with (
        _gateway(tmp_path) as here,
        aiohttp.ClientSession() as client,
        client.post(here.url + "/android/android", data=event()) as answer,
    ):
        assert answer.status == 403


async def test_what_cannot_be_kept_is_not_acknowledged(tmp_path: Path) -> None:
    def full(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk is full")

    async with _at_work(tmp_path) as (here, _):
        body = event()
        whole, here.office.store._finish = here.office.store._finish, full
        with pytest.raises(Exception, match="disk is full"):
            await _take(here, body)
        here.office.store._finish = whole
        assert await _take(here, body) == 200
        assert await here.kept(1) == ["71 379 OPEN"]


async def test_a_ping_shows_that_the_phone_is_there_and_is_no_text(tmp_path: Path) -> None:
    async with _at_work(tmp_path) as (here, _):
        assert here.link.health().heard_at == 0
        assert await _take(here, event("system:ping")) == 200
        assert here.link.health().heard_at == here.office.now_s()
        assert await here.ask("SELECT count(*) FROM journal") == [(0,)]


async def test_other_events_are_kept_and_listed(tmp_path: Path) -> None:
    async with _at_work(tmp_path) as (here, _):
        assert await _take(here, event("mms:received")) == 200
        await here.until("SELECT count(*) FROM odd", 1)
        assert await here.ask("SELECT why FROM odd") == [("the event 'mms:received'",)]


async def test_a_text_goes_out_with_one_name_however_often_it_is_asked(tmp_path: Path) -> None:
    async with _at_work(tmp_path) as (here, there):
        there.statuses = [500, 409]
        tolls = [await here.link.send(outgoing("71 379 open")) for _ in range(3)]
        assert [sent.toll for sent in tolls] == ["later", "accepted", "accepted"]
        assert len({asked["id"] for asked in there.asked}) == 1
        assert tolls[2].ids == (there.asked[0]["id"],)
        assert there.asked[0]["textMessage"] == {"text": "71 379 open"}
        assert here.link.health().up


async def test_a_phone_that_is_away_is_told_and_nothing_is_held_against_the_text(tmp_path: Path) -> None:
    async with _at_work(tmp_path, api="http://127.0.0.1:1") as (here, _):
        assert (await here.link.send(outgoing())).toll == "away"
        assert (here.link.health().up, here.link.health().why) == (False, "ClientConnectorError")
    async with _at_work(tmp_path, password="wrong") as (here, _):
        assert (await here.link.send(outgoing())).toll == "away"
        assert here.link.health().why == "HTTP 401"
        assert (await here.link.send(outgoing(recipient="+77770001122"))).toll == "refused"
        assert (await here.link.send(outgoing(recipient="KCELL"))).toll == "refused"


@asynccontextmanager
async def _at_work(folder: Path, **settings: Any) -> AsyncIterator[tuple[AtWork, Phone]]:
    async with phone() as there, aiohttp.ClientSession() as session:
        chosen = {"api": there.url, "username": USER[0], "password": USER[1]} | settings
        link = AndroidLink(signing_key=KEY, sender="+77770001122", **chosen)
        async with link_at_work(folder, link, lambda office: Android(office, session, link)) as here:
            yield here, there


async def _take(here: AtWork, body: bytes) -> int:
    stamp = str(int(NOW.timestamp()))
    return int(
        await here.link.take(
            body, stamp, hmac.new(KEY.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
        )
    )
