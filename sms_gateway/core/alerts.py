"""What Alertmanager tells, as texts for people: once each, many regions in one text, nothing unproven.

Source of the webhook's form: Alertmanager, "webhook_config", version 4 of the body.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct, field

from sms_gateway.core.gsm import parts
from sms_gateway.core.latin import latin
from wire import metrics
from wire.errors import BadInput, BadRecord
from wire.facts import Language
from wire.times import epoch_seconds

Say = Callable[[Language, str, dict[str, str]], str]
State = Literal["firing", "resolved"]
WATCHDOG: Final = "Watchdog"
"""The alert that always fires: while it comes, the monitoring lives."""
THREAD: Final = 16
"""So many characters of a `root` name the alert, the others one of its times."""
MOST_ALERTS: Final = 5_000
MOST_PARTS: Final = 2
MOST_NAMED: Final = 3
"""So many regions are called by their names; more of them by their codes."""
_PLACES: Final = ("region", "operator", "access")
_THINGS: Final = ("link", "station", "vantage", "instance")
"""The labels that say where; else those that say what, the first that an alert has. `all` says nothing."""
_CODES: Final = (("region", r"KZ-\d\d"), ("operator", r"AS\d+"), ("access", "fixed|mobile"))
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")
_SAMPLE: Final = re.compile(
    rf"^{metrics.PROBES_LAST_REPORT}\{{([^}}]*)\}} ([0-9.e+]+)", re.MULTILINE | re.IGNORECASE
)
_LOOKED_AT: Final = re.compile(
    rf"^(?:{metrics.PROBES_LAST_REPORT}|{metrics.INCIDENT_ACTIVE})\{{.*$", re.MULTILINE
)
_LASTS: Final = re.compile(rf"^{metrics.INCIDENT_ACTIVE}\{{([^}}]*)\}} 1(?:\.0+)?$", re.MULTILINE)


class Alert(Struct, frozen=True, kw_only=True):
    """One alert of a webhook's body; unknown keys are passed over."""

    status: State
    labels: dict[str, str]
    annotations: dict[str, str] = {}
    starts_at: str = field(name="startsAt")
    fingerprint: str = ""


class Body(Struct, frozen=True, kw_only=True):
    """A webhook's body."""

    group_key: str = field(name="groupKey")
    alerts: Annotated[list[Alert], Meta(max_length=MOST_ALERTS)]


class Told(Struct, frozen=True, kw_only=True):
    """An alert as we keep it: `key` is the same whenever the same is said, `root` for both states.

    `root` begins with what names the alert whenever it fires (`thread`): a Prometheus or a collector that was
    away makes the same outage begin anew.
    """

    key: str
    root: str
    state: State
    name: str
    kind: str
    place: str
    summary: str
    starts_at: str


class Telling(Struct, frozen=True, kw_only=True):
    """How alerts are told: the language, the catalogue, the names of places by their codes."""

    language: Language
    say: Say
    names: Mapping[str, str]


_decode = msgspec.json.Decoder(Body).decode


def alerts_of(raw: bytes) -> list[Told]:
    """The alerts of a body; raises `BadInput` in one line."""
    try:
        body = _decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BadInput(str(error).splitlines()[0]) from error
    return [_told(body.group_key, alert) for alert in body.alerts]


def _told(group: str, alert: Alert) -> Told:
    named = f"{group}|{alert.fingerprint or sorted(alert.labels.items())}"
    root = _print(named)[:THREAD] + _print(f"{named}|{alert.starts_at}")[:THREAD]
    return Told(
        key=_print(f"{root}|{alert.status}"),
        root=root,
        state=alert.status,
        name=_clean(alert.labels.get("alertname", "alert"), 40),
        kind=_clean(alert.labels.get("kind", ""), 40),
        place=_clean(_place(alert.labels), 50),
        summary=_clean(alert.annotations.get("summary", ""), 120),
        starts_at=_time(alert.starts_at),
    )


def _place(labels: dict[str, str]) -> str:
    """`KZ-71`, `AS9198`, `mobile`, several of these, or the thing that it is about."""
    places = [labels[one] for one in _PLACES if labels.get(one, "all") not in {"", "all"}]
    return " ".join(places) or next((labels[one] for one in _THINGS if labels.get(one)), "")


def _print(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _clean(text: str, most: int) -> str:
    return _CONTROL.sub(" ", text).strip()[:most]


def _time(text: str) -> str:
    try:
        epoch_seconds(text)
    except BadRecord:
        return ""
    return text


def texts(alerts: Sequence[Told], how: Telling) -> Iterator[str]:
    """The texts for alerts that are told together: one for each state, name and kind, of two parts."""
    ordered = sorted(alerts, key=lambda one: (*_topic(one), one.place))
    for (state, _, _), group in groupby(ordered, key=_topic):
        several = list(group)
        places = sorted({one.place for one in several if one.place})
        yield _fitting(f"alert-{state}", _what(several, how), places, how)


def _topic(alert: Told) -> tuple[str, str, str]:
    return alert.state, alert.name, alert.kind


def _what(alerts: Sequence[Told], how: Telling) -> str:
    """What happened, in the language of the texts where it has words for it, else as the alert says it."""
    first = alerts[0]
    for name in (first.kind, first.name):
        if re.fullmatch(r"[A-Za-z_]+", name):
            try:
                return how.say(how.language, f"what-{name.lower().replace('_', '-')}", {})
            except LookupError:
                continue
    summaries = {one.summary for one in alerts}
    return (
        summaries.pop()
        if len(summaries) == 1 and "" not in summaries
        else f"{first.name} {first.kind}".strip()
    )


def _fitting(name: str, what: str, places: Sequence[str], how: Telling) -> str:
    """The fullest form that fits: places by their names, by their codes, the last ones counted."""
    text = ""
    for where in _wheres(places, how):
        text = how.say(how.language, name, {"what": what, "where": f": {where}" if where else ""})
        for form in (text, latin(text)):
            if parts(form).count <= MOST_PARTS:
                return form
    return latin(text)[:300]


def _named(place: str, how: Telling) -> str:
    return " ".join(how.names.get(word, word) for word in place.split(" "))


def _wheres(places: Sequence[str], how: Telling) -> Iterator[str]:
    if len(places) <= MOST_NAMED:
        yield ", ".join(_named(place, how) for place in places)
    between = ", " if any(" " in place for place in places) else " "
    yield between.join(places)
    for shown in range(len(places) - 1, -1, -1):
        yield between.join([*places[:shown], f"+{len(places) - shown}"])


def looked_at(exposition: str) -> str:
    """The few lines of a collector's metrics that `freshest` and `lasts` read: a country has 100,000."""
    return "\n".join(_LOOKED_AT.findall(exposition))


def freshest(exposition: str, place: str) -> float:
    """When a probe of a place was last heard, from the collector's metrics (Unix seconds; 0: never).

    A place is a region, an operator, a kind of access or several; anything else is the whole country.
    """
    wanted = [f'{name}="{code}"' for name, code in _codes(place).items()]
    samples = [(labels, float(value)) for labels, value in _SAMPLE.findall(exposition)]
    return max((value for labels, value in samples if all(one in labels for one in wanted)), default=0.0)


def lasts(exposition: str, kind: str, place: str) -> bool:
    """Whether the collector still knows of an incident of this kind that touches the place.

    An incident of the whole country touches every place, and one of any place the whole country: nobody is
    told that something is over while a part of it is not. False for an alert that is about no incident.
    """
    wanted = _codes(place)
    found = (dict(re.findall(r'(\w+)="([^"]*)"', labels)) for labels in _LASTS.findall(exposition))
    return any(
        one.get("kind") == kind
        and all(one.get(name, "all") in {"all", code} for name, code in wanted.items())
        for one in found
    )


def _codes(place: str) -> dict[str, str]:
    """The labels that a place stands for."""
    return {name: word for word in place.split() for name, form in _CODES if re.fullmatch(form, word)}
