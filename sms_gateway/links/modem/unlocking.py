"""Giving a card its PIN, once: three wrong ones lock it, and who is restarted forgets how often."""

from __future__ import annotations

from functools import partial

from sms_gateway import reports
from sms_gateway.core.again import print_of
from sms_gateway.core.at.talk import Command
from sms_gateway.link_settings import ModemLink
from sms_gateway.links.modem.port import Port
from sms_gateway.office import Office
from sms_gateway.store import StoreFailed


async def unlock(office: Office, link: ModemLink, port: Port) -> str:
    """Enter the PIN; gives why not, empty when it was right. Raises `Silent` or `Gone`.

    That it is being tried is made durable before, so that no PIN is tried twice after it was refused.
    """
    if not link.pin:
        return "the card wants a PIN: put it into the setting pin"
    tried = print_of(office.desk.key, link.pin.encode()).hex()
    fact = f"pin.{link.name}"
    try:
        if await office.store.run(partial(reports.fact, name=fact)) == tried:
            return "the card refused this PIN before: correct the setting pin"
        await office.store.run(partial(reports.note, name=fact, value=tried))
        answer = await port.ask(Command(text=f'AT+CPIN="{link.pin}"', patience_s=20.0))
        if not answer.ok:
            return f"the card refused the PIN: {answer.final}"
        await office.store.run(partial(reports.note, name=fact, value=""))
    except StoreFailed as error:
        return str(error)
    return ""
