"""Messengers: a round's records as one measurement."""

from __future__ import annotations

from collections.abc import Sequence

from probes.core.ooni import OoniMeasurement, to_ooni
from probes.core.ooni.format import FacebookMessengerKeys, SignalKeys, TelegramKeys, WhatsappKeys
from tests.probes.core.ooni.records import endpoint, http, record, site_of, tcp, verdict
from wire import names
from wire.records import Measurement

OK = verdict("ok")
CUT = verdict("likely_blocked", "tcp", "tcp.timeout")
NO_HELLO = verdict("likely_blocked", "tls", "tls.timeout.sni")
UNSAID = verdict("insufficient", "line", "line.down")


def exported(records: Sequence[Measurement]) -> OoniMeasurement:
    (found,) = to_ooni(records, "0.1.0")
    assert isinstance(found, OoniMeasurement)
    return found


def telegram(*records: Measurement) -> TelegramKeys:
    found = exported(records).test_keys
    assert isinstance(found, TelegramKeys)
    return found


def test_telegram_is_one_measurement_without_an_input() -> None:
    found = exported(
        [endpoint("telegram/dc1", "149.154.175.50", OK), site_of("telegram/web", "web.telegram.org", OK)]
    )
    assert (found.test_name, found.input) == ("telegram", None)
    assert len(found.test_keys.tcp_connect) == 2


def test_one_access_point_is_enough_for_telegram() -> None:
    lost = endpoint("telegram/dc1", "149.154.175.50", CUT, failure=names.TIMEOUT)
    found = telegram(lost, endpoint("telegram/dc2", "149.154.167.51", OK))
    assert (found.telegram_tcp_blocking, found.telegram_http_blocking) == (False, None)


def test_telegram_is_blocked_when_no_access_point_answers() -> None:
    points = [endpoint(f"telegram/dc{n}", f"149.154.167.{n}", CUT, failure=names.TIMEOUT) for n in (1, 2)]
    assert telegram(*points).telegram_tcp_blocking is True


def test_an_answer_over_http_is_what_says_that_http_is_not_blocked() -> None:
    spoken = record(
        "tcp://149.154.167.51:80", [tcp(port=80), http("http://149.154.167.51/")], OK, "telegram/dc2-80"
    )
    assert telegram(spoken).telegram_http_blocking is False


def test_a_dead_line_accuses_nobody() -> None:
    points = [endpoint(f"telegram/dc{n}", f"149.154.167.{n}", UNSAID, failure=names.TIMEOUT) for n in (1, 2)]
    found = telegram(*points, site_of("telegram/web", "web.telegram.org", UNSAID, names.TIMEOUT))
    assert (found.telegram_tcp_blocking, found.telegram_web_status) == (None, None)
    assert found.telegram_web_failure is None


def test_telegram_web_names_its_failure() -> None:
    found = telegram(site_of("telegram/web", "web.telegram.org", NO_HELLO, names.TIMEOUT))
    assert (found.telegram_web_status, found.telegram_web_failure) == ("blocked", names.TIMEOUT)


def test_whatsapp_counts_an_endpoint_as_blocked_when_both_ports_are() -> None:
    found = exported([
        endpoint("whatsapp/e1", "e1.whatsapp.net", CUT, 443, names.TIMEOUT),
        endpoint("whatsapp/e1-5222", "e1.whatsapp.net", CUT, 5222, names.TIMEOUT),
        endpoint("whatsapp/e2", "e2.whatsapp.net", CUT, 443, names.TIMEOUT),
        endpoint("whatsapp/e2-5222", "e2.whatsapp.net", OK, 5222),
        site_of("whatsapp/web", "web.whatsapp.com", OK),
        site_of("whatsapp/registration", "v.whatsapp.net", NO_HELLO, names.RESET),
    ]).test_keys  # fmt: skip
    assert isinstance(found, WhatsappKeys)
    assert found.whatsapp_endpoints_blocked == ("e1.whatsapp.net",)
    assert (found.whatsapp_endpoints_status, found.whatsapp_web_status) == ("ok", "ok")
    assert (found.registration_server_status, found.registration_server_failure) == ("blocked", names.RESET)


def test_signal_is_blocked_when_one_of_its_servers_is() -> None:
    found = exported([
        site_of("signal/chat", "chat.signal.org", NO_HELLO, names.TIMEOUT),
        site_of("signal/storage", "storage.signal.org", OK),
    ]).test_keys  # fmt: skip
    assert isinstance(found, SignalKeys)
    assert (found.signal_backend_status, found.signal_backend_failure) == ("blocked", names.TIMEOUT)


def test_facebook_messenger_tells_names_from_connections() -> None:
    forged = verdict("blocked", "dns", "dns.injection.bogon")
    found = exported([
        endpoint("facebook_messenger/star", "star.c10r.facebook.com", forged, failure=names.TIMEOUT),
        endpoint("facebook_messenger/b-api", "b-api.facebook.com", CUT, failure=names.TIMEOUT),
        endpoint("facebook_messenger/edge-mqtt", "edge-mqtt.facebook.com", OK),
    ]).test_keys  # fmt: skip
    assert isinstance(found, FacebookMessengerKeys)
    assert (found.facebook_star_dns_consistent, found.facebook_star_reachable) == (False, None)
    assert (found.facebook_b_api_dns_consistent, found.facebook_b_api_reachable) == (None, False)
    assert (found.facebook_edge_dns_consistent, found.facebook_edge_reachable) == (True, True)
    assert (found.facebook_dns_blocking, found.facebook_tcp_blocking) == (True, True)
    assert found.facebook_stun_reachable is None


def test_a_second_round_is_a_second_measurement() -> None:
    first = endpoint("telegram/dc1", "149.154.175.50", OK)
    assert len(list(to_ooni([first, first], "0.1.0"))) == 2


def test_times_run_from_the_first_record_of_the_round() -> None:
    later = record(
        "tcp://149.154.167.51:443", [tcp()], OK, "telegram/dc2", at="2026-11-20T12:00:02.000Z"
    )  # fmt: skip
    found = exported([later, endpoint("telegram/dc1", "149.154.175.50", OK)])
    assert found.measurement_start_time == "2026-11-20 12:00:00"
    assert [one.t0 for one in found.test_keys.tcp_connect] == [0.01, 2.01]
    assert found.test_runtime == 2.02
