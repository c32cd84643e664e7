"""What the page says on top, for every kind of day."""

from __future__ import annotations

from typing import Any

import pytest

from collector.core.overview import Overview
from collector.core.published import published
from collector.page.answer import Answer, answer
from collector.page.catalogues import words_in
from collector.page.view import sureness
from tests.collector.page.scenes import (
    blind,
    calm,
    category,
    cut_abroad,
    evening,
    laptop,
    never,
    operator,
    overview,
    region,
)  # fmt: skip

ENGLISH = words_in("en")
PLACES = ("KZ-10", "KZ-35", "KZ-71", "KZ-75")


def said(seen: Overview) -> Answer:
    return answer(ENGLISH, seen)


def country(home: float, abroad: float, probes: int = 16, **more: Any) -> Overview:
    """Four regions that see the same."""
    places = {code: region(code, home, abroad, probes // 4) for code in PLACES}
    return overview(places | more.pop("places", {}), home, abroad, probes, **more)


SILENT = {"KZ-47": region("KZ-47", expected=5, heard_s=4_000.0)}
ONE_AWAY = {"KZ-47": region("KZ-47", expected=1, heard_s=4_000.0)}
DAYS = [
    ("nothing was ever heard", never(), "unknown", "Nothing heard yet"),
    ("all fell silent", blind(), "silent", "We are blind: no probe has reported for 21 minutes"),
    ("all fell silent long ago", overview(heard_s=9_000.0), "silent", "We are blind: no probe has reported for 2 hours"),
    ("and for days", overview(heard_s=300_000.0), "silent", "We are blind: no probe has reported for 3 days"),
    ("only a spool of old records came", overview(heard_s=5.0), "unknown", "Nothing fresh comes from inside the country"),
    ("two probes, and strangers read", published(overview(home=1.0, abroad=1.0, probes=2)), "unknown", "Only two probes report: too few to say"),
    ("probes that cannot judge", overview(probes=4), "unknown", "Probes report, but none can judge yet"),
    ("a good day", calm(), "ok", "Everything that we watch is reachable"),
    ("one site fails somewhere", country(0.999, 1.0), "ok", "Almost everything that we watch is reachable"),
    ("one probe, a good day", laptop(), "ok", "Our one probe says: everything that we watch is reachable"),
    ("two probes, no way abroad", overview(home=1.0, abroad=0.0, probes=2), "cut", "Our two probes say: almost no site abroad can be reached"),
    ("no way abroad", cut_abroad(), "cut", "Almost no site abroad can be reached"),
    ("only what is abroad", country(0.1, 0.9), "cut", "Almost no site inside the country can be reached"),
    ("nothing works", country(0.0, 0.0), "cut", "Almost nothing that we watch can be reached"),
    ("some of everything fails everywhere", country(0.7, 0.7), "warning", "Trouble in all 4 regions that report"),
    ("trouble here and there", evening(), "cut", "Trouble in 2 regions"),
    ("trouble in one place", country(1.0, 1.0, places={"KZ-10": region("KZ-10", 1.0, 0.5, 4)}), "warning", "Trouble in 1 region"),
    ("trouble, nobody knows where", overview(home=0.9, abroad=0.5, probes=5), "warning", "Some of what we watch cannot be reached"),
    ("a region falls silent", country(1.0, 1.0, places=SILENT), "silent", "1 region has fallen silent"),
    ("a volunteer goes to bed", country(1.0, 1.0, places=ONE_AWAY), "ok", "Everything that we watch is reachable"),
    ("one service fails", country(1.0, 0.96, categories=[category("social", None, 0.4, 16)]), "warning", "Most is reachable, but there is trouble with social networks"),
    ("a bit of all fails", country(0.97, 0.9), "degraded", "Most of what we watch is reachable, but some of it fails"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "mark", "headline"), [day[1:] for day in DAYS], ids=[day[0] for day in DAYS]
)
def test_the_headline_says_what_the_data_allow(seen: Overview, mark: str, headline: str) -> None:
    assert (said(seen).mark, said(seen).headline) == (mark, headline)


def test_without_fresh_data_nothing_is_called_reachable() -> None:
    assert [said(seen).blind for seen in (never(), blind(), overview(heard_s=5.0))] == [True] * 3
    assert not said(calm()).blind


def test_trouble_that_only_one_probe_tells_is_marked_as_such() -> None:
    seen = country(1.0, 1.0, places={"KZ-10": region("KZ-10", 1.0, 0.0, 1)})
    assert "In 1 region fewer than 3 probes say so." in said(seen).notes
    assert sureness(seen, said(seen)) == "low"


def test_trouble_does_not_hide_silence_nor_services() -> None:
    assert said(evening()).notes == (
        "Services in trouble: messengers, circumvention tools.",
        "Besides, 1 region that used to report is silent.",
    )


def test_one_probe_never_speaks_for_the_country() -> None:
    assert said(laptop()).notes == ("So few probes cannot speak for a country.",)


def test_a_target_of_no_known_side_still_counts() -> None:
    seen = calm()
    unsided = Overview(
        **{field: getattr(seen, field) for field in seen.__struct_fields__} | {"level": "unknown"}
    )
    assert said(unsided).mark == "ok"


NETWORKS = [operator(asn, 1.0, 1.0, 6) for asn in ("AS9198", "AS21299", "AS29355")]
SURE = [
    ("none without data", never(), "none"),
    ("low with one probe", laptop(), "low"),
    ("low with one operator", country(1.0, 1.0, operators=NETWORKS[:1]), "low"),
    ("medium with two", country(1.0, 1.0, operators=NETWORKS[:2]), "medium"),
    ("high with many", country(1.0, 1.0, operators=NETWORKS), "high"),
    ("medium with few probes", country(1.0, 1.0, 8, operators=NETWORKS), "medium"),
]


@pytest.mark.parametrize(("seen", "sure"), [row[1:] for row in SURE], ids=[row[0] for row in SURE])
def test_sureness_grows_with_probes_regions_and_operators(seen: Overview, sure: str) -> None:
    assert sureness(seen, said(seen)) == sure


def test_a_network_that_was_not_told_makes_nobody_surer() -> None:
    seen = country(1.0, 1.0, operators=[operator("AS0", 1.0, 1.0, 9), NETWORKS[0]])
    assert sureness(seen, said(seen)) == "low"
