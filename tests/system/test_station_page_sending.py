"""What leaves the phone: the sheet and its photo when they are asked to, to the collector alone, and never the key."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from aiohttp import web

from sms_gateway.station_page import PageOptions, folder_files, write_page
from tests.browser import Tab
from tests.servers.processes import free_ports
from tests.sms_gateway.station_page.phone import (
    COUNTS,
    KEY,
    SEED,
    STATION,
    Phone,
    photo_of_card,
    sealed,
    take_card,
)
from tests.sms_gateway.station_page.uploads_server import uploads_server
from wire.sheets import parse_sheet
from wire.signing import VerifyKey, from_text, to_text
from wire.uploads import parse_upload, verify

PUBLIC = VerifyKey(KEY.public)
# One browser for all of them; what a test kept is wiped after it.
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_an_upload_waits_for_internet_and_carries_no_key(tab: Tab, tmp_path: Path) -> None:
    async with uploads_server(PUBLIC) as (server, address):
        write_page(tmp_path / "station.html", PageOptions(collector=address))
        phone = Phone(tab)
        await phone.open((tmp_path / "station.html").as_uri())
        await phone.offline()
        await take_card(phone, "en")
        photo = photo_of_card(tmp_path / "photo.png")
        await sealed(phone, 1, photo)
        await phone.press("#upload")
        await phone.until("document.querySelector('#upload-told .hint')")
        assert server.seen == []
        await phone.offline(False)  # the page hears `online` and tries again by itself
        await phone.until("dabyl.sending.isIn(dabyl.store.sheet(1).seals[0])")
        await phone.go("sealed-1")
        assert await phone.shown("#upload-told .good span:last-child") == "In the ledger as entry 1001."
    (sent,) = server.uploads
    assert parse_sheet(sent.sheet.encode()).counts == COUNTS
    assert server.scans == {sent.scan: photo.read_bytes()}
    secrets = (to_text(SEED).encode(), SEED.hex().encode(), SEED, SEED[:16])
    assert [secret for body in server.seen for secret in secrets if secret in body] == []
    others = {asked.split("/v1/")[0] for asked in tab.asked if asked.startswith("http")}
    assert others == {address}


async def test_what_is_saved_as_files_is_what_is_uploaded(tab: Tab, tmp_path: Path) -> None:
    write_page(tmp_path / "station.html", PageOptions())
    phone, photo = Phone(tab), photo_of_card(tmp_path / "photo.png")
    await phone.open((tmp_path / "station.html").as_uri())
    await take_card(phone, "kk")
    await sealed(phone, 1, photo)
    assert await phone.value("document.querySelector('#upload') === null")  # no collector, nothing to press
    bytes_of = "fetch(document.querySelector('{0}').href).then(answer => answer.arrayBuffer()).then(raw => dabyl.bytes.base64url(new Uint8Array(raw)))"
    await phone.until("document.querySelector('#save-photo')")
    names = "[...document.querySelectorAll('[download]')].map(one => one.download)"
    upload, scan = await phone.value(
        "[dabyl.store.sheet(1).seals[0].upload, dabyl.store.sheet(1).photo.sha256]"
    )
    assert [name.rpartition(".")[2] for name in await phone.value(names)] == ["json", "png"]
    assert scan == hashlib.sha256(photo.read_bytes()).hexdigest()
    await tab.call("Page.setBypassCSP", enabled=True)  # the page itself may fetch nothing, not even this
    await phone.come_back((tmp_path / "station.html").as_uri() + "#sealed-1")
    await phone.until("document.querySelector('#save-photo')")
    assert from_text(await phone.value(bytes_of.format("#save-photo"))) == photo.read_bytes()
    saved = parse_upload(from_text(await phone.value(bytes_of.format("#save-file"))))
    verify(saved, [PUBLIC])
    assert (saved.sheet, saved.scan) == (upload["sheet"], scan)
    await tab.call("Page.setBypassCSP", enabled=False)


async def _with_a_sealed_sheet(tab: Tab, page: Path, collector: str) -> Phone:
    write_page(page, PageOptions(collector=collector))
    phone = Phone(tab)
    await phone.open(page.as_uri())
    await take_card(phone, "en")
    await sealed(phone, 1)
    return phone


async def test_a_refused_upload_is_told_and_a_busy_collector_is_asked_again(tab: Tab, tmp_path: Path) -> None:
    async with uploads_server(PUBLIC) as (server, address):
        phone = await _with_a_sealed_sheet(tab, tmp_path / "station.html", address)
        for status, told in ((503, "hint"), (429, "hint"), (422, "fault"), (0, "good")):
            server.refuse = status
            await phone.press("#upload")
            await phone.until(f"document.querySelector('#upload-told .{told}')")
        assert "In the ledger as entry 1001." in await tab.text()
        await phone.go("home")
        assert "in the ledger, entry 1001" in await tab.text()


async def test_a_slow_upload_is_not_begun_a_second_time_beside_itself(tab: Tab, tmp_path: Path) -> None:
    async with uploads_server(PUBLIC) as (server, address):
        phone = await _with_a_sealed_sheet(tab, tmp_path / "station.html", address)
        seal = "dabyl.store.sheet(1).seals[0]"
        both = f"Promise.all([dabyl.sending.upload({seal}), dabyl.sending.upload({seal})])"
        assert await phone.value(both) == ["in", "in"]
        assert await phone.value(f"dabyl.sending.upload({seal})") == "in"
    assert len(server.uploads) == 1


async def test_the_served_page_opens_again_when_the_server_is_gone(tab: Tab) -> None:
    (port,) = free_ports(1)
    address, files = f"http://localhost:{port}/station/", folder_files(PageOptions(served=True))
    runner = await serve(files, port)
    phone = Phone(tab)
    try:
        await phone.open(address)
        await phone.value("navigator.serviceWorker.ready.then(() => 0)")
    finally:
        await runner.cleanup()
    await phone.open(address)
    await take_card(phone, "ru")
    assert STATION in await tab.text()
    assert (await tab.call("Page.getAppManifest"))["errors"] == []


TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "webmanifest": "application/manifest+json",
    "svg": "image/svg+xml",
}


async def serve(files: dict[str, str], port: int) -> web.AppRunner:
    """A plain server of a folder."""

    async def answer(request: web.Request) -> web.Response:
        name = request.match_info["name"] or "index.html"
        return web.Response(text=files[name], content_type=TYPES[name.rpartition(".")[2]])

    app = web.Application()
    app.router.add_get("/station/{name:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner
