from __future__ import annotations

import pytest

from wire.errors import BadInput, BadSignature
from wire.signing import SigningKey, VerifyKey, from_text, key_id, to_text

KEY = SigningKey(bytes(range(32)))


def test_a_signature_fits_its_key_its_bytes_and_its_purpose_only() -> None:
    signature = KEY.sign("dabyl/v1/batch", b"words")
    VerifyKey(KEY.public).verify("dabyl/v1/batch", b"words", signature)
    other = SigningKey(bytes(32))
    for key, purpose, message in (
        (other.public, "dabyl/v1/batch", b"words"),
        (KEY.public, "dabyl/v1/report", b"words"),
        (KEY.public, "dabyl/v1/batch", b"Words"),
    ):
        with pytest.raises(BadSignature):
            VerifyKey(key).verify(purpose, message, signature)  # type: ignore[arg-type]  # a row of the table


def test_the_signed_bytes_are_the_purpose_a_line_end_and_the_message() -> None:
    # RFC 8032 signatures are deterministic: whoever follows docs/protocol.md gets these bytes.
    assert to_text(KEY.sign("dabyl/v1/batch", b"words"))[:16] == "QFhT1tucc3QjYal0"


@pytest.mark.parametrize(
    "point", ["00" * 32, "01" + "00" * 31, "01" + "00" * 30 + "80", "ec" + "ff" * 30 + "ff"]
)
def test_keys_of_small_order_are_refused(point: str) -> None:
    with pytest.raises(BadInput, match="small order"):
        VerifyKey(bytes.fromhex(point))


def test_keys_of_another_length_are_refused() -> None:
    for make in (SigningKey, VerifyKey):
        with pytest.raises(BadInput, match="32 bytes"):
            make(b"short")


def test_an_id_is_made_from_the_key() -> None:
    assert key_id(KEY.public) == KEY.id
    assert len(KEY.id) == 26


def test_text_of_bytes_comes_back() -> None:
    assert from_text(to_text(b"\xfb\xff\x00")) == b"\xfb\xff\x00"
    for broken in ("a", "a b", "é", "a+b/"):
        with pytest.raises(BadInput):
            from_text(broken)
