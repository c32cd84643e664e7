"""The real command beside real packets: what a helper adds to a record, and what is said without one."""

from __future__ import annotations

import pytest

from tests.lab.country import Country
from tests.lab.scenario import NEWS, POST
from tests.lab.scenarios import SCENARIOS
from wire.canonical import Decoder
from wire.records import Measurement, Step

pytestmark = pytest.mark.lab

decode = Decoder(Measurement)
NO_HELPER = "unknown_failure: no packet helper"


def looked(country: Country, row: str, site: str, *options: str) -> Step:
    """The step `packet` of a site, while the network does what a row says."""
    country.calm_control()
    scenario = next(one for one in SCENARIOS if one.name == row)
    with country.living_through(scenario):
        printed = country.check("home", *options)
    records = [decode(line.encode()) for line in printed.splitlines()]
    (record,) = [one for one in records if one.target.id == site]
    (step,) = [step for step in record.steps if step.step == "packet"]
    return step


def test_the_operator_s_reset_is_placed_on_the_way(country: Country) -> None:
    step = looked(country, "reset_after_hello", POST, "--packets")
    assert (step.failure, step.end_flag) == (None, "RST")
    # one router lies between: its reset has come one hop less far than the site's packets
    assert (step.ttl_synack, step.ttl_data, step.ttl_end) == (63, 63, 64)
    assert (step.censor_hop, step.hops_total) == (2, 2)


def test_the_operator_s_silence_is_placed_on_the_way(country: Country) -> None:
    step = looked(country, "silence_after_hello", NEWS, "--packets")
    assert (step.failure, step.end_flag, step.ttl_synack) == (None, "", 63)
    assert (step.censor_hop, step.hops_total) == (2, 2)


def test_without_a_helper_the_record_says_that_nobody_looked(country: Country) -> None:
    assert looked(country, "reset_after_hello", POST).failure == NO_HELPER
