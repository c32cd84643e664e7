"""Settings of modems, spools and phones: what is needed, what is refused, in one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_gateway import read_settings
from sms_gateway.link_settings import AndroidLink, GammuLink, LinkSettings, ModemLink, TermuxLink
from sms_gateway.links.kinds import KINDS
from wire import BadInput

HEAD = 'data = "/srv/sms"\ncollector = "https://collector.example"\n[[link]]\n'


def _link(tmp_path: Path, text: str) -> LinkSettings:
    (tmp_path / "sms.toml").write_text(HEAD + text, encoding="utf-8")
    return read_settings(tmp_path / "sms.toml").link[0]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ('kind = "modem"\ndevice = "/dev/ttyUSB0"', ModemLink(device="/dev/ttyUSB0")),
        ('kind = "modem"\ndevice = "socket://10.0.0.5:3001"\npin = "0000"\nreceipts = true',
         ModemLink(device="socket://10.0.0.5:3001", pin="0000", receipts=True)),
        ('kind = "gammu"\ninbox = "/var/spool/gammu/inbox"', GammuLink(inbox="/var/spool/gammu/inbox")),
        ('kind = "android"\nsigning_key = "12345678"', AndroidLink(signing_key="12345678")),
        ('kind = "termux"', TermuxLink()),
        ('kind = "termux"\ncommand = ["ssh", "phone"]\nsim = 1', TermuxLink(command=("ssh", "phone"), sim=1)),
    ],
)  # fmt: skip
def test_the_shortest_settings_of_each_kind_have_the_defaults(
    tmp_path: Path, text: str, link: LinkSettings
) -> None:
    found = _link(tmp_path, text)
    assert found == link
    assert found.name == found.kind
    assert type(found) in KINDS


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('kind = "modem"', "Object missing required field `device` - at `$.link[0]`"),
        (
            'kind = "modem"\ndevice = "COM3"',
            "Expected `str` matching regex '^(/|socket://)' - at `$.link[0].device`",
        ),
        (
            'kind = "modem"\ndevice = "/dev/x"\npin = "12"',
            "Expected `str` matching regex '^(\\\\d{4,8})?$' - at `$.link[0].pin`",
        ),
        ('kind = "modem"\ndevice = "/dev/x"\npoll_s = 0', "Expected `float` > 0.0 - at `$.link[0].poll_s`"),
        ('kind = "gammu"\ninbox = "inbox"', "Expected `str` matching regex '^/' - at `$.link[0].inbox`"),
        (
            'kind = "android"\nsigning_key = "short"',
            "Expected `str` of length >= 8 - at `$.link[0].signing_key`",
        ),
        (
            'kind = "android"\nsigning_key = "12345678"\napi = "http://10.0.0.5:8080"',
            "link android: api needs username and password",
        ),
        (
            'kind = "android"\nsigning_key = "12345678"\napi = "10.0.0.5"',
            "link android: api: '10.0.0.5' is not an http(s) address",
        ),
        ('kind = "termux"\ncommand = [""]', "Expected `str` of length >= 1 - at `$.link[0].command[0]`"),
        ('kind = "termux"\nsim = 4', "Expected `int` <= 3 - at `$.link[0].sim`"),
    ],
)
def test_a_wrong_key_is_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(BadInput) as error:
        _link(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'sms.toml'}: {line}"


@pytest.mark.parametrize(
    ("link", "sends"),
    [
        (ModemLink(device="/dev/x"), True), (GammuLink(inbox="/i"), False), (GammuLink(inbox="/i", outbox="/o"), True),
        (AndroidLink(signing_key="12345678"), False), (AndroidLink(signing_key="12345678", api="http://a"), True), (TermuxLink(), True),
    ],
)  # fmt: skip
def test_a_link_says_whether_it_can_send(link: LinkSettings, sends: bool) -> None:
    assert link.sends is sends
