"""Dialogues with a modem: what it says, exactly what is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.at.lines import Heard, Lines
from sms_gateway.core.at.talk import TABLE, Answer, Command, Event, Notice, Said, State, Talk

SEND = Command(text="AT+CMGS=23", body="0011AA")


def _dialogue(talk: Talk, data: str) -> list[Said]:
    """What is done after each line, without the lines after which nothing is."""
    return [
        said
        for heard in Lines().feed(data.replace("|", "\r\n").encode())
        if (said := talk.hear(heard)) != Said()
    ]


def _asked(text: str, body: str = "") -> Talk:
    talk = Talk()
    assert talk.ask(Command(text=text, body=body)) == f"{text}\r".encode()
    return talk


def test_every_state_knows_every_event() -> None:
    assert set(TABLE) == {(state, event) for state in get_args(State) for event in get_args(Event)}


@pytest.mark.parametrize(
    ("command", "data", "lines", "final"),
    [
        ("AT", "|OK|", (), "OK"),
        ("AT", "AT||OK|", (), "OK"),
        ("ATE0", "ATE0|OK|", (), "OK"),
        ("AT+CSQ", "|+CSQ: 17,99||OK|", ("+CSQ: 17,99",), "OK"),
        ("AT+CPIN?", "|+CPIN: READY||OK|", ("+CPIN: READY",), "OK"),
        ("AT+CREG?", "|+CREG: 0,1||OK|", ("+CREG: 0,1",), "OK"),
        ("AT+CPIN?", "|+CME ERROR: 10|", (), "+CME ERROR: 10"),
        ("AT+CMGD=3", "|+CMS ERROR: 321|", (), "+CMS ERROR: 321"),
        ("AT+CMGD=3", "|+CMS ERROR: invalid memory index|", (), "+CMS ERROR: invalid memory index"),
        ("AT+CMGL=4", "|+CMGL: 1,0,,2|0791|+CMGL: 2,1,,2|0792|OK|",
         ("+CMGL: 1,0,,2", "0791", "+CMGL: 2,1,,2", "0792"), "OK"),
        ("AT+CNUM", "+CNUM: \"\",\"+77011234567\",145|OK|", ("+CNUM: \"\",\"+77011234567\",145",), "OK"),
        ("ATD1", "|NO CARRIER|", (), "NO CARRIER"),
    ],
)  # fmt: skip
def test_a_command_gets_its_lines_and_its_end(
    command: str, data: str, lines: tuple[str, ...], final: str
) -> None:
    assert _dialogue(_asked(command), data) == [Said(answer=Answer(final=final, lines=lines))]


NOTICES = [
    '+CMTI: "SM",3',
    "RING",
    "+CREG: 2",
    '+CREG: 1,"00AF","1D2C",7',
    "^RSSI:19",
    "+CIEV: 2,3",
    "RDY",
    "+CUSD: 0",
    "+CEREG: 5",
]


@pytest.mark.parametrize("line", NOTICES)
def test_a_notice_in_the_middle_of_an_answer_is_none_of_it(line: str) -> None:
    said = _dialogue(_asked("AT+CMGL=4"), f"+CMGL: 1,0,,2|{line}|0791|OK|")
    assert said == [
        Said(notices=(Notice(line=line),)),
        Said(answer=Answer(final="OK", lines=("+CMGL: 1,0,,2", "0791"))),
    ]


@pytest.mark.parametrize("line", [*NOTICES, "+CPIN: READY"])
def test_a_notice_between_commands_is_announced(line: str) -> None:
    assert _dialogue(Talk(), f"|{line}|") == [Said(notices=(Notice(line=line),))]


@pytest.mark.parametrize("line", ["+CREG: 1", '+CREG: 1,"00AF","1D2C"'])
def test_a_change_of_registration_is_told_from_the_answer_about_it(line: str) -> None:
    said = _dialogue(_asked("AT+CREG?"), f"{line}|+CREG: 0,1|OK|")
    assert said == [
        Said(notices=(Notice(line=line),)),
        Said(answer=Answer(final="OK", lines=("+CREG: 0,1",))),
    ]


def test_a_report_comes_in_two_lines_and_ends_no_command() -> None:
    said = _dialogue(_asked("AT+CSQ"), "+CDS: 25|0006AA|+CSQ: 5,0|OK|")
    assert said == [
        Said(notices=(Notice(line="+CDS: 25", pdu="0006AA"),)),
        Said(answer=Answer(final="OK", lines=("+CSQ: 5,0",))),
    ]


def test_a_text_is_written_after_the_prompt_and_only_then() -> None:
    talk = _asked(SEND.text, SEND.body)
    assert _dialogue(talk, "|> ") == [Said(write=b"0011AA\x1a")]
    assert _dialogue(talk, "0011AA||+CMGS: 7||OK|") == [Said(answer=Answer(final="OK", lines=("+CMGS: 7",)))]


def test_a_second_prompt_brings_no_second_text() -> None:
    talk = _asked(SEND.text, SEND.body)
    assert _dialogue(talk, "> ") == [Said(write=b"0011AA\x1a")]
    assert _dialogue(talk, "> ") == []


def test_a_refusal_instead_of_the_prompt_ends_it() -> None:
    assert _dialogue(_asked(SEND.text, SEND.body), "+CMS ERROR: 304|") == [
        Said(answer=Answer(final="+CMS ERROR: 304"))
    ]


def test_a_prompt_that_nobody_asked_for_is_left() -> None:
    assert _dialogue(Talk(), "|> ") == [Said(write=b"\x1b")]
    assert _dialogue(_asked("AT+CSQ"), "|> ") == [Said(write=b"\x1b")]


def test_an_answer_after_giving_up_is_nobodys() -> None:
    talk = _asked("AT+CMGL=4")
    assert talk.give_up() == b"\x1b"
    assert _dialogue(talk, "+CMGL: 1,0,,2|0791|OK|") == []
    talk.ask(Command(text="AT+CSQ"))
    assert _dialogue(talk, "+CSQ: 1,0|OK|") == [Said(answer=Answer(final="OK", lines=("+CSQ: 1,0",)))]


@given(
    st.lists(
        st.sampled_from(
            ["OK", "ERROR", "> ", '+CMTI: "SM",1', "+CDS: 3", "0011AA", "x", "AT+CMGS=23", "+CMGS: 1"]
        ),
        max_size=20,
    )
)
def test_whatever_is_heard_a_text_is_written_once_and_an_answer_comes_once(lines: Sequence[str]) -> None:
    talk = _asked(SEND.text, SEND.body)
    said = [
        talk.hear(Heard(kind="prompt") if line == "> " else Heard(kind="line", text=line)) for line in lines
    ]
    assert sum(one.write == b"0011AA\x1a" for one in said) <= 1
    assert sum(one.answer is not None for one in said) <= 1
