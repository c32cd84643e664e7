"""A rough connection: the same PDU twice, questions between texts, sequences that begin anew, endless lengths."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sms_gateway import Settings
from sms_gateway.core import gsm7
from sms_gateway.links import smpp_session
from sms_gateway.links.link import Outgoing, Sent
from sms_gateway.links.smpp import Smpp
from sms_gateway.office import open_office
from tests.servers.smsc import DELIVER, ENQUIRE, Smsc, deliver, joined, pdu
from tests.sms_gateway.harness import NOWHERE, RECEIVED, MovableClock, SeededRandomness, rows
from tests.sms_gateway.test_smpp import bound, link, read

OPEN = deliver(b"KZ-71-0379 OPEN")
LAST = 0x7FFFFFFF


def _texts(folder: Path) -> list[str]:
    return [text for (text,) in rows(folder, "SELECT text FROM inbox ORDER BY id")]


def _has_submitted(centre: Smsc, count: int) -> bool:
    return len(centre.submitted) == count


async def test_a_pdu_that_comes_twice_is_answered_twice_and_counts_once(tmp_path: Path) -> None:
    async with bound(tmp_path) as (here, _, operator):
        first, again = operator.begin(OPEN), operator.begin(OPEN)
        operator.writer.write(pdu(DELIVER, 2, OPEN))  # even under the same sequence
        assert (await first, await again) == (0, 0)
        await read(here, 3)
        assert await here.metric(f'{RECEIVED}{{kind="open",link="smpp"}}') == 1
    assert len(rows(tmp_path, "SELECT 1 FROM reports UNION ALL SELECT 1 FROM batches")) == 1


async def test_questions_and_unknown_requests_between_parts_disturb_nothing(tmp_path: Path) -> None:
    parts = [
        deliver(joined(7, 2, number, text), esm=0x40) for number, text in ((2, b" OPEN"), (1, b"71-0379"))
    ]
    async with bound(tmp_path) as (here, centre, operator):
        answered = operator.begin(parts[0])
        operator.writer.write(pdu(ENQUIRE, 9001) + pdu(0x0000_0123, 9002, b"?") + pdu(ENQUIRE, 9003))
        assert (await answered, await operator.bring(parts[1])) == (0, 0)
        await read(here, 1)
        await centre.until(lambda: centre.nacks)
    assert _texts(tmp_path) == ["71-0379 OPEN"]


async def test_a_centre_whose_sequences_begin_anew_is_answered_under_its_own(tmp_path: Path) -> None:
    async with bound(tmp_path) as (here, _, operator):
        operator._sequence = LAST - 2
        answered = [operator.begin(deliver(b"71 %d OPEN" % number)) for number in (1, 2)]
        operator._sequence = 0
        answered += [operator.begin(deliver(b"71 %d OPEN" % number)) for number in (3, 4)]
        assert [await one for one in answered] == [0, 0, 0, 0]
        await read(here, 4)


async def test_our_own_sequences_begin_anew_behind_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smpp_session, "_LAST_SEQUENCE", 3)
    async with bound(tmp_path) as (_, centre, operator):
        for number in range(1, 8):
            assert await operator.bring(deliver(b"71 %d OPEN" % number, b"7701000000%d" % number)) == 0
            await centre.until(partial(_has_submitted, centre, number))


async def test_what_was_begun_and_never_ended_is_forgotten_some_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sms_gateway.links.smpp._MOST_BEGUN", 2)

    async def half(_: Smpp, __: bytes, ids: list[str]) -> Sent:
        ids.append("1")
        return Sent(toll="accepted" if len(ids) == 1 else "later")

    monkeypatch.setattr(Smpp, "_submit", half)
    office = await open_office(
        Settings(data=str(tmp_path), collector=NOWHERE, link=(link(1),)), MovableClock(), SeededRandomness()
    )
    running = Smpp(office, link(1))
    try:
        for number in range(5):
            text = Outgoing(id=number, sender="", recipient="+77011234567", text="x" * 200)
            assert (await running.send(text)).toll == "later"
        assert set(running._begun) == {3, 4}
    finally:
        office.store.close()


@pytest.mark.parametrize("length", [0, 15, 70_001, 0x7FFFFFFF, 0xFFFFFFFF])
async def test_an_impossible_length_ends_the_connection_and_loses_nothing_before_it(
    tmp_path: Path, length: int
) -> None:
    async with bound(tmp_path) as (here, centre, operator):
        operator.begin(OPEN)
        operator.writer.write(struct.pack(">IIII", length, DELIVER, 0, 5) + b"x" * 64)
        await centre.until(lambda: centre.binds == 2 and centre.bound)
        assert await centre.bound[0].bring(deliver(b"71 380 OPEN")) == 0
        await read(here, 2)
    assert _texts(tmp_path) == ["KZ-71-0379 OPEN", "71 380 OPEN"]


@pytest.mark.parametrize("pack", [gsm7.pack, bytes])
async def test_a_centre_that_packs_septets_is_read_when_the_settings_say_so(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    septets = gsm7.encode("KZ-71-0379 POWER OFF")
    assert septets is not None
    async with bound(tmp_path, packed=pack is gsm7.pack) as (here, _, operator):
        assert await operator.bring(deliver(pack(septets))) == 0
        await read(here, 1)
    assert _texts(tmp_path) == ["KZ-71-0379 POWER OFF"]
