"""The HTTP face: routes, what each takes and answers, and what is refused."""

from __future__ import annotations

from collector.api.app import make_app

__all__ = ["make_app"]
