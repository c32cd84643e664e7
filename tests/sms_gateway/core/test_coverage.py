from __future__ import annotations

from sms_gateway.core.coverage import Region, as_csv, coverage

EXPECTED = {"KZ-71-0001", "KZ-71-0002", "KZ-75-0001"}
HEARD = {"KZ-71-0002": "2026-11-22T04:00:00.000Z", "KZ-71-0099": "2026-11-22T05:00:00.000Z"}


def test_each_region_says_who_is_silent() -> None:
    assert coverage(["KZ-10", "KZ-71", "KZ-75"], EXPECTED, HEARD) == [
        Region(code="KZ-10", expected=0, heard=0, silent=()),
        Region(code="KZ-71", expected=2, heard=2, silent=("KZ-71-0001",)),
        Region(code="KZ-75", expected=1, heard=0, silent=("KZ-75-0001",)),
    ]


def test_the_csv_has_every_station_once() -> None:
    assert as_csv(EXPECTED, HEARD).splitlines() == [
        "region,station,expected,heard_at", "KZ-71,KZ-71-0001,yes,", "KZ-71,KZ-71-0002,yes,2026-11-22T04:00:00.000Z",
        "KZ-71,KZ-71-0099,no,2026-11-22T05:00:00.000Z", "KZ-75,KZ-75-0001,yes,",
    ]  # fmt: skip
