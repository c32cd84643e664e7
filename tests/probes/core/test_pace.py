from __future__ import annotations

from probes.core.manners import BURST, MAX_A_MINUTE
from probes.core.pace import MAX_KNOWN, Pace
from wire.records import Target

HERE, THERE = "185.1.1.10", "185.1.1.11"


def site(host: str, path: str = "") -> Target:
    return Target(id=host + path, url=f"https://{host}/{path}", category="news")


def connections(pace: Pace, host: str, address: str = HERE, *, until: float = 0.0, own: bool = True) -> int:
    """How many a greedy prober gets, four a second from 0 on; at 0 as many as it can."""
    now, count = 0.0, 0
    for _ in range(1_000):
        count += pace.take(host, address, 0.0, own=own)
    while now < until:
        now += 0.25
        count += pace.take(host, address, now, own=own)
    return count


def paced(*targets: Target) -> Pace:
    pace = Pace()
    pace.expect(targets)
    return pace


def test_no_host_gets_more_than_so_many_in_a_minute() -> None:
    assert connections(paced(site("a.example")), "a.example") == BURST
    assert connections(paced(site("a.example")), "a.example", until=59.0) <= MAX_A_MINUTE


def test_later_there_are_more() -> None:
    pace = paced(site("a.example"))
    connections(pace, "a.example")
    assert not pace.take("a.example", HERE, 1.0, own=True)
    assert pace.take("a.example", HERE, 4.0, own=True)


def test_each_listed_target_of_a_host_has_its_share() -> None:
    pace = paced(*(site("a.example", str(number)) for number in range(5)))
    assert connections(pace, "a.example") == 5 * BURST


def test_listed_hosts_that_share_an_address_add_up_there() -> None:
    pace = paced(site("a.example"), site("b.example"))
    assert connections(pace, "a.example") == BURST
    assert connections(pace, "b.example") == BURST


def test_redirects_under_ever_new_names_do_not_make_an_address_pay() -> None:
    pace = paced(*(site(f"{number}.example") for number in range(100)))
    led = sum(pace.take(f"r{number}.victim.example", THERE, 0.0, own=False) for number in range(1_000))
    assert led == BURST


def test_a_hundred_targets_that_lead_to_one_host_give_it_one_share() -> None:
    pace = paced(*(site(f"{number}.example") for number in range(100)))
    assert sum(pace.take("portal.example", THERE, 0.0, own=False) for _ in range(1_000)) == BURST


def test_the_own_machine_is_free() -> None:
    pace = paced()
    assert all(pace.take("localhost", "127.0.0.1", 0.0, own=True) for _ in range(1_000))
    assert all(pace.take("localhost", "::1", 0.0, own=True) for _ in range(1_000))


def test_its_memory_is_bounded() -> None:
    pace = paced()
    for number in range(MAX_KNOWN + 100):
        pace.take(f"{number}.example", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0.0, own=True)
    assert len(pace._buckets) == MAX_KNOWN
