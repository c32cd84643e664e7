from __future__ import annotations

import os
from pathlib import Path

import pytest

from sms_gateway import KannelLink, Settings, read_settings
from sms_gateway.keys import secret
from sms_gateway.settings import address
from tests.sms_gateway.harness import SeededRandomness
from wire import BadInput

GOOD = 'data = "/srv/sms"\ncollector = "https://collector.example"\n[[link]]\n'
SENDS = 'sendsms = "http://127.0.0.1:13013"\nusername = "u"\npassword = "p"\n'


def _read(tmp_path: Path, text: str) -> Settings:
    (tmp_path / "sms.toml").write_text(text, encoding="utf-8")
    return read_settings(tmp_path / "sms.toml")


def test_the_shortest_settings_have_the_defaults(tmp_path: Path) -> None:
    found = _read(tmp_path, GOOD)
    assert found == Settings(data="/srv/sms", collector="https://collector.example", link=(KannelLink(),))
    assert (found.listen, found.link[0].kind, found.link[0].name) == ("127.0.0.1:8081", "kannel", "kannel")


def test_every_key_can_be_set(tmp_path: Path) -> None:
    text = (
        'listen = "[::1]:0"\ninvite = "abcdefghijklmnop"\nkeep_days = 7\nreply_hours = 1.5\nreplies_per_hour = 5\n'
        + GOOD + SENDS + 'kind = "kannel"\nname = "a"\nkey = "s3cret"\nsender = "1234"\noperator = "AS9198"\n'
        "texts_per_s = 10\ntexts_burst = 20\n" + '[[link]]\nname = "b"\n'
    )  # fmt: skip
    found = _read(tmp_path, text)
    assert (found.keep_days, found.reply_hours, found.replies_per_hour) == (7.0, 1.5, 5)
    links = [link for link in found.link if isinstance(link, KannelLink)]
    assert [(link.name, link.key, link.sender, link.operator) for link in links] == [
        ("a", "s3cret", "1234", "AS9198"), ("b", "", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("data = ", "Invalid value (at end of document)"),
        ("", "Object missing required field `data`"),
        (GOOD + "usernam = 1", "Object contains unknown field `usernam` - at `$.link[0]`"),
        ("listn = 1\n" + GOOD, "Object contains unknown field `listn`"),
        (GOOD.replace("[[link]]", ""), "Object missing required field `link`"),
        ("link = []\n" + GOOD.replace("[[link]]", ""), "Expected `array` of length >= 1 - at `$.link`"),
        (GOOD + 'kind = "fax"', "Invalid value 'fax' - at `$.link[0].kind`"),
        (GOOD + 'kind = "smpp"', "Object missing required field `host` - at `$.link[0]`"),
        (
            GOOD + 'kind = "smpp"\nhost = "h"\nsystem_id = "two\\u0000words"',
            "Expected `str` matching regex '^[ -~]{0,15}$' - at `$.link[0].system_id`",
        ),
        (GOOD + "key = 5", "Expected `str`, got `int` - at `$.link[0].key`"),
        (GOOD + 'sendsms = "http://127.0.0.1:13013"', "link kannel: sendsms needs username and password"),
        (
            GOOD + SENDS.replace("http:", "ftp:"),
            "link kannel: sendsms: 'ftp://127.0.0.1:13013' is not an http(s) address",
        ),
        (
            GOOD + SENDS.replace("13013", "x"),
            "link kannel: sendsms: Port could not be cast to integer value as 'x'",
        ),
        (GOOD + 'name = "collector"', "link collector: the name is taken by a queue of ours"),
        (GOOD + "[[link]]", "two links are called kannel; each needs its own name"),
        (GOOD + '[[link]]\nname = "b"', "two links have the same key (or none); each needs its own key"),
        (
            GOOD.replace("https://collector.example", "collector"),
            "collector: 'collector' is not an http(s) address",
        ),
        (GOOD.replace("example", "example/?a=1"), "collector: only scheme, host, port and path are wanted"),
        (GOOD.replace("/srv/sms", ""), "data: a folder is needed"),
        ('listen = "8081"\n' + GOOD, "listen: '8081' is not HOST:PORT"),
        ('listen = "127.0.0.1:99999"\n' + GOOD, "listen: '127.0.0.1:99999' is not HOST:PORT"),
        (
            'invite = "x"\n' + GOOD,
            "Expected `str` matching regex '^([A-Za-z0-9_-]{16,64})?$' - at `$.invite`",
        ),
        ("replies_per_hour = -1\n" + GOOD, "Expected `int` >= 0 - at `$.replies_per_hour`"),
    ],
)
def test_a_wrong_key_is_one_clear_line_with_the_files_name(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(BadInput) as error:
        _read(tmp_path, text)
    assert str(error.value) == f"{tmp_path / 'sms.toml'}: {line}"


def test_a_file_that_is_not_there_or_no_text_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_settings(tmp_path / "none.toml")
    (tmp_path / "sms.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match=r"sms\.toml"):
        read_settings(tmp_path / "sms.toml")


def test_addresses_of_both_families_are_taken() -> None:
    assert address("127.0.0.1:0") == ("127.0.0.1", 0)
    assert address("[::1]:80") == ("::1", 80)


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    chance = SeededRandomness()
    made = secret(tmp_path / "a.key", chance)
    assert secret(tmp_path / "a.key", chance) == made
    assert secret(tmp_path / "b.key", chance) != made
    assert (tmp_path / "a.key").stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"a.key", "b.key"}


def test_a_draft_left_by_a_crash_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "a.new").write_text("0011", encoding="ascii")
    assert len(secret(tmp_path / "a.key", SeededRandomness())) == 32


@pytest.mark.parametrize(
    ("content", "line"), [("zz", "not a key"), ("00ff", "a key has 32 bytes, not 2"), ("ж", "not a key")]
)
def test_a_broken_key_is_one_clear_line_and_never_replaced(tmp_path: Path, content: str, line: str) -> None:
    path = tmp_path / "a.key"
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(BadInput, match=line):
        secret(path, SeededRandomness())
    assert path.read_text(encoding="utf-8") == content


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    secret(tmp_path / "a.key", SeededRandomness())
    os.chmod(tmp_path / "a.key", 0o640)  # noqa: PTH101  # the call that an administrator's mistake makes
    with pytest.raises(BadInput, match="chmod 600"):
        secret(tmp_path / "a.key", SeededRandomness())
    with pytest.raises(BadInput, match="No such file"):
        secret(tmp_path / "none" / "a.key", SeededRandomness())
