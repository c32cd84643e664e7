"""SMPP 3.4, without a socket: PDUs, what they say, and what a session does about it.

Source: Short Message Peer to Peer Protocol Specification v3.4, issue 1.2; sections stand beside the lines.
"""

from __future__ import annotations

from sms_gateway.core.smpp.pdu import BadFrame, Framer, Pdu
from sms_gateway.core.smpp.piece import decoder, piece_of
from sms_gateway.core.smpp.status import toll_of
from sms_gateway.core.smpp.submit import Submission, submissions

__all__ = ["BadFrame", "Framer", "Pdu", "Submission", "decoder", "piece_of", "submissions", "toll_of"]
