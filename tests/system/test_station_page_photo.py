"""A photo of the paper in the page: cleaned of what it tells about its maker, small enough, hashed piece by piece."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from tests.browser import Tab
from tests.sms_gateway.station_page.phone import page_tab
from wire import uploads
from wire.signing import from_text, to_text

# One browser for all of them: nothing here changes what the page keeps.
pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tab(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Tab]:
    async with page_tab(tmp_path_factory.mktemp("page")) as made:
        yield made


async def test_a_file_has_the_hash_that_others_find_piece_by_piece(tab: Tab) -> None:
    size = 5_000_003
    script = f"(async () => {{ const bytes = new Uint8Array({size}); for (let at = 0; at < bytes.length; at += 1) bytes[at] = (at * 7 + (at >> 8)) & 255; const told = []; const digest = await dabyl.photos.hash(new Blob([bytes]), share => told.push(share)); return [digest, told]; }})()"
    digest, told = await tab.value(script)
    # The same bytes: (7 * at + at // 256) mod 256.
    rows = b"".join(bytes((7 * low + high) & 255 for low in range(256)) for high in range(size // 256 + 1))
    assert digest == hashlib.sha256(rows[:size]).hexdigest()
    assert len(told) == 5
    assert told[-1] == 1


PICTURE = Image.effect_noise((97, 61), 90).convert("RGB")


def photo(form: str, *, orientation: int = 1, **options: Any) -> bytes:
    """A picture with what phones write beside it: place, maker, time, a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "MAKER-OF-PHONE", "MODEL-OF-PHONE", orientation
    exif.get_ifd(0x8825)[1] = "NORTH-OF-HERE"
    raw = io.BytesIO()
    PICTURE.save(raw, form, exif=exif, **options)
    return raw.getvalue()


def notes() -> PngInfo:
    found = PngInfo()
    found.add_text("Author", "MAKER-OF-PHONE")
    return found


def as_png(raw: bytes) -> Image.Image:
    return Image.open(io.BytesIO(raw))


async def cleaned(tab: Tab, raw: bytes) -> bytes | None:
    script = f"(found => found && dabyl.bytes.base64url(found))(dabyl.photo.clean(dabyl.bytes.fromBase64url({json.dumps(to_text(raw))})))"
    found = await tab.value(script)
    return None if found is None else from_text(found)


async def test_a_photo_tells_nothing_about_its_maker_and_shows_the_same_picture(tab: Tab) -> None:
    film = b"ftypmp42 a film with voices" * 40
    photos = [
        photo("JPEG", quality=80, comment=b"MAKER-OF-PHONE"),
        photo("JPEG", quality=80, progressive=True, orientation=6) + film,
        photo(
            "JPEG",
            quality=95,
            orientation=3,
            icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
        ),
        photo("PNG", pnginfo=notes()) + film,
    ]
    for raw in photos:
        assert b"OF-PHONE" in raw
        clean = await cleaned(tab, raw)
        assert clean is not None
        assert [told for told in (b"OF-PHONE", b"OF-HERE", b"film") if told in clean] == []
        before, after = as_png(raw), as_png(clean)
        assert after.tobytes() == before.tobytes()
        assert after.getexif().get(0x0112, 1) == (
            before.getexif().get(0x0112, 1) if before.format == "JPEG" else 1
        )
        assert set(after.getexif()) <= {0x0112}
        assert after.info.get("icc_profile") == before.info.get("icc_profile")
        assert await cleaned(tab, clean) == clean


async def test_a_photo_whose_maker_fills_space_before_markers_is_read(tab: Tab) -> None:
    raw = photo("JPEG", quality=80, orientation=6)
    tables = raw.index(b"\xff\xdb")
    clean = await cleaned(tab, raw[:tables] + b"\xff\xff\xff" + raw[tables:])
    assert clean is not None
    assert clean == await cleaned(tab, raw)


async def test_a_photo_that_is_cut_short_or_none_at_all_is_refused(tab: Tab) -> None:
    whole = photo("JPEG", quality=80)
    drawing = photo("PNG")
    for raw in (
        whole[:-2],
        whole[: len(whole) // 2],
        whole[:3],
        drawing[:-1],
        drawing[:40],
        b"GIF89a" + bytes(40),
        b"",
        b"\xff",
    ):
        assert await cleaned(tab, raw) is None, raw[:12]
    assert await cleaned(tab, b"%PDF-1.7 whatever") == b"%PDF-1.7 whatever"


async def test_the_page_and_the_collector_tell_the_same_type(tab: Tab) -> None:
    for raw in (photo("JPEG"), photo("PNG"), b"%PDF-1.4"):
        assert await tab.value(
            f"dabyl.photo.type(dabyl.bytes.fromBase64url({json.dumps(to_text(raw))}))"
        ) == uploads.scan_type(raw)


async def test_a_photo_too_large_for_the_collector_is_drawn_smaller(tab: Tab) -> None:
    script = """(async () => {
      const canvas = document.createElement("canvas"); canvas.width = 4200; canvas.height = 2100;
      const pen = canvas.getContext("2d"); const pixels = pen.createImageData(4200, 2100);
      const words = new Uint32Array(pixels.data.buffer);
      for (let at = 0, drawn = 1; at < words.length; at += 1) { drawn = (Math.imul(drawn, 1664525) + 1013904223) | 0; words[at] = drawn | 0xff000000; }
      pen.putImageData(pixels, 0, 0);
      const large = await new Promise(done => canvas.toBlob(done, "image/jpeg", 0.95));
      const found = await dabyl.photos.ready(large);
      const picture = found.blob && await dabyl.scan.image(found.blob);
      return [large.size, found.fault || "", found.blob ? found.blob.size : 0, picture ? picture.naturalWidth : 0];
    })()"""
    large, fault, size, wide = await tab.value(script)
    assert large > uploads.MAX_SCAN_BYTES
    assert fault == ""
    assert 0 < size <= uploads.MAX_SCAN_BYTES
    assert wide == 3000
