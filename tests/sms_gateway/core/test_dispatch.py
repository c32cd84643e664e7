"""Which link a text goes by: a table of how the links are."""

from __future__ import annotations

import pytest

from sms_gateway.core.dispatch import LinkNow, pick

A, B, C = (LinkNow(name=name, up=True) for name in "abc")
A_AWAY, B_AWAY = (LinkNow(name=name, up=False) for name in "ab")
A_BUSY, A_CAPPED, B_CAPPED = (
    LinkNow(name="a", up=True, free=False),
    LinkNow(name="a", up=True, capped=True),
    LinkNow(name="b", up=True, capped=True),
)


@pytest.mark.parametrize(
    ("name", "how", "picked"),
    [
        ("its own first", ("b", 0, (), (A, B, C)), ("b", "wait")),
        ("any, in the order of the settings", ("", 0, (), (A, B, C)), ("a", "wait")),
        ("another one when its own is away", ("a", 0, (), (A_AWAY, B)), ("b", "wait")),
        ("another one when its own has sent enough today", ("a", 0, (), (A_CAPPED, B)), ("b", "wait")),
        ("another one when its own has no room now", ("a", 0, (), (A_BUSY, B)), ("b", "wait")),
        ("another one after two tries", ("a", 2, (), (A, B, C)), ("b", "wait")),
        ("and the third after four", ("a", 4, (), (A, B, C)), ("c", "wait")),
        ("and its own again after six", ("a", 6, (), (A, B, C)), ("a", "wait")),
        ("another one when its own refused it", ("a", 0, ("a",), (A, B)), ("b", "wait")),
        ("none when all refused it", ("a", 0, ("a", "b"), (A, B)), ("", "end")),
        ("none where no link sends", ("a", 0, (), ()), ("", "end")),
        ("its own when all are away: sending may find out", ("b", 0, (), (A_AWAY, B_AWAY)), ("b", "wait")),
        ("none now when all have sent enough today", ("a", 0, (), (A_CAPPED, B_CAPPED)), ("", "wait")),
        ("none now when there is no room", ("a", 0, (), (A_BUSY,)), ("", "wait")),
        ("of a link that is gone, by another", ("gone", 0, (), (A,)), ("a", "wait")),
    ],
)  # fmt: skip
def test_a_text_goes_by(
    name: str, how: tuple[str, int, tuple[str, ...], tuple[LinkNow, ...]], picked: tuple[str, str]
) -> None:
    assert pick(*how) == picked
