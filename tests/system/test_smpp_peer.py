"""The gateway bound to message centres of other hands: `smpp34` from PyPI; npm's is in test_npm_peer.py."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import smpp34

from sms_gateway import SmppLink
from tests.servers.processes import free_ports
from tests.sms_gateway.harness import NOWHERE, Gateway, gateway, rows
from tests.sms_gateway.test_smpp import read

CYRILLIC = "учаске 75-12: жарық жоқ".encode("utf-16-be")


@asynccontextmanager
async def _bound(folder: Path) -> AsyncIterator[tuple[Gateway, smpp34.Server, smpp34.Esme]]:
    (port,) = free_ports(1)
    server = smpp34.Server("127.0.0.1", port, system_id="peer")
    await server.start()
    link = SmppLink(host="127.0.0.1", port=port, system_id="dabyl", password="pw")
    try:
        async with gateway(folder, NOWHERE, link=(link,)) as here:
            async with asyncio.timeout(10):
                esme = await server.next()
            assert isinstance(esme, smpp34.Esme)
            yield here, server, esme
    finally:
        await server.stop()


async def _next(server: smpp34.Server) -> smpp34.SubmitSmEvent:
    async with asyncio.timeout(10):
        event = await server.next()
    assert isinstance(event, smpp34.SubmitSmEvent)
    return event


async def _bring(esme: smpp34.Esme, text: bytes, sender: str, **more: object) -> None:
    answer = await esme.deliver_sm("1234", text, source_addr=sender, **more)  # type: ignore[arg-type]  # a table of changes
    assert answer.is_success


async def test_a_centre_of_other_hands_brings_texts_in_every_form_and_takes_our_answers(
    tmp_path: Path,
) -> None:
    async with _bound(tmp_path) as (here, server, esme):
        assert (esme.system_id, esme.can_receive) == ("dabyl", True)
        await _bring(esme, b"KZ-71-0379 OPEN", "77011234567", source_addr_ton=1, source_addr_npi=1)
        answer = await _next(server)
        assert (answer.dest_addr_ton, answer.registered_delivery, answer.data_coding) == (1, 1, 0)
        assert answer.short_message.startswith(b"KZ-71-0379 OPEN")
        answer.accept("A1")
        await here.counted('dabyl_sms_sent_total{link="smpp",reason="sent"}')
        receipt = (
            b"id:161 sub:001 dlvrd:001 submit date:2611220400 done date:2611220401 stat:DELIVRD err:000 text:"
        )
        await _bring(esme, receipt, "77011234567", esm_class=4)
        for number in (2, 1):
            sar = [
                smpp34.Tlv(0x20C, b"\0\7"),
                smpp34.Tlv(0x20E, b"\2"),
                smpp34.Tlv(0x20F, bytes([number])),
            ]
            await _bring(
                esme, (b"KZ-71-0001 ", b"CLOSED")[number - 1], "Beeline", source_addr_ton=5, tlvs=sar
            )
        payload = smpp34.Tlv(0x424, CYRILLIC)
        await _bring(esme, b"", "Kcell", source_addr_ton=5, data_coding=8, tlvs=[payload])
        await here.until_read()
    texts = [json.loads(one)["station"] for (one,) in rows(tmp_path, "SELECT read FROM inbox ORDER BY id")]
    assert texts == ["KZ-71-0379", "KZ-71-0001", "KZ-75-0012"]
    assert rows(tmp_path, "SELECT state FROM sent") == [("delivered",)]


async def test_a_text_that_the_centre_refuses_ends_and_one_that_it_throttles_goes_through(
    tmp_path: Path,
) -> None:
    async with _bound(tmp_path) as (here, server, esme):
        await _bring(esme, b"KZ-71-0379 OPEN", "77011234567")
        (await _next(server)).reject(0x58)  # ESME_RTHROTTLED
        (await _next(server)).reject(0x0B)  # ESME_RINVDSTADR
        await here.counted('dabyl_sms_sent_total{link="smpp",reason="refused"}')
    assert rows(tmp_path, "SELECT reply FROM inbox") == [("refused",)]


async def test_many_texts_at_once_are_all_kept_by_the_rust_centres_own_window(tmp_path: Path) -> None:
    async with _bound(tmp_path) as (here, _, esme), asyncio.TaskGroup() as group:
        for number in range(200):
            group.create_task(
                _bring(esme, f"KZ-71-{number + 1:04} STATUS".encode(), f"Station {number}", source_addr_ton=5)
            )
        await read(here, 200)
    assert rows(tmp_path, "SELECT count(DISTINCT text) FROM inbox") == [(200,)]
