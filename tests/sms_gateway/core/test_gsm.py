from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.core.gsm import BASIC, EXTENSION, Parts, parts


def test_the_tables_have_the_sizes_of_the_standard() -> None:
    # 128 places less the escape; ten characters of the extension.
    assert (len(BASIC), len(EXTENSION)) == (127, 10)
    assert not BASIC & EXTENSION


@pytest.mark.parametrize(
    ("text", "alphabet", "units", "count"),
    [
        ("", "gsm7", 0, 1),
        ("OPEN", "gsm7", 4, 1),
        ("a" * 160, "gsm7", 160, 1),
        ("a" * 161, "gsm7", 161, 2),
        ("a" * 306, "gsm7", 306, 2),
        ("a" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("a" + "€" * 80, "gsm7", 161, 2),
        ("a" * 152 + "€" + "a" * 152, "gsm7", 306, 3),  # the escape is not cut from what it escapes
        ("@£$ÇΩ§à\n", "gsm7", 8, 1),
        ("`", "ucs2", 1, 1),
        ("ç", "ucs2", 1, 1),
        ("Ә", "ucs2", 1, 1),
        ("ж" * 70, "ucs2", 70, 1),
        ("ж" * 71, "ucs2", 71, 2),
        ("ж" * 134, "ucs2", 134, 2),
        ("ж" * 135, "ucs2", 135, 3),
        ("😀" * 35, "ucs2", 70, 1),
        ("😀" * 36, "ucs2", 72, 2),
        ("ж" * 66 + "😀" + "ж" * 66, "ucs2", 134, 3),  # a pair is not cut
    ],
)
def test_a_text_takes_as_many_parts_as_the_standard_says(
    text: str, alphabet: str, units: int, count: int
) -> None:
    found = parts(text)
    assert (found.alphabet, found.units, found.count) == (alphabet, units, count)


@given(st.text(max_size=400))
def test_units_are_never_more_than_the_parts_hold(text: str) -> None:
    found: Parts = parts(text)
    alone, joined = (160, 153) if found.alphabet == "gsm7" else (70, 67)
    assert found.units <= (alone if found.count == 1 else joined * found.count)
    assert found.count == 1 or found.units > alone
