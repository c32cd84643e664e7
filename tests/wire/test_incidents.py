"""An incident's scope: what stands for what."""

from __future__ import annotations

import pytest

from wire.incidents import Scope


@pytest.mark.parametrize(
    ("targets", "named"),
    [
        ((), ()),
        (("egov.kz", "bbc.com"), ("egov.kz", "bbc.com")),
        (("signal", "signal/cdn", "telegram/dc1"), ("signal", "telegram/dc1")),
        (("signal/cdn", "signal"), ("signal",)),
        (("a/b", "a/b/c"), ("a/b", "a/b/c")),  # a role's own name is no messenger's
    ],
)
def test_a_messengers_name_stands_for_its_roles(targets: tuple[str, ...], named: tuple[str, ...]) -> None:
    assert Scope(level="service", targets=targets).named_targets == named
