"""A modem's life: every way from trouble leads back to work, and none ends."""

from __future__ import annotations

from typing import get_args

import pytest

from sms_gateway.core.at.life import START, TABLE, Action, Event, State, step

# What each action can come to, as the driver does it.
OUTCOMES: dict[Action, tuple[Event, ...]] = {
    "open": ("opened", "gone"),
    "wake": ("answered", "silent", "gone"),
    "ask": ("sim_ready", "pin_wanted", "no_sim", "failed", "silent", "gone"),
    "unlock": ("answered", "failed", "silent", "gone"),
    "set": ("answered", "failed", "silent", "gone"),
    "work": ("failed", "silent", "gone"),
    "nudge": ("answered", "silent", "gone"),
    "restart": ("answered", "silent", "gone"),
    "rest": ("answered",),
}


def _follow(events: list[Event]) -> list[Action]:
    state, action = START
    done = [action]
    for event in events:
        state, action = step(state, event)
        done.append(action)
    return done


def test_the_outcomes_name_every_action() -> None:
    assert set(OUTCOMES) == set(get_args(Action))


def test_every_outcome_of_every_action_is_in_the_table_and_work_can_be_reached_from_everywhere() -> None:
    seen: set[tuple[State, Action]] = set()
    ways: dict[tuple[State, Action], set[tuple[State, Action]]] = {}
    waiting = [START]
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        ways[here] = {step(here[0], event) for event in OUTCOMES[here[1]]}
        waiting.extend(ways[here])
    assert {state for state, _ in seen} == set(get_args(State))
    assert {action for _, action in seen} == set(get_args(Action))
    reaching: set[tuple[State, Action]] = {("ready", "work")}
    for _ in seen:
        reaching |= {here for here, nexts in ways.items() if nexts & reaching}
    assert reaching == seen


def test_every_row_of_the_table_is_used() -> None:
    reachable = {
        (state, event)
        for state, action in _all()
        for event in OUTCOMES[action]
        if event != "gone" or state == "closed"
    }
    assert set(TABLE) <= reachable


def _all() -> set[tuple[State, Action]]:
    return {START, *TABLE.values(), ("closed", "rest")}


@pytest.mark.parametrize(
    ("events", "actions"),
    [
        (["opened", "answered", "sim_ready", "answered"], ["open", "wake", "ask", "set", "work"]),
        (
            ["opened", "answered", "pin_wanted", "answered", "sim_ready"],
            ["open", "wake", "ask", "unlock", "ask", "set"],
        ),
        (
            ["opened", "answered", "pin_wanted", "failed", "answered"],
            ["open", "wake", "ask", "unlock", "rest", "rest"],
        ),
        (["opened", "silent", "silent", "answered"], ["open", "wake", "nudge", "rest", "open"]),
        (["gone", "answered", "opened"], ["open", "rest", "open", "wake"]),
        (
            ["opened", "answered", "no_sim", "answered", "answered"],
            ["open", "wake", "ask", "restart", "rest", "open"],
        ),
    ],
)
def test_lives_as_they_happen(events: list[Event], actions: list[Action]) -> None:
    assert _follow(events)[: len(actions)] == actions


@pytest.mark.parametrize("state", get_args(State))
def test_a_port_that_is_gone_is_rested_from_everywhere(state: State) -> None:
    assert step(state, "gone") == ("closed", "rest")
