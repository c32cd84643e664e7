"""Outages as they are lived through: a crowd of probes, real Prometheus, Alertmanager, gateway and message centre."""
