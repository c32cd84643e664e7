"""The table of kinds: what decodes a link's pieces, and what runs it. A new kind is one row here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aiohttp import ClientSession
from msgspec import Struct

from sms_gateway.core import android, gammu, smpp, termux
from sms_gateway.core.incoming import Decode
from sms_gateway.core.pdu import piece
from sms_gateway.link_settings import (
    AndroidLink,
    GammuLink,
    KannelLink,
    LinkSettings,
    ModemLink,
    SmppLink,
    TermuxLink,
)
from sms_gateway.links.android import Android
from sms_gateway.links.gammu import Gammu
from sms_gateway.links.kannel import Kannel
from sms_gateway.links.link import Link
from sms_gateway.links.modem import Modem
from sms_gateway.links.smpp import Smpp
from sms_gateway.links.termux import Termux
from sms_gateway.office import Office
from sms_gateway.settings import Settings

Open = Callable[[Office, ClientSession, Any], Link]


class Kind(Struct, frozen=True, kw_only=True):
    """`decoder` makes the reader of the pieces that the link journals; None when it journals none."""

    open: Open
    decoder: Callable[[Any], Decode] | None = None


KINDS: Final[dict[type[LinkSettings], Kind]] = {
    KannelLink: Kind(open=lambda _, session, link: Kannel(link, session)),
    AndroidLink: Kind(
        open=Android,
        decoder=lambda link: partial(android.decode, own=link.sender),
    ),
    GammuLink: Kind(
        open=lambda office, _, link: Gammu(office, link),
        decoder=lambda link: partial(gammu.decode, own=link.sender),
    ),
    ModemLink: Kind(
        open=lambda office, _, link: Modem(office, link),
        decoder=lambda link: partial(piece.decode, own=link.sender),
    ),
    TermuxLink: Kind(
        open=lambda office, _, link: Termux(office, link),
        decoder=lambda link: partial(termux.decode, own=link.sender),
    ),
    SmppLink: Kind(
        open=lambda office, _, link: Smpp(office, link),
        decoder=lambda link: smpp.decoder(link.alphabet, packed=link.packed),
    ),
}


def decoders(settings: Settings) -> dict[str, Decode]:
    """What reads the pieces of each link, by its name."""
    made = ((link, KINDS[type(link)].decoder) for link in settings.link)
    return {link.name: decoder(link) for link, decoder in made if decoder is not None}


def open_links(office: Office, session: ClientSession) -> dict[str, Link]:
    """The links of the settings by their names, not yet running."""
    return {link.name: KINDS[type(link)].open(office, session, link) for link in office.settings.link}
