"""Which resolvers are asked, and what a record calls them."""

from __future__ import annotations

import pytest
from hypothesis import given as tried_with
from hypothesis import strategies as st

from probes.core.resolv_conf import Resolver, attempts, given, of_the_system
from wire.errors import BadInput


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("1.1.1.1", "1.1.1.1", 53),
        ("1.1.1.1:5353", "1.1.1.1", 5353),
        ("2001:db8::1", "2001:db8::1", 53),
        ("[2001:db8::1]:5353", "2001:db8::1", 5353),
        ("[2001:db8::1]", "2001:db8::1", 53),
    ],
)
def test_a_resolver_is_given_by_address(text: str, address: str, port: int) -> None:
    assert given(text) == Resolver(address=address, port=port, label=address)


@pytest.mark.parametrize(
    "text", ["", "dns.google", "1.1.1.1:", "1.1.1.1:0", "1.1.1.1:99999", "1.1.1.1:x", "[::1", "1.1.1.1:²"]
)
def test_anything_else_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="--resolver"):
        given(text)


def test_private_resolvers_of_the_system_are_not_told() -> None:
    conf = "# x\nsearch lan\nnameserver 192.168.1.1\nnameserver 8.8.8.8\nnameserver fe80::1%eth0\nnameserver 9.9.9.9\n"
    found = of_the_system(conf)
    assert [one.label for one in found] == ["system", "8.8.8.8", "system"]
    assert found[2].address == "fe80::1%eth0"


def test_without_a_line_this_machine_is_asked() -> None:
    assert of_the_system("options edns0") == (Resolver(address="127.0.0.1", label="system"),)


def test_everybody_is_asked_three_times_in_turn() -> None:
    one, other = Resolver(address="1.1.1.1"), Resolver(address="8.8.8.8")
    assert attempts((one, other)) == (one, other) * 3


@tried_with(st.text(max_size=300))
def test_any_file_gives_resolvers(conf: str) -> None:
    assert 1 <= len(of_the_system(conf)) <= 3
