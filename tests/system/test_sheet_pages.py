"""Result sheets in a real Chromium: read on a phone in three languages, checked in the page, and every lie found.

The pictures stay in tests/artifacts/. What the page's script computes is compared with published vectors.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from collector.ledger import Log
from collector.page.routes import KEPT_S
from tests.browser import Tab, browser
from tests.collector.page.sheet_scenes import (
    ASTANA,
    SIGNER,
    evening_of_sheets,
    sheet,
)
from tests.system.sheet_server import Change, Server, faults, verified
from tests.system.test_page import ARTIFACTS, unfair
from tests.wire.test_notes import GO_KEY
from wire.facts import LANGUAGES
from wire.ledger import entry_bytes

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = f"sheets/{ASTANA}"
KEPT = f"localStorage.getItem('dabyl-seen:{SIGNER.key}')"
HELD = {
    "kk": "Бәрі сәйкес.",
    "ru": "Всё сходится.",
    "en": "Everything holds.",
}
SAID = {
    "kk": ("алшақтық бар", "Көшірмелер 2 санда алшақ.", "Орындалмайтын қатынастар"),
    "ru": ("есть расхождение", "Копии расходятся в 2 числах.", "Соотношения, которые не выполняются"),
    "en": ("disputed", "The copies differ in 2 numbers.", "F = G + H + sum(V) does not hold: 1899 and 1908"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab() -> AsyncIterator[Tab]:
    """One browser for all of this file: each would cost a second."""
    async with browser() as made:
        await made.call("Network.enable")
        await made.call("Network.setCacheDisabled", cacheDisabled=True)  # a lie must not be covered by a copy
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Server]:
    folder = tmp_path_factory.mktemp("sheets")
    async with Server(evening_of_sheets(folder)).running() as made:
        yield made


async def test_sheets_are_read_and_checked_on_a_phone_and_a_desk(tab: Tab, server: Server) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    for language in LANGUAGES:
        for width in (360, 1280):
            await tab.open(f"{server.url}sheets?lang={language}&region=KZ-71", width=width)
            assert await tab.value("document.documentElement.scrollWidth") == width
            await tab.picture(ARTIFACTS / f"sheets-{language}-{width}.png")
        text = "\n".join(await verified(tab, f"{server.url}{PAGE}?lang={language}"))
        assert text.count(HELD[language]) == 3  # the observer's copy is not what the station's text claimed
        assert [one for one in SAID[language] if one not in await tab.text()] == []
        assert await tab.value("document.documentElement.scrollWidth") == 360
        await tab.picture(ARTIFACTS / f"station-{language}-360.png")
    assert tab.console == []
    assert all(asked.startswith((server.url, "data:")) for asked in tab.asked)


async def test_axe_finds_nothing_that_shuts_readers_out_of_the_sheets(tab: Tab, server: Server) -> None:
    for path, language, scheme in (
        ("sheets?region=KZ-71", "kk", "light"), ("sheets?status=void&region=KZ-59", "en", "dark"),
        (f"{PAGE}?", "ru", "dark"), (f"{PAGE}?", "en", "light"),
    ):  # fmt: skip
        await tab.open(f"{server.url}{path}&lang={language}", width=360, scheme=scheme)
        if PAGE in path:
            await tab.value("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            await verify_here(tab)
        assert await unfair(tab) == [], (path, language)


async def verify_here(tab: Tab) -> None:
    """Press the button; the page says when it is done."""
    await tab.value(
        "new Promise(done => { const said = document.querySelector('.said');"
        " new MutationObserver(() => said.textContent.endsWith('…') || done()).observe(said, { childList: true });"
        " document.querySelector('form.verify button').click(); })"
    )
    assert not await tab.value("document.querySelectorAll('.copy[data-sha256]:not([data-checked])').length")


def flip(place: int) -> Change:
    """One bit of one byte is another; a negative place counts from the end."""
    return lambda raw: bytes(byte ^ (at == place % len(raw)) for at, byte in enumerate(raw))


def swap(old: str, new: str) -> Change:
    return lambda raw: raw.replace(old.encode(), new.encode())


async def test_a_changed_digit_anywhere_is_found_and_named(tab: Tab, server: Server) -> None:
    page, size = f"{server.url}{PAGE}?lang=en", len(server.scene.entries)
    head, bundle, part = "/ledger/checkpoint", "/ledger/tile/entries/000", "/ledger/tile/0/000"
    edge, top = f"/ledger/tile/0/001.p/{size - 256}", "/ledger/tile/1/000.p/1"
    rows: list[tuple[str, str, Change, str]] = [
        ("a digit of the size", head, swap(f"\n{size}\n", f"\n{size + 1}\n"), "The signature of the checkpoint does not fit"),
        ("a letter of the signature", head, lambda raw: raw[:-9] + (b"A" if raw[-9:-8] != b"A" else b"B") + raw[-8:], "The signature of the checkpoint does not fit"),
        ("another origin", head, swap("ledger.example/2026", "ledger.example/2027"), "no signature of the key of ledger.example/2026"),
        ("no checkpoint at all", head, lambda _: b"soon\n", "not written as a checkpoint"),
        ("a digit of the entry's hash", bundle, swap(server.scene.hashed(sheet()), "0" * 64), "has another hash, 000000"),
        ("another byte of the entry", bundle, swap('"by":"station"', '"by":"statiom"'), "Entry 1 does not have the hash that the tiles hold"),
        ("an entry is left out", bundle, lambda raw: raw[300:], "tile/entries/000 is not what a tile is"),
        ("this entry's hash in the tile", part, flip(32), "Entry 1 does not have the hash that the tiles hold"),
        ("another hash in the tile", part, flip(-1), "tile/0/000 is not the tile that the ledger's upper tile names"),
        ("a hash at the edge", edge, flip(0), "do not lead to the signed root"),
        ("the tile above", top, flip(5), "tile/0/000 is not the tile that the ledger's upper tile names"),
        ("a tile cut short", part, lambda raw: raw[:-1], "tile/0/000 is not what a tile is"),
        ("a digit of the text", f"/{PAGE}", swap("&#34;ballots_spoiled&#34;:7", "&#34;ballots_spoiled&#34;:8"), "This text, hashed here, gives"),
        ("a digit of the table", f"/{PAGE}", swap('data-of="1" data-name="ballots_issued">1900', 'data-of="1" data-name="ballots_issued">1990'), "The table shows 1990 for ballots_issued, the text says 1900"),
        ("the wrong entry", f"/{PAGE}", swap('data-entry="1"', 'data-entry="9"'), "Entry 9 is not about this sheet"),
        ("a digit of a photograph's hash", f"/{PAGE}", swap('data-scans=""', 'data-scans="8:5d5d"'), "Entry 8 is not about this sheet"),
        ("an entry that is not there", f"/{PAGE}", swap('data-entry="1"', 'data-entry="90000"'), "There is no entry 90000"),
    ]  # fmt: skip
    await tab.open(page, width=360)
    for name, path, change, said in rows:
        server.lies = {path: change}
        found = await faults(tab, page if path == f"/{PAGE}" else "", "localStorage.clear()")
        assert said in found, (name, found)
    server.lies = {}
    assert await faults(tab, page) == ""


async def test_a_digit_changed_in_the_database_is_found(tab: Tab, server: Server) -> None:
    scene, sha256 = server.scene, server.scene.hashed(sheet())
    kept = scene.raw[sha256]
    scene.raw[sha256] = kept.replace(b'"against_all":77', b'"against_all":78')
    await asyncio.sleep(KEPT_S)
    found = await faults(tab, f"{server.url}{PAGE}?lang=en")
    scene.raw[sha256] = kept
    assert f"but it is listed as {sha256}: the text was changed" in found
    assert "The stored bytes do not have the published hash" in await tab.text()


async def test_the_past_cannot_be_changed_behind_a_reader(tab: Tab, tmp_path: Path) -> None:
    scene = evening_of_sheets(tmp_path / "first")
    async with Server(scene).running() as server:
        await verified(tab, f"{server.url}{PAGE}?lang=en")
        kept = str(await tab.value(KEPT))
        assert kept.split("\n")[1] == str(len(scene.entries))
        with Log(scene.folder, SIGNER) as log:
            log.append([entry_bytes(scene.entries[-1]) + b" "])
        grown = (await verified(tab, f"{server.url}{PAGE}?lang=en"))[0]
        assert f"has only grown since the checkpoint of {len(scene.entries)} entries" in grown
        assert str(await tab.value(KEPT)).split("\n")[1] == str(len(scene.entries) + 1)
    paste = f"document.querySelector('[name=checkpoint]').value = {json.dumps(kept)}"
    other = evening_of_sheets(tmp_path / "third", claims=299)
    async with Server(other).running() as server:
        assert "entries are missing" in await faults(tab, f"{server.url}{PAGE}?lang=en", paste)
        assert await tab.value("Object.values(localStorage).length") == 0  # what did not hold is not kept
    scene_again = evening_of_sheets(tmp_path / "fourth")
    scene_again.entries[200], scene_again.entries[201] = scene_again.entries[201], scene_again.entries[200]
    scene_again.claim(sheet("KZ-63-1999"))
    async with Server(scene_again).running() as server:
        found = await faults(tab, f"{server.url}{PAGE}?lang=en", paste)
        assert "do not begin with the" in found


async def test_a_file_of_the_readers_own_is_compared_and_stays(tab: Tab, server: Server) -> None:
    await tab.open(f"{server.url}{PAGE}?lang=en", width=360)
    asked, raw = len(tab.asked), server.scene.raw[server.scene.hashed(sheet())].decode()
    compare = "dabyl.compareFile(new File([{}], 'x'), JSON.parse(document.getElementById('verify-words').textContent))"
    same, told = await tab.value(compare.format(json.dumps(raw)))
    assert (same, told[:42]) == (True, "is Text messages, entry 0; station, entry ")
    same, told = await tab.value(compare.format(json.dumps(raw.replace("2494", "2495"))))
    assert (same, told[:28]) == (False, "is nothing on this page. Its")
    assert [one for one in tab.asked[asked:] if "/static/" not in one] == []


async def test_a_key_from_elsewhere_is_used_and_a_wrong_one_is_refused(tab: Tab, server: Server) -> None:
    key = "document.querySelector('[name=key]').value = "
    assert "no signature of the key of PeterNeumann" in await faults(
        tab, f"{server.url}{PAGE}?lang=en", key + json.dumps(GO_KEY)
    )
    before = f"localStorage.setItem('dabyl-key', {json.dumps(GO_KEY)})"
    swapped = await faults(tab, f"{server.url}{PAGE}?lang=en", before)
    assert "The page names another key than the one that held here before, PeterNeumann+" in swapped
    chosen = key + json.dumps(str(SIGNER.key) + " ")  # typed by the reader, who decides
    assert await faults(tab, f"{server.url}{PAGE}?lang=en", chosen) == ""
    await verified(tab, f"{server.url}{PAGE}?lang=en", key + json.dumps("a+b+c"))
    assert (
        await tab.value("document.querySelector('.said').innerText")
        == "This is no key of a ledger: name+id+key."
    )
