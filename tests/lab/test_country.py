"""The country as curl and dig see it, so that a wrong row is the judge's fault and not the lab's."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.lab import flows, names
from tests.lab.country import Country
from tests.lab.names import BY_NAME, SITES, Place, Site
from tests.lab.namespaces import sweep
from tests.lab.scenario import ANCHOR, BANK, INFO, NEWS, PAGES, PORTAL, POST, TALK, Scenario
from tests.lab.scenarios import SCENARIOS
from tests.lab.shell import must
from tests.lab.targets import HOUSES

pytestmark = pytest.mark.lab

TIMED_OUT, REFUSED, UNTRUSTED, UNRESOLVED = 28, 7, 60, 6
RESET = 35  # 56 with some builds of curl: where in the handshake it noticed
FINE = [site for site in SITES if site.manner == "fine"]
BUILD_AND_WAIT = (
    "from tests.lab import Country\nwith Country() as c:\n print(c.ground.prefix, flush=True)\n input()"
)


def curl(country: Country, place: Place, site: Site, *options: str) -> tuple[int, str]:
    """Exit status of curl and the HTTP status; one second and a half for everything."""
    quiet = ("curl", "-sS", "--max-time", "1.5", "-o", "/dev/null", "-w", "%{http_code}")
    done = country.run(place, *quiet, *options, f"{site.scheme}://{site.name}/")
    return done.returncode, done.stdout


def addresses(country: Country, sites: Iterable[Site]) -> set[str]:
    """What the operator's resolver answers to A and AAAA questions about the sites, in one dig."""
    asked = [word for site in sites for kind in ("A", "AAAA") for word in (site.name, kind)]
    answer = country.run("home", "dig", "+noall", "+answer", "+time=1", "+tries=1", *asked).stdout
    return {line.split()[-1] for line in answer.splitlines() if line}


def truth(sites: Iterable[Site]) -> set[str]:
    """What an honest resolver answers."""
    return {address for site in sites for address in site.addresses.values()}


def row(name: str) -> Scenario:
    """A row of the table by its name."""
    return next(row for row in SCENARIOS if row.name == name)


@pytest.mark.parametrize("place", ["home", "abroad"])
@pytest.mark.parametrize("site", FINE, ids=lambda site: site.name)
def test_a_fine_site_is_reached_in_each_of_its_families(country: Country, place: Place, site: Site) -> None:
    assert {curl(country, place, site, f"-{family}") for family in site.families} == {(0, "200")}


def test_the_interceptor_passes_on_what_the_true_site_says(country: Country) -> None:
    with country.living_through(row("certificate_forged")):
        assert curl(country, "home", BY_NAME[NEWS])[0] == UNTRUSTED
        assert curl(country, "home", BY_NAME[NEWS], "--insecure") == (0, "200")
        assert curl(country, "abroad", BY_NAME[NEWS]) == (0, "200")


@pytest.mark.parametrize(
    ("name", "site", "exit_status"),
    [
        ("dns_nxdomain", NEWS, UNRESOLVED),
        ("dns_silent", ANCHOR, TIMED_OUT),
        ("address_blackholed", NEWS, TIMED_OUT),
        ("reset_on_syn", POST, REFUSED),
        ("silence_after_hello", NEWS, TIMED_OUT),
        ("reset_after_hello", POST, RESET),
        ("reset_after_host", PAGES, RESET),
        ("foreign_cut", ANCHOR, TIMED_OUT),
        ("allowlist", BANK, TIMED_OUT),
        ("everything_cut", INFO, TIMED_OUT),
        ("line_dead", INFO, TIMED_OUT),
    ],
)
def test_a_row_is_felt_at_home_and_not_abroad(
    country: Country, name: str, site: str, exit_status: int
) -> None:
    with country.living_through(row(name)):
        felt = curl(country, "home", BY_NAME[site])[0]
        assert felt == exit_status or (felt, exit_status) == (56, RESET)
        assert curl(country, "abroad", BY_NAME[site]) == (0, "200")
    assert curl(country, "home", BY_NAME[site]) == (0, "200")


@pytest.mark.parametrize(
    ("name", "site", "home", "abroad"),
    [
        ("forbidden_to_the_country", TALK, (0, "403"), (0, "200")),
        ("closed_to_the_world", BANK, (0, "200"), (TIMED_OUT, "000")),
        ("nearby_copy", NEWS, (0, "200"), (0, "200")),
        ("certificate_of_another_name", PORTAL, (UNTRUSTED, "000"), (UNTRUSTED, "000")),
        ("address_unreachable", TALK, (REFUSED, "000"), (0, "200")),
        ("block_redirect", PAGES, (0, "302"), (0, "200")),
        ("allowlist", PORTAL, (0, "200"), (0, "200")),
        ("captive_portal", BANK, (UNTRUSTED, "000"), (0, "200")),
        ("captive_portal", PAGES, (0, "302"), (0, "200")),
    ],
)
def test_a_row_differs_by_where_one_stands(
    country: Country, name: str, site: str, home: tuple[int, str], abroad: tuple[int, str]
) -> None:
    with country.living_through(row(name)):
        assert curl(country, "home", BY_NAME[site]) == home
        assert curl(country, "abroad", BY_NAME[site]) == abroad


def test_a_personal_page_is_never_the_same_twice(country: Country) -> None:
    pages = {country.run("home", "curl", "-s", "http://mirror-hall.example/").stdout for _ in range(3)}
    assert len(pages) == 3


def test_only_the_named_flow_dies_at_an_address(country: Country) -> None:
    with country.living_through(row("silence_after_hello")):
        elsewhere = f"{ANCHOR}:443:{BY_NAME[NEWS].address(4)}"
        assert curl(country, "home", BY_NAME[ANCHOR], "--resolve", elsewhere, "--insecure") == (0, "200")


def test_a_site_that_is_down_is_down_from_everywhere(country: Country) -> None:
    with country.living_through(row("site_down")):
        assert curl(country, "home", BY_NAME[PORTAL])[0] == REFUSED
        assert curl(country, "abroad", BY_NAME[PORTAL])[0] == REFUSED


def test_the_notice_stands_where_the_page_was(country: Country) -> None:
    with country.living_through(row("block_page")):
        body = country.run("home", "curl", "-s", f"http://{PAGES}/").stdout
    assert "Access restricted" in body


def test_the_system_resolver_at_home_is_the_operators(country: Country) -> None:
    with country.living_through(row("dns_forged")):
        assert country.run("home", "dig", "+short", NEWS).stdout.split() == [names.NOTICE]
        clean = country.run("home", "dig", "+short", f"@{names.CLEAN_RESOLVER}", NEWS).stdout.split()
    assert clean == [BY_NAME[NEWS].address(4)]


@pytest.mark.parametrize("row", [row for row in SCENARIOS if row.zones], ids=lambda row: row.name)
def test_a_lie_of_the_resolver_touches_no_other_name_and_ends(country: Country, row: Scenario) -> None:
    untouched = [site for site in SITES if site.name not in {zone.name for zone in row.zones}]
    with country.living_through(row):
        assert addresses(country, untouched) == truth(untouched)
        assert addresses(country, SITES) != truth(SITES)
    assert addresses(country, SITES) == truth(SITES)


def test_what_a_killed_run_left_is_swept_away() -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen(
        (sys.executable, "-c", BUILD_AND_WAIT),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
    ) as victim:
        assert victim.stdout is not None
        prefix = victim.stdout.readline().strip()
        victim.send_signal(signal.SIGKILL)
    assert prefix + "home" in must(("ip", "netns", "list"))
    assert prefix + "home" in sweep()
    assert prefix not in must(("ip", "netns", "list"))


@pytest.mark.parametrize(
    ("name", "host", "felt"),
    [
        ("interceptor_chooses_by_name", HOUSES[0], (UNTRUSTED, "000")),
        ("interceptor_chooses_by_name", HOUSES[1], (0, "200")),
        ("shared_address_silence", HOUSES[0], (TIMED_OUT, "000")),
        ("shared_address_silence", HOUSES[1], (0, "200")),
        ("block_page_legal", INFO, (0, "451")),
        ("riddle_for_the_country", TALK, (0, "403")),
        ("transparent_proxy", PAGES, (0, "200")),
        ("allowlist_of_names", PORTAL, (0, "200")),
        ("allowlist_of_names", BANK, (TIMED_OUT, "000")),
        ("ipv6_only_site", "six-lanes.example", (0, "200")),
        ("domestic_cut", BANK, (TIMED_OUT, "000")),
        ("court_order", "court-order.example", (0, "451")),
    ],
)
def test_a_row_does_to_a_site_what_it_says(
    country: Country, name: str, host: str, felt: tuple[int, str]
) -> None:
    with country.living_through(row(name)):
        assert curl(country, "home", BY_NAME[host]) == felt


@pytest.mark.parametrize(("name", "host"), [("slow_name", NEWS), ("slow_server", TALK)])
def test_what_is_slow_works_in_the_end(country: Country, name: str, host: str) -> None:
    timed = ("curl", "-s", "--max-time", "6", "-o", "/dev/null", "-w", "%{http_code} %{time_appconnect}")
    with country.living_through(row(name)):
        status, shaken_s = country.run("home", *timed, f"https://{host}/").stdout.split()
    assert status == "200"
    assert float(shaken_s) > 0.3


def test_a_closed_door_opens_by_itself_and_was_closed_for_neighbours_too(country: Country) -> None:
    closing = flows.close_after_hello(HOUSES[0], 10, deaf=True)
    with country.living_through(Scenario(name="deaf", about="for a while", actions=(closing,))):
        assert curl(country, "home", BY_NAME[HOUSES[1]]) == (0, "200")
        assert curl(country, "home", BY_NAME[HOUSES[0]])[0] == TIMED_OUT
        assert curl(country, "home", BY_NAME[HOUSES[1]])[0] == TIMED_OUT
        time.sleep(10.0)  # as long as the row says
        assert curl(country, "home", BY_NAME[HOUSES[1]]) == (0, "200")


def test_the_liar_speaks_first_and_the_truth_comes_after(country: Country) -> None:
    with country.living_through(row("dns_injected_first")):
        for asked in (names.OPERATOR_RESOLVER, "203.0.113.200"):  # nobody has the second one
            told = country.run("home", "dig", "+short", "+tries=1", "+time=1", f"@{asked}", NEWS).stdout
            assert told.split() == [names.NOTICE]
        other = country.run("home", "dig", "+short", PAGES).stdout.split()
    assert other == [BY_NAME[PAGES].address(4)]
