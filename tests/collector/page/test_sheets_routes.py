"""The pages of sheets over HTTP: found or not, kept for a moment, one script and only where it is needed."""

from __future__ import annotations

import pytest

from collector.page.assets import assets, verifier
from collector.page.sheets.asked import asked, asked_station
from collector.page.sheets.routes import MOST_KEPT, SheetPages
from tests.collector.page.sheet_scenes import ASTANA, NOW, POLLS_CLOSE, Client, Scene, sheet


async def test_the_list_runs_no_script_and_the_station_only_ours(client: Client) -> None:
    async with client.get("/sheets") as answer:
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "<script" not in await answer.text()
    async with client.get(f"/sheets/{ASTANA}") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert policy.endswith("script-src 'self'; connect-src 'self'")
        assert f'<script src="/static/{assets()["verify.js"].name}" defer>' in await answer.text()


async def test_the_script_is_served_as_it_is_written(client: Client) -> None:
    async with client.get(f"/static/{assets()['verify.js'].name}") as answer:
        assert answer.content_type == "text/javascript"
        assert await answer.text() == verifier()


@pytest.mark.parametrize("name", ["KZ-71-9999", "KZ-71-379", "x", "KZ-71-0379.json", "%3Cscript%3E"])
async def test_a_station_of_which_nothing_is_known_is_not_found(client: Client, name: str) -> None:
    async with client.get(f"/sheets/{name}") as answer:
        assert answer.status == 404


async def test_a_browser_is_told_in_words_that_a_station_is_unknown(client: Client) -> None:
    async with client.get("/sheets/KZ-71-9999?lang=en", headers={"Accept": "text/html"}) as answer:
        assert (answer.status, answer.content_type) == (404, "text/html")
        assert "No sheet of this station is known here yet." in await answer.text()


async def test_a_reader_who_has_the_page_gets_304(client: Client) -> None:
    for path in ("/sheets?region=KZ-71", f"/sheets/{ASTANA}?lang=ru"):
        async with client.get(path) as answer:
            tag = answer.headers["ETag"]
            assert answer.headers["Cache-Control"] == "no-cache"
        async with client.get(path, headers={"If-None-Match": tag}) as answer:
            assert answer.status == 304


async def test_the_language_is_the_readers(client: Client) -> None:
    for asked_for, said in (("ru-KZ,en;q=0.5", "Протоколы подсчёта"), ("", "Санақ хаттамалары")):
        async with client.get("/sheets", headers={"Accept-Language": asked_for}) as answer:
            assert said in await answer.text()


async def test_the_form_comes_back_as_it_was_filled_in(client: Client) -> None:
    async with client.get("/sheets?lang=en&region=KZ-71&station=379&status=disputed&sheet=1") as answer:
        text = await answer.text()
    for said in (
        'value="KZ-71" selected',
        'value="disputed" selected',
        'value="1" selected',
        f'value="{ASTANA}"',
    ):
        assert said in text
    assert "1 of" not in text
    assert text.count(f'href="/sheets/{ASTANA}?') == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("379", "This is no station. Write KZ-71-0379"),
        ("hello", "This is no station. Write KZ-71-0379"),
        ("KZ-71-9999", "No sheet was found."),
    ],
)
async def test_who_types_no_station_is_told_how(client: Client, typed: str, said: str) -> None:
    async with client.get(f"/sheets?lang=en&station={typed}") as answer:
        assert said in await answer.text()


async def test_pages_that_are_printed_say_the_day(client: Client) -> None:
    for path in ("/sheets", f"/sheets/{ASTANA}"):
        async with client.get(f"{path}?lang=en") as answer:
            assert "As of 22 November 2026, 21:00:00 in Kazakhstan (UTC+5)" in await answer.text()


async def test_before_the_polls_close_pages_show_hashes_only(client: Client, scene: Scene) -> None:
    scene.revealed, scene.polls_close = False, POLLS_CLOSE
    async with client.get(f"/sheets/{ASTANA}?lang=en") as answer:
        text = await answer.text()
    assert scene.hashed(sheet()) in text
    assert ">1898<" not in text
    assert "ballots_in_boxes" not in text
    assert "Until the polls close" in text


def test_a_crowd_costs_one_page_a_second(scene: Scene) -> None:
    pages = SheetPages(scene, "k", lambda: NOW)
    wanted = asked({}, "")
    first = pages.search(wanted, 10.0)
    scene.copy(sheet("KZ-75-0100"))
    assert pages.search(wanted, 10.9) is first
    assert pages.search(wanted, 11.1).tag != first.tag


def test_no_more_pages_are_kept_than_there_is_room_for(scene: Scene) -> None:
    pages = SheetPages(scene, "k", lambda: NOW)
    for number in range(MOST_KEPT + 5):
        pages.search(asked({"district": str(number)}, ""), 1.0)
    assert len(pages._kept) == 5


def test_a_station_that_is_heard_of_later_is_found_then(scene: Scene) -> None:
    pages = SheetPages(scene, "k", lambda: NOW)
    wanted = asked_station("KZ-75-0100", {}, "")
    assert pages.station("KZ-75-0100", wanted, 1.0) is None
    scene.copy(sheet("KZ-75-0100"))
    assert pages.station("KZ-75-0100", wanted, 1.0) is not None
