"""The operator's page: links, queues, rejected texts, coverage. For this machine alone."""

from __future__ import annotations

from sms_gateway.page.door import PageDoor

__all__ = ["PageDoor"]
