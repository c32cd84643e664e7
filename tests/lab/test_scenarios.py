"""The table as such: complete, unambiguous, and as fond of calm days as of bad ones."""

from __future__ import annotations

from tests.lab.names import LISTED
from tests.lab.scenarios import SCENARIOS
from tests.lab.targets import FURTHER

FIRST_ROWS = {
    "ok", "down (tcp)", "down (tls)", "likely_blocked dns.nxdomain", "blocked dns.injection.other",
    "blocked dns.injection.bogon", "likely_blocked dns.timeout", "insufficient dns.timeout",
    "likely_blocked tcp.timeout", "likely_blocked tcp.refused", "likely_blocked tls.timeout.sni",
    "likely_blocked tls.reset.sni", "blocked tls.mitm.ca_signed", "blocked tls.mitm.self_signed",
    "blocked http.blockpage", "insufficient line.down",
}  # fmt: skip


def test_every_verdict_of_the_first_rows_is_expected_somewhere() -> None:
    expected = {str(fair) for row in SCENARIOS for fair in row.expected().values()}
    assert expected >= FIRST_ROWS


def test_rows_have_names_of_their_own() -> None:
    assert len({row.name for row in SCENARIOS}) == len(SCENARIOS)


def test_rows_speak_only_of_their_targets() -> None:
    assert all(target in row.expected() for row in SCENARIOS for target in row.fair)


def test_a_row_s_messengers_are_among_its_targets() -> None:
    doors = {(row.name, one.name.partition("/")[0]) for row in SCENARIOS for one in row.also}
    assert all((row.name, group) in doors for row in SCENARIOS for group in row.groups)


def test_targets_that_a_calm_day_s_control_does_not_know_make_rows_with_one_of_their_own() -> None:
    unknown = [row for row in SCENARIOS if not set(row.also) <= set(FURTHER)]
    assert all(row.changes_servers for row in unknown)


def test_every_row_but_the_first_does_something() -> None:
    assert [row.name for row in SCENARIOS if not (row.actions or row.also or row.wrapper)] == ["all_well"]


def test_a_third_of_the_rows_accuse_nobody() -> None:
    innocent = [row for row in SCENARIOS if row.is_innocent]
    assert 3 * len(innocent) >= len(SCENARIOS)


def test_listed_sites_share_no_address() -> None:
    addresses = [address for site in LISTED for address in site.addresses.values()]
    assert len(set(addresses)) == len(addresses)


def test_only_rows_that_change_servers_need_a_control_of_their_own() -> None:
    renewed = {row.name for row in SCENARIOS if row.changes_servers}
    assert "site_down" in renewed
    assert "silence_after_hello" not in renewed
