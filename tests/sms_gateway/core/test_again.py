"""What a network brings again after a break, told from what a person sends again."""

from __future__ import annotations

import pytest

from sms_gateway.core.again import AGAIN_S, DOUBT_S, Came, Lately, print_of

OFF, ON = b"off", b"on"


def _came(what: bytes, session: str, at: float, link: str = "a") -> Came:
    return Came(link=link, session=session, at=at, print=what)


def _again(*pieces: Came, live: frozenset[str] = frozenset()) -> list[bool]:
    lately = Lately()
    return [lately.is_again(piece, live) for piece in pieces]


def test_off_on_off_in_one_session_are_three() -> None:
    assert _again(_came(OFF, "s1", 0), _came(ON, "s1", 1), _came(OFF, "s1", 2)) == [False, False, False]


def test_what_comes_again_in_the_next_session_is_known_once_for_each_copy() -> None:
    pieces = [
        _came(OFF, "s1", 0),
        _came(ON, "s1", 1),
        _came(OFF, "s2", 5),
        _came(ON, "s2", 6),
        _came(OFF, "s2", 7),
    ]
    assert _again(*pieces) == [False, False, True, True, False]


def test_what_comes_a_third_time_in_a_third_session_is_known_too() -> None:
    assert _again(_came(OFF, "s1", 0), _came(OFF, "s2", 1), _came(OFF, "s3", 2)) == [False, True, True]


def test_a_second_connection_that_lives_excuses_nothing() -> None:
    assert _again(_came(OFF, "s1", 0), _came(OFF, "s2", 1), live=frozenset({"s1"})) == [False, False]


@pytest.mark.parametrize(("quiet_s", "known"), [(DOUBT_S, True), (DOUBT_S + 1, False)])
def test_only_the_last_moments_of_a_session_are_in_doubt(quiet_s: float, known: bool) -> None:
    assert _again(_came(OFF, "s1", 0), _came(ON, "s1", quiet_s), _came(OFF, "s2", quiet_s + 1))[-1] is known


@pytest.mark.parametrize(("later_s", "known"), [(AGAIN_S, True), (AGAIN_S + 1, False)])
def test_what_comes_much_later_is_new(later_s: float, known: bool) -> None:
    assert _again(_came(OFF, "s1", 0), _came(OFF, "s2", later_s))[-1] is known


def test_another_link_has_its_own_memory() -> None:
    assert _again(_came(OFF, "s1", 0), _came(OFF, "s2", 1, link="b")) == [False, False]


def test_a_former_life_is_remembered_and_old_copies_are_forgotten() -> None:
    lately = Lately([_came(OFF, "s1", 0), _came(ON, "s1", 50)])
    lately.forget(10)
    assert [lately.is_again(_came(what, "s2", 60), ()) for what in (OFF, ON)] == [False, True]


def test_a_print_takes_its_key() -> None:
    assert print_of(b"k" * 32, OFF) != print_of(b"l" * 32, OFF)
    assert len(print_of(b"k" * 32, OFF)) == 12


def test_what_its_session_has_left_behind_is_not_kept_in_memory() -> None:
    lately = Lately([_came(b"%d" % number, "s1", float(number)) for number in range(500)])
    lately.forget(0)
    kept = [number for number in range(500) if lately.is_again(_came(b"%d" % number, "s2", 500.0), ())]
    assert kept == list(range(int(499 - DOUBT_S), 500))
