"""Observe a target, step by step; judge; keep; deliver."""

from __future__ import annotations

from probes.controls import fetch_controls, read_controls
from probes.core.places import check as check_url
from probes.core.resolv_conf import Resolver, given
from probes.core.table import own_line, table
from probes.host import system_resolvers
from probes.observe import SCHEMES, Tools, make_trust
from probes.round import DEFAULT_CONCURRENCY, Plan, Who, run_round

__all__ = [
    "DEFAULT_CONCURRENCY",
    "SCHEMES",
    "Plan",
    "Resolver",
    "Tools",
    "Who",
    "check_url",
    "fetch_controls",
    "given",
    "make_trust",
    "own_line",
    "read_controls",
    "run_round",
    "system_resolvers",
    "table",
]
