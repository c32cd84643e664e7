"""Probes' digests that gateways bring: what is believed, and what becomes of it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from collector.core.brought import Once, all_brought, brought
from collector.core.live import Live
from collector.core.reading import reread
from collector.core.recent import Recent
from collector.core.refusals import Refused
from collector.core.roster import Enrolled, Roster
from collector.core.times import stamp
from collector.store import Arrived
from collector.watching import _heard
from tests.collector.core.scenes import ABROAD, ASTANA, NOW, key, row, seen
from tests.collector.core.test_live import live_with, samples
from tests.collector.harness import sealed
from wire import digest
from wire.names import Mechanism, State
from wire.records import Measurement, Network, ProbeDigest, StationReport, Verdict
from wire.sealed import payload_of, write

GATEWAY = row(9, role="gateway")
CUT = Verdict(state="insufficient", stage="line", mechanism="line.down")


def text_of(*found: Measurement, number: int = 1, at: float = NOW, network: Network = ASTANA) -> ProbeDigest:
    """A probe's round as a gateway brings it."""
    text = digest.seal(key(number), found, network, int(at))
    return ProbeDigest(text=text, at=stamp(NOW), link="modem-1")


def roster_of(*rows: Enrolled) -> Roster:
    roster = Roster()
    for one in rows:
        roster.put(one)
    return roster


def bring(live: Live, *told: object, sequence: int = 1, arrived: float = NOW, count: bool = True) -> None:
    raw = sealed(key(9), told, sequence, purpose="dabyl/v1/report")
    member = live.roster.get(key(9).id)
    assert member is not None
    live.take(reread(member, raw, arrived, live.roster), count=count)


def test_a_digest_is_one_measurement_for_each_category_and_side_and_one_for_the_line() -> None:
    found = brought(
        text_of(
            seen("a", category="egov", side="domestic"),
            seen("b", "likely_blocked", "tls.reset.sni"), seen("c", "blocked", "tls.reset.sni"), seen("d"),
            seen("e", "blocked", "tls.reset.sni", category="messenger"),
        ),
        roster_of(row(1)), NOW,
    )  # fmt: skip
    assert [
        (one.target.id, one.target.side, one.verdict.state, one.verdict.mechanism) for one in found.records
    ] == [
        ("egov/domestic", "domestic", "ok", None),
        ("news/foreign", "foreign", "likely_blocked", "tls.reset.sni"),
        ("messenger/foreign", "foreign", "likely_blocked", "tls.reset.sni"),
        ("line", "domestic", "ok", None),
    ]
    assert {(one.probe, one.channel, one.at, one.received_at, one.network) for one in found.records} == {
        (key(1).id, "sms", stamp(NOW), stamp(NOW), ASTANA)
    }
    assert [(step.tried, step.ok) for one in found.records[:3] for step in one.steps] == [
        (14, 14),
        (14, 5),
        (14, 0),
    ]
    assert len({one.id for one in found.records}) == 4


@pytest.mark.parametrize(
    ("verdict", "state", "mechanism"),
    [
        (CUT, "insufficient", "line.down"),
        (Verdict(state="impaired", stage="line", mechanism="line.lossy"), "impaired", "line.lossy"),
        (
            Verdict(state="insufficient", stage="line", mechanism="line.captive_portal"),
            "insufficient", "line.captive_portal",
        ),
    ],
)  # fmt: skip
def test_what_is_amiss_with_the_line_is_the_lines(
    verdict: Verdict, state: State, mechanism: Mechanism
) -> None:
    found = brought(text_of(replace(seen("a"), verdict=verdict)), roster_of(row(1)), NOW)
    line = found.records[-1]
    assert (line.target.id, line.verdict.state, line.verdict.stage, line.verdict.mechanism) == (
        "line", state, "line", mechanism,
    )  # fmt: skip


def test_a_round_that_could_say_nothing_is_no_measurement() -> None:
    assert brought(text_of(seen("a", "insufficient")), roster_of(row(1)), NOW).records == ()
    assert brought(text_of(), roster_of(row(1)), NOW).digest.rows is None


def test_a_line_mechanism_blames_no_category() -> None:
    lossy = replace(seen("a"), verdict=Verdict(state="likely_blocked", stage="line", mechanism="line.lossy"))
    found = brought(text_of(lossy), roster_of(row(1)), NOW)
    assert [(one.target.id, one.verdict.mechanism) for one in found.records] == [
        ("news/foreign", None), ("line", "line.lossy"),
    ]  # fmt: skip


def _forged(told: ProbeDigest) -> ProbeDigest:
    payload = payload_of(told.text)
    assert payload is not None
    return replace(told, text=write(payload[:-1] + bytes([payload[-1] ^ 1])))


DAY = 86_400.0


@pytest.mark.parametrize(
    ("told", "rows", "reason"),
    [
        (replace(text_of(), text="DBY1nonsense"), [row(1)], "malformed"),
        (text_of(), [], "unknown_probe"),
        (text_of(number=2), [row(1)], "unknown_probe"),
        (text_of(), [row(1, enrolled=NOW + 1)], "unknown_probe"),
        (text_of(), [row(1, revoked=True)], "revoked"),
        (text_of(), [row(1, role="gateway")], "role"),
        (text_of(), [row(1, role="vantage")], "role"),
        (_forged(text_of()), [row(1)], "signature"),
        (text_of(at=NOW + 700), [row(1)], "time"),
        (text_of(at=NOW - 32 * DAY), [row(1)], "time"),
    ],
)
def test_what_cannot_be_believed_has_a_reason(told: ProbeDigest, rows: list[Enrolled], reason: str) -> None:
    with pytest.raises(Refused) as refused:
        brought(told, roster_of(*rows), NOW)
    assert refused.value.reason == reason
    assert all_brought([told, told], roster_of(*rows), NOW) == ((), (reason, reason))


def test_what_is_brought_by_text_stands_in_the_figures_with_its_channel() -> None:
    live = live_with(row(1), GATEWAY)
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at=stamp(NOW))
    bring(live, report, text_of(seen("a", "blocked", "dns.nxdomain")), _forged(text_of(seen("b"))))
    found = samples(live)
    assert found["dabyl_batches_total", frozenset({"KZ-71", "sms"})] == 1
    assert found["dabyl_digests_total", frozenset({"taken"})] == 1
    assert found["dabyl_digests_total", frozenset({"signature"})] == 1
    assert found["dabyl_measurements_total", frozenset({"KZ-71", "AS9198", "news", "likely_blocked"})] == 1
    assert found["dabyl_reachability_ratio", frozenset({"KZ-71", "AS9198", "news", "foreign"})] == 0
    assert [one.probe for one in live.heard] == [key(1).id]
    assert len(list(live.stations)) == 1


def test_the_same_digest_over_two_gateways_is_counted_once() -> None:
    live = live_with(row(1), GATEWAY)
    told = text_of(seen("a"))
    bring(live, told, told)
    bring(live, replace(told, link="kannel"), sequence=2)
    found = samples(live)
    assert found["dabyl_digests_total", frozenset({"taken"})] == 1
    assert found["dabyl_digests_total", frozenset({"repeat"})] == 2
    assert found["dabyl_measurements_total", frozenset({"KZ-71", "AS9198", "news", "ok"})] == 1
    assert len(live.heard) == 1


def test_what_was_counted_before_a_restart_is_remembered_and_not_counted_again() -> None:
    live = live_with(row(1), GATEWAY)
    told = text_of(seen("a"))
    bring(live, told, count=False)
    bring(live, told, sequence=2)
    found = samples(live)
    assert found["dabyl_digests_total", frozenset({"repeat"})] == 1
    assert not [name for name, _ in found if name == "dabyl_measurements_total"]
    assert found["dabyl_reachability_ratio", frozenset({"KZ-71", "AS9198", "news", "foreign"})] == 1


def test_a_text_does_not_count_as_heard_for_it_proves_no_line() -> None:
    live = live_with(row(1, heard=NOW - 900), GATEWAY)
    bring(live, text_of(seen("a"), at=NOW - 60))
    member = live.roster.get(key(1).id)
    assert member is not None
    assert member.heard == NOW - 900


def test_a_digest_from_outside_is_of_outside() -> None:
    found = brought(text_of(seen("a"), network=ABROAD), roster_of(row(1, ABROAD)), NOW)
    assert {one.network.side for one in found.records} == {"outside"}


def test_only_the_newest_names_are_remembered() -> None:
    once = Once(2)
    assert [once.is_first(name) for name in "aabbca"] == [True, False, True, False, True, True]


def test_detection_reads_kept_digests_after_a_restart_as_it_heard_them_live() -> None:
    live = live_with(row(1), GATEWAY)
    report = StationReport(id="r", station="KZ-71-0379", kind="open", at=stamp(NOW))
    told = [report, text_of(seen("a", "blocked", "dns.nxdomain")), _forged(text_of(seen("b")))]
    raw = sealed(key(9), told, purpose="dabyl/v1/report")
    (again,) = _heard([Arrived(NOW, raw)], live.roster)
    bring(live, *told)
    (heard,) = live.heard
    assert (again.at, again.probe, again.rows.ids) == (heard.at, heard.probe, heard.rows.ids)
    recent = Recent(100)
    recent.take([heard, again])
    columns = recent.columns()
    assert len(columns) == len(again.rows), "the same digest twice is the same measurements"
    assert columns.probes == [key(1).id]
