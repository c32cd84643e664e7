"""The table of delivery: an answer comes in, exact commands go out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.delivery import (
    LONGEST_WAIT_S,
    TABLE,
    Command,
    Course,
    Event,
    Reply,
    State,
    read_reply,
    unreachable,
)
from wire import canonical
from wire.receipts import Receipt, Refusal

RECEIPT = Receipt(result="new", boot="00112233aabbccdd", high_water=3)
TAKEN = Reply(event=Event.TAKEN, receipt=RECEIPT)
NEVER, NOT_NOW, NOT_US = Reply(event=Event.NEVER), unreachable("no route"), Reply(event=Event.NOT_US)


def refusal(error: str, *, retry: bool = False) -> bytes:
    return canonical.encode(Refusal(error=error, detail="why", retry=retry))


@pytest.mark.parametrize(
    ("status", "body", "event"),
    [
        (200, canonical.encode(RECEIPT), Event.TAKEN),
        (200, b"<html>welcome to the hotel</html>", Event.NOT_NOW),
        (302, b"", Event.NOT_NOW),
        (400, refusal("malformed"), Event.NEVER),
        (422, refusal("schema"), Event.NEVER),
        (409, refusal("conflict"), Event.NEVER),
        (401, refusal("unknown_probe"), Event.NOT_US),
        (403, refusal("revoked"), Event.NOT_US),
        (404, refusal("not_found"), Event.NOT_NOW),
        (404, b"nginx", Event.NOT_NOW),
        (403, b"<html>blocked</html>", Event.NOT_NOW),
        (429, refusal("rate", retry=True), Event.NOT_NOW),
        (503, refusal("storage", retry=True), Event.NOT_NOW),
        (500, b"", Event.NOT_NOW),
        (422, b"\xff\xfe", Event.NOT_NOW),
    ],
)
def test_only_a_collectors_own_word_settles_anything(status: int, body: bytes, event: Event) -> None:
    assert read_reply(status, body).event is event


@given(st.integers(100, 599), st.binary(max_size=100), st.text(max_size=10))
def test_any_answer_is_understood(status: int, body: bytes, retry_after: str) -> None:
    reply = read_reply(status, body, retry_after)
    assert 0 <= reply.wait_s <= LONGEST_WAIT_S


def test_every_state_has_a_line_for_every_event() -> None:
    assert set(TABLE) == {(state, event) for state in State for event in Event}


def test_a_person_reads_one_line_for_each_change() -> None:
    course = Course(1)
    said = [
        [command.name for command in course.take(reply) if command.name.startswith("SAY")]
        for reply in (NOT_NOW, NOT_NOW, TAKEN, TAKEN, NOT_US, NOT_US, TAKEN, NEVER)
    ]
    assert said == [["SAY_DOWN"], [], ["SAY_UP"], [], ["SAY_LOCKED_OUT"], [], ["SAY_UP"], ["SAY_ASIDE"]]


def test_what_is_taken_is_settled_and_what_never_will_be_is_set_aside() -> None:
    assert Command.SETTLE in Course(1).take(TAKEN)
    assert Command.SET_ASIDE in Course(1).take(NEVER)
    assert Command.SET_ASIDE not in Course(1).take(NOT_US)


def test_every_collector_has_its_turn_before_anybody_waits() -> None:
    course = Course(3)
    turns = []
    for _ in range(6):
        course.take(NOT_NOW)
        turns.append((course.turn, course.wait_s(NOT_NOW, 1.0)))
    assert turns == [(1, 0.0), (2, 0.0), (0, 2.0), (1, 0.0), (2, 0.0), (0, 4.0)]


def test_waiting_grows_to_an_end_and_is_over_with_the_first_success() -> None:
    course = Course(1)
    waits = []
    for _ in range(20):
        course.take(NOT_NOW)
        waits.append(course.wait_s(NOT_NOW, 1.0))
    assert waits[:4] == [2.0, 4.0, 8.0, 16.0]
    assert waits[-1] == LONGEST_WAIT_S
    course.take(TAKEN)
    assert course.wait_s(TAKEN, 1.0) == 0.0


def test_a_collector_that_names_a_time_is_given_it() -> None:
    course = Course(1)
    reply = read_reply(429, refusal("rate", retry=True), "60")
    course.take(reply)
    assert course.wait_s(reply, 0.5) == 60.0
    assert read_reply(429, b"", "Fri, 20 Nov 2026 12:00:00 GMT").wait_s == 0.0
