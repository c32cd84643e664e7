"""A witness cosigns what only grows, and a log that asks it understands every answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from collector.ledger.cosigning import Asker, Known
from collector.ledger.log import Log
from collector.ledger.sources import CHECKPOINT, Shelf
from collector.ledger.witness import Seen, Witness, app_of, judged
from tests.collector.ledger.test_log import SIGNER, entry
from wire import merkle
from wire.notes import (
    COSIGNATURE,
    ED25519,
    Checkpoint,
    Note,
    Signature,
    Signer,
    parse_note,
    signatures_of,
    verified,
)
from wire.signing import SigningKey
from wire.tlog import AddCheckpoint

NGO = Signer("witness.example/ngo", COSIGNATURE, SigningKey(b"w" * 32))
LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(20)]
NODES = merkle.nodes_of(LEAVES)


class Noon:
    def now(self) -> datetime:
        return datetime(2026, 11, 22, 12, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    made = Witness(tmp_path / "witness", NGO, {SIGNER.name: (SIGNER.key,)}, Noon())
    yield made
    made.close()


def head_of(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
    return Checkpoint(SIGNER.name, size, merkle.root(leaves[:size]))


def body(old: int, head: Checkpoint, signer: Signer = SIGNER) -> bytes:
    proof = merkle.consistency_proof(NODES, old, head.size) if old <= head.size else []
    return str(AddCheckpoint(old, tuple(proof), Note(head.text, (signer.sign(head.text),)))).encode()


def test_a_log_that_grows_is_cosigned_each_time(witness: Witness) -> None:
    for old, new in ((0, 3), (3, 8), (8, 8), (8, 20)):
        answer = witness.add_checkpoint(body(old, head_of(new)))
        assert answer.status == 200
        note = Note(head_of(new).text, signatures_of(answer.said))
        assert verified(note, [NGO.key]) == {NGO.key: 1795348800}


FORKED = head_of(8, [merkle.leaf_hash(b"other"), *LEAVES[1:]])
STRANGER = Signer(SIGNER.name, ED25519, SigningKey(b"x" * 32))
ELSEWHERE = Signer("other.example", ED25519, SigningKey(b"l" * 32))
AFTER_FIVE = [
    ("a fork", body(5, FORKED), 422, None),
    ("a fork of the same size", body(5, head_of(5, LEAVES[::-1])), 409, "5\n"),
    ("another old size", body(4, head_of(8)), 409, "5\n"),
    ("nothing known of it", body(0, head_of(8)), 409, "5\n"),
    ("it shrank", body(3, head_of(3)), 409, "5\n"),
    ("an old size above the new", body(9, head_of(8)), 400, None),
    ("another key", body(5, head_of(8), STRANGER), 403, None),
    ("another log", body(5, Checkpoint("other.example", 8, head_of(8).root), ELSEWHERE), 404, None),
    ("no request", b"hello", 400, None),
    ("a proof that is cut", body(5, head_of(8)).replace(b"\n\n", b"\n", 1), 400, None),
]


@pytest.mark.parametrize(("what", "raw", "status", "said"), AFTER_FIVE, ids=[row[0] for row in AFTER_FIVE])
def test_what_is_not_growth_is_refused_as_the_standard_says(
    witness: Witness, what: str, raw: bytes, status: int, said: str | None
) -> None:
    assert witness.add_checkpoint(body(0, head_of(5))).status == 200
    answer = witness.add_checkpoint(raw)
    assert answer.status == status
    if said:
        assert (answer.said, answer.media) == (said, "text/x.tlog.size")
    assert witness.add_checkpoint(body(5, head_of(8))).status == 200  # nothing was changed by it


def test_a_request_that_failed_halfway_ends_no_later_one(
    witness: Witness, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(witness, "signer", None)
        with pytest.raises(AttributeError):
            witness.add_checkpoint(body(0, head_of(5)))
    assert witness.add_checkpoint(body(0, head_of(5))).status == 200


def test_a_first_checkpoint_with_a_proof_is_refused() -> None:
    asked = AddCheckpoint(0, (b"p" * 32,), Note(head_of(5).text, ()))
    assert judged(asked, head_of(5), Seen()).status == 422


def test_what_it_saw_survives_its_end(tmp_path: Path, witness: Witness) -> None:
    witness.add_checkpoint(body(0, head_of(5)))
    again = Witness(tmp_path / "witness", NGO, {SIGNER.name: (SIGNER.key,)}, Noon())
    assert again.add_checkpoint(body(0, head_of(8))).said == "5\n"
    again.close()


@pytest.fixture
async def served(witness: Witness) -> AsyncIterator[str]:
    async with TestServer(app_of(witness)) as server:
        yield str(server.make_url("/"))


async def test_a_log_asks_and_publishes_the_cosignature(tmp_path: Path, served: str) -> None:
    with Log(tmp_path, SIGNER) as log, Shelf(tmp_path, str(SIGNER.key)) as shelf:
        async with aiohttp.ClientSession() as session:
            asker = Asker(session, shelf, (Known(served, NGO.key),))
            for number in range(3):
                head = log.append([entry(number)]).head
                for name, line in (await asker.ask(head)).items():
                    log.cosign(name, head.checkpoint.size, line)
                note = parse_note(shelf.get(CHECKPOINT) or b"")
                assert set(verified(note, [SIGNER.key, NGO.key])) == {SIGNER.key, NGO.key}
        log.append([entry(9)])
        assert set(verified(parse_note(shelf.get(CHECKPOINT) or b""), [SIGNER.key, NGO.key])) == {SIGNER.key}


async def test_a_log_that_forgot_is_told_the_size_and_proves_from_there(tmp_path: Path, served: str) -> None:
    with Log(tmp_path, SIGNER) as log, Shelf(tmp_path, str(SIGNER.key)) as shelf:
        async with aiohttp.ClientSession() as session:
            await Asker(session, shelf, (Known(served, NGO.key),)).ask(log.append([entry(1)]).head)
            head = log.append([entry(2), entry(3)]).head
            assert list(await Asker(session, shelf, (Known(served, NGO.key),)).ask(head)) == [NGO.name]


LONG = "9" * 6_000  # Python reads no number of so many digits
ANSWERS = [
    ("a number beyond all sizes", 409, [LONG]), ("a line for ever", 200, ["x" * 9_999] * 200),
    ("no size", 409, ["-1"]), ("a size of another script", 409, ["\u0663"]),
]  # fmt: skip


@pytest.mark.parametrize(("status", "pieces"), [row[1:] for row in ANSWERS], ids=[row[0] for row in ANSWERS])
async def test_a_witness_may_answer_whatever_it_likes(tmp_path: Path, status: int, pieces: list[str]) -> None:
    async with TestServer(answering(status, pieces)) as server:
        assert await asked_at(tmp_path, str(server.make_url("/"))) == {}


async def test_an_answer_may_come_in_pieces(tmp_path: Path, witness: Witness) -> None:
    with Log(tmp_path, SIGNER) as log:
        head = log.append([entry(1)]).head.checkpoint
    line = NGO.sign(head.text, 1)
    async with TestServer(answering(200, [str(line)[:9], str(line)[9:], "\n"])) as server:
        assert await asked_at(tmp_path, str(server.make_url("/"))) == {NGO.name: line}


def answering(status: int, pieces: list[str]) -> web.Application:
    """A witness that says the same to everybody, in pieces that arrive apart."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status)
        await response.prepare(request)
        for piece in pieces:
            await response.write(piece.encode())
            await asyncio.sleep(0.005)
        return response

    app = web.Application()
    app.router.add_post("/add-checkpoint", answer)
    return app


async def asked_at(folder: Path, url: str) -> dict[str, Signature]:
    """What a log of one entry gets from one witness."""
    with Log(folder, SIGNER) as log, Shelf(folder, str(SIGNER.key)) as shelf:
        async with aiohttp.ClientSession() as session:
            return await Asker(session, shelf, (Known(url, NGO.key),)).ask(log.append([entry(1)]).head)


async def test_witnesses_that_are_away_or_strange_cost_nothing(tmp_path: Path, served: str) -> None:
    stranger = Signer("witness.example/other", COSIGNATURE, SigningKey(b"z" * 32))
    away = Known("http://127.0.0.1:9/", NGO.key)
    with Log(tmp_path, SIGNER) as log, Shelf(tmp_path, str(SIGNER.key)) as shelf:
        async with aiohttp.ClientSession() as session:
            asker = Asker(session, shelf, (away, Known(served, stranger.key)))
            assert await asker.ask(log.append([entry(1)]).head) == {}
