"""Signed notes and checkpoints: a published one, our own, and every way to be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import notes
from wire.errors import BadInput, BadRecord, BadSignature
from wire.merkle import EMPTY_ROOT
from wire.signing import SigningKey

# The example of Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
LOG = notes.Signer("ledger.example/2026", notes.ED25519, SigningKey(b"l" * 32))
WITNESS = notes.Signer("witness.example/ngo", notes.COSIGNATURE, SigningKey(b"w" * 32))
HEAD = notes.Checkpoint(LOG.name, 0, EMPTY_ROOT)


def _signed() -> notes.Note:
    return notes.Note(HEAD.text, (LOG.sign(HEAD.text),))


def test_a_note_that_others_published_is_verified() -> None:
    key = notes.NoteKey.parse(GO_KEY)
    note = notes.parse_note(GO_NOTE.encode())
    assert notes.verified(note, [key]) == {key: 0}
    assert str(note) == GO_NOTE
    assert str(key) == GO_KEY


@pytest.mark.parametrize("place", range(0, GO_NOTE.index("—"), 7))
def test_a_note_with_another_letter_is_refused(place: int) -> None:
    changed = GO_NOTE[:place] + ("x" if GO_NOTE[place] != "x" else "y") + GO_NOTE[place + 1 :]
    with pytest.raises(BadInput):
        notes.verified(notes.parse_note(changed.encode()), [notes.NoteKey.parse(GO_KEY)])


def test_a_checkpoint_goes_out_and_comes_back() -> None:
    note = notes.parse_note(str(_signed()).encode())
    assert notes.verified(note, [LOG.key]) == {LOG.key: 0}
    assert notes.Checkpoint.parse(note.text) == HEAD


def test_lines_of_others_in_a_checkpoint_are_kept() -> None:
    head = notes.Checkpoint("a.example", 7, b"r" * 32, ("more", "and more"))
    assert notes.Checkpoint.parse(head.text) == head


def test_a_cosignature_tells_when_it_was_made() -> None:
    note = _signed().plus([WITNESS.sign(HEAD.text, 1_800_000_000)])
    both = notes.verified(notes.parse_note(str(note).encode()), [LOG.key, WITNESS.key])
    assert both == {LOG.key: 0, WITNESS.key: 1_800_000_000}


def test_a_cosignature_at_another_time_is_refused() -> None:
    made = WITNESS.sign(HEAD.text, 1_800_000_000)
    moved = notes.Signature(made.name, made.key_id, (1_800_000_001).to_bytes(8, "big") + made.body[8:])
    with pytest.raises(BadSignature, match="does not fit"):
        notes.verified(_signed().plus([moved]), [LOG.key, WITNESS.key])


def test_a_cosignature_past_the_end_of_time_is_refused() -> None:
    for at in (2**63 - 1, 2**63):
        note = notes.Note(HEAD.text, (WITNESS.sign(HEAD.text, at),))
        if at < 2**63:
            assert notes.verified(note, [WITNESS.key]) == {WITNESS.key: at}
        else:
            with pytest.raises(BadSignature, match="past 2"):
                notes.verified(note, [WITNESS.key])


def test_a_cosignature_is_no_signature_of_a_log() -> None:
    same = notes.Signer(WITNESS.name, notes.ED25519, WITNESS.secret)
    assert same.key.id != WITNESS.key.id
    with pytest.raises(BadSignature, match="no key that is known"):
        notes.verified(notes.Note(HEAD.text, (WITNESS.sign(HEAD.text, 5),)), [same.key])


def test_signatures_of_strangers_are_passed_over() -> None:
    stranger = notes.Signer("x.example", notes.ED25519, SigningKey(b"x" * 32))
    note = _signed().plus([stranger.sign(HEAD.text)])
    assert notes.verified(note, [LOG.key]) == {LOG.key: 0}
    with pytest.raises(BadSignature, match="no key that is known"):
        notes.verified(_signed(), [stranger.key])


def test_the_same_signature_is_not_added_twice() -> None:
    assert _signed().plus([LOG.sign(HEAD.text)]) == _signed()


def test_a_signature_of_a_wrong_length_is_refused() -> None:
    made = LOG.sign(HEAD.text)
    short = notes.Note(HEAD.text, (notes.Signature(made.name, made.key_id, made.body[:-1]),))
    with pytest.raises(BadSignature, match="wrong length"):
        notes.verified(short, [LOG.key])


def test_what_is_signed_with_a_purpose_of_ours_is_no_note() -> None:
    with pytest.raises(BadInput, match="purpose"):
        LOG.secret.sign_text("dabyl/v1/batch\nanything")


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        (b"", "a text, an empty line"),
        (b"text\n", "a text, an empty line"),
        (b"text\n\n", "a text, an empty line"),
        (b"\n\n", "a text, an empty line"),
        (b"text\n\nno dash\n", "signature line"),
        (b"text\n\nname !\n", "base64"),
        ("text\n\n— name AAAAAAA=".encode(), "a text, an empty line"),
        ("text\n\n— name AAAA\n".encode(), "signature line"),
        ("text\n\n— a+b AAAAAAA=\n".encode(), "signature line"),
        ("te\txt\n\n— name AAAAAAA=\n".encode(), "a text, an empty line"),
        ("text\r\n\n— name AAAAAAA=\n".encode(), "a text, an empty line"),
        ("text\n\n— name AAAAAAB=\n".encode(), "canonical"),
        (b"\xff\n\n", "UTF-8"),
        (b"x" * 300_000, "300000 bytes"),
        (("text\n\n" + "— name AAAAAAA=\n" * 65).encode(), "1 to 64"),
    ],
)
def test_what_is_no_note_is_refused_in_one_line(raw: bytes, complaint: str) -> None:
    with pytest.raises(BadRecord, match=complaint):
        notes.parse_note(raw)


@pytest.mark.parametrize(
    "text",
    ["", "a\n", "a\n1\n", f"a\n{2**63}\n" + "A" * 43 + "=\n", "a\n01\nAA==\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "a\n1\n" + "A" * 43 + "=",
     "\n1\n" + "A" * 43 + "=\n", "a\n1\n" + "A" * 43 + "=\n\nmore\n"],
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(BadRecord):
        notes.Checkpoint.parse(text)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "a+b",
        GO_KEY[1:],
        GO_KEY.replace("c74f", "c74e"),
        GO_KEY[:-8],
        "a+00000000+AA==",
        "a b+00000000+AQ==",
    ],
)
def test_what_is_no_verifier_key_is_refused(line: str) -> None:
    with pytest.raises(BadInput):
        notes.NoteKey.parse(line)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_note_or_a_clean_refusal(raw: bytes) -> None:
    try:
        note = notes.parse_note(raw)
    except BadRecord:
        return
    assert str(note).encode() == raw


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.integers(0, 2**62),
    st.binary(min_size=32, max_size=32),
)
def test_every_checkpoint_comes_back(origin: str, size: int, root: bytes) -> None:
    head = notes.Checkpoint(origin, size, root)
    assert notes.Checkpoint.parse(head.text) == head
