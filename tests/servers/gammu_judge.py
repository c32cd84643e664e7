"""Gammu's opinion on PDUs: run by Debian's own Python, for which python3-gammu is made.

JSON on standard input: `{"decode": [HEX, ...], "encode": [TEXT, ...]}`. Gives `{"decoded": [...], "encoded": [[HEX, ...], ...]}`:
what it reads in each PDU, and each text as the parts of SMS-DELIVERs.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

PYTHON = "/usr/bin/python3"
NUMBER = "+77011234567"


def judge(decode: list[bytes], encode: list[str]) -> tuple[list[dict[str, Any]], list[list[bytes]]]:
    """Ask it, in a process of its own."""
    asked = json.dumps({"decode": [one.hex() for one in decode], "encode": encode})
    done = subprocess.run(
        [PYTHON, __file__], input=asked.encode(), capture_output=True, check=True, timeout=60
    )
    said = json.loads(done.stdout)
    return said["decoded"], [[bytes.fromhex(part) for part in parts] for parts in said["encoded"]]


def _decoded(octets: bytes) -> dict[str, Any]:
    import gammu  # type: ignore[import-not-found]  # noqa: PLC0415  # Debian's Python has it, ours has not

    found = gammu.DecodePDU(octets)
    head = found["UDH"]
    return {
        "text": found["Text"] if isinstance(found["Text"], str) else None,
        "number": found["Number"],
        "centre": found["SMSC"]["Number"],
        "type": found["Type"],
        "join": [head["ID8bit"], head["ID16bit"], head["AllParts"], head["PartNumber"]],
        "time": str(found["DateTime"]),
    }


def _encoded(text: str) -> list[str]:
    import gammu  # noqa: PLC0415  # as above

    plain = all(char in "@\n !\"#%&'()*+,-./:;<=>?" or (char.isascii() and char.isalnum()) for char in text)
    info = {"Class": -1, "Unicode": not plain, "Entries": [{"ID": "ConcatenatedTextLong", "Buffer": text}]}
    more = {
        "SMSC": {"Number": "+77740430900"}, "Number": NUMBER, "Type": "Deliver", "Folder": 1, "State": "UnRead",
        "DateTime": datetime(2026, 11, 22, 4, 0, 0), "DeliveryStatus": 0, "ReplyViaSameSMSC": 0, "MessageReference": 0,  # noqa: DTZ001  # gammu takes no zone
    }  # fmt: skip
    return [gammu.EncodePDU(part | more, "Deliver").hex() for part in gammu.EncodeSMS(info)]


def main() -> None:
    asked = json.load(sys.stdin)
    decoded = [_decoded(bytes.fromhex(one)) for one in asked["decode"]]
    json.dump({"decoded": decoded, "encoded": [_encoded(text) for text in asked["encode"]]}, sys.stdout)


if __name__ == "__main__":
    main()
