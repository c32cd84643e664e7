"""Question and answer as bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.beacon import (
    ANSWER_BYTES,
    NONCE_BYTES,
    PADDING_BYTES,
    QUESTION_BYTES,
    Transport,
    is_answer,
    make_answer,
    make_question,
    read_question,
)
from wire.signing import SigningKey, VerifyKey

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
PUBLIC = VerifyKey(KEY.public)
NONCE, PADDING = b"n" * NONCE_BYTES, b"p" * PADDING_BYTES


def test_a_question_is_read_by_its_beacon_alone() -> None:
    question = make_question(KEY.public, NONCE, PADDING)
    assert read_question(question, KEY.public) == NONCE
    assert read_question(question, OTHER.public) is None


def test_an_answer_is_never_longer_than_its_question() -> None:
    question = make_question(KEY.public, NONCE, PADDING)
    answer = make_answer(KEY, "udp", 53, NONCE)
    assert (len(question), len(answer)) == (QUESTION_BYTES, ANSWER_BYTES)
    assert len(answer) <= len(question)


@pytest.mark.parametrize(
    ("transport", "port", "nonce", "right"),
    [
        ("tcp", 443, NONCE, True),
        ("udp", 443, NONCE, False),
        ("tcp", 80, NONCE, False),
        ("tcp", 443, b"m" * NONCE_BYTES, False),
    ],
)
def test_an_answer_is_for_one_transport_port_and_nonce(
    transport: Transport, port: int, nonce: bytes, right: bool
) -> None:
    assert is_answer(make_answer(KEY, "tcp", 443, NONCE), PUBLIC, transport, port, nonce) is right


def test_another_beacon_cannot_answer_in_its_place() -> None:
    assert not is_answer(make_answer(OTHER, "tcp", 443, NONCE), PUBLIC, "tcp", 443, NONCE)


@given(st.binary(max_size=200))
def test_any_bytes_are_no_question_and_no_answer(raw: bytes) -> None:
    assert read_question(raw, KEY.public) is None
    assert not is_answer(raw, PUBLIC, "tcp", 443, NONCE)


@given(st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES), st.integers(1, 65_535))
def test_every_question_can_be_answered(nonce: bytes, port: int) -> None:
    assert read_question(make_question(KEY.public, nonce, PADDING), KEY.public) == nonce
    assert is_answer(make_answer(KEY, "udp", port, nonce), PUBLIC, "udp", port, nonce)
