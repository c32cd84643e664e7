"""What the page keeps: a closed tab loses nothing, the key stays where it was asked to, erased is erased."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from sms_gateway.station_page import Ballot, Election, PageOptions, write_page
from tests.browser import Tab
from tests.sms_gateway.station_page.phone import (
    CARD,
    COUNTS,
    KEY,
    SEED,
    STATION,
    VOTES,
    Phone,
    fill_in,
    photo_of_card,
    sealed,
    take_card,
)
from wire.sealed import Sealed, seal_status, take_apart
from wire.sheets import parse_sheet
from wire.signing import to_text

# Everything that a browser keeps for a page, as one text.
KEPT = """(async () => {
  const bases = await indexedDB.databases();
  const stores = [];
  for (const one of bases) {
    const base = await new Promise(done => { const asked = indexedDB.open(one.name); asked.onsuccess = () => done(asked.result); });
    for (const name of base.objectStoreNames) {
      const keys = await new Promise(done => { const asked = base.transaction(name).objectStore(name).getAllKeys(); asked.onsuccess = () => done(asked.result); });
      stores.push([one.name, name, keys]);
    }
    base.close();
  }
  return JSON.stringify([Object.assign({}, localStorage), Object.assign({}, sessionStorage), stores, document.cookie]);
})()"""


# One browser for all of them; what a test kept is wiped after it.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture
def page(tmp_path: Path) -> str:
    write_page(tmp_path / "station.html", PageOptions(gateway="1414"))
    return (tmp_path / "station.html").as_uri()


async def local(phone: Phone) -> str:
    """What outlives the tab."""
    return str(await phone.value("JSON.stringify(Object.assign({}, localStorage))"))


async def test_a_closed_tab_loses_nothing_but_the_key(tab: Tab, page: str, tmp_path: Path) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone)
    text = await sealed(phone, 1, photo_of_card(tmp_path / "photo.png"))
    await fill_in(phone, 2, {"voters_on_list": 12}, {})
    # The same tab comes back from the camera or the texts: the key is still there.
    await phone.come_back(page + "#home")
    assert await phone.value("dabyl.store.seed() !== null")
    # A closed tab takes what belongs to the tab with it.
    await phone.value("sessionStorage.clear()")
    await phone.come_back(page + "#sealed-1")
    assert await phone.shown("#text") == text
    await phone.go("form-2")
    assert await phone.value("document.querySelector('#count-voters_on_list').value") == "12"
    assert await phone.value("document.querySelector('#election').value") == "2026-11-22"
    assert await phone.value("dabyl.store.seed() === null")
    assert to_text(SEED) not in await local(phone)
    await phone.go("check-2")
    assert await phone.value("document.querySelector('#screen a.button').hash") == "#card"


async def test_the_key_is_kept_only_where_it_was_asked_for(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await phone.press("[data-language=en]")
    await phone.at("card")
    await phone.press("#keep")
    await phone.write("#typed", CARD)
    await phone.press("#take")
    await phone.at("home")
    assert to_text(SEED) in await local(phone)
    await phone.value("sessionStorage.clear()")
    await phone.open(page)
    assert await phone.value("dabyl.store.seed() !== null")
    await phone.press(".apart button")
    assert to_text(SEED) not in await phone.value(KEPT)
    assert await phone.value("dabyl.store.seed() === null")


async def test_erased_is_erased(tab: Tab, page: str, tmp_path: Path) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone)
    await sealed(phone, 1, photo_of_card(tmp_path / "photo.png"))
    kept = json.loads(await phone.value(KEPT))
    assert all(kept[:2])
    assert kept[2][0][2] == [await phone.value("dabyl.store.sheet(1).photo.sha256")]
    await phone.press("#foot a")
    await phone.at("erase")
    assert "Протоколов: 1" in await tab.text()
    await phone.press("a.main")  # no: back, and all is still there
    await phone.at("home")
    assert await phone.value(KEPT) == json.dumps(kept, separators=(",", ":"), ensure_ascii=False)
    await phone.go("erase")
    await phone.press("button.danger")
    await phone.at("erased")
    assert json.loads(await phone.value(KEPT)) == [{}, {}, [], ""]
    assert await phone.value("dabyl.store.seed() === null")
    await phone.open(page)
    assert await phone.value("location.hash") == ""
    assert STATION not in await tab.text()


async def test_relations_are_flagged_while_typing_and_forbid_nothing(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone, "en")
    await fill_in(phone, 1, COUNTS, VOTES)
    assert await phone.shown("#summary .notice.fault span:last-child") == (
        "Relations that do not hold: 1. Compare what you entered with the paper."
    )
    flagged = "[...document.querySelectorAll('#relations .fault')].map(one => one.innerText)"
    assert await phone.value(flagged) == ["✗\nF ≤ C: left 700, right 650"]
    await phone.write("#count-ballots_issued", "7oo")
    assert (
        await phone.value("document.querySelector('#count-ballots_issued').getAttribute('aria-invalid')")
        == "true"
    )
    assert await phone.value(flagged) == []
    await phone.go("check-1")
    assert "“Ballots issued”: a whole number" in await tab.text()
    await sealed(phone, 1)  # what stands on the paper is sealed, though it does not add up
    found = take_apart(await phone.shown("#text"))
    assert isinstance(found, Sealed)
    record = await phone.value("dabyl.store.sheet(1).seals[0].upload.sheet")
    assert parse_sheet(record.encode()).counts == COUNTS


async def test_a_word_of_the_station_is_sealed(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone, "kk")
    await phone.go("status")
    await phone.write(
        "#word", await phone.value("String(facts.words.findIndex(word => word.kind === 'turnout'))")
    )
    await phone.write("#hour", "12")
    await phone.write("#voted", "1 250")
    await phone.press("button.main")
    await phone.at("said-1")
    text = await phone.shown("#text")
    found = take_apart(text)
    assert isinstance(found, Sealed)
    assert text == seal_status(KEY, STATION, ("turnout", ""), found.at, ("12", 1250))


async def test_another_stations_card_does_not_mix_with_this_ones_sheets(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone, "en")
    await phone.go("card")
    await phone.write("#typed", CARD.replace("0379", "0380"))
    await phone.press("#take")
    assert STATION in await phone.shown("#card-told")
    assert await phone.value("dabyl.store.state().station") == STATION


async def test_a_phones_own_reader_is_asked_first_and_not_relied_on(
    tab: Tab, page: str, tmp_path: Path
) -> None:
    own = "window.BarcodeDetector = class {{ detect() {{ return Promise.{0}; }} }}; 0"
    phone = Phone(tab)
    await phone.open(page)
    await phone.press("[data-language=en]")
    await phone.at("card")
    for answer in ("reject(new Error('not here'))", "resolve([])"):
        await phone.value(own.format(answer))
        assert await phone.value("dabyl.scan.photo(new Blob(['no picture']))") is None
    await phone.value(own.format(f"resolve([{{ rawValue: {json.dumps(CARD)} }}])"))
    blank = tmp_path / "blank.png"
    Image.new("L", (60, 40), 255).save(blank)
    await phone.choose("#scan", blank)
    await phone.at("home")
    assert STATION in await tab.text()


async def test_what_another_tab_erased_is_erased_here(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone, "en")
    await phone.value("localStorage.clear()")
    await phone.value(
        "window.dispatchEvent(new StorageEvent('storage', { key: 'dabyl.station:', newValue: null }))"
    )
    assert STATION not in await tab.text()
    assert json.loads(await phone.value(KEPT))[:2] == [{}, {}]
    assert await phone.value("dabyl.store.seed() === null")


async def test_a_browser_that_keeps_nothing_says_so_and_seals_all_the_same(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open("about:blank")
    refuse = "const no = () => { throw new DOMException('not here'); }; for (const name of ['getItem', 'setItem', 'removeItem', 'clear']) Storage.prototype[name] = no; indexedDB.open = no; indexedDB.deleteDatabase = no;"
    script = await tab.call("Page.addScriptToEvaluateOnNewDocument", source=refuse)
    await phone.open(page)
    await take_card(phone, "en")
    text = await sealed(phone, 1, photo_of_card(Path(page.removeprefix("file://")).with_name("photo.png")))
    assert isinstance(take_apart(text), Sealed)
    assert "keeps nothing" in await tab.text()
    assert await phone.value(
        "dabyl.photos.find(dabyl.store.sheet(1).photo.sha256).then(found => found.size > 0)"
    )
    await tab.call("Page.removeScriptToEvaluateOnNewDocument", identifier=script["identifier"])


async def test_a_page_of_another_election_does_not_seal_this_ones_drafts_and_erases_them_too(
    tab: Tab, page: str, tmp_path: Path
) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone, "en")
    await fill_in(phone, 1, COUNTS, VOTES)
    other = Election(election="2027", sheets=(Ballot(sheet=1, kk="Ә", ru="Б", en="C", choices=("D",)),))
    write_page(tmp_path / "other.html", PageOptions(election=other))
    await phone.open((tmp_path / "other.html").as_uri())
    await phone.press("[data-language=en]")
    await phone.at("card")
    assert await phone.value("dabyl.store.sheet(1)") == {
        "election": "2027", "counts": {}, "choices": [["D", ""]], "photo": None, "seals": [],
    }  # fmt: skip
    assert await phone.value("localStorage.length") == 2
    await phone.value("dabyl.store.erase()")
    assert await phone.value("localStorage.length") == 0


async def test_a_state_that_cannot_be_read_does_not_keep_the_page_shut(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await phone.value("localStorage.setItem('dabyl.station:', '{half')")
    await phone.open(page)
    await take_card(phone, "ru")
    assert STATION in await tab.text()


async def test_looking_at_a_form_begins_no_sheet(tab: Tab, page: str) -> None:
    phone = Phone(tab)
    await phone.open(page)
    await take_card(phone, "en")
    await phone.go("form-1")
    await phone.write("#election", "2026")
    await phone.go("home")
    assert (await tab.text()).count("not filled in") == 5
    await phone.go("form-2")
    assert await phone.value("document.querySelector('#election').value") == "2026"  # typed once for all
    await phone.write("#count-voters_on_list", "7")
    await phone.go("home")
    assert (await tab.text()).count("not filled in") == 4
