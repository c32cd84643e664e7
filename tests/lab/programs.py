"""Programs that a row starts at a place, and ends: what no table of rules can do.

Rules of this file: data only; `country.py` starts them. Each says one line when it is ready.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.lab.names import OPERATOR_RESOLVER, Place, Site

_HERE: Final = Path(__file__).parent
_QUIC_SERVER: Final = _HERE.parent / "servers" / "quic_main.py"
LIAR_PORT: Final = 5355


class Program(Struct, frozen=True):
    """A command at a place; `{folder}` in it is the country's."""

    place: Place
    argv: tuple[str, ...]


def serve_quic(site: Site) -> Program:
    """The site answers by QUIC."""
    certificate = f"{{folder}}/certificates/true/{site.name}.pem"
    return Program(
        site.side, (sys.executable, str(_QUIC_SERVER), certificate, "443", *site.addresses.values())
    )


def liar(answer: str, *, truth_too: bool) -> Program:
    """Answers every question that rules bring to it with an address; the true answer follows, or never.

    SERVFAIL is an error, CUT an answer without content that says that it is too long.
    """
    true = (OPERATOR_RESOLVER,) if truth_too else ()
    return Program("operator", (sys.executable, str(_HERE / "liar.py"), str(LIAR_PORT), answer, *true))


def closer(name: str) -> Program:
    """Ends a flow politely, in the server's name, when a ClientHello with the name passes; stops no packet."""
    return Program("operator", (sys.executable, str(_HERE / "resetter.py"), "to-home", name, "fin"))


def resetter(name: str) -> Program:
    """Sends RSTs both ways when a ClientHello with the name passes, and stops no packet."""
    return Program("operator", (sys.executable, str(_HERE / "resetter.py"), "to-home", name))
