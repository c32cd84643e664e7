"""Which pages are known as block pages, and which only speak of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core.blockpages import MAX_TEXT_BYTES, fingerprint_of
from wire.facts import block_pages

HTML = "text/html; charset=utf-8"
LAW = "<p>Доступ к сайту\n<b>ограничен</b> в соответствии с Федеральными законами</p>"


@pytest.mark.parametrize(
    ("title", "body", "location", "name"),
    [
        ("", LAW, "", "ooni.ru_0"),
        ("", LAW.encode("windows-1251"), "", "ooni.ru_0"),
        ("TTK :: Доступ к ресурсу ограничен", "", "", "ooni.ru_30"),
        ("", "", "http://warning.rt.ru/", "ooni.ru_6"),
        ("", "<h1>Бұл ресурс бұғатталған</h1>", "", "hint.kk_blocked"),
        ("Access Restricted", "access to this site is restricted by decision of the court", "", "hint.en_restricted"),
        ("One moment", "Please confirm that you are not a robot", "", "own.en_robot"),
        ("", "Ресурс заблокирован в вашей стране по решению суда", "", "hint.ru_forbidden_here"),
        ("News", "<p>Weather</p>", "http://news.example/", ""),
        ("", LAW + "&#" + "9" * 5_000, "", "ooni.ru_0"),
        ("", LAW + " " * MAX_TEXT_BYTES, "", ""),
        ("", "", "", ""),
    ],
    ids=["law", "old charset", "title", "redirect", "Kazakh", "English", "riddle", "law before country", "news", "law beside no character", "a long article", "nothing"],
)  # fmt: skip
def test_a_page_is_known_by_its_words(title: str, body: str | bytes, location: str, name: str) -> None:
    raw, kind = (
        (body, "text/html; charset=windows-1251") if isinstance(body, bytes) else (body.encode(), HTML)
    )
    assert fingerprint_of(title, raw, kind, location) == name


@given(st.text(), st.binary(max_size=300), st.text())
def test_any_page_gives_a_name_or_none(title: str, body: bytes, location: str) -> None:
    assert fingerprint_of(title, body, HTML, location) in {"", *(one.name for one in block_pages())}


def test_fingerprints_have_names_of_their_own_and_a_source_and_only_hints_are_uncertain() -> None:
    found = block_pages()
    assert len({one.name for one in found}) == len(found)
    assert all(one.source and (one.phrases or one.location) for one in found)
    assert all((one.certainty == "C") == one.name.startswith(("hint.", "own.")) for one in found)
    assert all(phrase == phrase.casefold() for one in found for phrase in (*one.phrases, one.location))
