"""DNS over TLS, the kind `dot`: a handshake with a resolver, then a question inside it."""

from __future__ import annotations

from probes.core import failures
from probes.core.dns_message import Answer, ask
from probes.core.handshake import Secured
from probes.core.hosts import spoken
from probes.core.places import asked_name
from probes.core.sealed_dns import Framed
from probes.observe.dns import RESOLVER_NAME, resolve
from probes.observe.scene import Scene
from probes.observe.shaking import Shaken
from probes.observe.tls import secure
from wire.records import Step


async def observe(scene: Scene) -> None:
    """`dot://resolver[:port]/name`: ask that resolver alone, in a handshake that is verified."""
    shaken = await secure(scene, scene.place, await resolve(scene, scene.place, RESOLVER_NAME))
    if shaken is not None:
        await _ask(scene, shaken)


async def _ask(scene: Scene, shaken: Shaken) -> None:
    t0 = scene.now()
    try:
        number = int.from_bytes(scene.tools.randomness.token(2))
        framed = Framed(ask(spoken(asked_name(scene.target.url)), "A", number))
    except ValueError:
        keep_answer(scene, shaken.address, t0, None, failures.unknown("a name that the DNS cannot hold"))
        return
    failure = await shaken.stream.converse(Secured(shaken.handshake, framed), scene.allowance())
    shaken.stream.close()
    keep_answer(scene, shaken.address, t0, framed.answer, failure)


def keep_answer(scene: Scene, address: str, t0: float, answer: Answer | None, failure: str | None) -> None:
    """Keep what a resolver said inside a handshake; nothing, or nothing that is an answer, is a failure."""
    told = answer or Answer(rcode="")
    if answer is not None:
        failure = failures.of_rcode(answer.rcode, answer.addresses)
    scene.add(
        Step(
            step="dns",
            failure=failure if answer is not None or failure else failures.unknown("no DNS answer"),
            t0=t0,
            t=scene.now(),
            address=address,
            port=scene.place.port,
            host=asked_name(scene.target.url)[:253],
            resolver=address,
            transport=scene.place.scheme,
            qtype="A",
            rcode=told.rcode,
            answers=told.addresses,
            cname=told.cname[:253],
        )
    )
