from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.errors import BadInput
from wire.targets import default_rows, default_targets, read_rows, read_targets, target_of_url

SCHEMES = frozenset({"https", "http", "post+http", "tcp", "tls", "dns", "zone"})
HEAD = "url,category,name,side"


def read(*rows: str, head: str = HEAD) -> list[str]:
    return [target.id for target in read_targets([head, *rows], "t.csv", SCHEMES)]


def test_a_name_is_the_role_and_else_the_host() -> None:
    assert read("https://a.kz/x,egov,,domestic", "tcp://1.2.3.4:443,messenger,telegram/dc1,foreign") == [
        "a.kz",
        "telegram/dc1",
    ]


def test_further_columns_are_passed_over() -> None:
    assert read("https://a.kz/,egov,,,hello", head=HEAD + ",note") == ["a.kz"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",egov,,", "t.csv:3: the row has no url"),
        ("ftp://a.kz/,egov,,", "t.csv:3: no prober for 'ftp'"),
        ("https://a.kz/,castle,,", "t.csv:3: category 'castle'"),
        ("https://a.kz/,egov,,beyond", "t.csv:3: side 'beyond'"),
        ("https://a.kz:99999/,egov,,", "t.csv:3: .*port"),
        ("https://a.kz:0/,egov,,", "t.csv:3: .*port"),
        ("https://a.kz:x/,egov,,", "t.csv:3: .*port"),
        ("https:///x,egov,,", "t.csv:3: .*no host"),
        ("https://[::1,egov,,", "t.csv:3: "),
        ("https://a b/,egov,,", "t.csv:3: .*space"),
        ("https://first.kz/,egov,,", "stands twice"),
        ('"https://a.kz/,egov,,', "t.csv"),
    ],
)
def test_a_broken_row_is_named_by_file_line_and_reason(row: str, reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        read("https://first.kz/,egov,,", row)


def test_a_file_without_the_right_header_is_refused() -> None:
    for head in ("", "link,kind", "url"):
        with pytest.raises(BadInput, match=r"t.csv:1: the header has no column"):
            read(head=head)


def test_a_url_by_hand_may_leave_the_scheme_out() -> None:
    assert target_of_url("egov.kz", SCHEMES).url == "https://egov.kz"
    with pytest.raises(BadInput):
        target_of_url("ftp://egov.kz", SCHEMES)


def test_the_shipped_list_is_sound_and_holds_nothing_sensitive() -> None:
    targets = default_targets(SCHEMES)
    assert len(targets) > 150
    assert not [target for target in targets if target.category == "circumvention"]
    assert {target.side for target in targets} == {"domestic", "foreign", ""}


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_gives_targets_or_a_clean_refusal(rows: list[str]) -> None:
    with suppress(BadInput):
        assert all(read(*rows))


def test_sensitive_rows_are_left_out_and_known_as_such() -> None:
    lines = [
        HEAD + ",risk",
        "https://a.kz/,egov,,,low",
        "https://b.kz/,news,,,sensitive",
        "https://c.kz/,news,,,",
    ]
    assert [one.id for one in read_targets(lines, "t.csv", SCHEMES)] == ["a.kz", "c.kz"]
    assert [row.target.id for row in read_rows(lines, "t.csv", SCHEMES) if row.sensitive] == ["b.kz"]


def test_a_file_without_the_column_has_no_sensitive_rows() -> None:
    assert not any(row.sensitive for row in read_rows([HEAD, "https://a.kz/,egov,,"], "t.csv", SCHEMES))


def test_the_shipped_list_has_sensitive_rows_that_are_not_measured_by_default() -> None:
    schemes = SCHEMES | {"quic", "dot", "doh", "zone"}
    rows = default_rows(schemes)
    assert sum(row.sensitive for row in rows) == len(rows) - len(default_targets(schemes)) > 10
