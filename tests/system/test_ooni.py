"""OONI's own library loads every measurement that we export.

`oonidata` pins old versions of libraries that we use, so it lives in an environment of its own,
made once beside the project's.
"""

from __future__ import annotations

import json
import subprocess
import venv
from pathlib import Path

import pytest

from probes.core.ooni import OoniMeasurement, to_ooni
from tests.probes.core.ooni.records import (
    NO_NAME,
    SILENT,
    WELL,
    endpoint,
    record,
    site_of,
    tcp,
    verdict,
)
from wire import canonical, names
from wire.records import Measurement

ROOT = Path(__file__).parents[2]
HOME = ROOT / ".venv-oonidata"
PACKAGE = "oonidata==0.3.0"
# Loads each line with the class of its test and prints what the library understood.
LOADER = """
import json, sys
from oonidata.dataclient import load_measurement
for line in sys.stdin:
    found = load_measurement(msmt=json.loads(line))
    print(json.dumps({"class": type(found).__name__, "keys": found.test_keys.to_dict(),
                      "asn": found.probe_asn, "cc": found.probe_cc, "ip": found.probe_ip}))
"""
CUT = verdict("likely_blocked", "tcp", "tcp.timeout")
RECORDS = (
    WELL,
    SILENT,
    NO_NAME,
    record(
        "http://plain.example/",
        [tcp(port=80, failure=names.RESET)],
        verdict("likely_blocked", "tcp", "tcp.reset"),
    ),
    endpoint("telegram/dc1", "149.154.175.50", CUT, failure=names.TIMEOUT),
    site_of("telegram/web", "web.telegram.org", verdict("ok")),
    endpoint("whatsapp/e1", "e1.whatsapp.net", CUT, failure=names.TIMEOUT),
    site_of("whatsapp/web", "web.whatsapp.com", verdict("ok")),
    site_of("whatsapp/registration", "v.whatsapp.net", verdict("ok")),
    site_of("signal/chat", "chat.signal.org", verdict("ok")),
    endpoint("facebook_messenger/star", "star.c10r.facebook.com", verdict("ok")),
)


@pytest.fixture(scope="module")
def python() -> Path:
    """The interpreter that has OONI's library."""
    interpreter = HOME / "bin" / "python"
    made = HOME / f".{PACKAGE}"
    if not made.exists():
        venv.create(HOME, clear=True, with_pip=True)
        subprocess.run(
            [interpreter, "-m", "pip", "install", "-q", "--disable-pip-version-check", PACKAGE], check=True
        )
        made.touch()
    return interpreter


def loaded(python: Path, records: tuple[Measurement, ...]) -> list[dict[str, object]]:
    written = [found for found in to_ooni(records, "0.1.0") if isinstance(found, OoniMeasurement)]
    lines = b"".join(canonical.encode(one) + b"\n" for one in written)
    done = subprocess.run([python, "-c", LOADER], input=lines, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.timeout(300)
def test_ooni_s_library_loads_every_measurement_with_the_class_of_its_test(python: Path) -> None:
    classes = [one["class"] for one in loaded(python, RECORDS)]
    assert classes == [*["WebConnectivity"] * 4, "Telegram", "Whatsapp", "Signal", "FacebookMessenger"]


def test_it_understands_the_steps(python: Path) -> None:
    (found,) = loaded(python, (WELL,))
    keys = found["keys"]
    assert isinstance(keys, dict)
    assert keys["queries"][0]["answers"][0]["ipv4"] == "185.1.1.10"
    assert keys["tcp_connect"][0]["status"]["success"] is True
    assert keys["tls_handshakes"][0]["server_name"] == "site.example"
    assert keys["requests"][0]["response"]["code"] == 200
    assert (keys["accessible"], keys["blocking"]) == (True, False)


def test_it_finds_no_address_of_the_probe(python: Path) -> None:
    assert {(one["asn"], one["cc"], one["ip"]) for one in loaded(python, RECORDS)} == {
        ("AS9198", "KZ", "127.0.0.1")
    }
