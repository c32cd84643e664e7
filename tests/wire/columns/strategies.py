"""Any measurement that a probe may make: every field of every step, within its bounds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from msgspec import Meta
from msgspec.structs import fields

from wire.names import CATEGORIES, MECHANISMS, STATES
from wire.records import Certificate, Measurement, Network, Step, Target, Verdict
from wire.times import format_time

text = st.text(max_size=6)
times = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(  # noqa: DTZ001  # the zone is put on
    lambda moment: format_time(moment.replace(tzinfo=UTC))
)
certificates = st.builds(Certificate, subject=text, issuer=text, sha256=text, not_after=text)


def of(kind: Any) -> st.SearchStrategy[Any]:
    """Values of a field's type."""
    if get_origin(kind) is tuple:
        return st.lists(of(get_args(kind)[0]), max_size=3).map(tuple)
    if get_origin(kind) is dict:
        return st.dictionaries(text, text, max_size=3)
    if hasattr(kind, "__metadata__"):
        return _bounded(get_args(kind)[0], kind.__metadata__[0])
    if inner := get_args(kind):
        return st.one_of(*map(of, inner))
    return _PLAIN[kind]


def _bounded(kind: Any, meta: Meta) -> st.SearchStrategy[Any]:
    if kind is float:
        return st.floats(meta.ge, meta.le)
    if kind is int:
        return st.integers(0, 2**63 if meta.le is None else int(meta.le))
    return of(kind)


_PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: text,
    int: st.integers(0, 9),
    bool: st.booleans(),
    type(None): st.none(),
    Certificate: certificates,
}
_OPTIONAL = [one for one in fields(Step) if not one.required]


@st.composite
def any_step(draw: st.DrawFn) -> Step:
    """A step with some of its fields."""
    chosen = draw(st.lists(st.sampled_from(_OPTIONAL), max_size=6, unique_by=lambda one: one.name))
    required = {one.name: draw(of(one.type)) for one in fields(Step) if one.required}
    return Step(**required, **{one.name: draw(of(one.type)) for one in chosen})


networks = st.builds(
    Network, asn=st.sampled_from(["AS0", "AS9198"]), region=st.sampled_from(["", "KZ-71"]),
    access=st.sampled_from(["fixed", "mobile"]), side=st.sampled_from(["inside", "outside"]),
)  # fmt: skip
targets = st.builds(
    Target, id=text, url=text, category=st.sampled_from([*CATEGORIES, "odd"]),
    side=st.sampled_from(["domestic", "foreign", ""]),
)  # fmt: skip
verdicts = st.builds(
    Verdict, state=st.sampled_from(STATES), mechanism=st.none() | st.sampled_from(MECHANISMS), rule=text,
    stage=st.none() | st.just("tls"),
)  # fmt: skip


def measurements(probe: str) -> st.SearchStrategy[list[Measurement]]:
    """Some records of one probe."""
    one = st.builds(
        Measurement, id=text, probe=st.just(probe), at=times, channel=st.sampled_from(["https", "file"]),
        network=networks, target=targets, steps=st.lists(any_step(), max_size=3).map(tuple), verdict=verdicts,
    )  # fmt: skip
    return st.lists(one, max_size=5)
