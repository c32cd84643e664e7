"""URLs taken apart, and where redirects lead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from probes.core.dns_message import ask
from probes.core.http1 import is_literal, request
from probes.core.places import MAX_HOPS, asked_name, check_url, place_of, redirect
from probes.packets import client_hello
from wire.errors import BadInput

HERE = place_of("https://site.kz/a/b?c=d")


def test_a_url_is_taken_apart() -> None:
    assert (HERE.scheme, HERE.host, HERE.port, HERE.path) == ("https", "site.kz", 443, "/a/b?c=d")
    odd = place_of("http://Қазақстан.example:8080/a b/ғ")
    assert (odd.host, odd.name) == ("қазақстан.example", "xn--80aaa0a6awh12ed.example")
    assert (odd.port, odd.path) == (8080, "/a%20b/%D2%93")


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/x", "https://site.kz/x"),
        ("?y", "https://site.kz/a/b?y"),
        ("//cdn.kz/z", "https://cdn.kz/z"),
        ("http://plain.kz", "http://plain.kz"),
        ("HTTP://PLAIN.kz/", "HTTP://PLAIN.kz/"),
        ("https://site.kz:444/#f", "https://site.kz:444/#f"),
    ],
)
def test_a_redirect_leads_on(location: str, leads_to: str) -> None:
    further = redirect(HERE, 302, location)
    assert further is not None
    assert (further.full, further.hop) == (leads_to, 1)


@pytest.mark.parametrize(
    ("status", "location", "hop"),
    [
        (200, "/x", 0),
        (304, "/x", 0),
        (302, "", 0),
        (302, "intent://open#Intent", 0),
        (302, "ftp://files.kz/", 0),
        (302, "javascript:alert(1)", 0),
        (302, "https://", 0),
        (302, "https://[::1/", 0),
        (302, "https://a:70000/", 0),
        (302, "https://" + "a" * 3000, 0),
        (302, "https://" + "a" * 64 + ".kz/", 0),
        (302, "https://a..kz/", 0),
        (302, "/x", MAX_HOPS),
    ],
)
def test_other_answers_lead_nowhere(status: int, location: str, hop: int) -> None:
    assert redirect(replace(HERE, hop=hop), status, location) is None


def test_a_record_holds_no_query_that_a_redirect_wrote() -> None:
    further = redirect(HERE, 302, "http://portal.example/?client=203.0.113.7")
    assert further is not None
    assert further.url == "http://portal.example/"
    assert further.path == "/?client=203.0.113.7"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("tcp://site.kz", "port"),
        ("tls://:443", "host"),
        ("dns://1.1.1.1", "name to ask for"),
        ("dns://1.1.1.1/", "name to ask for"),
        ("dns://1.1.1.1/a..b", "name to ask for"),
        ("https://a..kz/", "label"),
        ("https://қ..kz/", "Label"),
    ],
)
def test_a_target_that_leads_nowhere_is_bad_input(url: str, reason: str) -> None:
    with pytest.raises(BadInput) as found:
        check_url(url)
    assert reason in str(found.value)
    assert "\n" not in str(found.value)


def test_the_name_of_a_question_is_its_path() -> None:
    assert asked_name("dns://1.1.1.1:53/Example.com") == "example.com"


@given(st.text(max_size=80))
def test_any_location_leads_somewhere_or_nowhere(location: str) -> None:
    further = redirect(HERE, 301, location)
    assert further is None or further.path.isascii()


@given(st.text(max_size=30).map("https://{}/".format) | st.text(max_size=30).map("//{}.kz".format))
def test_wherever_a_page_sends_its_host_can_be_asked_for_and_said(location: str) -> None:
    further = redirect(HERE, 301, location)
    if further is not None and not is_literal(further):
        assert client_hello(further.name)
        assert ask(further.name, "A", 1).raw
        assert request(further).count(b"\r\n") == request(HERE).count(b"\r\n")
