"""Prometheus' configuration and rules as code; boards follow.

What others may use: `render` gives every file as text, `write` puts them into a folder.
"""

from __future__ import annotations

from dashboards.build import render, write
from dashboards.prometheus import configuration
from dashboards.rules import rules

__all__ = ["configuration", "render", "rules", "write"]
