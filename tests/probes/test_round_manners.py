"""A round keeps to the probe's own limits, and its records say so."""

from __future__ import annotations

from dataclasses import replace as changed

from probes import Plan, Tools, Who, make_trust, run_round
from probes.core.pace import Pace
from probes.core.resolv_conf import Resolver
from tests.probes.chance import CLOCK, Dice
from tests.servers.deaf import saying, talking
from tests.servers.names import Zone, name_server
from wire.judge import ControlTable
from wire.records import Measurement, Network, Target

BODY = b"<title>Long</title>" + b"x" * 5_000
PAGE = saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY))


class Nobody(Pace):
    """Lets nobody through."""

    def take(self, *_: object, **__: object) -> bool:
        return False


def tools(*resolvers: Resolver) -> Tools:
    return Tools(clock=CLOCK, randomness=Dice(), trust=make_trust(), resolvers=resolvers, timeout_s=2.0)


async def measured(url: str, with_: Tools, budget: str = "") -> Measurement:
    target = Target(id="it", url=url, category="kz", side="domestic")
    plan = Plan(targets=(target,), controls=ControlTable([]), budget=budget)
    return (await run_round(plan, with_, Who("local", Network(), Dice())))[0]


async def test_a_connection_that_is_held_back_is_no_finding() -> None:
    async with talking(PAGE) as port:
        for scheme in ("http", "https", "tcp", "quic", "srt"):
            one = await measured(f"{scheme}://127.0.0.1:{port}", changed(tools(), pace=Nobody()))
            *held, line = one.steps
            assert {(step.step, step.address, step.port) for step in held} == {("held", "127.0.0.1", port)}
            assert line.connected == line.ok == 0
            assert one.verdict.state == "insufficient"


async def test_bytes_are_counted_by_target() -> None:
    async with name_server({"site.test": Zone(v4=("127.0.0.1",))}) as names, talking(PAGE) as port:
        with_ = tools(Resolver(address="127.0.0.1", port=names.port, label="own"))
        await measured(f"http://site.test:{port}/", with_)
    (found,) = with_.meter.take().items()
    assert found[0] == f"http://site.test:{port}/"
    assert len(BODY) < found[1] < 2 * len(BODY)


async def test_only_so_much_of_a_page_is_read() -> None:
    async with talking(PAGE) as port:
        one = await measured(f"http://127.0.0.1:{port}/", changed(tools(), body_bytes=1_000))
    (page,) = [step for step in one.steps if step.step == "http"]
    assert (page.body_bytes, page.truncated, page.title) == (1_000, True, "Long")


async def test_a_round_of_short_data_says_so_in_the_line() -> None:
    async with talking(PAGE) as port:
        one = await measured(f"http://127.0.0.1:{port}/", tools(), "short")
    assert one.steps[-1].budget == "short"
