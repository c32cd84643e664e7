"""Putting boards into a running Grafana: datasource, folders, boards; done again, it changes nothing.

Rules of this file: `grafana_client` is imported here alone; it brings an HTTP library that takes the place of
another, so that it stands in an extra of its own. Provisioning from files needs none of this.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from grafana_client.api import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException, TokenAuth
from niquests.exceptions import RequestException

from dashboards.boards import boards
from dashboards.grafana import FOLDERS, SOURCE_UID, datasource
from wire import BadInput
from wire.facts import Language

TIMEOUT_S: Final = 30.0
Done = Literal["made", "changed", "unchanged"]
_OTHERS: Final = 0o077
# What Grafana adds to a board by itself.
_GRAFANAS: Final = ("id", "version", "iteration")


class Step(NamedTuple):
    """One thing that was put in place."""

    what: str
    done: Done


def read_token(file: Path) -> str:
    """The token of a service account; raises `BadInput` when others can read the file."""
    try:
        if file.stat().st_mode & _OTHERS:
            raise BadInput(f"{file}: others can read it; chmod 600 {file}")
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file}: {getattr(error, 'strerror', None) or 'not a text'}") from error
    if not token or not token.isascii() or not token.isprintable():
        raise BadInput(f"{file}: not a token")
    return token


def deploy(url: str, token: str) -> Iterator[Step]:
    """Bring a Grafana up to date, step by step; raises `BadInput` when it refuses or cannot be reached."""
    if not url.startswith(("https://", "http://")):
        raise BadInput("--grafana: give it as https://host:port")
    auth: Any = TokenAuth(token)  # type: ignore[no-untyped-call]  # the library says no types here
    api = GrafanaApi.from_url(url=url, credential=auth, timeout=TIMEOUT_S)
    try:
        yield _source(api)
        yield from (_folder(api, language) for language in FOLDERS)
        yield from (_board(api, path, text) for path, text in boards().items())
    except GrafanaException as error:
        raise BadInput(f"Grafana refuses: {error.message}") from error
    except (RequestException, OSError) as error:
        raise BadInput(f"{url}: {type(error).__name__}") from error
    finally:
        api.client.s.close()


def _source(api: Any) -> Step:
    (wanted,) = datasource()["datasources"]
    known = _known(api.datasource.get_datasource_by_uid, SOURCE_UID)
    if known is None:
        api.datasource.create_datasource(wanted)
        return Step("datasource", "made")
    if {key: known.get(key) for key in wanted} == wanted:
        return Step("datasource", "unchanged")
    api.datasource.update_datasource_by_uid(SOURCE_UID, wanted)
    return Step("datasource", "changed")


def _folder(api: Any, language: Language) -> Step:
    uid, title = f"dabyl-{language}", FOLDERS[language]
    if _known(api.folder.get_folder, uid) is not None:
        return Step(f"folder {title}", "unchanged")
    api.folder.create_folder(title, uid)
    return Step(f"folder {title}", "made")


def _board(api: Any, path: str, text: str) -> Step:
    board = json.loads(text)
    known = _known(api.dashboard.get_dashboard, board["uid"])
    if known is not None and _bare(known["dashboard"]) == _bare(board):
        return Step(f"board {path}", "unchanged")
    folder = f"dabyl-{path.partition('/')[0]}"
    api.dashboard.update_dashboard({"dashboard": board, "folderUid": folder, "overwrite": True})
    return Step(f"board {path}", "made" if known is None else "changed")


def _bare(board: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in board.items() if key not in _GRAFANAS}


def _known(ask: Any, uid: str) -> Any:
    try:
        return ask(uid)
    except GrafanaClientError as error:
        if error.status_code == 404:  # noqa: PLR2004  # the one status that says "not there"
            return None
        raise
