"""`dabyl probe invite`: whose key is taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from dabyl import cli
from tests.servers.processes import free_ports


@pytest.fixture
def nobody() -> str:
    """A collector's address where nobody listens."""
    return f"http://127.0.0.1:{free_ports(1)[0]}"


def test_the_usual_folder_is_below_the_owner_s_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], nobody: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".local/share/dabyl/probe"
    assert cli.main(["probe", "invite", "--collector", nobody]) == 2
    assert capsys.readouterr().err == f"dabyl: {folder}: no probe has run from here yet\n"
    folder.mkdir(parents=True)
    (folder / "key").write_bytes(bytes(32))
    assert cli.main(["probe", "invite", "--collector", nobody]) == 2
    assert capsys.readouterr().err == f"dabyl: {nobody}: connection_refused\n"


@pytest.mark.parametrize(("key", "told"), [(b"short", "32 bytes"), (None, "Is a directory")])
def test_a_key_that_cannot_be_read_is_one_clear_line(
    key: bytes | None, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], nobody: str
) -> None:
    if key is None:
        (tmp_path / "key").mkdir()
    else:
        (tmp_path / "key").write_bytes(key)
    assert cli.main(["probe", "invite", "--data", str(tmp_path), "--collector", nobody]) == 2
    said = capsys.readouterr().err
    assert told in said
    assert said.count("\n") == 1
