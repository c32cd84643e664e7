"""What every OONI measurement begins with: when, where, by which software; and what cannot be one.

A record whose network or country was not told is refused: OONI's data are of no use without them,
and AS0 or ZZ in their place would be noise in somebody else's archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from probes.core.ooni.format import OoniMeasurement, TestKeys
from probes.core.ooni.observed import telling
from wire.records import Measurement
from wire.times import parse_time

Reason = Literal["no AS number", "no country", "no steps", "no test at OONI"]
UNTOLD_ASN: Final = "AS0"
UNKNOWN_COUNTRIES: Final = frozenset({"", "ZZ"})
# The test versions of OONI Probe whose keys these are.
VERSIONS: Final[Mapping[str, str]] = {
    "web_connectivity": "0.5.26",
    "telegram": "0.3.1",
    "whatsapp": "0.11.0",
    "signal": "0.2.2",
    "facebook_messenger": "0.2.1",
}


def refusal(measurement: Measurement) -> Reason | None:
    """Why a record cannot become an OONI measurement; None when its base is well."""
    if measurement.network.asn == UNTOLD_ASN:
        return "no AS number"
    if country(measurement) in UNKNOWN_COUNTRIES:
        return "no country"
    return None if telling(measurement) else "no steps"


def country(measurement: Measurement) -> str:
    """The two letters before the region's dash; "" when not told."""
    return measurement.network.region.partition("-")[0]


def envelope(
    first: Measurement, test_name: str, keys: TestKeys, runtime_s: float, software: str
) -> OoniMeasurement:
    """Test keys in their envelope. `first` is the earliest record of the test, `software` our version."""
    began = f"{parse_time(first.at):%Y-%m-%d %H:%M:%S}"
    return OoniMeasurement(
        annotations=_annotations(first, software, alone=test_name == "web_connectivity"),
        input=first.target.url if test_name == "web_connectivity" else None,
        measurement_start_time=began,
        probe_asn=first.network.asn,
        probe_cc=country(first),
        probe_network_name="",
        software_version=software,
        test_keys=keys,
        test_name=test_name,
        test_runtime=runtime_s,
        test_start_time=began,
        test_version=VERSIONS[test_name],
    )


def _annotations(first: Measurement, software: str, alone: bool) -> dict[str, str]:
    """What OONI's keys have no place for. Neither probe nor record is named: OONI's data are public.

    `alone`: the test is this one record, so its verdict is the test's.
    """
    found = {
        "engine_name": "dabyl",
        "engine_version": software,
        "network_type": {"fixed": "wired", "mobile": "mobile"}.get(first.network.access, ""),
    }
    if alone:
        found |= _verdict(first) | _leaf(first) | _body(first)
    return {key: text for key, text in found.items() if text}


def _verdict(one: Measurement) -> dict[str, str]:
    verdict = one.verdict
    return {
        "dabyl_state": verdict.state,
        "dabyl_mechanism": verdict.mechanism or "",
        "dabyl_rule": verdict.rule,
        "dabyl_category": one.target.category,
    }


def _leaf(one: Measurement) -> dict[str, str]:
    """The certificate that came for the target's name: OONI wants its bytes, we have its prints."""
    chains = [step.chain for step in one.steps if step.step == "tls" and not step.role and step.chain]
    if not chains:
        return {}
    leaf = chains[-1][0]
    return {"dabyl_leaf_sha256": leaf.sha256, "dabyl_leaf_issuer": leaf.issuer}


def _body(one: Measurement) -> dict[str, str]:
    pages = [step for step in one.steps if step.step == "http" and step.body_bytes is not None]
    if not pages:
        return {}
    return {"dabyl_body_bytes": str(pages[-1].body_bytes), "dabyl_body_sha256": pages[-1].body_sha256}
