from __future__ import annotations

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from msgspec.structs import replace

from sms_gateway import enrol, new_station, read_book, read_keys, revoke, signing_key, write_keys
from sms_gateway.core.sender import sender_print
from sms_gateway.enrolling import merged
from sms_gateway.reader import read_directory
from tests.sms_gateway.harness import SeededRandomness
from wire import BadInput
from wire.signing import from_text
from wire.stationkeys import StationKeys

PRINTS = bytes(32)
STATION = "KZ-71-0379"


def _listed(station: str = STATION, **more: object) -> StationKeys:
    return replace(new_station(station, SeededRandomness(), 5)[2], **more)


def test_a_new_station_has_a_key_and_different_codes(tmp_path: Path) -> None:
    key, seed, listed = new_station(STATION, SeededRandomness(), 400)
    assert from_text(listed.keys[0]) == key.public
    assert len(set(listed.codes)) == 400
    assert all(len(code) == 6 and code.isdigit() for code in listed.codes)
    (tmp_path / "s.key").write_text(seed + "\n")
    assert signing_key(tmp_path / "s.key").public == key.public


def test_a_key_may_be_what_openssl_makes(tmp_path: Path) -> None:
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "s.pem").write_bytes(pem)
    assert signing_key(tmp_path / "s.pem").public == key.public_key().public_bytes_raw()


def test_what_is_no_key_is_told_in_one_line(tmp_path: Path) -> None:
    other = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for content in (b"", b"abc", b"00" * 31, b"\xff" * 64, b"-----BEGIN PRIVATE KEY-----\n", other):
        (tmp_path / "s.key").write_bytes(content)
        with pytest.raises(BadInput, match=r"not a key"):
            signing_key(tmp_path / "s.key")
    with pytest.raises(BadInput, match="No such file"):
        signing_key(tmp_path / "none")


def test_the_commissions_file_is_taken_in_and_what_is_revoked_stays_so(tmp_path: Path) -> None:
    keys, coming = tmp_path / "keys.jsonl", tmp_path / "coming.jsonl"
    write_keys(coming, [_listed(), _listed("KZ-75-0012")])
    told = enrol(keys, coming, [], None)
    assert (told.new, told.changed, told.revoked) == (2, 0, 0)
    assert keys.stat().st_mode & 0o777 == 0o600
    assert revoke(keys, [STATION]).revoked == 1
    write_keys(coming, [_listed(codes=("123456",))])
    told = enrol(keys, coming, ["KZ-75-0012"], None)
    assert (told.new, told.changed, told.revoked) == (0, 1, 2)
    assert [(one.station, one.codes[0], one.revoked) for one in read_keys(keys)] == [
        (STATION, "123456", True), ("KZ-75-0012", _listed().codes[0], True),
    ]  # fmt: skip
    assert read_book(keys).fault(STATION, "123456") == "revoked"
    assert read_book(keys).keys(STATION) == "revoked"


def test_numbers_become_prints_and_are_kept_nowhere(tmp_path: Path) -> None:
    keys, coming = tmp_path / "keys.jsonl", tmp_path / "coming.jsonl"
    write_keys(coming, [_listed(phones=("8 701 123-45-67", "+77011234567"))])
    enrol(keys, coming, [], PRINTS)
    assert read_keys(keys)[0].senders == (sender_print(PRINTS, "+77011234567"),)
    assert b"7011234567" not in keys.read_bytes()
    assert read_book(keys).prints == {sender_print(PRINTS, "+77011234567")}
    with pytest.raises(BadInput, match="--data"):
        merged([], [_listed(phones=("+77011234567",))], None)


def test_a_station_that_is_not_listed_cannot_be_revoked(tmp_path: Path) -> None:
    write_keys(tmp_path / "keys.jsonl", [_listed()])
    with pytest.raises(BadInput, match="KZ-75-0012 is not"):
        revoke(tmp_path / "keys.jsonl", ["KZ-75-0012"])


GOOD = json.loads(json.dumps({"v": 1, "station": STATION, "keys": list(_listed().keys), "codes": ["482913"]}))


def test_a_key_may_be_written_in_hex(tmp_path: Path) -> None:
    file = tmp_path / "keys.jsonl"
    file.write_text(json.dumps(GOOD | {"keys": [from_text(_listed().keys[0]).hex()]}))
    keys = read_book(file).keys(STATION)
    assert not isinstance(keys, str)
    assert len(keys) == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"station": "71-0379"}, "station"),
        ({"codes": ["48291"]}, "codes"),
        ({"codes": ["482913", "482913"]}, "twice"),
        ({"keys": ["A" * 43]}, "small order"),
        ({"keys": ["short"]}, "keys"),
        ({"unknown": 1}, "unknown"),
        ({"v": 2}, "v"),
    ],
)
def test_a_line_that_is_wrong_is_named_with_its_number(
    wrong: dict[str, object], told: str, tmp_path: Path
) -> None:
    file = tmp_path / "keys.jsonl"
    file.write_text("\n" + json.dumps(GOOD | wrong) + "\n")
    with pytest.raises(BadInput, match=rf"line 2: .*{told}"):
        read_keys(file)


def test_a_station_that_stands_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys.jsonl"
    file.write_text(f"{json.dumps(GOOD)}\n{json.dumps(GOOD)}\n")
    with pytest.raises(BadInput, match=f"line 2: {STATION} stands twice"):
        read_keys(file)


def test_the_directory_is_read_strictly(tmp_path: Path) -> None:
    file = tmp_path / "directory.json"
    file.write_text(
        '{"as_of":"2026-11-01","regions":{"KZ-71":{"prosecutor":"+77172555555","commission":"1414"}}}'
    )
    assert read_directory(file).regions["KZ-71"].commission == "1414"
    for content in ("{}", '{"as_of":"soon","regions":{}}', '{"as_of":"2026-11-01","regions":{"71":{}}}'):
        file.write_text(content)
        with pytest.raises(BadInput, match=r"directory\.json: "):
            read_directory(file)
    with pytest.raises(BadInput):
        read_directory(tmp_path / "none")
