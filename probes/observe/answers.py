"""The kind `dns`: what a resolver says of a name, and whether its answer leads to the name's owner."""

from __future__ import annotations

from probes.core.places import asked_name, place_of
from probes.observe import dns
from probes.observe.scene import Scene
from probes.observe.second_opinion import second_opinion
from probes.observe.shaking import shake
from probes.observe.tcp import dial
from wire.judge.addresses import strangers, telling
from wire.judge.trail import GIVEN, KNOWN_ADDRESS


async def observe(scene: Scene) -> None:
    """`dns://resolver[:port]/name`; an answer in another place than the controls' is looked into."""
    given = await dns.ask_target(scene)
    try:
        place = place_of(f"https://{asked_name(scene.target.url)}/")
    except ValueError:  # a name that the DNS cannot hold: a step has said so
        return
    known = scene.known_addresses(place.host)
    if not strangers(given, known):
        return
    await second_opinion(scene, place, given)
    for role, address in ((GIVEN, telling(given)[0]), (KNOWN_ADDRESS, telling(known)[0])):
        sock = await dial(scene, place, address, role)
        if sock is not None:
            (await shake(scene, place, address, sock, role)).stream.close()
