"""Names as they are spoken, and addresses that are hidden."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.hosts import scrub_location, scrub_text, scrub_url, spoken


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("Your address is 203.0.113.7.", "Your address is [address]."),
        ("you: 2001:db8::17, blocked", "you: [address], blocked"),
        ("::1", "[address]"),
        ("Version 1.2.3 of 12:30", "Version 1.2.3 of 12:30"),
        ("999.1.2.3 and 1.2.3.4.5", "999.1.2.3 and 1.2.3.4.5"),
        ("10.0.0.1/10.0.0.2", "[address]/[address]"),
        ("", ""),
    ],
)
def test_literal_addresses_are_hidden_and_nothing_else(text: str, scrubbed: str) -> None:
    assert scrub_text(text) == scrubbed


@pytest.mark.parametrize(
    ("url", "scrubbed"),
    [
        ("http://portal.example:8080/login?client=203.0.113.7#x", "http://portal.example:8080/login"),
        ("http://user:secret@portal.example/a/203.0.113.7/b", "http://portal.example/a/[address]/b"),
        ("http://[2001:db8::1]:81/x", "http://[2001:db8::1]:81/x"),
        ("http://192.168.0.1/", "http://192.168.0.1/"),
        ("http://[::1", ""),
        ("http://a:99999/", ""),
    ],
)
def test_a_url_keeps_scheme_host_and_path(url: str, scrubbed: str) -> None:
    assert scrub_url(url) == scrubbed


def test_a_relative_location_is_taken_from_where_it_was_found() -> None:
    assert scrub_location("https://site.kz/a/b?c", "../d?e=1") == "https://site.kz/d"
    assert scrub_location("https://site.kz/", "") == ""
    assert scrub_location("https://site.kz/", "//[bad") == ""


def test_an_idn_is_spoken_in_letters_of_ascii() -> None:
    assert spoken("қазақстан.example") == "xn--80aaa0a6awh12ed.example"
    assert spoken("Plain.example") == "Plain.example"


@pytest.mark.parametrize(
    "host",
    [
        "қ" * 300,
        "қ..kz",
        "\ud800.kz",
        "a" * 64 + ".kz",
        ".kz",
        "",
        "a." * 130 + "kz",
        "a\0b.kz",
        "a b.kz",
        "a\x7f.kz",
    ],
)
def test_what_cannot_be_spoken_is_a_value_error(host: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        spoken(host)


@given(st.text(max_size=100), st.text(max_size=100))
def test_any_location_gives_a_text(base: str, location: str) -> None:
    assert "?" not in scrub_location(f"https://{base}", location)
