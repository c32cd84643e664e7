"""Observe a target, step by step; judge; keep; deliver."""
