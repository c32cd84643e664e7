"""The control table is signed with a key that outlives the server, and told at enrolment."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import msgspec
import pytest

from collector import new_invite
from collector.identity import load_or_make_key
from tests.collector.core.scenes import ABROAD, NOW, seen
from tests.collector.harness import Running, TestClock, TestRandomness, running
from wire.enrol import enrolment
from wire.errors import BadInput
from wire.signing import SigningKey, VerifyKey, from_text

VANTAGE = SigningKey(b"v" * 32)


async def test_the_table_bears_a_signature_of_the_key_that_enrolment_told(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(VANTAGE, "vantage", ABROAD)
        record = seen("site.example", network=ABROAD, probe=VANTAGE.id)
        assert (await collector.send(VANTAGE, [record]))[0] == 200
        async with collector.client.get(collector.url + "/v1/control") as answer:
            body, headers = await answer.read(), answer.headers
        public = from_text(headers["Dabyl-Key"])
        VerifyKey(public).verify("dabyl/v1/control", body, from_text(headers["Dabyl-Signature"]))
        assert b"site.example" in body
        told = (tmp_path / "key").read_bytes()
        assert public == SigningKey(told).public


async def test_the_key_is_told_at_enrolment_and_is_the_same_after_a_restart(tmp_path: Path) -> None:
    found = set()
    for life in range(2):
        async with running(tmp_path) as collector:
            async with collector.client.get(collector.url + "/v1/control") as answer:
                found.add(answer.headers["Dabyl-Key"])
            found.add(await _enrolled_key(collector, life))
    assert len(found) == 1


async def _enrolled_key(collector: Running, life: int) -> str:
    chance = TestRandomness(11 + life)
    token = await asyncio.to_thread(new_invite, collector.folder, "probe", 1.0, TestClock(NOW), chance)
    request = enrolment(SigningKey(b"p" * 32), token, ABROAD)
    _, answer = await collector.post("/v1/enrol", msgspec.json.encode(request))
    return str(answer["collector_key"])


def test_the_key_is_private_and_a_broken_one_is_named(tmp_path: Path) -> None:
    first = load_or_make_key(tmp_path, TestRandomness())
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert load_or_make_key(tmp_path, TestRandomness(9)).id == first.id
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(BadInput, match="not a key of 32 bytes"):
        load_or_make_key(tmp_path, TestRandomness())
    with pytest.raises(BadInput, match="No such file"):
        load_or_make_key(tmp_path / "nowhere", TestRandomness())
