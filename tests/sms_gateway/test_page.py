"""The operator's page, read as a browser reads it."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import html5lib
import pytest
from aiohttp import web

from sms_gateway import catalogue
from sms_gateway.page.door import _only_here
from tests.servers.smsc import deliver, smsc
from tests.sms_gateway.harness import NOWHERE, Gateway, gateway
from tests.sms_gateway.test_smpp import link


@asynccontextmanager
async def _seen(folder: Path) -> AsyncIterator[Gateway]:
    """A gateway that heard a station, refused a text and could not decode another."""
    async with smsc() as centre, gateway(folder, NOWHERE, link=(link(centre.port),)) as here:
        await centre.until(lambda: centre.bound)
        for body in (
            deliver(b"KZ-71-0379 OPEN"),
            deliver(b"hello <script>", b"77012223344"),
            deliver(b"cut")[:-1],
        ):
            assert await centre.bound[0].bring(body) == 0
        await here.until_read()
        yield here


def _texts(html: str) -> list[str]:
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return [one.strip() for one in parser.parse(html).itertext() if one.strip()]


@pytest.mark.parametrize(
    ("language", "title"), [("kk", "SMS шлюзі"), ("ru", "SMS-шлюз"), ("en", "The SMS gateway")]
)
async def test_the_page_is_sound_html_in_each_language(tmp_path: Path, language: str, title: str) -> None:
    async with _seen(tmp_path) as here:
        status, html = await here.get(f"/?lang={language}")
    texts = _texts(html)
    assert status == 200
    assert title in texts
    assert "smpp (smpp)" in texts
    assert "unknown_word" in texts
    assert "hello <script>" in texts
    assert "...44" in texts
    assert "its short_message has 2 bytes of 3" in texts
    assert "7701222" not in html


async def test_a_station_that_was_heard_counts_for_its_region_and_stands_in_the_csv(tmp_path: Path) -> None:
    async with _seen(tmp_path) as here:
        rows = list(csv.DictReader((await here.get("/coverage.csv"))[1].splitlines()))
    assert [(row["region"], row["station"], row["expected"]) for row in rows] == [
        ("KZ-71", "KZ-71-0379", "no")
    ]
    assert rows[0]["heard_at"].startswith("2026-11-22T04:00")


async def test_a_link_that_is_away_says_why(tmp_path: Path) -> None:
    async with gateway(tmp_path, NOWHERE, link=(link(1),)) as here:
        assert "away" in (await here.get("/?lang=en"))[1]


class _Request:
    def __init__(self, remote: str | None) -> None:
        self.remote = remote


@pytest.mark.parametrize("remote", ["10.0.0.1", "", None, "2001:db8::1", "unix:"])
def test_the_page_is_for_this_machine_alone(remote: str | None) -> None:
    with pytest.raises(web.HTTPForbidden):
        _only_here(_Request(remote))  # type: ignore[arg-type]  # only its address is looked at
    _only_here(_Request("127.0.0.1"))  # type: ignore[arg-type]  # as above
    _only_here(_Request("::1"))  # type: ignore[arg-type]  # as above


def test_every_language_has_every_word_of_the_page() -> None:
    folder = Path(catalogue.__file__).parent / "locales"
    words = [
        {
            line.partition(" = ")[0]
            for line in (folder / f"{one}.ftl").read_text(encoding="utf-8").splitlines()
            if line.startswith(("page-", "alert-"))
        }
        for one in ("kk", "ru", "en")
    ]
    assert words[0] == words[1] == words[2]
    assert len(words[0]) > 30
