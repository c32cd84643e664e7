"""Boards, Prometheus rules and routes, as code."""
