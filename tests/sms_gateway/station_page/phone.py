"""A phone with the station page on it: a real Chromium of 360 x 640, what a thumb does, and what an eye reads."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import segno
from PIL import Image, ImageFilter

from sms_gateway.station_page import PageOptions, write_page
from tests.browser import Tab, browser
from wire.signing import SigningKey, to_text

STATION = "KZ-71-0379"
SEED = bytes(range(32))
KEY = SigningKey(SEED)
CARD = f"dabyl:station?id={STATION}&key={to_text(SEED)}"
PATIENCE_S = 10.0
COUNTS = {"voters_on_list": 900, "ballots_in_boxes": 700, "ballots_issued": 650}
VOTES = {"Ә": 400, "Б": 250}


@asynccontextmanager
async def page_tab(folder: Path) -> AsyncIterator[Tab]:
    """A browser with the plain page open in it."""
    write_page(folder / "station.html", PageOptions())
    async with browser() as tab:
        await tab.open((folder / "station.html").as_uri(), width=360, height=640)
        yield tab


class Phone:
    """What a person does with the page. `tab`: the browser behind it."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab

    async def open(self, address: str, *, scheme: str = "light") -> None:
        await self.tab.open(address, width=360, height=640, scheme=scheme)

    async def come_back(self, address: str) -> None:
        """The same tab after a visit elsewhere, as from the camera or the texts."""
        await self.open("about:blank")
        await self.open(address)

    async def value(self, script: str) -> Any:
        return await self.tab.value(script)

    async def offline(self, off: bool = True) -> None:
        """No network at all, as with the radio off."""
        nothing = {"latency": 0, "downloadThroughput": 0 if off else -1, "uploadThroughput": 0 if off else -1}
        await self.tab.call("Network.enable")
        await self.tab.call("Network.emulateNetworkConditions", offline=off, **nothing)

    async def until(self, condition: str) -> None:
        """Wait until an expression is true; the page itself looks, at every picture that it draws."""
        looked = (
            f"new Promise((done, fail) => {{ const end = Date.now() + {PATIENCE_S * 1000};"
            f" (function look() {{ if ({condition}) done(true); else if (Date.now() > end) done(false);"
            f" else setTimeout(look, 10); }})(); }})"
        )
        assert await self.tab.value(looked), condition

    async def press(self, selector: str) -> None:
        """Press what stands there, once it does."""
        await self.until(_one(selector))
        await self.tab.value(f"{_one(selector)}.click()")

    async def write(self, selector: str, text: str) -> None:
        """Type into a field, with the events of a keyboard."""
        await self.until(_one(selector))
        await self.tab.value(
            f"(field => {{ field.focus(); field.value = {json.dumps(text)};"
            f" field.dispatchEvent(new Event('input', {{bubbles: true}}));"
            f" field.dispatchEvent(new Event('change', {{bubbles: true}})); }})({_one(selector)})"
        )

    async def choose(self, selector: str, file: Path) -> None:
        """Choose a file, as the picker of photos does."""
        await self.until(_one(selector))
        root = (await self.tab.call("DOM.getDocument"))["root"]["nodeId"]
        node = (await self.tab.call("DOM.querySelector", nodeId=root, selector=selector))["nodeId"]
        await self.tab.call("DOM.setFileInputFiles", files=[str(file)], nodeId=node)

    async def at(self, screen: str) -> None:
        """Wait until a screen is shown."""
        await self.until(f"location.hash === {json.dumps('#' + screen)}")
        await self.until("document.activeElement === document.querySelector('#screen h1')")

    async def shown(self, selector: str) -> str:
        """What stands in one place."""
        await self.until(_one(selector))
        return str(await self.tab.value(f"{_one(selector)}.textContent"))

    async def go(self, screen: str) -> None:
        """To a screen by its address, as the back button does."""
        await self.tab.value(f"dabyl.main.go({json.dumps(screen)})")
        await self.at(screen)


async def take_card(phone: Phone, language: str = "ru", text: str = CARD) -> None:
    """Choose a language and give the card's text by hand."""
    await phone.press(f"[data-language={language}]")
    await phone.at("card")
    await phone.write("#typed", text)
    await phone.press("#take")
    await phone.at("home")


async def fill_in(phone: Phone, sheet: int, counts: dict[str, int], votes: dict[str, int]) -> None:
    """Fill in a sheet's form; names of choices that stand there already stay."""
    await phone.go(f"form-{sheet}")
    if await phone.value("Boolean(document.querySelector('#election'))"):
        await phone.write("#election", "2026-11-22")
    for name, count in counts.items():
        await phone.write(f"#count-{name}", str(count))
    for place, (name, count) in enumerate(votes.items()):
        if not await phone.value(f"Boolean(document.querySelector('#choice-{place}'))"):
            await phone.press("#choices > button")
        await phone.write(f"#choice-{place}", name)
        await phone.write(f"#votes-{place}", str(count))


async def sealed(phone: Phone, sheet: int, photo: Path | None = None) -> str:
    """Fill a sheet in and seal it; gives the text."""
    await fill_in(phone, sheet, COUNTS, VOTES)
    await phone.go(f"photo-{sheet}")
    if photo is not None:
        await phone.choose("#photo", photo)
        await phone.until("document.querySelector('#scan-hash')")
    await phone.go(f"check-{sheet}")
    await phone.press("button.main")
    await phone.at(f"sealed-{sheet}")
    return await phone.shown("#text")


def _one(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)})"


def photo_of_card(path: Path, text: str = CARD) -> Path:
    """A photo of a printed QR: turned, a little blurred, grey paper on a dark table."""
    segno.make(text, error="m", micro=False).save(str(path), scale=9, border=4)
    paper = Image.open(path).convert("L")
    table = Image.new("L", (1600, 1200), 60)
    table.paste(paper.point(lambda light: 40 + light * 3 // 4), (500, 320))
    table.rotate(11, resample=Image.Resampling.BICUBIC, fillcolor=60).filter(
        ImageFilter.GaussianBlur(1.6)
    ).save(path)
    return path


def film_of_card(path: Path, photo: Path) -> tuple[str, ...]:
    """A film (YUV4MPEG2) that shows a photo, and the flags that put it before Chromium's camera."""
    grey = Image.open(photo).convert("L").resize((800, 600))
    frame = b"FRAME\n" + grey.tobytes() + bytes([128]) * (400 * 300 * 2)
    path.write_bytes(b"YUV4MPEG2 W800 H600 F10:1 Ip A1:1 C420jpeg\n" + frame * 2)
    before = "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"
    return (*before, f"--use-file-for-fake-video-capture={path}")
