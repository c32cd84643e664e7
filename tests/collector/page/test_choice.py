"""Which language a reader gets, and what the links keep."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.page.choice import Choice, choose, preferred
from wire.facts import LANGUAGES

HEADERS = [
    ("", "kk"),
    ("kk", "kk"),
    ("ru", "ru"),
    ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
    ("en-GB", "en"),
    ("de-DE,de;q=0.9,en;q=0.5,ru;q=0.4", "en"),
    ("fr", "kk"),
    ("en;q=0.2, ru;q=0.7, kk;q=0.3", "ru"),
    ("ru;q=0.8,kk;q=0.8", "ru"),
    ("KK-Cyrl-KZ, ru;q=0.1", "kk"),
    ("ru;q=0", "kk"),
    ("ru;q=nonsense, en;q=0.1", "en"),
    ("ru;q=nan, en;q=0.1", "en"),
    ("ru;q=9, en;q=0.1", "en"),
    ("en;level=1", "en"),
    ("*", "kk"),
    (",,;;,", "kk"),
]


@pytest.mark.parametrize(("header", "language"), HEADERS)
def test_the_readers_own_order_of_languages_counts(header: str, language: str) -> None:
    assert preferred(header) == language


@given(st.text(max_size=400))
def test_any_header_gives_one_of_our_languages(header: str) -> None:
    assert preferred(header) in LANGUAGES


def test_the_address_counts_more_than_the_browser() -> None:
    assert choose({"lang": "en"}, "ru").language == "en"
    assert choose({"lang": "EN"}, "ru").language == "en"
    assert choose({"lang": "tlh"}, "ru").language == "ru"


def test_the_page_reloads_itself_unless_told_not_to() -> None:
    assert choose({}, "").reload
    assert not choose({"reload": "off"}, "").reload
    assert choose({"reload": "<script>"}, "").reload


def test_links_keep_the_language_and_the_stillness() -> None:
    still = Choice(language="ru", reload=False)
    assert still.link() == "/?lang=ru&reload=off"
    assert still.link("kk") == "/?lang=kk&reload=off"
    assert still.link(reload=True) == "/?lang=ru"
    assert Choice(language="ru").link(reload=False) == "/?lang=ru&reload=off"
