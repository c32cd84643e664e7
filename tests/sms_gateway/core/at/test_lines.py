"""What a port gives, in whatever pieces it comes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.at.lines import MOST_BYTES, Heard, Lines

PROMPT = Heard(kind="prompt")


def _line(text: str) -> Heard:
    return Heard(kind="line", text=text)


@pytest.mark.parametrize(
    ("data", "heard"),
    [
        (b"\r\nOK\r\n", [_line("OK")]),
        (b"AT\r\r\nOK\r\n", [_line("AT"), _line("OK")]),
        (b"\r\n+CSQ: 17,99\r\n\r\nOK\r\n", [_line("+CSQ: 17,99"), _line("OK")]),
        (b"\r\n> ", [PROMPT]),
        (b"> \r\n", [PROMPT]),
        (b"\r\n>", [PROMPT]),
        (b"\r\n>\r\n", [PROMPT]),
        (b"AT+CMGS=23\r\r\n> ", [_line("AT+CMGS=23"), PROMPT]),
        (b"> 0011AA\r\n", [_line("0011AA")]),
        (b"OK", []),
        (b"\0\0\r\nOK\r\n", [_line("OK")]),
        (b"\xff\xfeOK\r\n", [_line("??OK")]),
        (b"\n\n\n\r\r\r", []),
    ],
)
def test_bytes_become_lines_and_prompts(data: bytes, heard: list[Heard]) -> None:
    assert Lines().feed(data) == heard


@given(cuts=st.lists(st.integers(0, 60), max_size=6))
def test_pieces_of_any_size_give_the_same_lines(cuts: list[int]) -> None:
    data = b'\r\n+CMGL: 1,0,,24\r\n0791AABB\r\n\r\n+CMTI: "SM",3\r\n\r\nOK\r\n'
    edges = [0, *sorted(cuts), len(data)]
    lines = Lines()
    found = [one for at, end in pairwise(edges) for one in lines.feed(data[at:end])]
    assert found == Lines().feed(data)


def test_a_line_without_an_end_never_grows_beyond_its_limit() -> None:
    lines = Lines()
    for _ in range(100):
        assert lines.feed(b"x" * 1000) == []
    assert len(lines._rest) <= MOST_BYTES + 1
    assert lines.feed(b"\r\nOK\r\n") == [_line("OK")]


def test_what_is_incomplete_is_forgotten_after_a_silence() -> None:
    lines = Lines()
    lines.feed(b"+CMG")
    lines.clear()
    assert lines.feed(b"OK\r\n") == [_line("OK")]


@given(st.binary(max_size=400))
def test_any_bytes_give_lines_without_ends(data: bytes) -> None:
    for one in Lines().feed(data):
        assert one.kind == "prompt" or (one.text and one.text.isascii() and "\n" not in one.text)
