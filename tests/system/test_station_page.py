"""The station page in a real Chromium of a phone's size, without any network: key card to sealed text.

The pictures stay in tests/artifacts/ for people to look at; axe-core looks for what shuts people out; zbarimg
reads the QR off the screen, as another phone would.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import AsyncIterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from dabyl.cli import main
from sms_gateway.station_page import Ballot, Election, PageOptions, write_page
from tests.browser import Tab, browser
from tests.sms_gateway.station_page.phone import (
    KEY,
    SEED,
    STATION,
    Phone,
    fill_in,
    film_of_card,
    photo_of_card,
    take_card,
)
from wire.facts import LANGUAGES, Language
from wire.sealed import Sealed, is_signed_by, take_apart
from wire.sheets import parse_sheet, sheet_bytes
from wire.signing import VerifyKey

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
AXE = resources.files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
COUNTS = {
    "voters_on_list": 2494, "ballots_received": 2519, "ballots_issued": 1800, "ballots_issued_outside": 40,
    "ballots_unused": 710, "ballots_spoiled": 9, "ballots_in_boxes": 1795, "ballots_invalid": 15, "against_all": 80,
}  # fmt: skip
VOTES = {"Айгүл Нұрланқызы": 1200, 'Борис "Б" Ким': 500}
ELECTION = Election(
    election="2026-11-22",
    sheets=(
        Ballot(sheet=1, kk="Президент", ru="Президент", en="President", choices=tuple(VOTES)),
        Ballot(sheet=2, kk="Мәжіліс", ru="Мажилис", en="Mazhilis", choices=("А", "Ә")),
    ),
)
PUBLISHED = {
    "v": 1, "election": "2026-11-22", "station": STATION, "sheet": 1, "schema": "kz-count-1",
    "counts": COUNTS, "votes": VOTES,
}  # fmt: skip
OPTIONS = PageOptions(election=ELECTION, gateway="+77001234567")


@pytest.fixture
async def tab() -> AsyncIterator[Tab]:
    async with browser() as made:
        yield made


@pytest.fixture
def page(tmp_path: Path) -> str:
    write_page(tmp_path / "station.html", OPTIONS)
    return (tmp_path / "station.html").as_uri()


async def unfair(phone: Phone) -> list[tuple[str, Any]]:
    """What axe-core finds wrong on the screen that is shown: the rule and the places."""
    if await phone.value("typeof axe === 'undefined'"):
        await phone.value(f"{AXE}; 0")
    found = await phone.value("axe.run(document).then(result => result.violations)")
    return [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]


class Look:
    """Looks at every screen on the way: its picture, its width, what axe-core says, its language."""

    def __init__(self, phone: Phone, language: Language) -> None:
        self.phone, self.language = phone, language

    async def __call__(self, name: str) -> None:
        await self.phone.tab.picture(ARTIFACTS / f"phone-{self.language}-{name}.png")
        assert await unfair(self.phone) == [], (self.language, name)
        assert await self.phone.value("document.documentElement.scrollWidth") == 360, (self.language, name)
        if name != "language":
            assert await self.phone.value("document.documentElement.lang") == self.language


def opened(text: str) -> Sealed:
    """A sealed text as the gateway reads it, its signature checked."""
    found = take_apart(text)
    assert isinstance(found, Sealed), found
    assert is_signed_by(found, [VerifyKey(KEY.public)])
    return found


def read_back(picture: Path) -> str:
    """What another phone reads off this one's screen."""
    done = subprocess.run(
        ["zbarimg", "-q", "--raw", str(picture)], check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


async def whole_way(phone: Phone, language: Language, folder: Path) -> str:
    """From the language to the sealed text, every screen looked at; gives the text."""
    look = Look(phone, language)
    await look("language")
    await phone.press(f"[data-language={language}]")
    await phone.at("card")
    await look("card")
    await phone.choose("#scan", folder / "card.png")
    await phone.at("home")
    await look("home")
    await fill_in(phone, 1, COUNTS, VOTES)
    await look("form")
    await phone.press("a.main")
    await phone.at("photo-1")
    await phone.choose("#photo", folder / "card.png")
    assert await phone.shown("#scan-hash") == hashlib.sha256((folder / "card.png").read_bytes()).hexdigest()
    await look("photo")
    await phone.press("a.main")
    await phone.at("check-1")
    await look("check")
    await phone.press("button.main")
    await phone.at("sealed-1")
    await look("sealed")
    return await phone.shown("#text")


async def erase(phone: Phone) -> None:
    """The last screen of all: asked once more, then everything is gone."""
    await phone.press("#foot a")
    await phone.at("erase")
    assert await unfair(phone) == []
    await phone.press("button.danger")
    await phone.at("erased")


def sealed_by_hand(folder: Path, published: dict[str, Any], at: str) -> list[str]:
    """The arguments of the command that seals the same sheet on a computer."""
    (folder / "sheet.json").write_text(json.dumps(published), encoding="utf-8")
    (folder / "key").write_text(SEED.hex(), encoding="utf-8")
    files = ["--key", str(folder / "key"), "--sheet", str(folder / "sheet.json")]
    return ["station", "seal", *files, "--station", STATION, "--at", at]


async def test_a_sheet_goes_from_key_card_to_sealed_text_without_any_network(
    tab: Tab, page: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    phone = Phone(tab)
    await phone.offline()
    photo_of_card(tmp_path / "card.png")
    for language in LANGUAGES:
        await phone.open(page, scheme="dark" if language == "ru" else "light")
        text = await whole_way(phone, language, tmp_path)
        sealed = opened(text)
        digest = hashlib.sha256(sheet_bytes(parse_sheet(json.dumps(PUBLISHED).encode()))).hexdigest()
        assert (sealed.station, sealed.kind, sealed.value, sealed.mark) == (STATION, "sheet", digest, "1")
        assert await phone.shown("#sheet-hash") == digest
        assert read_back(ARTIFACTS / f"phone-{language}-sealed.png") == text
        assert await tab.value("document.querySelector('#sms').href") == f"sms:+77001234567?body={text}"
        assert main(sealed_by_hand(tmp_path, PUBLISHED, sealed.time)) == 0
        assert capsys.readouterr().out.strip() == text
        await erase(phone)
    assert {asked for asked in tab.asked if not asked.startswith(("blob:", "data:"))} == {page}
    assert tab.console == []


async def test_the_camera_reads_the_card_and_is_let_go_then(page: str, tmp_path: Path) -> None:
    flags = film_of_card(tmp_path / "card.y4m", photo_of_card(tmp_path / "card.png"))
    async with browser(*flags) as tab:
        phone = Phone(tab)
        await phone.open(page)
        await phone.press("[data-language=kk]")
        await phone.at("card")
        await phone.value(
            "window.tracks = []; const real = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices); navigator.mediaDevices.getUserMedia = async asked => { const stream = await real(asked); tracks.push(...stream.getTracks()); return stream; }; 0"
        )
        await phone.press("#screen button.main")
        await phone.at("home")
        assert STATION in await tab.text()
        assert await phone.value("tracks.map(track => track.readyState)") == ["ended"]
        assert tab.console == []


OLD = """
for (const name of ["BigInt", "globalThis", "AbortController", "structuredClone", "queueMicrotask", "BarcodeDetector"]) delete window[name];
for (const [kind, names] of [[Promise, ["allSettled", "any"]], [Object, ["fromEntries", "hasOwn"]]]) for (const name of names) delete kind[name];
for (const [kind, names] of [
  [Promise, ["finally"]], [Array, ["flat", "flatMap", "at", "findLast", "toSorted"]], [Blob, ["arrayBuffer", "stream", "text"]],
  [String, ["matchAll", "replaceAll", "trimStart", "trimEnd", "at"]], [Element, ["replaceChildren", "toggleAttribute", "checkVisibility"]],
]) for (const name of names) delete kind.prototype[name];
delete Crypto.prototype.subtle; delete Crypto.prototype.randomUUID; delete Navigator.prototype.clipboard; delete Navigator.prototype.mediaDevices;
"""


async def test_a_browser_without_the_names_that_came_after_2017_seals_the_same(
    tab: Tab, page: str, tmp_path: Path
) -> None:
    await tab.call("Page.enable")
    await tab.call("Page.addScriptToEvaluateOnNewDocument", source=OLD)
    phone = Phone(tab)
    await phone.open(page)
    assert (
        await phone.value("typeof BigInt + typeof crypto.subtle + typeof navigator.clipboard")
        == "undefined" * 3
    )
    await phone.press("[data-language=ru]")
    await phone.at("card")
    assert (
        await phone.value("document.querySelectorAll('#screen button.main').length") == 0
    )  # no camera is offered
    await phone.choose("#scan", photo_of_card(tmp_path / "card.png"))
    await phone.at("home")
    await fill_in(phone, 1, COUNTS, VOTES)
    await phone.go("photo-1")
    await phone.choose("#photo", tmp_path / "card.png")
    await phone.until("document.querySelector('#scan-hash')")
    await phone.go("check-1")
    await phone.press("button.main")
    await phone.at("sealed-1")
    assert opened(await phone.shown("#text")).station == STATION
    await phone.press("#screen button.plain")
    await phone.until("document.querySelector('#copied').textContent !== ''")
    await phone.value("dabyl.store.erase()")
    assert tab.console == []


async def test_an_iphone_is_given_the_link_that_it_understands(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await tab.call(
        "Emulation.setUserAgentOverride", userAgent="Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X)"
    )
    await phone.open(page)
    assert (
        await phone.value("dabyl.sending.smsLink('+7 700 123-45-67', 'DBY1 a')")
        == "sms:+77001234567&body=DBY1%20a"
    )


async def test_the_other_screens_are_as_fair(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    look = Look(phone, "kk")
    await take_card(phone, "kk")
    await phone.go("status")
    await look("status")
    await phone.press("button.main")
    await phone.at("said-1")
    await look("said")
    await phone.go("check-2")
    await look("fault")
    await phone.go("card")
    await phone.write("#typed", "71-0379 abc")
    await phone.press("#take")
    assert "✗" in await phone.shown("#card-told")
    await look("card-fault")
    await phone.go("erase")
    await look("erase")
