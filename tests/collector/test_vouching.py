"""A probe invites another: by its own signature, within its limit, below itself in the tree."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from collector import InviteWish, issue, revoke_branch, tree
from collector.core.intake import Limits
from dabyl.cli import main
from tests.collector.core.scenes import ASTANA, key
from tests.collector.harness import Running, TestRandomness, running
from wire.enrol import enrolment, invite_print, vouching
from wire.signing import SigningKey

TOKEN = "abcdefghijklmnopqrstuvwxyz234567"
BOSS, FRIEND = key(1), key(2)


async def vouch(
    collector: Running, signer: SigningKey = BOSS, token: str = TOKEN, **changed: Any
) -> tuple[int, Any]:
    request = replace(vouching(signer, token, 1.0), **changed)
    return await collector.post("/v1/invites", msgspec.json.encode(request))


async def join(collector: Running, signer: SigningKey, token: str) -> int:
    body = msgspec.json.encode(enrolment(signer, token, ASTANA))
    return (await collector.post("/v1/enrol", body))[0]


async def test_a_friend_joins_below_who_invited_it_and_goes_with_it(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(BOSS)
        status, told = await vouch(collector)
        assert (status, told["issuer"], told["left"]) == (200, BOSS.id, 4)
        assert (await vouch(collector))[1]["left"] == 4, "the same print counts once"
        assert await join(collector, FRIEND, TOKEN) == 200
        (branch,) = [one for one in tree(tmp_path) if one.issuer == BOSS.id]
        assert branch.keys == (FRIEND.id,)
        assert revoke_branch(tmp_path, BOSS.id, collector.clock) == [BOSS.id, FRIEND.id]
        assert (await vouch(collector, token=TOKEN[::-1]))[1]["error"] == "revoked"


async def test_no_more_than_the_limit_and_not_what_another_gave(tmp_path: Path) -> None:
    async with running(tmp_path, limits=Limits(invites_per_key=2, enrolments_burst=50.0)) as collector:
        await collector.enrol(BOSS)
        await collector.enrol(FRIEND)
        answers = [await vouch(collector, token=TOKEN + str(n)) for n in range(3)]
        assert [status for status, _ in answers] == [200, 200, 403]
        assert answers[2][1]["error"] == "invites"
        assert (await vouch(collector, FRIEND, TOKEN + "0"))[1]["error"] == "invites"
        await asyncio.to_thread(
            issue, tmp_path, InviteWish(issuer=BOSS.id, limit=4), collector.clock, TestRandomness(4)
        )
        assert (await vouch(collector, token=TOKEN + "3"))[1]["left"] == 0, "its limit was raised by hand"


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("longer than a week", {"hours": 200.0}, "schema"),
    ("another's signature", {"signature": vouching(FRIEND, TOKEN, 1.0).signature}, "signature"),
    ("other hours than were signed", {"hours": 2.0}, "signature"),
    ("no signature", {"signature": ""}, "signature"),
    ("no print", {"print": "x"}, "schema"),
]


@pytest.mark.parametrize(("name", "changed", "error"), REFUSED, ids=[row[0] for row in REFUSED])
async def test_what_is_not_a_probes_own_wish_is_refused(
    tmp_path: Path, name: str, changed: dict[str, Any], error: str
) -> None:
    async with running(tmp_path) as collector:
        await collector.enrol(BOSS)
        assert (await vouch(collector, **changed))[1]["error"] == error


async def test_strangers_and_gateways_invite_nobody(tmp_path: Path) -> None:
    async with running(tmp_path) as collector:
        assert (await vouch(collector))[1]["error"] == "unknown_probe"
        await collector.enrol(BOSS, "gateway")
        assert (await vouch(collector))[1]["error"] == "role"


async def test_the_command_prints_a_token_that_only_its_maker_knows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "probe").mkdir()
    (tmp_path / "probe" / "key").write_bytes((1).to_bytes(32, "big"))
    async with running(tmp_path / "data") as collector:
        command = ["probe", "invite", "--data", str(tmp_path / "probe"), "--collector", collector.url]
        assert await asyncio.to_thread(main, command) == 2
        assert "this key is not enrolled" in capsys.readouterr().err
        await collector.enrol(BOSS)
        assert await asyncio.to_thread(main, command) == 0
        said = capsys.readouterr()
        token = said.out.strip()
        assert "you may invite 4 more" in said.err
        assert await join(collector, FRIEND, token) == 200
        assert await asyncio.to_thread(main, [*command, "--expires", "500"]) == 2
        assert await asyncio.to_thread(main, [*command[:3], str(tmp_path), *command[4:]]) == 2
    everything = b"".join(path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file())
    assert token.encode() not in everything
    assert invite_print(token).encode() in everything
