"""PDUs as a network would make them, octet by octet, without the code under test."""

from __future__ import annotations

CENTRE = "07919740430900F1"
TIME = "62112240000002"  # 2026-11-22 04:00:00 at +05:00
SEPTETS = {char: code for code, char in enumerate("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ")} | {
    chr(code): code for code in range(0x20, 0x7B) if chr(code) not in "$@[\\]^_`"
}


def number(digits: str) -> str:
    """An international address without its plus."""
    filled = digits + "F" * (len(digits) % 2)
    swapped = "".join(filled[at + 1] + filled[at] for at in range(0, len(filled), 2))
    return f"{len(digits):02X}91{swapped}"


def name(letters: str) -> str:
    """A sender in letters."""
    return f"{-(-7 * len(letters) // 4):02X}D0{packed7(letters)}"  # the length counts half octets


def packed7(text: str, head: str = "") -> str:
    """Bits in the order in which they go over the air, behind a header."""
    bits = "".join(f"{SEPTETS[char]:07b}"[::-1] for char in text)
    fill = "0" * (-4 * len(head) % 7)
    bits = fill + bits
    bits += "0" * (-len(bits) % 8)
    return head + "".join(f"{int(bits[at : at + 8][::-1], 2):02X}" for at in range(0, len(bits), 8))


def deliver(
    text: str = "71 379 OPEN",
    *,
    head: str = "",
    coding: str = "00",
    sender: str = "77011234567",
    body: str | None = None,
    **more: str,
) -> bytes:
    """An SMS-DELIVER behind its message centre. `head`: the header with its length; `body`: hex instead of a text."""
    if coding == "00" and body is None:
        data, length = packed7(text, head), -(-4 * len(head) // 7) + len(text)
    else:
        data = head + (text.encode("utf-16-be").hex() if body is None else body)
        length = len(data) // 2
    source = more.get("source", number(sender))
    first = more.get("first", "44" if head else "04")
    protocol, time = more.get("protocol", "00"), more.get("time", TIME)
    return bytes.fromhex(
        f"{more.get('centre', CENTRE)}{first}{source}{protocol}{coding}{time}{more.get('length', f'{length:02X}')}{data}"
    )


def join8(reference: int, total: int, part: int) -> str:
    """A header that joins parts by a reference of 8 bits."""
    return f"050003{reference:02X}{total:02X}{part:02X}"


def join16(reference: int, total: int, part: int) -> str:
    """The same by one of 16 bits."""
    return f"060804{reference:04X}{total:02X}{part:02X}"


def report(reference: int, status: int, recipient: str = "77011234567") -> bytes:
    """An SMS-STATUS-REPORT."""
    return bytes.fromhex(f"{CENTRE}06{reference:02X}{number(recipient)}{TIME}{TIME}{status:02X}")
