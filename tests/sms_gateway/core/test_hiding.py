from __future__ import annotations

import pytest

from sms_gateway.core.hiding import hidden


@pytest.mark.parametrize(
    ("raw", "kept"),
    [(b"77011234567", b"#########67"), (b"from +77011234567!", b"from +#########67!"), (b"KZ-71-0379", b"KZ-71-0379"), (b"12345", b"###45"), (b"1234", b"1234"), (b"", b"")],
)  # fmt: skip
def test_a_number_keeps_its_last_two_digits(raw: bytes, kept: bytes) -> None:
    assert hidden(raw) == kept
