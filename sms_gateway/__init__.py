"""Texts from polling stations: links, reading, replies."""
