from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import base62, digest
from wire.digest import Digest, is_digest, is_signed_by, probe_name, read, seal
from wire.names import ACCESSES, MECHANISMS, Mechanism, Stage, State
from wire.records import Measurement, Network, Target, Verdict
from wire.sealed import payload_of, take_apart, write
from wire.signing import SigningKey, VerifyKey

KEY = SigningKey(bytes(range(32)))
AT = 1_795_320_000
NETWORK = Network(asn="AS9198", region="KZ-71", access="mobile")


def seen(
    category: str, state: State, side: str = "foreign", mechanism: Mechanism | None = None
) -> Measurement:
    stage: Stage | None = "line" if mechanism and mechanism.startswith("line.") else None
    return Measurement(
        id="m", probe="p", at="2026-11-22T04:00:00Z", network=NETWORK,
        target=Target(id="t", url="https://t", category=category, side=side),  # type: ignore[arg-type]  # of the sides
        verdict=Verdict(state=state, stage=stage, mechanism=mechanism),
    )  # fmt: skip


def _round(*measurements: Measurement, network: Network = NETWORK) -> Digest:
    found = read(seal(KEY, measurements, network, AT))
    assert found is not None
    assert is_signed_by(found[1], VerifyKey(KEY.public))
    return found[0]


def test_a_round_is_one_text_and_comes_back_as_it_was() -> None:
    text = seal(KEY, [seen("news", "ok")], NETWORK, AT)
    assert len(text) == 142
    assert is_digest(text)
    found = _round(
        seen("news", "ok"), seen("news", "likely_blocked", mechanism="tls.reset.sni"), seen("egov", "ok", "domestic"),
        seen("bank", "blocked", "domestic", "dns.nxdomain"), seen("social", "blocked", mechanism="tls.reset.sni"),
        seen("court", "insufficient"), seen("health", "down"), seen("kz", "impaired", ""),
    )  # fmt: skip
    assert (found.probe, found.at, found.network) == (
        probe_name(KEY.public),
        "2026-11-22T04:00:00.000Z",
        NETWORK,
    )
    assert (found.line, found.worst) == ("ok", "tls.reset.sni")
    assert [(one.category, one.side, one.share) for one in found.reach] == [
        ("egov", "domestic", 1.0), ("bank", "domestic", 0.0), ("news", "foreign", 0.5), ("social", "foreign", 0.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("measurements", "line"),
    [
        ([], "unknown"),
        ([seen("news", "insufficient", mechanism="line.down")], "down"),
        ([seen("news", "insufficient", mechanism="line.captive_portal")], "captive_portal"),
        ([seen("news", "impaired", mechanism="line.lossy"), seen("kz", "ok")], "lossy"),
        ([seen("news", "blocked", mechanism="tcp.reset")], "unknown"),
        ([seen("news", "ok")], "ok"),
    ],
)
def test_the_state_of_the_line_is_what_the_verdicts_say(measurements: list[Measurement], line: str) -> None:
    assert _round(*measurements).line == line


def test_all_and_none_are_said_only_when_it_is_so() -> None:
    many = [seen("news", "ok")] * 99
    assert _round(*many, seen("news", "blocked")).reach[0].share < 1
    assert _round(*many).reach[0].share == 1
    few = [seen("news", "blocked")] * 99
    assert _round(*few, seen("news", "ok")).reach[0].share > 0


@given(
    asn=st.integers(0, 2**32 - 1), region=st.sampled_from(["", "KZ-10", "KZ-79"]), access=st.sampled_from(ACCESSES),
    side=st.sampled_from(["inside", "outside"]), mechanism=st.sampled_from(MECHANISMS),
)  # fmt: skip
def test_every_network_and_mechanism_comes_back(
    asn: int, region: str, access: str, side: str, mechanism: Mechanism
) -> None:
    network = Network(asn=f"AS{asn}", region=region, access=access, side=side)  # type: ignore[arg-type]  # of the names
    found = _round(seen("news", "blocked", mechanism=mechanism), network=network)
    assert (found.network, found.worst) == (network, mechanism)


def test_a_changed_character_or_byte_is_noticed() -> None:
    text = seal(KEY, [seen("news", "ok")], NETWORK, AT)
    for place in range(len(text)):
        char = "0" if text[place] != "0" else "1"
        assert read(text[:place] + char + text[place + 1 :]) is None
    payload = payload_of(text)
    assert payload is not None
    for place in range(2, len(payload)):
        changed = write(payload[:place] + bytes([payload[place] ^ 1]) + payload[place + 1 :])
        found = read(changed)
        assert found is None or not is_signed_by(found[1], VerifyKey(KEY.public))


def test_a_digest_is_no_stations_text_and_the_other_way_round() -> None:
    text = seal(KEY, [], NETWORK, AT)
    assert take_apart(text) == "unknown_version"
    assert not is_digest("OPEN 71 379")
    assert len(text) == len("DBY1") + base62.width(digest.SIZE_BYTES) + base62.CHECK_CHARS


def test_no_two_mechanisms_have_the_same_print() -> None:
    assert len({digest._mechanism(name) for name in (None, *MECHANISMS)}) == len(MECHANISMS) + 1


@pytest.mark.parametrize("network", [Network(asn="AS9999999999", region="DE-BE"), Network()])
def test_a_network_without_a_place_here_is_not_told(network: Network) -> None:
    found = _round(seen("news", "ok"), network=network)
    assert (found.network.asn, found.network.region) == ("AS0", "")
