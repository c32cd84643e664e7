"""Observe a target, step by step; judge; keep; deliver.

What others may use stands in `__all__`. Each name is imported when it is first asked for, so that a
command loads no library that it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from probes.consent import check_folder, has_consent, keep_consent, purge
    from probes.controls import read_source
    from probes.core.contacts import Contacts, what_is_contacted, what_is_told
    from probes.core.explain import explain
    from probes.core.manners import (
        BATTERY_LOW,
        BUDGET_MB,
        MEGABYTE,
        METERED_BUDGET_MB,
        Manners,
        limits_in_words,
    )
    from probes.core.places import check_url
    from probes.core.resolv_conf import Resolver, given
    from probes.core.streams.usual import Usual
    from probes.core.table import in_words, own_line, table
    from probes.disk import RealDisk
    from probes.host import system_resolvers
    from probes.identity import key_of, load_or_make
    from probes.observe import SCHEMES, Tools, make_trust
    from probes.round import Plan, Who, run_round
    from probes.running import ProbeSettings, run_probe
    from probes.telling import command_of
    from probes.vouch import invite_another

__all__ = [
    "BATTERY_LOW",
    "BUDGET_MB",
    "MEGABYTE",
    "METERED_BUDGET_MB",
    "SCHEMES",
    "Contacts",
    "Manners",
    "Plan",
    "ProbeSettings",
    "RealDisk",
    "Resolver",
    "Tools",
    "Usual",
    "Who",
    "check_folder",
    "check_url",
    "command_of",
    "explain",
    "given",
    "has_consent",
    "in_words",
    "invite_another",
    "keep_consent",
    "key_of",
    "limits_in_words",
    "load_or_make",
    "make_trust",
    "own_line",
    "purge",
    "read_source",
    "run_probe",
    "run_round",
    "system_resolvers",
    "table",
    "what_is_contacted",
    "what_is_told",
]

_HOMES: Final = {
    "probes.consent": ("check_folder", "has_consent", "keep_consent", "purge"),
    "probes.controls": ("read_source",),
    "probes.core.contacts": ("Contacts", "what_is_contacted", "what_is_told"),
    "probes.core.explain": ("explain",),
    "probes.core.manners": (
        "BATTERY_LOW",
        "BUDGET_MB",
        "MEGABYTE",
        "METERED_BUDGET_MB",
        "Manners",
        "limits_in_words",
    ),
    "probes.core.places": ("check_url",),
    "probes.core.resolv_conf": ("Resolver", "given"),
    "probes.core.streams.usual": ("Usual",),
    "probes.core.table": ("in_words", "own_line", "table"),
    "probes.disk": ("RealDisk",),
    "probes.host": ("system_resolvers",),
    "probes.identity": ("key_of", "load_or_make"),
    "probes.observe": ("SCHEMES", "Tools", "make_trust"),
    "probes.round": ("Plan", "Who", "run_round"),
    "probes.running": ("ProbeSettings", "run_probe"),
    "probes.telling": ("command_of",),
    "probes.vouch": ("invite_another",),
}


def __getattr__(name: str) -> object:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(home), name)
