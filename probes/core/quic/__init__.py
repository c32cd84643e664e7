"""Just enough QUIC version 1 to knock at a door and to understand who answers.

Pure: bytes in, bytes out; every random byte is handed in. Sources: RFC 9000 (transport), RFC 9001 (its TLS).
"""

from __future__ import annotations

from probes.core.quic.answers import Answer, read_answer
from probes.core.quic.knock import ENTROPY, Dial, farewell, first_flight, unknown_version
from probes.core.quic.knocking import Knock

__all__ = ["ENTROPY", "Answer", "Dial", "Knock", "farewell", "first_flight", "read_answer", "unknown_version"]
