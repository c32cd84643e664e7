"""The table for people."""

from __future__ import annotations

from msgspec.structs import replace

from probes.core.contacts import Contacts, digest, what_is_contacted, what_is_told
from probes.core.ids import base36
from probes.core.table import in_words, own_line, table
from wire.records import Measurement, Network, Step, Target, Verdict

LINE = Step(
    step="line", failure=None, t0=1, t=1, tried=3, ok=2, connected=2, domestic_tried=2, domestic_ok=1, ipv6="no",
    foreign_tried=1, foreign_ok=1, resolver_answers="yes",
)  # fmt: skip
TARGET = Target(id="site.kz", url="https://site.kz/", category="news")


def measured(verdict: Verdict, line: Step = LINE) -> Measurement:
    return Measurement(
        id="b-1", probe="local", at="2026-11-20T12:00:00.000Z", network=Network(), target=TARGET, steps=(line,),
        verdict=verdict,
    )  # fmt: skip


OK = measured(Verdict(state="ok", rule="works"))
CUT = measured(
    Verdict(state="likely_blocked", stage="tls", mechanism="tls.timeout.sni", rule="fails_here_only")
)


def test_a_round_is_a_table_under_the_own_line() -> None:
    lines = table([OK, CUT]).splitlines()
    assert (
        lines[0] == "own line: 2 of 3 targets answered, domestic 1 of 2, foreign 1 of 1, IPv6 does not work"
    )
    assert lines[2].split() == ["target", "state", "mechanism", "rule"]
    assert lines[3].split() == ["site.kz", "works", "-", "works"]
    assert lines[4].split() == ["site.kz", "likely", "blocked", "tls.timeout.sni", "fails_here_only"]


def test_colours_are_put_around_whole_lines() -> None:
    lines = table([OK, CUT], colour=True).splitlines()
    assert lines[3].startswith("\x1b[32m")
    assert lines[4].startswith("\x1b[31m")
    assert all(line.endswith("\x1b[0m") for line in lines[3:])


def test_the_own_line_is_told_in_words() -> None:
    assert own_line([]) == "own line: not known"
    dead = replace(LINE, ok=0, connected=0)
    assert own_line([measured(OK.verdict, dead)]) == "own line: down: none of 3 targets could be connected to"
    assert "captive portal" in own_line([measured(OK.verdict, replace(LINE, portal=True))])
    assert "resolver is silent" in own_line([measured(OK.verdict, replace(LINE, resolver_answers="no"))])


def test_a_round_in_one_line_counts_what_is_unusual() -> None:
    assert in_words([OK, CUT, CUT]).endswith("; likely blocked: 2")


def test_an_empty_round_is_a_table_too() -> None:
    assert table([]).splitlines()[0] == "own line: not known"


def test_everything_that_is_contacted_is_listed_and_another_list_is_another_consent() -> None:
    contacts = Contacts(
        targets=(TARGET,), collectors=("https://c.example",), controls=("file.jsonl", "https://c.example/v1/control"),
        resolvers=(), public_resolvers=("1.1.1.1",),
    )  # fmt: skip
    lines = what_is_contacted(contacts)
    for place in (
        "https://c.example:",
        "https://c.example/v1/control",
        "1.1.1.1",
        "https://site.kz/",
        "example.com",
    ):
        assert any(place in line for line in lines)
    assert not any("file.jsonl" in line for line in lines)
    assert digest(lines) != digest(what_is_contacted(replace(contacts, collectors=("https://d.example",))))
    assert "KZ-71" in what_is_told(Network(region="KZ-71"))


def test_numbers_in_base_36() -> None:
    assert [base36(number) for number in (0, 9, 10, 35, 36, 1_295, 1_296)] == [
        "0",
        "9",
        "a",
        "z",
        "10",
        "zz",
        "100",
    ]


def test_a_wrong_clock_is_told_before_anything_is_made_of_it() -> None:
    def told(offset_s: float) -> str:
        return own_line([measured(Verdict(state="ok", rule="works"), replace(LINE, clock_offset_s=offset_s))])

    assert "THIS MACHINE'S CLOCK IS WRONG by about 3 hours (ahead)" in told(10_800.0)
    assert "by about 365 days (behind)" in told(-31_536_000.0)
    assert "CLOCK" not in told(600.0)
