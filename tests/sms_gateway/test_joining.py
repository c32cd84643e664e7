"""Reading the journal when something is not as it should be: no text is lost, no text holds up the others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sms_gateway.core.intake import Taken, take
from sms_gateway.core.message import Message
from sms_gateway.core.smpp import decoder
from tests.servers.smsc import deliver, smsc
from tests.sms_gateway.harness import NOWHERE, gateway, rows
from tests.sms_gateway.test_smpp import link


async def _bring(folder: Path, *texts: bytes) -> None:
    async with smsc() as centre, gateway(folder, NOWHERE, link=(link(centre.port),)) as here:
        await centre.until(lambda: centre.bound)
        for text in texts:
            assert await centre.bound[0].bring(deliver(text)) == 0
        await here.until_read()


async def test_a_fault_in_a_decoder_sets_one_piece_aside_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = decoder("gsm7")

    def faulty(raw: bytes):  # type: ignore[no-untyped-def]  # it is a fault
        return 1 // 0 if b"CLOSED" in raw else decode(raw)

    monkeypatch.setattr("sms_gateway.links.kinds.smpp.decoder", lambda *_, **__: faulty)
    await _bring(tmp_path, b"71 1 OPEN", b"71 2 CLOSED", b"71 3 OPEN")
    assert rows(tmp_path, "SELECT text FROM inbox ORDER BY id") == [("71 1 OPEN",), ("71 3 OPEN",)]
    ((why, raw),) = rows(tmp_path, "SELECT why, raw FROM odd")
    assert why == "ZeroDivisionError in its decoder"
    assert b"71 2 CLOSED" in raw
    assert b"7701123" not in raw


async def test_a_fault_in_reading_sets_one_text_aside_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(message: Message, *more: Any, **named: Any) -> Taken:
        if message.text == "71 2 CLOSED 77012223344":
            raise KeyError(message.text)
        return take(message, *more, **named)

    monkeypatch.setattr("sms_gateway.office.take", faulty)
    await _bring(tmp_path, b"71 1 OPEN", b"71 2 CLOSED 77012223344", b"71 3 OPEN")
    assert rows(tmp_path, "SELECT text FROM inbox ORDER BY id") == [("71 1 OPEN",), ("71 3 OPEN",)]
    assert rows(tmp_path, "SELECT why, raw FROM odd") == [
        ("KeyError in reading it", b"71 2 CLOSED #########44")
    ]


async def test_what_a_link_brought_that_is_gone_is_kept_and_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr("sms_gateway.joining.journal.unread", lambda *_: [])
        async with smsc() as centre, gateway(tmp_path, NOWHERE, link=(link(centre.port, name="old"),)):
            await centre.until(lambda: centre.bound)
            assert await centre.bound[0].bring(deliver(b"71 1 OPEN")) == 0
    await _bring(tmp_path, b"71 2 OPEN")
    assert rows(tmp_path, "SELECT link, why FROM odd") == [("old", "its link is gone from the settings")]
    assert rows(tmp_path, "SELECT text FROM inbox") == [("71 2 OPEN",)]
