"""Deploying into a running Grafana: everything is there after it, and the second time changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer

from dabyl.cli import main
from dashboards.boards import boards
from dashboards.deploy import deploy, read_token
from tests.servers.grafana import TOKEN, Grafana
from wire import BadInput


@pytest.fixture
def grafana() -> Grafana:
    return Grafana()


@pytest.fixture
async def url(grafana: Grafana) -> AsyncIterator[str]:
    async with TestServer(grafana.app()) as server:
        yield str(server.make_url("/")).rstrip("/")


async def deployed(url: str, token: str = TOKEN) -> list[str]:
    return [step.done for step in await asyncio.to_thread(lambda: list(deploy(url, token)))]


async def test_everything_is_there_afterwards(grafana: Grafana, url: str) -> None:
    assert set(await deployed(url)) == {"made"}
    assert set(grafana.folders) == {"dabyl-kk", "dabyl-ru", "dabyl-en"}
    assert set(grafana.sources) == {"dabyl"}
    assert len(grafana.boards) == len(boards())


async def test_done_again_it_changes_nothing(grafana: Grafana, url: str) -> None:
    await deployed(url)
    before = grafana.writes
    assert set(await deployed(url)) == {"unchanged"}
    assert grafana.writes == before


async def test_what_somebody_changed_by_hand_is_put_right(grafana: Grafana, url: str) -> None:
    await deployed(url)
    grafana.boards["dabyl-country-kk"]["dashboard"]["title"] = "Something else"
    grafana.sources["dabyl"]["url"] = "http://elsewhere"
    assert (await deployed(url)).count("changed") == 2
    assert grafana.boards["dabyl-country-kk"]["dashboard"]["title"] == "Дабыл: ел"


async def test_a_wrong_token_is_one_clear_line(url: str) -> None:
    with pytest.raises(BadInput, match="Grafana refuses: Unauthorized"):
        await deployed(url, "wrong")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "grafana.example", "ftp://x"])
async def test_a_grafana_that_is_not_there_is_one_clear_line(address: str) -> None:
    with pytest.raises(BadInput) as refusal:
        await deployed(address)
    assert "\n" not in str(refusal.value)


async def test_the_command_prints_each_step(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n", encoding="utf-8")
    token.chmod(0o600)
    words = ["dashboards", "deploy", "--grafana", url, "--token-file", str(token)]
    assert await asyncio.to_thread(main, words) == 0
    assert capsys.readouterr().out.count("made ") == 1 + 3 + len(boards())


@pytest.mark.parametrize(
    ("content", "mode", "complaint"),
    [
        ("x", 0o644, "others can read it"),
        ("", 0o600, "not a token"),
        ("two\nlines", 0o600, "not a token"),
        ("ключ", 0o600, "not a token"),
    ],
)
def test_a_token_file_that_others_can_read_or_that_holds_none_is_refused(
    tmp_path: Path, content: str, mode: int, complaint: str
) -> None:
    token = tmp_path / "token"
    token.write_text(content, encoding="utf-8")
    token.chmod(mode)
    with pytest.raises(BadInput, match=complaint):
        read_token(token)


def test_a_token_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        read_token(tmp_path / "none")
