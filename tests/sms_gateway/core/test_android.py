"""Events of SMS Gateway for Android as its documentation prints them, broken ones, and any bytes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core import android
from sms_gateway.core.incoming import Odd, Part, Receipt


def event(name: str = "sms:received", ident: str = "Ey6ECgOkVVFjz3CL48B8C", **payload: Any) -> bytes:
    """A webhook's body."""
    full = {
        "messageId": "abc123", "message": "71 379 OPEN", "phoneNumber": "+77011234567", "simNumber": 1,
        "receivedAt": "2026-11-22T09:00:00.000+05:00",
    }  # fmt: skip
    return json.dumps(
        {
            "deviceId": "ffffffffceb0b1db",
            "event": name,
            "id": ident,
            "webhookId": "w1",
            "payload": full | payload,
        }
    ).encode()


def test_the_signature_is_that_of_the_apps_documentation() -> None:
    # printf '{"a":1}1719045971' | openssl dgst -sha256 -hmac secret
    signature = "90201f0ff5f9b44e6f4310623029a5a6836c722f9cf0ee213ddf15902363be13"
    assert android.signed("secret", b'{"a":1}', "1719045971", signature)
    assert android.signed("secret", b'{"a":1}', "1719045971", signature.upper())
    for wrong in (signature[:-1], "", "ж" + signature, signature.replace(signature[0], "x", 1)):
        assert not android.signed("secret", b'{"a":1}', "1719045971", wrong)
    assert not android.signed("secret", b'{"a":2}', "1719045971", signature)
    assert not android.signed("secret", b'{"a":1}', "1719045972", signature)
    assert not android.signed("Secret", b'{"a":1}', "1719045971", signature)


@pytest.mark.parametrize(
    ("payload", "sender", "recipient", "at"),
    [
        ({}, "+77011234567", "+7777", "2026-11-22T04:00:00.000Z"),
        (
            {"sender": "+77022222222", "recipient": "+77770001122"},
            "+77022222222",
            "+77770001122",
            "2026-11-22T04:00:00.000Z",
        ),
        ({"recipient": None, "simNumber": None}, "+77011234567", "+7777", "2026-11-22T04:00:00.000Z"),
        ({"receivedAt": "yesterday"}, "+77011234567", "+7777", ""),
        ({"receivedAt": ""}, "+77011234567", "+7777", ""),
        ({"phoneNumber": "KCELL"}, "KCELL", "+7777", "2026-11-22T04:00:00.000Z"),
    ],
)
def test_a_text_is_read_from_old_and_new_versions(
    payload: dict[str, Any], sender: str, recipient: str, at: str
) -> None:
    assert android.decode(event(**payload), "+7777") == Part(
        sender=sender,
        recipient=recipient,
        alphabet="octets",
        payload=b"71 379 OPEN",
        id="Ey6ECgOkVVFjz3CL48B8C",
        at=at,
    )


@pytest.mark.parametrize(
    ("name", "state"), [("sms:sent", "waiting"), ("sms:delivered", "delivered"), ("sms:failed", "failed")]
)
def test_what_became_of_a_text_is_a_receipt(name: str, state: str) -> None:
    found = android.decode(event(name, reason="Error to +77011234567"))
    assert isinstance(found, Receipt)
    assert (found.ids, found.state, found.recipient) == (("abc123",), state, "+77011234567")
    assert "7701" not in found.why


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "no event of the app"),
        (b"{}", "no event of the app"),
        (b"[" * 5000, "no event of the app"),
        (event(message=None), "the event 'sms:received'"),
        (event("mms:received"), "the event 'mms:received'"),
        (event(message=5), "no event of the app"),
        (b'{"id":"+77011234567"}', "no event of the app"),
        (event().replace(b"71 379", b"\\ud83d"), "no event of the app"),
    ],
)
def test_what_is_no_text_is_kept_without_any_digit(body: bytes, why: str) -> None:
    found = android.decode(body)
    assert isinstance(found, Odd)
    assert found.why == why
    assert not any(one in b"0123456789" for one in found.raw)


@pytest.mark.parametrize(
    ("stamp", "recent"),
    [
        ("1000000", True),
        ("913600", True),
        ("1086400", True),
        ("913599", False),
        ("", False),
        ("-1", False),
        ("²", False),
        ("1e6", False),
    ],
)
def test_a_signature_is_of_the_same_day(stamp: str, recent: bool) -> None:
    assert android.is_recent(stamp, 1_000_000.0) is recent


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: event(message=text)))
def test_any_bytes_give_a_record(body: bytes) -> None:
    assert isinstance(android.decode(body), Part | Odd | Receipt)


@given(st.text(max_size=100))
def test_any_text_comes_out_as_it_was_sent(text: str) -> None:
    found = android.decode(event(message=text))
    assert isinstance(found, Part)
    assert found.payload.decode() == text


def test_what_is_asked_of_the_app_is_what_its_documentation_says() -> None:
    assert json.loads(android.request("n", "+77011234567", "сәлем", 2)) == {
        "id": "n", "textMessage": {"text": "сәлем"}, "phoneNumbers": ["+77011234567"], "withDeliveryReport": True, "simNumber": 2,
    }  # fmt: skip
    assert "simNumber" not in json.loads(android.request("n", "+77011234567", "a", 0))
    assert (
        android.message_id("a", 1, "x") == android.message_id("a", 1, "x") != android.message_id("a", 2, "x")
    )


@pytest.mark.parametrize(
    ("status", "toll"),
    [
        (202, "accepted"),
        (200, "accepted"),
        (409, "accepted"),
        (400, "refused"),
        (401, "away"),
        (403, "away"),
        (404, "away"),
        (429, "slow"),
        (500, "later"),
        (302, "later"),
    ],
)
def test_an_answer_means_what_it_should(status: int, toll: str) -> None:
    assert android.toll(status) == toll
