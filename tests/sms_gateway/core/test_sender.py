from __future__ import annotations

import pytest

from sms_gateway.core.sender import is_person, number, sender_print

KEY = bytes(32)


@pytest.mark.parametrize(
    "written",
    ["+77011234567", "77011234567", "87011234567", "+7 (701) 123-45-67", " 7701 1234567", "7011234567"],
)
def test_one_number_has_one_print_however_it_is_written(written: str) -> None:
    assert number(written) == "77011234567"
    assert sender_print(KEY, written) == sender_print(KEY, "+77011234567")


def test_a_print_holds_the_last_two_digits_and_nothing_else_of_the_number() -> None:
    found = sender_print(KEY, "+77011234567")
    digest, _, tail = found.partition("-")
    assert (len(digest), tail) == (32, "67")
    assert "1234" not in found


def test_prints_differ_by_number_and_by_key() -> None:
    prints = {
        sender_print(KEY, "+77011234567"),
        sender_print(KEY, "+77011234667"),
        sender_print(bytes([1] * 32), "+77011234567"),
    }
    assert len(prints) == 3


@pytest.mark.parametrize(
    ("sender", "own", "person"),
    [
        ("+77011234567", "1234", True),
        ("87011234567", "1234", True),
        ("KCELL", "1234", False),
        ("1414", "1234", False),
        ("", "1234", False),
        ("+77011234567", "+77011234567", False),
        ("+77011234567", "87011234567", False),
        ("+770112345671234567", "1234", False),
        ("٧٧٠١١٢٣٤٥٦٧", "1234", False),
    ],
)
def test_only_a_persons_phone_is_answered(sender: str, own: str, person: bool) -> None:
    assert is_person(sender, own) is person
