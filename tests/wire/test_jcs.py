from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire import jcs
from wire.errors import BadInput

plain = st.one_of(st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text())
sheets = st.dictionaries(
    st.text(), st.recursive(plain, lambda inner: st.lists(inner, max_size=3), max_leaves=5)
)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ('{ "b": 2, "a": 1 }', '{"a":1,"b":2}'),
        ('{"x":[true, null, {"d":"é","c":-0}]}', '{"x":[true,null,{"c":0,"d":"é"}]}'),
        ('{"\\u20ac":"\\u000f\\u000a\\"\\\\\\/"}', '{"€":"\\u000f\\n\\"\\\\/"}'),
        # RFC 8785, 3.2.3: the order of UTF-16 code units
        (
            '{"\\u20ac":1,"\\r":2,"\\ufb33":3,"1":4,"\\ud83d\\ude00":5,"\\u0080":6,"\\u00f6":7}',
            '{"\\r":2,"1":4,"\x80":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
        ),
        ("{}", "{}"),
    ],
)
def test_a_sheet_has_one_form(raw: str, canonical: str) -> None:
    assert jcs.canonical_bytes(raw.encode()) == canonical.encode()
    assert jcs.sha256(raw.encode()) == hashlib.sha256(canonical.encode()).digest()


@pytest.mark.parametrize(
    "raw",
    ["", "[]", "1", '{"a":1.5}', '{"a":1,"a":2}', '{"a":9007199254740992}', '{"a":NaN}', '{"a":"\\ud800"}'],
)
def test_what_has_no_one_form_is_refused(raw: str) -> None:
    with pytest.raises(BadInput):
        jcs.canonical_bytes(raw.encode())


@given(sheets)
def test_any_order_and_any_space_give_the_same_bytes(sheet: dict[str, object]) -> None:
    once = jcs.canonical_bytes(json.dumps(sheet, indent=2).encode())
    assert jcs.canonical_bytes(once) == once
    assert jcs.canonical_bytes(json.dumps(dict(reversed(sheet.items()))).encode()) == once
    assert json.loads(once) == sheet
