"""What was checked once is not checked again: it must never pass for something else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.wire.columns.test_refusals import NAMES, RAW, body, of_step, texts
from tests.wire.judge.scenes import SITE, WELL, leaf, measured
from wire.columns import Table, pack, records_of, unpack
from wire.errors import BadRecord

DNS, TLS = NAMES.index("dns"), NAMES.index("tls")


def values_of(table: Table, step: int, name: str) -> object:
    return table.of_names[step].columns[name].dictionary


def test_what_all_probes_say_alike_is_one_object() -> None:
    first, second = unpack(RAW), unpack(bytes(bytearray(RAW)))
    assert values_of(first, DNS, "host") is values_of(second, DNS, "host")
    assert first.of_steps.columns["step"].dictionary is second.of_steps.columns["step"].dictionary


def test_ids_are_not_remembered() -> None:
    assert (
        unpack(RAW).of_records.columns["id"].dictionary is not unpack(RAW).of_records.columns["id"].dictionary
    )


def test_the_same_bytes_in_a_column_of_another_type_are_looked_at_again() -> None:
    unpack(of_step("http", "peer_said", texts("not a number")))
    with pytest.raises(BadRecord):
        unpack(of_step("http", "tracks", texts("not a number")))


def test_a_text_that_is_short_enough_for_one_column_is_too_long_for_another() -> None:
    long = texts("x" * 600)
    unpack(of_step("http", "location", long))
    with pytest.raises(BadRecord, match="600 letters"):
        unpack(of_step("http", "fingerprint", long))


@pytest.mark.parametrize("index", [b"\x02\x01\x01", b"\x01\x01", b"\xff\x01\x01"])
def test_values_that_are_known_do_not_excuse_an_index(index: bytes) -> None:
    values = texts("only")
    unpack(of_step("http", "peer_said", values, b"\x01\x00\x01"))
    with pytest.raises(BadRecord, match="peer_said"):
        unpack(of_step("http", "peer_said", values, index))


def test_a_chain_that_was_whole_in_one_batch_is_broken_in_one_with_fewer_certificates() -> None:
    chain = (leaf(), replace(leaf(), sha256="b" * 64))
    steps = [replace(one, chain=chain) if one.step == "tls" else one for one in WELL]
    record = measured(SITE, steps)
    assert list(records_of(unpack(pack([record])), record.probe)) == [record]

    def without_certificates(whole: list[object]) -> None:
        parts = whole[6]
        assert isinstance(parts, list)
        parts[TLS] = [one for one in parts[TLS] if one[0] != "chain"] + [["chain", [[0, 1]], b""]]

    with pytest.raises(BadRecord, match="certificate"):
        unpack(body(without_certificates))


def test_a_refusal_is_not_remembered_as_good() -> None:
    for _ in range(3):
        with pytest.raises(BadRecord):
            unpack(of_step("http", "status", [-1]))
