from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.delivery import decide, pause_s
from sms_gateway.core.rate import Bucket
from wire import canonical
from wire.receipts import Receipt, Refusal

RECEIPT = Receipt(result="new", boot="00112233aabbccdd", high_water=3)


def _refusal(error: str, *, retry: bool = False) -> bytes:
    return canonical.encode(Refusal(error=error, detail="why", retry=retry))


def test_a_receipt_is_the_only_proof() -> None:
    found = decide(200, canonical.encode(RECEIPT))
    assert (found.step, found.receipt) == ("done", RECEIPT)
    assert decide(200, b"<html>welcome to the hotel</html>").step == "again"
    assert decide(204, canonical.encode(RECEIPT)).step == "again"


@pytest.mark.parametrize(
    ("status", "error", "retry", "step"),
    [
        (503, "storage", True, "again"),
        (429, "rate", True, "again"),
        (429, "gaps", True, "again"),
        (422, "time", True, "again"),
        (422, "time", False, "set_aside"),
        (422, "schema", False, "set_aside"),
        (413, "too_large", False, "set_aside"),
        (413, "bomb", False, "set_aside"),
        (409, "conflict", False, "new_boot"),
        (401, "unknown_probe", False, "enrol"),
        (401, "signature", False, "later"),
        (403, "revoked", False, "later"),
        (403, "role", False, "later"),
        (403, "invite", False, "later"),
        (404, "not_found", False, "later"),
        (418, "a_name_of_the_future", False, "later"),
    ],
)
def test_a_refusal_says_what_to_do(status: int, error: str, retry: bool, step: str) -> None:
    found = decide(status, _refusal(error, retry=retry))
    assert (found.step, found.why) == (step, f"{error}: why")


def test_no_answer_is_named() -> None:
    assert decide(0, b"ClientConnectorError").why == "no answer: ClientConnectorError"


@given(st.integers(0, 599), st.binary(max_size=200))
def test_any_answer_gives_a_step(status: int, body: bytes) -> None:
    assert decide(status, body).step in {"again", "later", "set_aside", "new_boot", "enrol", "done"}


def test_pauses_double_to_a_minute_and_never_vanish() -> None:
    assert [pause_s(failures, 1.0) for failures in (0, 1, 2, 6, 7, 100)] == [0.5, 1.0, 2.0, 32.0, 60.0, 60.0]
    assert pause_s(0, 0.0) == 0.25


def test_a_link_may_bring_a_burst_and_then_a_steady_rate() -> None:
    bucket = Bucket(per_s=2, burst=3)
    assert [bucket.take(100.0) for _ in range(4)] == [True, True, True, False]
    assert [bucket.take(100.5) for _ in range(2)] == [True, False]
    assert [bucket.take(1000.0) for _ in range(4)] == [True, True, True, False]
