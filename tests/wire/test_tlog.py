"""Proofs in files and requests to witnesses: there and back, and all that is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import merkle, notes, tlog
from wire.errors import BadRecord, BadSignature
from wire.signing import SigningKey

LOG = notes.Signer("ledger.example/2026", notes.ED25519, SigningKey(b"l" * 32))
LEAVES = [merkle.leaf_hash(b"%d" % number) for number in range(11)]
HEAD = notes.Checkpoint(LOG.name, len(LEAVES), merkle.root(LEAVES))
NOTE = notes.Note(HEAD.text, (LOG.sign(HEAD.text),))
PATH = tuple(merkle.inclusion_proof(merkle.nodes_of(LEAVES), 6, len(LEAVES)))


@pytest.mark.parametrize("extra", [None, b"", b"context"])
def test_a_proof_goes_into_a_file_and_holds_afterwards(extra: bytes | None) -> None:
    proof = tlog.Proof(6, PATH, NOTE, extra)
    read = tlog.parse_proof(str(proof).encode())
    assert read == proof
    assert read.holds(LEAVES[6], LOG.key) == HEAD


def test_a_proof_of_another_entry_does_not_hold() -> None:
    with pytest.raises(BadSignature, match="not where the proof says"):
        tlog.Proof(6, PATH, NOTE).holds(LEAVES[5], LOG.key)


def test_a_proof_under_another_logs_name_does_not_hold() -> None:
    other = notes.Checkpoint("other.example", len(LEAVES), merkle.root(LEAVES))
    note = notes.Note(other.text, (LOG.sign(other.text),))
    with pytest.raises(BadSignature, match=r"of other\.example"):
        tlog.Proof(6, PATH, note).holds(LEAVES[6], LOG.key)


def test_a_proof_that_a_stranger_signed_does_not_hold() -> None:
    stranger = notes.Signer(LOG.name, notes.ED25519, SigningKey(b"x" * 32))
    with pytest.raises(BadSignature, match="no key that is known"):
        tlog.Proof(6, PATH, NOTE).holds(LEAVES[6], stranger.key)


_FILE = str(tlog.Proof(6, PATH, NOTE))


@pytest.mark.parametrize(
    "raw",
    ["", "c2sp.org/tlog-proof@v1\n", _FILE.replace("@v1", "@v2"), _FILE.replace("index 6", "index 06"),
     _FILE.replace("index 6", "index -6"), _FILE.replace("index 6\n", ""), _FILE.replace("index 6", "extra !\nindex 6"),
     _FILE.replace("index 6", "index 6\nAAAA"), _FILE.replace("index 6", "index ٦"), _FILE.replace("\n\n", "\n", 1),
     _FILE.replace("index 6", "index 6" + ("\n" + "A" * 43 + "=") * 64)],
)  # fmt: skip
def test_what_is_no_proof_is_refused(raw: str) -> None:
    with pytest.raises(BadRecord):
        tlog.parse_proof(raw.encode())


def test_a_request_to_a_witness_goes_out_and_comes_back() -> None:
    proof = tuple(merkle.consistency_proof(merkle.nodes_of(LEAVES), 4, len(LEAVES)))
    asked = tlog.AddCheckpoint(4, proof, NOTE)
    assert tlog.parse_add_checkpoint(str(asked).encode()) == asked
    assert str(asked).startswith("old 4\n")


@pytest.mark.parametrize(
    "raw",
    ["", "old 4", "old 4\n\n", "old x\n\n" + str(NOTE), "new 4\n\n" + str(NOTE), "old 4\nzz\n\n" + str(NOTE)],
)
def test_what_is_no_request_is_refused(raw: str) -> None:
    with pytest.raises(BadRecord):
        tlog.parse_add_checkpoint(raw.encode())


@given(st.binary(max_size=120))
def test_any_bytes_are_refused_cleanly(raw: bytes) -> None:
    for parse in (tlog.parse_proof, tlog.parse_add_checkpoint):
        with pytest.raises(BadRecord):
            parse(raw)
        with pytest.raises(BadRecord):
            parse(b"c2sp.org/tlog-proof@v1\nindex 1\n" + raw + b"\n\n")
