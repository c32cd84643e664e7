"""Links: ways in and out, one file a kind, several at once. `link.Link` is what each of them is."""

from __future__ import annotations

from sms_gateway.links.link import Health, Link, Outgoing, Sent, Toll

__all__ = ["Health", "Link", "Outgoing", "Sent", "Toll"]
