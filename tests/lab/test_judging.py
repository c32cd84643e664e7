"""The comparison: what counts as right, as named, and as a false accusation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.lab.country import whole
from tests.lab.fair import OK, UNACCUSED, Fair, blocked, down, likely_blocked, unsaid
from tests.lab.judging import Line, compare, read_output, table, tally
from tests.lab.scenario import NEWS
from tests.lab.scenarios import SCENARIOS
from tests.lab.shell import LabError

NXDOMAIN = likely_blocked("dns.nxdomain")
ROW = next(row for row in SCENARIOS if row.name == "dns_nxdomain")


def line(expected: Fair, got: Fair | None) -> Line:
    return Line("row", "target", expected, got)


def record(target: str, fair: Fair) -> str:
    verdict = {"state": fair.state, "stage": fair.stage, "mechanism": fair.mechanism, "rule": "r"}
    return json.dumps({"v": 1, "target": {"id": target, "url": "u"}, "verdict": verdict})


def test_a_verdict_is_right_only_with_its_state_its_stage_and_its_mechanism() -> None:
    assert line(NXDOMAIN, NXDOMAIN).is_right
    assert not line(NXDOMAIN, Fair("likely_blocked", "dns", "dns")).is_right
    assert not line(down("tcp"), down("tls")).is_right


def test_an_accusation_is_false_where_nobody_is_to_be_accused() -> None:
    assert line(OK, NXDOMAIN).is_false_accusation
    assert line(unsaid("line.down"), likely_blocked("tcp.timeout")).is_false_accusation
    assert not line(NXDOMAIN, blocked("dns.injection.other")).is_false_accusation


def test_a_target_without_measurement_is_wrong() -> None:
    lines = compare(ROW, read_output(record(NEWS, NXDOMAIN)))
    assert [found.target for found in lines if found.is_right] == [NEWS]
    assert "no measurement" in table(lines)


def test_the_tally_tells_the_layer_from_the_mechanism() -> None:
    counted = tally([line(NXDOMAIN, NXDOMAIN), line(NXDOMAIN, likely_blocked("dns.timeout")), line(OK, OK)])
    assert (counted.lines, counted.right, counted.interfered) == (3, 2, 2)
    assert (counted.layer, counted.exact, counted.false_accusations) == (2, 1, 0)


def test_the_table_names_the_rule_that_decided_wrongly() -> None:
    wrong = compare(ROW, read_output(record(NEWS, likely_blocked("dns.timeout"))))
    text = next(text for text in table(wrong).splitlines() if NEWS in text)
    assert text.endswith("NO (r)")


def test_a_loose_label_fits_itself_and_what_is_deeper() -> None:
    loose = likely_blocked("tls.timeout.*")
    fitting = [likely_blocked("tls.timeout"), likely_blocked("tls.timeout.other")]
    assert all(line(loose, got).is_right for got in fitting)
    assert not line(loose, likely_blocked("tls.reset.other")).is_right
    assert not line(loose, unsaid("tls.timeout")).is_right
    assert not line(likely_blocked("tls.timeout"), likely_blocked("tls.timeout.sni")).is_right


def test_where_chance_decides_only_an_accusation_is_wrong() -> None:
    assert all(line(UNACCUSED, got).is_right for got in (OK, down("tcp"), unsaid("line.lossy")))
    assert not line(UNACCUSED, NXDOMAIN).is_right
    assert line(UNACCUSED, NXDOMAIN).is_false_accusation


def test_a_messenger_s_doors_must_say_the_same_of_it() -> None:
    row = next(row for row in SCENARIOS if row.name == "messenger_one_door_closed")
    verdict = {"state": "ok", "stage": None, "mechanism": None, "any_works": True, "all_work": False}
    doors = [{"target": {"id": f"pigeon/dc{n}"}, "verdict": verdict} for n in (1, 2, 3)]
    agreed = compare(row, read_output("\n".join(map(json.dumps, doors))))[-1]
    doors[0]["verdict"] = {**verdict, "all_work": True}
    torn = compare(row, read_output("\n".join(map(json.dumps, doors))))[-1]
    assert (agreed.is_right, torn.is_right, torn.got) == (True, False, None)


def test_an_output_that_cannot_be_read_is_kept_and_told_with_its_place() -> None:
    good = record(NEWS, NXDOMAIN)
    assert whole(good) == good
    with pytest.raises(LabError, match="a broken line, kept in") as refused:
        whole(good[:-5])
    kept = Path(re.findall(r"kept in (\S+):", str(refused.value))[0])
    assert kept.read_text() == good[:-5]
    kept.unlink()
