"""Several things wrong with one certificate: which of them stands for all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.core import verification
from wire import names

EXPIRED, NOT_YET, SELF_SIGNED, NO_ISSUER, NO_LEAF_SIGNER, WEAK = 10, 9, 18, 20, 21, 66


@pytest.mark.parametrize(
    ("codes", "errors", "failure"),
    [
        ([], (), None),
        ([0], (), None),
        ([EXPIRED], ("expired",), names.SSL_CERTIFICATE),
        ([NOT_YET], ("not_yet_valid",), names.SSL_CERTIFICATE),
        ([WEAK], ("weak",), names.SSL_CERTIFICATE),
        ([9_999], ("other",), names.SSL_CERTIFICATE),
        ([SELF_SIGNED], ("self_signed_leaf",), names.SSL_AUTHORITY),
        ([NO_ISSUER, NO_LEAF_SIGNER], ("authority",), names.SSL_AUTHORITY),
        ([EXPIRED, NO_ISSUER], ("authority", "expired"), names.SSL_AUTHORITY),
        ([EXPIRED, 62], ("expired", "hostname"), names.SSL_HOSTNAME),
        ([62, SELF_SIGNED], ("hostname", "self_signed_leaf"), names.SSL_AUTHORITY),
    ],
)
def test_authority_counts_before_the_name_and_the_name_before_the_dates(
    codes: list[int], errors: tuple[str, ...], failure: str | None
) -> None:
    assert verification.short_names(codes) == errors
    assert verification.failure_of(errors) == failure


@given(st.lists(st.integers(0, 120)))
def test_the_order_of_errors_means_nothing(codes: list[int]) -> None:
    assert verification.short_names(codes) == verification.short_names(codes[::-1])
