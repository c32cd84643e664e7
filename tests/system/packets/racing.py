"""A name server that is answered over: two answers to each question, one a forger's, one its own."""

from __future__ import annotations

import socket
import sys

import dns.message
import dns.rrset

FORGED, TRUE = "192.0.2.66", "198.51.100.1"


def main() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind(("", 53))
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        while True:
            raw, who = opened.recvfrom(4096)
            question = dns.message.from_wire(raw)
            for address, ttl in ((FORGED, 200), (TRUE, 64)):
                answer = dns.message.make_response(question)
                answer.answer.append(dns.rrset.from_text(question.question[0].name, 60, "IN", "A", address))
                opened.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
                opened.sendto(answer.to_wire(), who)


main()
