"""Becoming known: what is signed, and that nothing of it can be changed on the way."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from wire import canonical
from wire.enrol import (
    Enrolment,
    Vouching,
    check_enrolment,
    check_vouching,
    enrolment,
    invite_print,
    vouching,
)
from wire.errors import BadInput, BadRecord, BadSignature
from wire.records import Network
from wire.signing import SigningKey, to_text

KEY, OTHER = SigningKey(b"k" * 32), SigningKey(b"o" * 32)
INVITE = "an-invite-of-some-length"
ASKED = enrolment(KEY, INVITE, Network(region="KZ-71"))
VOUCHED = vouching(KEY, INVITE, 72.0)


def test_a_request_names_the_key_that_signed_it() -> None:
    assert check_enrolment(ASKED) == KEY.public
    assert check_vouching(VOUCHED) == KEY.id


@pytest.mark.parametrize(
    "changed",
    [
        replace(ASKED, invite="another-" + INVITE),
        replace(ASKED, network=Network(region="KZ-75")),
        replace(ASKED, key=to_text(OTHER.public)),
        replace(ASKED, signature=enrolment(OTHER, INVITE, ASKED.network).signature),
        replace(ASKED, signature=VOUCHED.signature),
        replace(ASKED, signature=""),
    ],
    ids=["invite", "place", "key", "signer", "purpose", "bare"],
)
def test_a_changed_enrolment_is_refused(changed: Enrolment) -> None:
    with pytest.raises(BadSignature):
        check_enrolment(changed)


@pytest.mark.parametrize(
    "changed",
    [
        replace(VOUCHED, print=invite_print("another")),
        replace(VOUCHED, hours=73.0),
        replace(VOUCHED, key=to_text(OTHER.public)),
        replace(VOUCHED, signature=ASKED.signature),
        replace(VOUCHED, signature=""),
    ],
    ids=["token", "hours", "key", "purpose", "bare"],
)
def test_a_changed_vouching_is_refused(changed: Vouching) -> None:
    with pytest.raises(BadSignature):
        check_vouching(changed)


def test_the_token_is_in_no_request_for_an_invite() -> None:
    assert INVITE.encode() not in canonical.encode(VOUCHED)


@pytest.mark.parametrize(
    ("kind", "good", "changes"),
    [
        (Enrolment, ASKED, {"invite": "short"}),
        (Enrolment, ASKED, {"invite": "a" * 65}),
        (Enrolment, ASKED, {"invite": INVITE + "\n"}),
        (Enrolment, ASKED, {"key": "k" * 45}),
        (Vouching, VOUCHED, {"hours": 0}),
        (Vouching, VOUCHED, {"hours": 169}),
        (Vouching, VOUCHED, {"print": "A" * 64}),
        (Vouching, VOUCHED, {"v": 2}),
    ],
)  # fmt: skip
def test_a_request_beyond_its_limits_is_no_record(
    kind: type[Enrolment | Vouching], good: Enrolment | Vouching, changes: dict[str, object]
) -> None:
    fields = msgspec.to_builtins(good) | changes
    with pytest.raises(BadRecord):
        canonical.Decoder(kind)(canonical.encode(fields))


TEXTS = st.text(max_size=50)


@given(TEXTS, TEXTS, TEXTS)
def test_any_key_and_any_signature_are_refused_cleanly(invite: str, key: str, signature: str) -> None:
    with pytest.raises(BadInput):
        check_enrolment(Enrolment(invite=invite, key=key, network=Network(), signature=signature))
    with pytest.raises(BadInput):
        check_vouching(Vouching(print=invite, hours=1.0, key=key, signature=signature))
