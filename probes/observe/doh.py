"""DNS over HTTPS, the kind `doh`: a handshake with a resolver, a GET, and the answer in its body."""

from __future__ import annotations

from msgspec.structs import replace

from probes.core import failures
from probes.core.dns_message import Question, read_answer
from probes.core.handshake import Secured
from probes.core.hosts import spoken
from probes.core.http1 import Exchange
from probes.core.http2 import Exchange2
from probes.core.places import asked_name
from probes.core.sealed_dns import doh_question
from probes.observe.dns import RESOLVER_NAME, resolve
from probes.observe.dot import keep_answer
from probes.observe.scene import Scene
from probes.observe.shaking import Shaken
from probes.observe.tls import secure
from wire.records import Step


async def observe(scene: Scene) -> None:
    """`doh://resolver[:port]/name`: a GET of /dns-query (RFC 8484), by HTTP/2 where the server has it."""
    shaken = await secure(scene, scene.place, await resolve(scene, scene.place, RESOLVER_NAME))
    if shaken is None:
        return
    try:
        question, path = doh_question(spoken(asked_name(scene.target.url)))
    except ValueError:
        why = failures.unknown("a name that the DNS cannot hold")
        keep_answer(scene, shaken.address, scene.now(), None, why)
        return
    await _get(scene, shaken, question, path)


async def _get(scene: Scene, shaken: Shaken, question: Question, path: str) -> None:
    place = replace(scene.place, path=path)
    exchange = Exchange2(place) if shaken.handshake.alpn == "h2" else Exchange(place)
    t0 = scene.now()
    failure = await shaken.stream.converse(Secured(shaken.handshake, exchange), scene.allowance())
    shaken.stream.close()
    _keep_page(scene, shaken, exchange, t0, failure)
    if failure is None:
        body = bytes(exchange.body)
        answer = read_answer(body, question) if exchange.status == 200 else None  # noqa: PLR2004  # OK
        keep_answer(scene, shaken.address, t0, answer, _why_none(exchange.status))


def _why_none(status: int) -> str:
    return failures.unknown(f"no DNS answer in HTTP {status}")


def _keep_page(
    scene: Scene, shaken: Shaken, exchange: Exchange | Exchange2, t0: float, failure: str | None
) -> None:
    scene.add(
        Step(
            step="http",
            failure=failure,
            t0=t0,
            t=scene.now(),
            address=shaken.address,
            port=scene.place.port,
            url=scene.place.url,
            status=exchange.status,
            body_bytes=len(exchange.body),
        )
    )
