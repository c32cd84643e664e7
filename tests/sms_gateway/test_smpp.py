"""A gateway bound to a message centre: what comes, in whatever form, is kept before it is acknowledged."""

from __future__ import annotations

import asyncio
import sqlite3
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sms_gateway import SmppLink, store
from tests.lab.authority import make_authority
from tests.servers.smsc import DATA, UNBIND, Bound, Smsc, data, deliver, joined, pdu, smsc, tag
from tests.sms_gateway.harness import NOW, NOWHERE, Gateway, MovableClock, all_bytes, gateway, rows

OPEN = b"KZ-71-0379 OPEN"


def link(port: int, **more: Any) -> SmppLink:
    return SmppLink(
        **{
            "host": "127.0.0.1",
            "port": port,
            "system_id": "dabyl",
            "password": "pw",
            "operator": "AS9198",
            **more,
        }
    )


@asynccontextmanager
async def bound(
    folder: Path, clock: MovableClock | None = None, **more: Any
) -> AsyncIterator[tuple[Gateway, Smsc, Bound]]:
    """A gateway with one bind to a centre."""
    async with smsc() as centre, gateway(folder, NOWHERE, clock, link=(link(centre.port, **more),)) as here:
        await centre.until(lambda: len(centre.bound) == more.get("binds", 1))
        yield here, centre, centre.bound[0]


def _texts(folder: Path) -> list[tuple[Any, ...]]:
    return rows(folder, "SELECT text, json_extract(read, '$.error') FROM inbox ORDER BY id")


async def read(here: Gateway, pieces: int) -> None:
    """Wait until so many pieces were read, whatever came of them."""
    async with asyncio.timeout(10):
        while await _count(here) < pieces:  # noqa: ASYNC110  # a page is looked at, as Prometheus does
            await asyncio.sleep(0.02)


async def _count(here: Gateway) -> float:
    lines = (await here.get("/metrics"))[1].splitlines()
    return sum(float(one.rsplit(" ", 1)[1]) for one in lines if one.startswith("dabyl_sms_received_total"))


async def test_a_text_is_acknowledged_read_and_answered(tmp_path: Path) -> None:
    async with bound(tmp_path) as (_, centre, operator):
        assert await operator.bring(deliver(OPEN)) == 0
        await centre.until(lambda: centre.submitted)
        (answer,) = centre.submitted
        assert (answer.sender, answer.recipient, answer.coding, answer.receipt) == (
            "1234",
            "77011234567",
            0,
            1,
        )
        assert answer.text.startswith(b"KZ-71-0379 OPEN")
    assert _texts(tmp_path) == [(OPEN.decode(), None)]
    assert centre.bind_bodies[0].startswith(b"dabyl\0pw\0\0\x34")
    assert centre.unbinds == 1


async def test_hostile_texts_are_all_right_and_what_cannot_be_decoded_is_kept(tmp_path: Path) -> None:
    a, b = b"77010000001", b"77010000002"
    cyrillic = "учаске 75-12: жарық жоқ".encode("utf-16-be")
    sar = [tag(0x20C, b"\0\7") + tag(0x20E, b"\2") + tag(0x20F, bytes([number])) for number in (1, 2)]
    pieces = [
        # Two senders, one 8-bit reference, out of order, a part twice.
        (deliver(joined(7, 2, 2, b" OPEN"), a, esm=0x40), 5), (deliver(joined(7, 2, 2, b" CLOSED"), b, esm=0x40), 5),
        (deliver(joined(7, 2, 2, b" OPEN"), a, esm=0x40), 5),
        (deliver(joined(7, 2, 1, b"KZ-71-0002"), b, esm=0x40), 5), (deliver(joined(7, 2, 1, b"KZ-71-0001"), a, esm=0x40), 5),
        # The same reference in 16 bits, and as SAR parameters.
        (deliver(joined(7, 2, 1, b"KZ-71-0003", 16), a, esm=0x40), 5), (deliver(b"KZ-71-0004", a, tags=sar[0]), 5),
        (deliver(b" STATUS", a, tags=sar[1]), 5), (deliver(joined(7, 2, 2, b" OPEN", 16), a, esm=0x40), 5),
        (deliver(b"", a, coding=8, tags=tag(0x424, cyrillic)), 5),
        (data(a, coding=8, tags=tag(0x424, "71 5 ашылды".encode("utf-16-be"))), DATA),
        (deliver(b"KZ-71-0006 OPEN", b"Beeline", ton=5), 5),
        (deliver(cyrillic[:-1], a, coding=8), 5),  # half a unit
        (deliver(b"\x80\xff", a), 5),  # in no GSM alphabet
        (deliver(OPEN, a)[:-4], 5),  # a body that is cut
        (b"\xff" * 40, 5),
        (b"", 5),
    ]  # fmt: skip
    async with bound(tmp_path, sender="1234") as (here, _, operator):
        for body, command in pieces:
            assert await operator.bring(body, command) == 0
        await read(here, 13)
    assert sorted(_texts(tmp_path), key=str) == sorted([
        ("KZ-71-0001 OPEN", None), ("KZ-71-0002 CLOSED", None), ("KZ-71-0003 OPEN", None), ("KZ-71-0004 STATUS", None),
        ("учаске 75-12: жарық жоқ", None), ("71 5 ашылды", None), ("KZ-71-0006 OPEN", None), ("", "undecodable"), ("", "undecodable"),
    ], key=str)  # fmt: skip
    odd = rows(tmp_path, "SELECT why, raw FROM odd ORDER BY id")
    assert [why for why, _ in odd] == [
        "not ucs2", "not gsm7", "its short_message has 11 bytes of 15", "its service_type has no end",
        "its service_type has no end",
    ]  # fmt: skip
    assert not any(b"7701000000" in raw for _, raw in odd)


async def test_what_the_centre_brings_again_after_a_break_is_known_and_off_on_off_is_three(
    tmp_path: Path,
) -> None:
    off, on = deliver(b"71 379 net off"), deliver(b"71 379 net on")
    async with bound(tmp_path) as (here, centre, operator):
        for body in (off, on, off):
            assert await operator.bring(body) == 0
        operator.cut()
        await centre.until(lambda: centre.binds == 2 and centre.bound)
        for body in (on, off, off):
            assert await centre.bound[0].bring(body) == 0
        await read(here, 6)
        await here.counted('dabyl_sms_received_total{kind="known",link="smpp"}')
    assert [text for text, _ in _texts(tmp_path)] == ["71 379 net off", "71 379 net on", "71 379 net off"]


async def test_nothing_is_acknowledged_that_could_not_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with bound(tmp_path) as (here, centre, operator):

        def fails(*_: object, **__: object) -> None:
            raise sqlite3.OperationalError("database or disk is full")

        with monkeypatch.context() as broken:
            broken.setattr("sms_gateway.journal.put", fails)
            assert await operator.bring(deliver(OPEN)) == 0x64  # ESME_RX_T_APPN: come again
        await centre.until(lambda: centre.binds == 2 and centre.bound)
        assert await centre.bound[0].bring(deliver(OPEN)) == 0
        await read(here, 1)
    assert _texts(tmp_path) == [(OPEN.decode(), None)]
    assert centre.unbinds == 2


async def test_a_silent_centre_is_asked_and_one_that_is_deaf_is_left_and_bound_anew(tmp_path: Path) -> None:
    async with bound(tmp_path, enquire_s=0.1, answer_s=0.3) as (_, centre, operator):
        await centre.until(lambda: centre.enquiries >= 2)
        centre.deaf = True
        await centre.until(lambda: not operator.is_bound)
        centre.deaf = False
        await centre.until(lambda: centre.binds == 2 and centre.bound)
        assert await centre.bound[0].bring(deliver(OPEN)) == 0


async def test_a_bind_that_is_refused_is_tried_again_and_texts_before_it_are_not_taken(
    tmp_path: Path,
) -> None:
    async with smsc() as centre:
        centre.bind_status = 0x0E
        async with gateway(tmp_path, NOWHERE, link=(link(centre.port),)) as here:
            await centre.until(lambda: centre.binds == 1)
            centre.bind_status = 0
            await centre.until(lambda: centre.bound)
            assert centre.binds == 2
            assert await here.metric('dabyl_sms_link_up{link="smpp",operator="AS9198"}') == 1


async def test_what_is_no_pdu_of_ours_is_nacked_and_a_broken_length_ends_the_connection(
    tmp_path: Path,
) -> None:
    async with bound(tmp_path) as (_, centre, operator):
        assert await operator.bring(b"", 0x0000_0002) == 3  # ESME_RINVCMDID by generic_nack
        operator.writer.write(b"\0\0\0\1" + b"x" * 20)
        await centre.until(lambda: centre.nacks == [3, 2])
        await centre.until(lambda: centre.binds == 2 and centre.bound)


async def test_an_unbind_by_the_centre_is_answered_and_followed_by_a_new_bind(tmp_path: Path) -> None:
    async with bound(tmp_path) as (_, centre, operator):
        operator.writer.write(pdu(UNBIND, 99))
        await centre.until(lambda: not operator.is_bound)
        await centre.until(lambda: centre.binds == 2 and centre.bound)


async def test_parts_of_one_text_may_come_over_two_binds_and_outlive_a_restart(tmp_path: Path) -> None:
    first, second = (
        deliver(joined(9, 2, number, text), esm=0x40)
        for number, text in ((1, b"KZ-71-0379 "), (2, b"CLOSED"))
    )
    async with bound(tmp_path, binds=2) as (_, centre, operator):
        assert await operator.bring(second) == 0
        assert await centre.bound[1].bring(second) == 0
    async with bound(tmp_path) as (here, _, operator):
        assert await operator.bring(first) == 0
        await here.until_read()
    assert _texts(tmp_path) == [("KZ-71-0379 CLOSED", None)]


async def test_a_text_whose_part_never_came_is_shown_as_partial_after_its_time(tmp_path: Path) -> None:
    clock = MovableClock()
    async with bound(tmp_path, clock) as (here, _, operator):
        assert await operator.bring(deliver(joined(9, 2, 2, b"71 379 OPEN"), esm=0x40)) == 0
        await here.until_read()
        clock.move(hours=2)
        assert await operator.bring(deliver(b"71 380 OPEN", b"77020000000")) == 0
        await read(here, 2)
    assert _texts(tmp_path) == [(" [...] 71 379 OPEN", "partial"), ("71 380 OPEN", None)]
    assert rows(tmp_path, "SELECT count(*) FROM assemblies") == [(0,)]


async def test_no_number_is_left_in_any_file_once_all_is_read_and_answered(tmp_path: Path) -> None:
    async with bound(tmp_path) as (here, centre, operator):
        for number in (1, 2):
            assert (
                await operator.bring(
                    deliver(joined(9, 2, number, b"71 379 OPEN "[6 * number - 6 :][:6]), esm=0x40)
                )
                == 0
            )
        assert await operator.bring(deliver(OPEN, b"77012223344")[:-3]) == 0
        await centre.until(lambda: centre.submitted)
        await here.counted('dabyl_sms_sent_total{link="smpp",reason="sent"}')
    assert b"7011234567" not in all_bytes(tmp_path)
    assert b"7012223344" not in all_bytes(tmp_path)


async def test_what_was_kept_although_its_commit_failed_is_known_when_it_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    committed = store.commit

    def persists_and_fails(connection: sqlite3.Connection) -> None:
        committed(connection)
        waiting = connection.execute("SELECT count(*) FROM journal").fetchone()[0]
        if waiting and not failed:
            failed.append(waiting)
            raise sqlite3.OperationalError("disk I/O error")

    failed: list[int] = []
    monkeypatch.setattr("sms_gateway.office.Store", partial(store.Store, finish=persists_and_fails))
    async with bound(tmp_path) as (here, centre, operator):
        assert await operator.bring(deliver(OPEN)) == 0x64
        await centre.until(lambda: centre.binds == 2 and centre.bound)
        assert await centre.bound[0].bring(deliver(OPEN)) == 0
        await read(here, 2)
        await here.counted('dabyl_sms_received_total{kind="known",link="smpp"}')
    assert failed == [1]
    assert _texts(tmp_path) == [(OPEN.decode(), None)]


async def test_a_centre_that_waits_for_no_answer_is_slowed_down_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sms_gateway.links.smpp_session._MOST_WAITING", 10)
    async with bound(tmp_path) as (here, _, operator):
        answers = [
            operator.begin(deliver(b"71 %d STATUS" % number, b"7701%07d" % number))
            for number in range(1, 301)
        ]
        assert {await answer for answer in answers} == {0}
        await read(here, 300)
    assert rows(tmp_path, "SELECT count(DISTINCT text) FROM inbox") == [(300,)]


@pytest.mark.parametrize(("host", "binds"), [("localhost", True), ("127.0.0.1", False)])
async def test_a_centre_by_tls_is_bound_only_under_the_name_of_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str, binds: bool
) -> None:
    authority = make_authority("Operator", NOW)
    (tmp_path / "ca.pem").write_bytes(authority.root.pem)
    (tmp_path / "centre.pem").write_bytes(authority.leaf("localhost"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "centre.pem")
    async with (
        smsc(tls=context) as centre,
        gateway(tmp_path / "data", NOWHERE, link=(link(centre.port, host=host, tls=True),)) as here,
    ):
        if binds:
            await centre.until(lambda: centre.bound)
        else:
            await shown(here, "SSLCertVerificationError")
    assert bool(centre.binds) is binds


async def shown(here: Gateway, word: str) -> None:
    """Wait until a word stands on the operator's page."""
    async with asyncio.timeout(10):
        while word not in (await here.get("/"))[1]:  # noqa: ASYNC110  # a page is looked at
            await asyncio.sleep(0.05)
