"""Alertmanager's words as texts: each once, many regions in one, an end only with proof."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.alerting import telling
from sms_gateway.core.alerts import Told, alerts_of, freshest, lasts, looked_at, texts
from sms_gateway.core.gsm import parts
from wire import BadInput
from wire.facts import Language


def body(*alerts: dict[str, Any], group: str = '{}:{alertname="Cut"}') -> bytes:
    return json.dumps(
        {
            "version": "4",
            "groupKey": group,
            "truncatedAlerts": 0,
            "status": "firing",
            "receiver": "sms",
            "alerts": alerts,
        }
    ).encode()


def alert(
    name: str = "Cut",
    region: str = "KZ-71",
    status: str = "firing",
    starts: str = "2026-11-22T04:00:00Z",
    **annotations: str,
) -> dict[str, Any]:
    return {
        "status": status, "labels": {"alertname": name, "region": region}, "annotations": annotations, "startsAt": starts,
        "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "", "fingerprint": f"{name}{region}",
    }  # fmt: skip


def _texts(*alerts: dict[str, Any], language: Language = "en") -> list[str]:
    return list(texts(alerts_of(body(*alerts)), telling(language)))


def test_the_same_alert_has_the_same_key_and_its_end_another_with_the_same_root() -> None:
    (one,), (same,) = alerts_of(body(alert())), alerts_of(body(alert(summary="changed")))
    (ended,), (later,) = (
        alerts_of(body(alert(status="resolved"))),
        alerts_of(body(alert(starts="2026-11-22T05:00:00Z"))),
    )
    assert one.key == same.key
    assert len({one.key, ended.key, later.key}) == 3
    assert one.root == ended.root != later.root


def test_twenty_regions_are_one_text() -> None:
    found = _texts(*[alert(region=f"KZ-{number}") for number in range(10, 30)])
    assert len(found) == 1
    assert found[0].startswith("ALERT Cut: KZ-10 KZ-11")
    assert found[0].endswith("KZ-29")
    assert parts(found[0]).count <= 2


def test_names_and_states_have_texts_of_their_own() -> None:
    assert _texts(alert(), alert("Slow"), alert(region="KZ-75", status="resolved")) == [
        "ALERT Cut: Astana",
        "ALERT Slow: Astana",
        "RESTORED Cut: Almaty",
    ]


def test_one_summary_for_all_says_more_than_the_name() -> None:
    assert _texts(alert(summary="No internet"), alert(region="KZ-75", summary="No internet")) == [
        "ALERT No internet: Astana, Almaty"
    ]
    assert _texts(alert(summary="No internet"), alert(region="KZ-75", summary="Something else")) == [
        "ALERT Cut: Astana, Almaty"
    ]


def test_what_does_not_fit_two_parts_is_counted() -> None:
    (found,) = _texts(*[alert(region=f"KZ-71-{number:04}") for number in range(100)], language="kk")
    assert parts(found).count <= 2
    assert "+" in found
    (found,) = _texts(alert(region="", summary="ж" * 120), language="ru")
    assert parts(found).count <= 2


def test_a_kind_has_words_in_each_language_and_all_is_no_place() -> None:
    cut = alert("DabylRegionCut", region="KZ-71") | {
        "labels": {
            "alertname": "DabylRegionCut",
            "kind": "international_loss",
            "region": "all",
            "operator": "AS9198",
        }
    }
    assert _texts(cut) == ["ALERT no international internet: AS9198"]
    assert _texts(cut, language="ru") == ["ТРЕВОГА нет зарубежного интернета: AS9198"]
    assert _texts(cut, language="kk") == ["ДАБЫЛ шетелдік интернет жоқ: AS9198"]


def test_mobile_networks_are_not_the_whole_country() -> None:
    def cut(region: str, access: str) -> dict[str, Any]:
        labels = {
            "alertname": "DabylOperatorCut",
            "kind": "connectivity_loss",
            "region": region,
            "access": access,
        }
        return alert("DabylOperatorCut") | {"labels": labels}

    assert _texts(cut("all", "mobile")) == ["ALERT no connection: mobile networks"]
    assert _texts(cut("KZ-71", "fixed"), language="ru") == ["ТРЕВОГА нет связи: Астана фиксированные сети"]
    assert _texts(cut("all", "mobile"), language="kk") == ["ДАБЫЛ байланыс жоқ: мобильді желілер"]
    assert _texts(cut("all", "all")) == ["ALERT no connection"]


def test_control_characters_do_not_reach_a_phone() -> None:
    assert _texts(alert(region="", summary="a\r\n\x00b")) == ["ALERT a b"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"{}",
        b'{"groupKey":"a","alerts":[{}]}',
        b"\xff",
        body({"status": "odd", "labels": {}, "startsAt": ""}),
        b'{"groupKey":"a","alerts":[],"more":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
)
def test_what_is_no_webhook_body_is_one_clear_line(raw: bytes) -> None:
    with pytest.raises(BadInput) as error:
        alerts_of(raw)
    assert "\n" not in str(error.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_alerts_or_refused(raw: bytes) -> None:
    with suppress(BadInput):
        assert all(isinstance(one, Told) for one in alerts_of(raw))


PAGE = """# TYPE dabyl_probes_last_report_timestamp_seconds gauge
dabyl_probes_last_report_timestamp_seconds{region="KZ-71",operator="AS9198",access="fixed"} 1.7e+09
dabyl_probes_last_report_timestamp_seconds{region="KZ-71",operator="AS9198",access="mobile"} 1700000005.0
dabyl_probes_last_report_timestamp_seconds{region="KZ-75",operator="AS1",access="fixed"} 1700000099.0
"""


@pytest.mark.parametrize(
    ("place", "heard"),
    [
        ("KZ-71", 1700000005), ("KZ-75", 1700000099), ("KZ-10", 0), ("", 1700000099), ("AS9198", 1700000005), ("AS7", 0),
        ("KZ-75 AS9198", 0), ("KZ-71 AS9198", 1700000005), ("kannel", 1700000099), ("mobile", 1700000005),
        ("KZ-71 fixed", 1700000000), ("KZ-75 mobile", 0),
    ],
)  # fmt: skip
def test_the_freshest_probe_of_a_place_proves_its_return(place: str, heard: float) -> None:
    assert freshest(PAGE, place) == heard
    assert freshest("", place) == 0
    assert freshest(looked_at(PAGE), place) == heard


def test_of_a_whole_countrys_metrics_only_probes_and_incidents_are_looked_at() -> None:
    incident = 'dabyl_incident_active{kind="throttling",region="KZ-71"} 1'
    page = looked_at(f'# HELP x y\n{PAGE}dabyl_reach_ratio{{region="KZ-71"}} 1\n{incident}\n')
    assert page.splitlines() == [*PAGE.splitlines()[1:], incident]
    assert lasts(page, "throttling", "KZ-71")
    assert looked_at("") == ""


def test_mobile_networks_are_over_though_the_fixed_ones_are_not() -> None:
    page = 'dabyl_incident_active{kind="cut",region="all",operator="all",access="fixed"} 1\n'
    assert [lasts(page, "cut", place) for place in ("mobile", "fixed", "", "KZ-71", "KZ-71 mobile")] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_a_region_and_an_operator_are_both_told() -> None:
    one = alert() | {"labels": {"alertname": "Cut", "region": "KZ-71", "operator": "AS9198"}}
    other = alert() | {"labels": {"alertname": "Cut", "region": "KZ-75", "operator": "all"}}
    assert _texts(one, other) == ["ALERT Cut: Astana AS9198, Almaty"]
