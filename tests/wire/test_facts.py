from __future__ import annotations

import pytest
from msgspec.structs import replace

from wire import facts
from wire.enrol import check_enrolment, enrolment, invite_print
from wire.errors import BadSignature
from wire.names import failure_label
from wire.records import Network
from wire.signing import SigningKey


def test_there_are_twenty_regions_each_on_its_own_tile() -> None:
    found = facts.regions()
    assert len(found) == 20
    assert len({(region.tile_row, region.tile_col) for region in found.values()}) == 20
    assert found["KZ-71"].name("kk") == "Астана"


def test_labels_come_from_closed_sets() -> None:
    assert facts.known_region("KZ-71") == "KZ-71"
    assert facts.known_region("XX-1") == "unknown"
    assert (facts.known_operator("AS9198"), facts.known_operator("AS1"), facts.known_operator("AS0")) == (
        "AS9198",
        "other",
        "AS0",
    )
    assert failure_label("generic_timeout_error") == "generic_timeout_error"
    assert failure_label("unknown_failure: anything") == "unknown_failure"


def test_an_operator_has_a_brand_a_person_knows() -> None:
    assert "Kcell" in facts.operator_brand("AS29355")
    assert facts.operator_brand("AS1") == "AS1"


def test_the_published_roots_are_known() -> None:
    known = facts.signatures()
    assert "qaznet trust network" in known.common_names
    assert all(len(print_) == 40 for print_ in known.sha1)


def test_an_enrolment_proves_that_its_sender_holds_the_key() -> None:
    key = SigningKey(bytes(range(32)))
    request = enrolment(key, "A" * 22, Network(region="KZ-71"))
    assert check_enrolment(request) == key.public
    for changed in (
        replace(request, invite="B" * 22),
        replace(request, network=Network()),
        replace(request, signature=""),
    ):
        with pytest.raises(BadSignature):
            check_enrolment(changed)
    assert len(invite_print(request.invite)) == 64
