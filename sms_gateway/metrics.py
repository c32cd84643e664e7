"""The gateway's metrics, in a registry of its own. Labels are closed: links, kinds, faults."""

from __future__ import annotations

from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Final, Literal, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)

from sms_gateway.core.incoming import Delivery
from sms_gateway.core.intake import Taken
from sms_gateway.core.reading import FAULTS, KINDS, Rejected
from sms_gateway.inbox import Outcome
from sms_gateway.link_settings import LinkSettings
from sms_gateway.outbox import End
from sms_gateway.queues import Queue
from wire import metrics as names

_OURS: Final = {"collector": "report", "journal": "read", "alerts": "alert"}
"""Queues that are no link's, and their priority."""
_SENDING_S: Final = (1.0, 5.0, 15.0, 60.0, 300.0, 1_800.0, 7_200.0, 21_600.0)
Undelivered = Literal["key", "rate", "bad_request", "storage"]
"""Why a link's request was not taken: a wrong key, too many, parameters, the store."""


class Metrics:
    """What the gateway counts. Counters start at 0 with the process."""

    def __init__(self, links: tuple[LinkSettings, ...]) -> None:
        """All series of these links exist from the start, so that a rate is right from the first text."""
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library says no types here
        self._registry = CollectorRegistry()
        self._received = self._counter(names.SMS_RECEIVED, "Texts taken, by what they said.", "kind")
        self._rejected = self._counter(names.SMS_REJECTED, "Texts and requests not understood.", "reason")
        self._sent = self._counter(names.SMS_SENT, "Answers, by how they ended.", "reason")
        self._delivered = self._counter(names.SMS_DELIVERED, "Delivery receipts, by what they say.", "state")
        self._queue = Gauge(names.SMS_QUEUE, "What waits.", ["link", "priority"], registry=self._registry)
        self._oldest = Gauge(
            names.SMS_OLDEST, "How long the oldest has waited.", ["link", "priority"], registry=self._registry
        )
        self._up = Gauge(
            names.SMS_LINK_UP, "Whether the link can bring and send.", ["link", "operator"],
            registry=self._registry,
        )  # fmt: skip
        self._signal = Gauge(
            names.SMS_SIGNAL, "A modem's signal.", ["link", "operator"], registry=self._registry
        )
        self._sending = Histogram(
            names.SMS_SENDING, "From the queue until the network took a text.", ["link"],
            buckets=_SENDING_S, registry=self._registry,
        )  # fmt: skip
        self._operators = {link.name: link.operator or "AS0" for link in links}
        self._begin(links)
        build = Gauge(
            names.BUILD_INFO, "This build.", ["component", "version", "revision"], registry=self._registry
        )
        build.labels("sms_gateway", _version(), "").set(1)

    def took(self, taken: Taken, outcome: Outcome) -> None:
        """A text was kept, or known before."""
        self._received.labels(taken.link, taken.read.kind if outcome == "new" else outcome).inc()
        if outcome == "new" and isinstance(taken.read, Rejected):
            self._rejected.labels(taken.link, taken.read.error).inc()

    def came_again(self, link: str) -> None:
        """A link brought a piece that was known."""
        self._received.labels(link, "known").inc()

    def odd(self, link: str) -> None:
        """A piece could not be decoded."""
        self._received.labels(link, "rejected").inc()
        self._rejected.labels(link, "undecodable").inc()

    def refused(self, link: str, why: Undelivered) -> None:
        """A request of a link was not taken; `link` is empty when it is not known whose."""
        self._rejected.labels(link, why).inc()

    def answered(self, link: str, end: End, count: int = 1) -> None:
        """Answers ended."""
        self._sent.labels(link, end).inc(count)

    def delivered(self, link: str, state: Delivery) -> None:
        """A delivery receipt came."""
        self._delivered.labels(link, state).inc()

    def took_s(self, link: str, seconds: float) -> None:
        """A network took a text after so many seconds in the queue."""
        self._sending.labels(link).observe(max(0.0, seconds))

    def link_is(self, link: str, up: bool, signal: float | None) -> None:
        """Whether a link works, and its signal from 0 to 1 if it knows one; an old one is not shown on."""
        self._up.labels(link, self._operators[link]).set(up)
        if signal is not None:
            self._signal.labels(link, self._operators[link]).set(signal)
        else:
            with suppress(KeyError):  # it was not known before either
                self._signal.remove(link, self._operators[link])

    def text(self, queues: dict[str, Queue], now: float) -> bytes:
        """The exposition; `now` in Unix seconds."""
        for link in [*_OURS, *self._operators]:
            queue = queues.get(link, Queue(length=0, since=0.0))
            labels = (link, _OURS.get(link, "reply"))
            self._queue.labels(*labels).set(queue.length)
            self._oldest.labels(*labels).set(max(0.0, now - queue.since) if queue.length else 0)
        return generate_latest(self._registry)

    def _counter(self, name: str, text: str, label: str) -> Counter:
        return Counter(name.removesuffix("_total"), text, ["link", label], registry=self._registry)

    def _begin(self, links: tuple[LinkSettings, ...]) -> None:
        for link in links:
            for kind in (*KINDS, "rejected", *get_args(Outcome)[1:]):
                self._received.labels(link.name, kind)
            for fault in FAULTS:
                self._rejected.labels(link.name, fault)
            for end in ("sent", "refused", "expired"):
                self._sent.labels(link.name, end)


def _version() -> str:
    try:
        return version("dabyl")
    except PackageNotFoundError:  # run from a tree that is not installed
        return "unknown"
