from __future__ import annotations

import hashlib
import zlib
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import BadRecord, TooMuch
from wire.squeeze import Encoding, expand, squeeze

LIMIT = 1_000_000


def without_a_size(raw: bytes) -> bytes:
    """A frame that does not tell how much is in it."""
    return zstandard.ZstdCompressor(write_content_size=False).compress(raw)


@given(st.binary(max_size=4_000))
def test_what_was_squeezed_comes_back(raw: bytes) -> None:
    assert expand(squeeze(raw), "zstd", LIMIT) == raw
    assert expand(without_a_size(raw), "zstd", LIMIT) == raw


@given(st.binary(max_size=200))
def test_any_bytes_expand_or_are_refused(raw: bytes) -> None:
    for encoding in ("zstd", "gzip"):
        try:
            expand(raw, encoding, LIMIT)
        except BadRecord:
            continue


@pytest.mark.parametrize("packed", [squeeze(bytes(LIMIT + 1)), without_a_size(bytes(LIMIT + 1))])
def test_more_than_the_limit_is_too_much(packed: bytes) -> None:
    with pytest.raises(TooMuch):
        expand(packed, "zstd", LIMIT)


@pytest.mark.parametrize("broken", [b"", b"no frame", squeeze(b"whole")[:-3], squeeze(b"a") + squeeze(b"b")])
def test_after_a_broken_frame_the_next_is_read_as_ever(broken: bytes) -> None:
    with pytest.raises(BadRecord):
        expand(broken, "zstd", LIMIT)
    assert expand(squeeze(b"sound"), "zstd", LIMIT) == b"sound"
    assert expand(without_a_size(b"sound"), "zstd", LIMIT) == b"sound"


def test_after_a_bomb_the_next_is_read_as_ever() -> None:
    with pytest.raises(TooMuch):
        expand(without_a_size(bytes(50 * LIMIT)), "zstd", LIMIT)
    assert expand(squeeze(b"sound"), "zstd", LIMIT) == b"sound"


def test_a_window_larger_than_every_decoder_takes_is_refused() -> None:
    wide = zstandard.ZstdCompressionParameters(window_log=25, write_content_size=False)
    packer = zstandard.ZstdCompressor(compression_params=wide).compressobj()
    packed = packer.compress(bytes(100)) + packer.flush()
    with pytest.raises(BadRecord):
        expand(packed, "zstd", LIMIT)


def test_threads_may_squeeze_at_once() -> None:
    """A collector squeezes late figures in a thread while the probe beside it seals; zstd's own state is one's."""
    lots = [hashlib.shake_256(bytes([number])).digest(100_000) * 3 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        packed = list(pool.map(squeeze, lots * 20))
    assert [expand(one, "zstd", LIMIT) for one in packed] == lots * 20


def test_threads_do_not_disturb_each_other() -> None:
    lots = [bytes([number]) * 200_000 for number in range(40)]
    packed = [squeeze(lot) if number % 2 else without_a_size(lot) for number, lot in enumerate(lots)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: expand(one, "zstd", LIMIT), packed * 5)) == lots * 5


@pytest.mark.parametrize(("encoding", "packed"), [("gzip", zlib.compress(b"zlib is no gzip")), ("gzip", b"")])
def test_what_is_no_gzip_is_refused(encoding: Encoding, packed: bytes) -> None:
    with pytest.raises(BadRecord):
        expand(packed, encoding, LIMIT)
