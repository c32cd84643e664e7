"""The pure cores of the probe: bytes and records in, bytes and records out.

Rules of this folder: no socket, clock, file, randomness, log. TLS runs on memory buffers alone.
"""
