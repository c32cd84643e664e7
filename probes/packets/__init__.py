"""What only raw packets tell: who ended a flow, at which hop a censor stands, who else answered.

A helper process listens (`probes/packets/helper`, GPL-2.0-only, alone with CAP_NET_RAW); everything
that is sent here is sent by ordinary sockets. Nothing imports the helper.
"""

from __future__ import annotations

from probes.packets.client import COMMAND, NO_HELPER, PacketHelper, packet_helper
from probes.packets.examine import Subject, examine
from probes.packets.flow import Patience
from probes.packets.hello import client_hello
from probes.packets.race import Asked, watch_race

__all__ = [
    "COMMAND",
    "NO_HELPER",
    "Asked",
    "PacketHelper",
    "Patience",
    "Subject",
    "client_hello",
    "examine",
    "packet_helper",
    "watch_race",
]
