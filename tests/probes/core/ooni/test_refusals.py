"""What is never handed to OONI."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from probes.core.ooni import Reason, Refused, to_ooni
from tests.probes.core.ooni.records import SITE, WELL, endpoint, record, site_of, verdict
from wire.records import Measurement, Network

NOWHERE = record(SITE, WELL.steps, verdict("ok"), network=Network(asn="AS9198"))
UNTOLD = record(SITE, WELL.steps, verdict("ok"), network=Network(region="KZ-71"))
UNKNOWN = record(SITE, WELL.steps, verdict("ok"), network=Network(asn="AS9198", region="ZZ"))
BARE = record(SITE, [], verdict("ok"))
OTHER_KIND = record("tcp://site.example:443", WELL.steps, verdict("ok"))


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (UNTOLD, "no AS number"),
        (NOWHERE, "no country"),
        (UNKNOWN, "no country"),
        (BARE, "no steps"),
        (OTHER_KIND, "no test at OONI"),
        (endpoint("telegram/dc1", "149.154.175.50", verdict("ok")), None),
        (endpoint("viber/one", "viber.example", verdict("ok")), "no test at OONI"),
        (endpoint("facebook_messenger/new", "new.facebook.com", verdict("ok")), "no test at OONI"),
    ],
)
def test_a_record_is_refused_for_a_reason(one: Measurement, reason: Reason | None) -> None:
    refused = [found.reason for found in to_ooni([one], "0.1.0") if isinstance(found, Refused)]
    assert refused == ([reason] if reason else [])


def test_a_website_of_a_messenger_that_its_test_does_not_know_is_a_website() -> None:
    (found,) = to_ooni([site_of("telegram/links", "t.me", verdict("ok"))], "0.1.0")
    assert not isinstance(found, Refused)
    assert found.test_name == "web_connectivity"


def test_a_messenger_of_an_untold_network_is_refused_too() -> None:
    one = record("tcp://149.154.175.50:443", WELL.steps, verdict("ok"), "telegram/dc1", network=Network())
    assert list(to_ooni([one], "0.1.0")) == [Refused("no AS number")]


def test_every_reason_stands_in_the_docs() -> None:
    text = (Path(__file__).parents[4] / "docs" / "export.md").read_text(encoding="utf-8")
    assert all(f"`{reason}`" in text for reason in get_args(Reason))
