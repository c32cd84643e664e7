"""What we send by SMPP, what its statuses mean, and the session as a table."""

from __future__ import annotations

import pytest
from msgspec import structs

from sms_gateway.core.smpp import Pdu, Submission, submissions, toll_of
from sms_gateway.core.smpp.commands import Status
from sms_gateway.core.smpp.session import TABLE, event_of, move
from sms_gateway.core.smpp.status import name_of
from wire import BadInput

SENT = Submission(sender="1234", recipient="+77011234567", text="", reference=300, receipt=True)


def _sent(text: str, **more: str) -> list[bytes]:
    return submissions(structs.replace(SENT, text=text, **more))


def test_a_short_text_is_one_body_in_the_default_alphabet() -> None:
    assert _sent("Hi €") == [b"\0\0\x011234\0\1\x0177011234567\0\0\0\0\0\0\1\0\0\0\5Hi \x1be"]


@pytest.mark.parametrize(
    ("text", "parts", "coding"),
    [("x" * 160, 1, 0), ("x" * 161, 2, 0), ("ж" * 70, 1, 8), ("ж" * 71, 2, 8), ("😀" * 40, 2, 8), ("", 1, 0)],
)
def test_a_long_text_is_cut_and_comes_back_whole(text: str, parts: int, coding: int) -> None:
    bodies = _sent(text)
    assert len(bodies) == parts
    payloads = list[bytes]()
    for number, body in enumerate(bodies, 1):
        rest = body[body.index(b"77011234567\0") + 12 :]
        assert (bool(rest[0] & 0x40), rest[7]) == (parts > 1, coding)
        payload = rest[10:]
        assert len(payload) == rest[9] <= 160
        if parts > 1:
            assert payload[:6] == bytes([5, 0, 3, 300 & 0xFF, parts, number])
            payload = payload[6:]
        payloads.append(payload)
        if coding == 8:
            payload.decode("utf-16-be")  # no pair of units is cut
    whole = b"".join(payloads)
    assert (whole.decode("utf-16-be") if coding == 8 else whole.decode()) == text


def test_an_operator_with_latin_1_gets_what_it_has_and_ucs2_for_the_rest() -> None:
    assert _sent("é", alphabet="latin1")[0].endswith(b"\0\0\1\xe9")
    assert _sent("Δ", alphabet="latin1")[0].endswith(b"\x08\0\2\x03\x94")
    assert _sent("é", alphabet="ascii")[0].endswith(b"\x08\0\2\0\xe9")


@pytest.mark.parametrize(
    ("sender", "front"),
    [
        ("DABYL", b"\0\5\0DABYL\0"),
        ("+77010000000", b"\0\1\x0177010000000\0"),
        ("77010000000", b"\0\1\x0177010000000\0"),
        ("", b"\0\0\0\0"),
        ("1414", b"\0\0\x011414\0"),
    ],
)
def test_our_own_name_or_number_says_what_it_is(sender: str, front: bytes) -> None:
    assert _sent("x", sender=sender)[0].startswith(front)


@pytest.mark.parametrize(
    "change", [{"recipient": "Beeline"}, {"recipient": ""}, {"sender": "x" * 21}, {"text": "x" * 153 * 256}]
)
def test_what_no_centre_can_take_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        submissions(structs.replace(SENT, **change))


@pytest.mark.parametrize(
    ("status", "toll"),
    [(0, "accepted"), (Status.RTHROTTLED, "slow"), (Status.RMSGQFUL, "slow"), (Status.RINVDSTADR, "refused"), (Status.RX_R_APPN, "refused"),
     (Status.RX_T_APPN, "later"), (Status.RSYSERR, "later"), (Status.RSUBMITFAIL, "later"), (Status.RINVBNDSTS, "away"), (0x400, "later"), (0xFFFF, "later")],
)  # fmt: skip
def test_a_status_says_what_is_to_be_done(status: int, toll: str) -> None:
    assert toll_of(status) == toll


def test_statuses_have_names() -> None:
    assert (name_of(0x58), name_of(0x401)) == ("ESME_RTHROTTLED", "status 0x00000401")


def test_a_dialogue_of_a_session() -> None:
    state, said = "opening", []
    for event in (
        "connected",
        "text",
        "bind_taken",
        "text",
        "silence",
        "answer",
        "unknown",
        "no_answer",
        "text",
        "unbind_answer",
    ):
        state, acts = move(state, event)  # type: ignore[arg-type]  # words of the table
        said.append((state, acts))
    assert said == [
        ("opening", ("bind",)), ("opening", ("refuse",)), ("bound", ()), ("bound", ("keep",)), ("bound", ("enquire",)),
        ("bound", ("settle",)), ("bound", ("nack",)), ("unbinding", ("unbind",)), ("unbinding", ("keep",)), ("closed", ("close",)),
    ]  # fmt: skip


def test_what_has_no_row_changes_nothing_and_a_closed_session_does_nothing() -> None:
    assert move("bound", "bind_taken") == ("bound", ())
    assert {state for state, _ in TABLE} == {"opening", "bound", "unbinding"}
    assert all(("close" in acts) == (state == "closed") for state, acts in TABLE.values())


@pytest.mark.parametrize(
    ("command", "status", "event"),
    [(5, 0, "text"), (0x103, 0, "text"), (0x15, 0, "enquiry"), (6, 0, "unbind"), (0x80000006, 0, "unbind_answer"), (0x80000009, 0, "bind_taken"),
     (0x80000009, 13, "bind_refused"), (0x80000004, 0, "answer"), (0x80000000, 3, "answer"), (0x102, 0, "answer"), (4, 0, "unknown"), (0x7777, 0, "unknown")],
)  # fmt: skip
def test_a_pdu_is_an_event(command: int, status: int, event: str) -> None:
    assert event_of(Pdu(command, status, 1, b"")) == event
