"""Pictures of the country, and incidents laid over them."""

from __future__ import annotations

import msgspec
import pytest

from collector.core.pictures import Cover, Picture, covered, lasting, picture_of
from tests.collector.page.scenes import AT, blind, evening
from tests.collector.page.told import HOUR, book, incident
from wire import canonical
from wire.incidents import Incident, Scope
from wire.times import epoch_seconds

REGION = Scope(level="region", regions=("KZ-43",))
NATION = Scope(level="national")
COVERS: list[tuple[str, list[Incident], Cover | None]] = [
    ("nothing lasts", [], None),
    ("a region's loss", [incident("a", "connectivity_loss", REGION, HOUR)], "cut"),
    ("a region's silence", [incident("a", "connectivity_loss", REGION, HOUR, silent=True)], "silent"),
    ("the nation's", [incident("a", "allowlist_only", NATION, HOUR)], "cut"),
    ("another region's", [incident("a", "connectivity_loss", Scope(level="region", regions=("KZ-10",)), HOUR)], None),
    ("mobile alone", [incident("a", "connectivity_loss", Scope(level="region", regions=("KZ-43",), access=("mobile",)), HOUR)], "warning"),
    ("an operator's, of no region", [incident("a", "connectivity_loss", Scope(level="operator", operators=("AS9198",)), HOUR)], None),
    ("a service's, nationwide", [incident("a", "service_block", Scope(level="national", targets=("telegram",)), HOUR)], "warning"),
    ("a cut weighs more than silence", [incident("a", "connectivity_loss", REGION, HOUR, silent=True), incident("b", "international_loss", NATION, HOUR)], "cut"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "found", "expected"), COVERS, ids=[row[0] for row in COVERS])
def test_incidents_cover_the_regions_that_they_name(
    name: str, found: list[Incident], expected: Cover | None
) -> None:
    assert covered(found, "KZ-43") == expected


def test_what_lasted_is_told_by_what_is_known_today() -> None:
    now, told = epoch_seconds(AT), book().last()
    assert {one.id for one in lasting(told, now)} == {"i-silent", "i-nation"}
    assert {one.id for one in lasting(told, now - 75 * HOUR)} == {"i-block"}
    assert lasting(told, now - 8.5 * HOUR) == [], "what was withdrawn did not last"


def test_a_picture_is_small_and_comes_back_as_it_was() -> None:
    kept = canonical.encode(picture_of(evening()))
    assert len(kept) < 1_200
    again = msgspec.json.decode(kept, type=Picture)
    assert again == picture_of(evening())
    assert (again.probes, again.expected, again.blind) == (214, 231, False)
    assert picture_of(blind()).blind
